"""How a running house is, from what its processes tell Prometheus: read twice, so that rates can be told.

    first = read(place)          # service -> Reading
    …
    vitals(first["billing"], read(place)["billing"])

A service that does not answer has no reading.
"""

import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from chassis.metrics import samples
from retainer.place import SERVICES, Place

ASK_SECONDS = 2.0
OUR_FAULT = frozenset({"Internal", "Unknown", "Unavailable", "DataLoss", "DeadlineExceeded", "ResourceExhausted"})
"""Codes of calls that failed without their caller's doing."""
HEALTH = ("grpc.health.", "grpc.reflection.")


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a process's metrics: (name, labels, value) of every sample, at an instant of the monotonic clock."""

    at_seconds: float
    samples: Sequence[tuple[str, Mapping[str, str], float]]

    def total(self, name: str) -> float:
        return sum(value for sample, _, value in self.samples if sample == name)

    def most(self, name: str) -> float:
        return max((value for sample, _, value in self.samples if sample == name), default=0)

    def calls(self) -> float:
        return sum(value for _, value in self._handled())

    def failures(self) -> float:
        return sum(value for code, value in self._handled() if code in OUR_FAULT)

    def handled_within(self) -> dict[str, float]:
        """Upper bound in seconds, as Prometheus writes it -> unary calls that took at most so long."""
        found: dict[str, float] = {}
        for sample, labels, value in self.samples:
            if sample == "grpc_server_handling_seconds_bucket" and labels["grpc_type"] == "unary":
                found[labels["le"]] = found.get(labels["le"], 0) + value
        return found

    def _handled(self) -> Sequence[tuple[str, float]]:
        return [
            (labels["grpc_code"], value)
            for sample, labels, value in self.samples
            if sample == "grpc_server_handled_total" and not labels["grpc_service"].startswith(HEALTH)
        ]


@dataclass(frozen=True, slots=True)
class Vitals:
    """One process between two readings; 99 of 100 calls took at most `slowest_seconds`: empty without calls."""

    calls_per_second: float
    failures_per_second: float
    slowest_seconds: str
    facts_per_second: float
    relay_lag: int
    inbox_lag: int
    view_lag: int
    dead_letters: int
    memory_bytes: int
    cpu_percent: float


def read(place: Place) -> dict[str, Reading]:
    """A reading of every service that answers."""
    found = {}
    for service in SERVICES:
        if address := place.metrics(service):
            with suppress(OSError, ValueError):
                found[service] = _reading(address)
    return found


def vitals(before: Reading, after: Reading) -> Vitals:
    """What happened in between, and how things stand at the end."""
    seconds = max(after.at_seconds - before.at_seconds, 0.001)

    def per_second(name: str) -> float:
        return (after.total(name) - before.total(name)) / seconds

    return Vitals(
        calls_per_second=(after.calls() - before.calls()) / seconds,
        failures_per_second=(after.failures() - before.failures()) / seconds,
        slowest_seconds=_slowest(before.handled_within(), after.handled_within()),
        facts_per_second=per_second("retainer_facts_recorded_total"),
        relay_lag=int(after.total("retainer_relay_lag_positions")),
        inbox_lag=int(after.total("retainer_inbox_lag_positions")),
        view_lag=int(after.most("retainer_view_lag_positions")),
        dead_letters=int(after.total("retainer_dead_letters_waiting")),
        memory_bytes=int(after.total("process_resident_memory_bytes")),
        cpu_percent=per_second("process_cpu_seconds_total") * 100,
    )


def _reading(address: str) -> Reading:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=ASK_SECONDS) as page:  # nosec B310 - of our own metrics, http
        return Reading(monotonic(), samples(page.read().decode()))


def _slowest(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """The bound within which 99 of 100 calls ended; `+Inf` where that is beyond the last one."""
    counted = {bound: count - before.get(bound, 0) for bound, count in after.items()}
    of_all = counted.get("+Inf", 0)
    if not of_all:
        return ""
    return next(bound for bound, count in counted.items() if count * 100 >= of_all * 99)

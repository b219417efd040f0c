"""`retainer top`: the running house at a glance, and the budgets that are near their end."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from retainer import budgets
from retainer.client import Client
from retainer.failures import Failure
from retainer.output import console, json_line, show, table
from retainer.place import SERVICES
from retainer.verbs.asking import DEFAULT, Options
from retainer.vitals import Vitals, read, vitals
from wire.retainer.billing.v1.budget_pb2 import ListBudgetsRequest

if TYPE_CHECKING:
    from rich.console import RenderableType

NEAR_PERCENT = 75
MOST_BUDGETS = 12
COLUMNS = (
    "calls/s",
    "failed/s",
    "99 % within",
    "facts/s",
    "relay",
    "inboxes",
    "views",
    "dead letters",
    "memory",
    "CPU",
)


def top(*, every: float = 2.0, once: bool = False, options: Options = DEFAULT) -> None:
    """Traffic, lag and budgets near their end, live, until Ctrl-C. With --json a line of JSON for each look.

    Lags are counted in facts: not on the bus yet (relay), not taken in yet (inboxes), not shown yet (views).

    Example: retainer top
    Example: retainer top --once --json

    Parameters
    ----------
    every
        Seconds between two looks.
    once
        One look, over a second.
    """
    if every < 0.2:
        raise Failure(f"--every {every} is too often: give at least 0.2 seconds")
    looks = _looks(options, 1.0 if once else every)
    if options.json or once:
        for one, near in looks:
            if options.json:
                json_line({"services": {name: asdict(found) for name, found in one.items()}, "budgets": near})
            else:
                show(*_frame(one, near))
            if once:
                return
    from rich.console import Group
    from rich.live import Live

    with Live(console=console(), auto_refresh=False, screen=console().is_terminal) as live:
        for one, near in looks:
            live.update(Group(*_frame(one, near)), refresh=True)


def _looks(options: Options, every: float) -> Iterator[tuple[dict[str, Vitals], Sequence[Any]]]:
    """The vitals since the look before, and the budgets near their end; for ever."""
    place = options.place()
    before = read(place)
    if not before:
        place.address(SERVICES[0])  # says in words what to do where no system runs
    with options.client() as client:
        while True:
            time.sleep(every)
            after = read(place)
            yield {name: vitals(before[name], now) for name, now in after.items() if name in before}, _near(client)
            before = after


def _near(client: Client) -> Sequence[Any]:
    """The agency's budgets from 75 % on, the fullest first; none while billing is away."""
    request = ListBudgetsRequest(
        filter=f"used_percent >= {NEAR_PERCENT}", order_by="used_percent desc", page_size=MOST_BUDGETS
    )
    try:
        return list(client.ask(request, patience_seconds=0.5).budgets)
    except Failure:
        return ()


def _frame(one: dict[str, Vitals], near: Sequence[Any]) -> "Iterator[RenderableType]":
    rows = [(name, *(_cells(one[name]) if name in one else ("away", *[""] * 9))) for name in SERVICES]
    yield table("Services", ("service", *COLUMNS), rows, right=COLUMNS)
    if near:
        yield budgets.overview(near, f"Budgets from {NEAR_PERCENT} % on")
    else:
        yield f"No budget has reached {NEAR_PERCENT} %."


def _cells(found: Vitals) -> Sequence[str]:
    slowest = {"": "", "+Inf": "longer"}.get(found.slowest_seconds, f"{found.slowest_seconds} s")
    return (
        f"{found.calls_per_second:.0f}",
        f"{found.failures_per_second:.1f}" if found.failures_per_second else "",
        slowest,
        f"{found.facts_per_second:.0f}",
        *(str(lag or "") for lag in (found.relay_lag, found.inbox_lag, found.view_lag, found.dead_letters)),
        f"{found.memory_bytes // 1024**2} MiB",
        f"{found.cpu_percent:.0f} %",
    )

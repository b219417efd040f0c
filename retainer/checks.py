"""What `retainer doctor` looks at, one check after the other; each says what it found and what to do."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chassis.settings import Settings
from retainer.client import Client, connect
from retainer.failures import ExitStatus, Failure, Refusal
from retainer.place import SERVICES, Place
from wire.retainer.contracts.v1.agency_pb2 import Agency, GetAgencyRequest
from wire.retainer.notify.v1.letter_pb2 import ListLettersRequest
from wire.retainer.operations.v1.operations_pb2 import DescribeProcessRequest

LOW_DISK_BYTES = 2 * 1024**3
NO_DISK_BYTES = 256 * 1024**2
CLOCK_SECONDS = 2.0
LAG_POSITIONS = 1000
ASK_SECONDS = 3.0


class Verdict(StrEnum):
    WELL = "well"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty where all is well."""

    what: str
    verdict: Verdict
    found: str
    remedy: str = ""


def findings(place: Place) -> Iterator[Finding]:
    """Everything, from the ground up."""
    settings = place.settings
    if not place.data_dir.is_dir() and not any(settings.of(service).address for service in SERVICES):
        found = f"there is no {place.data_dir}"
        yield Finding("data folder", Verdict.BAD, found, "start the system with retainer up, or name it with --data")
        return
    yield from _folder(place)
    yield _disk(place)
    yield _bus(place)
    described: dict[str, Any] = {}
    for service in SERVICES:
        found = _describe(place, service)
        if isinstance(found, Finding):
            yield found
            continue
        described[service] = found
        yield Finding(service, Verdict.WELL, f"answers at {place.address(service)}, {found.store_position} facts")
    for service, process in described.items():
        yield from _process(service, process, described)
    yield from _clock(described, rehearsed_clock=settings.clock is not None)
    yield _post(settings)
    if "contracts" in described:
        yield _sender(place)
    if "notify" in described:
        yield from _letters(place)
    if any(process.rehearsal for process in described.values()):
        remedy = "unset RETAINER_REHEARSAL for a system that is in use"
        yield Finding("rehearsal", Verdict.LOOK, "the time of a command may come from the call", remedy)


def _folder(place: Place) -> Iterator[Finding]:
    folder = place.data_dir
    if not folder.is_dir():
        return
    try:
        probe = folder / ".doctor"
        probe.touch()
        probe.unlink()
    except OSError as error:
        remedy = f"give this user the folder: chown -R $USER {folder}"
        yield Finding("data folder", Verdict.BAD, f"{folder} cannot be written ({error.strerror})", remedy)
        return
    open_secrets = [path for path in _secrets(folder) if path.stat().st_mode & 0o077]
    if open_secrets:
        remedy = f"chmod 600 {' '.join(str(path) for path in open_secrets)}"
        yield Finding("permissions", Verdict.BAD, "others can read the secrets", remedy)
    yield Finding("data folder", Verdict.WELL, str(folder))


def _secrets(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (folder / "secrets").iterdir()


def _disk(place: Place) -> Finding:
    folder = place.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    found = f"{free / 1024**3:.1f} GiB free"
    if free < NO_DISK_BYTES:
        return Finding("disk", Verdict.BAD, found, "make room, then restart the system: nothing acknowledged was lost")
    if free < LOW_DISK_BYTES:
        return Finding("disk", Verdict.LOOK, found, "make room before it is full")
    return Finding("disk", Verdict.WELL, found)


def _bus(place: Place) -> Finding:
    url = place.bus_url()
    if not url:
        return Finding("NATS", Verdict.BAD, "it is not running", "start the system: retainer up")
    silent = []
    for server in url.split(","):
        address = urlsplit(server if "//" in server else f"nats://{server}")
        try:
            with socket.create_connection((address.hostname or "", address.port or 4222), timeout=ASK_SECONDS) as door:
                if door.recv(4) != b"INFO":
                    silent.append(server)
        except OSError:
            silent.append(server)
    if silent:
        remedy = "see <data>/logs/nats.log; facts wait in the stores meanwhile and nothing is lost"
        return Finding("NATS", Verdict.BAD, f"{', '.join(silent)} does not answer", remedy)
    return Finding("NATS", Verdict.WELL, f"answers at {url}")


def _describe(place: Place, service: str) -> Any:
    """What the service says of itself, or a finding."""
    try:
        with Client(place, place.operator_token(), operated=service) as client:
            return client.ask(DescribeProcessRequest(), timeout_seconds=ASK_SECONDS)
    except Failure as failure:
        return Finding(service, Verdict.BAD, str(failure), f"see its log; retainer up starts {service} again by itself")


def _process(service: str, process: Any, all: dict[str, Any]) -> Iterator[Finding]:
    if not process.leads:
        yield Finding(f"{service}: replica", Verdict.WELL, "takes commands; another one relays and takes facts in")
    elif process.relay_problem:
        remedy = "nothing is lost; it goes on by itself once the cause is gone"
        yield Finding(f"{service}: relay", Verdict.BAD, process.relay_problem, remedy)
    if process.leads:
        yield _lag(f"{service}: relay", process.store_position - process.published_position, "facts not published yet")
    for view in process.views:
        remedy = f"retainer rebuild {service} {view.view}"
        yield _lag(f"{service}: view {view.view}", process.store_position - view.position, "facts behind", remedy)
    for inbox in process.inboxes:
        name = f"{service}: inbox for {inbox.source}"
        if inbox.problem:
            yield Finding(name, Verdict.BAD, inbox.problem, "it goes on by itself once the cause is gone")
        if inbox.dead_letters:
            found = f"{inbox.dead_letters} facts could not be taken in"
            yield Finding(name, Verdict.BAD, found, f"mend the cause, then: retainer replay {service}")
        if inbox.source in all:
            yield _lag(name, all[inbox.source].store_position - inbox.position, "facts behind")


def _lag(what: str, lag: int, words: str, remedy: str = "") -> Finding:
    if lag > LAG_POSITIONS:
        return Finding(what, Verdict.LOOK, f"{lag} {words}", remedy or "look again in a minute: it should fall")
    return Finding(what, Verdict.WELL, f"{lag} {words}" if lag > 0 else "up to date")


def _clock(described: dict[str, Any], *, rehearsed_clock: bool) -> Iterator[Finding]:
    if rehearsed_clock or not described:
        return
    now = datetime.now(UTC)
    apart = max(abs((process.clock_time.ToDatetime(UTC) - now).total_seconds()) for process in described.values())
    if apart > CLOCK_SECONDS + ASK_SECONDS:
        remedy = "set the clocks by NTP on every machine: boundaries are settled by them"
        yield Finding("clock", Verdict.BAD, f"a service's clock is {apart:.0f} s off from this machine's", remedy)
    else:
        yield Finding("clock", Verdict.WELL, f"{now:%Y-%m-%d %H:%M:%SZ}, the services agree")


def _post(settings: Settings) -> Finding:
    if settings.smtp_host:
        return Finding("post", Verdict.WELL, f"letters go out by {settings.smtp_host}")
    remedy = "set RETAINER_SMTP_HOST to send them"
    return Finding("post", Verdict.LOOK, f"letters lie in {settings.outbox} as .eml files", remedy)


def _sender(place: Place) -> Finding:
    """What invoices and letters have to say of the agency, and nobody has told us yet."""
    name = place.settings.agency
    try:
        with connect(place) as client:
            agency = client.ask(GetAgencyRequest(), timeout_seconds=ASK_SECONDS)
    except Refusal as refusal:
        if refusal.status is not ExitStatus.NOT_FOUND:
            raise
        agency = Agency()
    lacking = [(what, options) for what, options, value in _on_invoices(agency) if not value]
    if not lacking:
        return Finding("sender", Verdict.WELL, f"{agency.display_name} has what invoices need")
    found = f"{name} lacks for invoices: {', '.join(what for what, _ in lacking)}"
    return Finding("sender", Verdict.LOOK, found, f"retainer agency describe {' '.join(way for _, way in lacking)}")


def _on_invoices(agency: Agency) -> Iterator[tuple[str, str, object]]:
    """What it is, the options that say it, and what is known of it. An address is said as a whole."""
    address = agency.address
    yield "a name", "--name …", agency.display_name
    whole = address.lines and address.postal_code and address.city and address.country
    yield "its whole address", "--street … --postal-code … --city … --country …", whole
    yield "an e-mail address to write from", "--email …", agency.email
    yield "a VAT id or a tax number", "--vat-id … (or --tax-number …)", agency.vat_id or agency.tax_number
    yield "an IBAN", "--iban …", agency.bank.iban


def _letters(place: Place) -> Iterator[Finding]:
    """Letters of the agency that wait for a person."""
    with connect(place) as client:
        for state, remedy in (
            ("UNDELIVERABLE", "give the client an address (retainer client describe), then retainer letters resend"),
            ("GIVEN_UP", "see why with retainer letters list, then retainer letters resend"),
        ):
            filter = f"state = {state}"
            count = client.ask(ListLettersRequest(filter=filter, page_size=1), timeout_seconds=ASK_SECONDS).total_size
            if count:
                words = state.lower().replace("_", " ")
                yield Finding("letters", Verdict.LOOK, f"{count} of {place.settings.agency} are {words}", remedy)

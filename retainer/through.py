"""A case file by public calls against a running system that rehearses, in a fresh agency each time.

Facts go in the order in which they were recorded, each at the end of its day; the boundaries between them are settled
at their own first instants. So a fact counts at a boundary if its day is before it. What a service refuses is told by
its place in the file, as `simulate` tells it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from chassis.auth import Identity, Role
from messages.dates import date_message
from retainer.case_postings import CLIENT, NAME
from retainer.case_requests import Requests, in_order
from retainer.case_told import Case, EndTold, Fact, TermsTold
from retainer.client import Client
from retainer.failures import ExitStatus, Failure, Refusal
from retainer.place import SERVICES, Place, place
from retainer.words import date_text, day_of, hours_text, id_of, measured_text, minor, plain_amount
from retainer.yaml_exact import Flaw
from services import PORTS
from vocabulary.calendar import first_instant, zone
from wire.retainer.billing.v1.account_pb2 import ListLeftOutRequest
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.invoice_pb2 import ListInvoicesRequest
from wire.retainer.billing.v1.payment_pb2 import GetBalanceRequest
from wire.retainer.contracts.v1.contract_pb2 import KeepCalendarRequest

ONE_DAY: Final = timedelta(days=1)
ONE_SECOND: Final = timedelta(seconds=1)
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
FIGURES: Final = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")


def through(case: Case, host: str, here: Place) -> dict[str, Any]:
    """Periods and invoices as the services answer them; `Flaw` where one of them refuses a fact."""
    where = place_of(host, here)
    agency = f"case-{uuid4().hex[:12]}"
    token = where.tokens().issue(Identity(agency, "owner", Role.OWNER), days=1)
    with Client(where, token) as client:
        return Rehearsal(case, client).play()


def place_of(host: str, here: Place) -> Place:
    """A data folder, this machine's system, or a host whose services listen at their own addresses or usual ports."""
    if Path(host).is_dir():
        return place(Path(host))
    name, _, port = host.rpartition(":") if host.count(":") == 1 else (host, "", "")
    if name in LOCAL and here.run_file("billing"):
        return here
    if port and not port.isdigit():
        raise Failure(f"--through {host!r}: {port!r} is no port")
    settings = here.settings
    known = {
        service: settings.of(service).model_copy(
            update={"address": settings.of(service).address or f"{name}:{PORTS[service]}"}
        )
        for service in SERVICES
    }
    return replace(here, settings=settings.model_copy(update={"services": known}))


class Rehearsal:
    """One case on its way through the services."""

    def __init__(self, case: Case, client: Client) -> None:
        self._case = case
        self._client = client
        self._zone = zone(case.time_zone)
        self._requests = Requests(case)
        self._after = timedelta(days=case.agreement.terms.invoicing.after_days)
        self._next: date | None = None

    def play(self) -> dict[str, Any]:
        self._introduce()
        early = [fact for fact in in_order(self._case) if fact.known < self._case.until]
        for fact in early:
            self._settle_before(fact.known)
            self._tell(fact)
        self._settle_before(None)
        self._keep_calendar(first_instant(self._case.until, self._zone))
        periods = self._periods()
        for fact in in_order(self._case)[len(early) :]:
            self._tell(fact)
        self._look_for_what_was_left_out()
        return {"periods": periods, **self._documents()}

    def _introduce(self) -> None:
        """Client, people and contract, before anything else was known."""
        starts_on = date.fromisoformat(self._case.agreement.starts_on)
        first = min([starts_on, self._case.until, *(fact.known for fact in self._case.facts)])
        self._client.now = first_instant(first - ONE_DAY, self._zone)
        for request, location in self._requests.introductions():
            self._ask(request, location)
        self._look_ahead()

    def _settle_before(self, known: date | None) -> None:
        """Every boundary up to `until` whose books are closed before that day's facts; None: all that are left."""
        while self._next is not None and self._next <= self._case.until:
            closed_on = self._next + self._after
            if known is not None and closed_on > known:
                return
            self._close(self._next, first_instant(closed_on, self._zone))

    def _keep_calendar(self, now: datetime) -> None:
        """What the contract's calendar has brought by then (R25): a renewal may bring boundaries."""
        if self._case.agreement.renews is None:
            return
        self._client.now = now
        if self._client.ask(KeepCalendarRequest(contract=NAME)).receipt.created:
            self._look_ahead()

    def _close(self, boundary: date, now: datetime) -> None:
        self._keep_calendar(now - ONE_SECOND)
        self._client.now = now
        reply = self._client.ask(CloseBoundariesRequest(through=date_message(boundary), contract=NAME))
        for unsettled in reply.unsettled:
            raise Failure(f"{boundary} could not be settled: {unsettled.message} [{unsettled.reason}]")
        self._look_ahead()
        if self._next is not None and self._next <= boundary:
            raise Failure(f"billing does not settle {boundary}: it is still the next boundary", ExitStatus.BROKEN)

    def _look_ahead(self) -> None:
        budget = self._client.ask(GetBudgetRequest(contract=NAME))
        self._next = day_of(budget.next_boundary)

    def _tell(self, fact: Fact) -> None:
        now = first_instant(fact.known + ONE_DAY, self._zone) - ONE_SECOND
        self._keep_calendar(now - ONE_SECOND)
        self._client.now = now
        request, location = self._requests.of(fact)
        self._ask(request, location)
        if isinstance(fact, EndTold | TermsTold):
            self._look_ahead()

    def _ask(self, request: Any, location: Callable[[str], str]) -> None:
        """A call whose refusal is told by its place in the file."""
        try:
            self._client.ask(request)
        except Refusal as refusal:
            fields = [fault.field for fault in refusal.fields]
            if refusal.status not in _OF_THE_FILE or "retainer-now" in fields:
                raise
            place = location(fields[0] if fields else "")
            raise Flaw(place, str(refusal)) from None

    def _look_for_what_was_left_out(self) -> None:
        """What a service took and billing had no place for is refused too."""
        request = ListLeftOutRequest(contract=NAME, page_size=10)
        for left_out in self._client.ask(request).left_out:
            place = self._requests.place_of(left_out.subject, day_of(left_out.on))
            raise Flaw(place, f"{left_out.message} [{left_out.reason}]")

    def _periods(self) -> list[Mapping[str, Any]]:
        until = date_message(self._case.until)
        budget = self._client.ask(GetBudgetRequest(contract=NAME, on=until))
        return [_row(period) for period in budget.periods]

    def _documents(self) -> dict[str, Any]:
        """Invoices and credit notes in the order of their issue; drafts and a credit balance where there are any."""
        request = ListInvoicesRequest(filter=f'client = "clients/{CLIENT}"', page_size=500)
        found = list(self._client.pages(request, "invoices"))
        documents: dict[str, Any] = {"invoices": [_document(invoice) for invoice in found if invoice.number]}
        if drafts := [date_text(invoice.boundary) for invoice in found if not invoice.number]:
            documents["drafts"] = drafts
        balance = self._client.ask(GetBalanceRequest(client=f"clients/{CLIENT}", currency=self._case.currency))
        if minor(balance.credit):
            documents["credit"] = plain_amount(balance.credit)
        return documents


_OF_THE_FILE: Final = (ExitStatus.WRONG_INPUT, ExitStatus.REFUSED, ExitStatus.NOT_FOUND)


def _row(period: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"start": date_text(period.start), "end": date_text(period.end)}
    row |= {name: _quantity(getattr(period, name)) for name in FIGURES}
    if period.waiting.seconds:
        row["waiting"] = hours_text(period.waiting)
    return row


def _document(invoice: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": invoice.number,
        "issued_on": date_text(invoice.issued_on),
        "due_on": date_text(invoice.due_on),
        "lines": [
            {"kind": line.kind, "period": date_text(line.period), "amount": plain_amount(line.amount)}
            for line in invoice.lines
        ],
        **{name: plain_amount(getattr(invoice, name)) for name in ("net", "tax", "gross", "open")},
    }
    if invoice.cancels:
        row["cancels"] = id_of(invoice.cancels)
    return row


def _quantity(measured: Any) -> Any:
    """Hours as `H:MM`, money as a decimal, units as a number."""
    match measured.WhichOneof("measured"):
        case "amount":
            return plain_amount(measured.amount)
        case "units":
            return int(measured.units)
        case _:
            return measured_text(measured)

"""One case on its way through the services, by public calls alone.

Facts go in the order in which they were recorded, each at the end of its day; boundaries are settled between them at
their own instants, and reminders sent on their days. So a fact counts at a boundary if its day is before it. What a
service refuses is told by its place in the file, as `simulate` tells it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from messages.dates import date_message
from retainer import answers
from retainer.case_check import budget_on
from retainer.case_postings import CLIENT, NAME
from retainer.case_requests import Requests, in_order
from retainer.case_told import Case, DeliverTold, EndTold, EntryTold, Fact, NoticeTold, PauseTold, TermsTold
from retainer.client import Client
from retainer.failures import ExitStatus, Failure, Refusal
from retainer.words import day_of
from retainer.yaml_exact import Flaw
from vocabulary.calendar import ONE_DAY, first_instant, local_date, zone
from wire.retainer.billing.v1.account_pb2 import ListLeftOutRequest
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.invoice_pb2 import ListInvoicesRequest
from wire.retainer.billing.v1.payment_pb2 import GetBalanceRequest, RemindOverdueRequest
from wire.retainer.contracts.v1.contract_pb2 import KeepCalendarRequest

ONE_SECOND: Final = timedelta(seconds=1)
OF_THE_FILE: Final = (ExitStatus.WRONG_INPUT, ExitStatus.REFUSED, ExitStatus.NOT_FOUND)
OF_THE_CONTRACT: Final = (TermsTold, PauseTold, EndTold, NoticeTold)


class Rehearsal:
    """The calendar of one story: who is told what when, and what comes by itself in between."""

    def __init__(self, case: Case, client: Client) -> None:
        self._case = case
        self._client = client
        self._zone = zone(case.time_zone)
        self._requests = Requests(case)
        self._next: date | None = None
        self._closes_on = date.max
        self._due: dict[str, date] = {}
        self._looked_on = date.min
        self._reminders: list[dict[str, Any]] = []

    def play(self) -> dict[str, Any]:
        """Periods, invoices and what else the file asks for, as the services answer it."""
        self._introduce()
        until, budget_day = self._case.until, budget_on(self._case.expect)
        periods = budget = None
        for fact in in_order(self._case):
            if budget_day is not None and budget is None and fact.known > budget_day:
                budget = self._budget(budget_day)
            self._live_through(fact.known)
            if periods is None and fact.known >= until:
                periods = self._periods()
            self._tell(fact)
        if budget_day is not None and budget is None:
            budget = self._budget(budget_day)
        self._live_through(until)
        periods = periods if periods is not None else self._periods()
        self._settle_what_waits()
        self._look_for_what_was_left_out()
        return {
            "periods": periods,
            **self._documents(),
            **({"reminders": self._reminders} if self._reminders else {}),
            **({"budget": budget} if budget is not None else {}),
        }

    def _introduce(self) -> None:
        """Client, people and contract, before anything else was known."""
        starts_on = date.fromisoformat(self._case.agreement.starts_on)
        first = min([starts_on, self._case.until, *(fact.known for fact in self._case.facts)])
        self._client.now = first_instant(first - ONE_DAY, self._zone)
        for request, location in self._requests.introductions():
            self._ask(request, location)
        if self._case.taken_over is not None:
            self._due = {one.number: one.due_on for one in self._case.taken_over.open if one.amount > 0}
            self._looked_on = self._case.taken_over.on
        self._look_ahead()

    # What comes by itself

    def _live_through(self, day: date) -> None:
        """Every boundary whose books are closed by the morning of a date, and every reminder due by then."""
        while True:
            self._keep_calendar(first_instant(min(day, self._closes_on), self._zone) - ONE_SECOND)
            boundary, closes_on, reminds_on = self._next, self._closes_on, self._next_reminder()
            has_boundary = boundary is not None and boundary <= self._case.until and closes_on <= day
            if has_boundary and closes_on <= reminds_on:
                assert boundary is not None
                self._close(boundary, first_instant(closes_on, self._zone))
            elif reminds_on <= day:
                self._remind(reminds_on)
            else:
                return

    def _settle_what_waits(self) -> None:
        """Boundaries up to `until` whose invoices are drawn up days later (R28)."""
        while self._next is not None and self._next <= self._case.until:
            self._live_through(self._closes_on)

    def _keep_calendar(self, now: datetime) -> None:
        """What the contract's calendar has brought by then (R25): a renewal may bring boundaries."""
        if self._case.agreement.renews is None:
            return
        self._client.now = now
        if self._client.ask(KeepCalendarRequest(contract=NAME)).receipt.created:
            self._look_ahead()

    def _close(self, boundary: date, now: datetime) -> None:
        self._client.now = now
        reply = self._client.ask(CloseBoundariesRequest(through=date_message(boundary), contract=NAME))
        for unsettled in reply.unsettled:
            raise Failure(f"{boundary} could not be settled: {unsettled.message} [{unsettled.reason}]")
        self._look_ahead()
        if self._next is not None and self._next <= boundary:
            raise Failure(f"billing does not settle {boundary}: it is still the next boundary", ExitStatus.BROKEN)
        if reply.receipt.created:
            self._look_at_dues()

    def _look_ahead(self) -> None:
        budget = self._client.ask(GetBudgetRequest(contract=NAME))
        self._next = day_of(budget.next_boundary)
        if budget.HasField("next_close_time"):
            closes_at = budget.next_close_time.ToDatetime(tzinfo=UTC)
            self._closes_on = local_date(closes_at, self._zone)
        else:
            self._closes_on = self._next if self._next is not None else date.max

    def _look_at_dues(self) -> None:
        if self._case.reminders is not None:
            self._due |= {one.number: due for one in self._invoices() if one.number and (due := day_of(one.due_on))}

    def _next_reminder(self) -> date:
        """The next day on which something may be reminded of (R33)."""
        reminders = self._case.reminders
        days = () if reminders is None else reminders.days
        ahead = (due_on + timedelta(days=after) for due_on in self._due.values() for after in days)
        return min((day for day in ahead if day > self._looked_on), default=date.max)

    def _remind(self, day: date) -> None:
        self._looked_on = day
        self._client.now = first_instant(day, self._zone) + ONE_SECOND
        reply = self._client.ask(RemindOverdueRequest(client=f"clients/{CLIENT}"))
        self._reminders += [answers.reminder(one) for one in reply.reminders]

    # What is told

    def _tell(self, fact: Fact) -> None:
        now = first_instant(fact.known + ONE_DAY, self._zone) - ONE_SECOND
        self._keep_calendar(now - ONE_SECOND)
        self._client.now = now
        request, location = self._requests.of(fact)
        self._ask(request, location)
        if isinstance(fact, OF_THE_CONTRACT):
            self._look_for_what_was_left_out()
            self._look_ahead()
        elif not isinstance(fact, EntryTold | DeliverTold):
            self._look_at_dues()

    def _ask(self, request: Any, location: Callable[[str], str]) -> None:
        """A call whose refusal is told by its place in the file."""
        try:
            self._client.ask(request)
        except Refusal as refusal:
            fields = [fault.field for fault in refusal.fields]
            if refusal.status not in OF_THE_FILE or "retainer-now" in fields:
                raise
            self._look_for_what_was_left_out()
            raise Flaw(location(fields[0] if fields else ""), str(refusal)) from None

    def _look_for_what_was_left_out(self) -> None:
        """What a service took and billing had no place for is refused too."""
        request = ListLeftOutRequest(contract=NAME, page_size=10)
        for left_out in self._client.ask(request).left_out:
            place = self._requests.place_of(left_out.subject, day_of(left_out.on), left_out.field)
            raise Flaw(place, f"{left_out.message} [{left_out.reason}]")

    # What came of it

    def _pass_days(self, now: datetime, through: date) -> None:
        """Periods begin and blocks lapse by themselves; in a rehearsal, where the clock stands, when it is told so."""
        self._client.now = now
        self._client.ask(CloseBoundariesRequest(through=date_message(through), contract=NAME))

    def _periods(self) -> list[dict[str, Any]]:
        until = self._case.until
        self._pass_days(first_instant(until, self._zone), until)
        budget = self._client.ask(GetBudgetRequest(contract=NAME, on=date_message(until)))
        return [answers.period(period) for period in budget.periods]

    def _budget(self, on: date) -> dict[str, Any]:
        """The period in which a date lies, as it is seen at the end of that date (R35, R36)."""
        self._live_through(on)
        self._pass_days(first_instant(on + ONE_DAY, self._zone) - ONE_SECOND, min(on, self._case.until))
        budget = self._client.ask(GetBudgetRequest(contract=NAME, on=date_message(on)))
        if not budget.HasField("pace"):
            raise Flaw("expect.budget.on", f"the contract does not cover {on}")
        return answers.budget(budget, on)

    def _invoices(self) -> Iterable[Any]:
        request = ListInvoicesRequest(filter=f'client = "clients/{CLIENT}"', page_size=500)
        return self._client.pages(request, "invoices")

    def _documents(self) -> dict[str, Any]:
        """Invoices and credit notes in the order of their issue; drafts and a credit balance where there are any."""
        found = list(self._invoices())
        balance = self._client.ask(GetBalanceRequest(client=f"clients/{CLIENT}", currency=self._case.currency))
        return answers.documents(found, balance)

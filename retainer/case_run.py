"""What comes of a case: its facts told in the order in which they became known, its books settled at each boundary.

The rules are billing's; this is the calendar of one story around them: who knows what when, which number is next.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

import msgspec

from retainer import case_told as told
from retainer.case_facts import fact_of, taken_over
from retainer.case_outcome import Budget, Drawn, Issued, Outcome, Reminded
from retainer.case_places import place_of
from retainer.case_told import Case
from retainer.yaml_exact import Flaw
from services.billing.domain import allocation, books, invoice, pace
from services.billing.domain.allocation import Document, Payment, Refund
from services.billing.domain.books import Books
from services.billing.domain.explaining import Earlier
from services.billing.domain.facts import ForgivenLine, LateFeeNoted, RenewalNoted, WriteOffNoted
from services.billing.domain.series import Series, series_of
from services.billing.events import Figures
from vocabulary.agreement import last_notice_on, renewed_end
from vocabulary.calendar import ONE_DAY, first_instant, zone
from vocabulary.money import Minor
from vocabulary.refusal import Refused


class Story:
    """One case on its way from the first fact to the last."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.books = books.opened(case.agreement)
        self.asked = invoice.NOTHING_ASKED
        self.settled: date | None = None
        self.issued: list[Issued] = []
        self.drafts: dict[date, Drawn] = {}
        self._earlier: tuple[Earlier, ...] = ()
        self.payments: list[Payment] = []
        self.refunds: list[Refund] = []
        self.reminded: list[Reminded] = []
        self._renewals = 0
        self._notices: list[date] = []
        self._ended = False
        self._told: dict[date, tuple[int, ...]] = {}
        self._silent: set[str] = set()
        self._next: dict[tuple[Series, int], int] = {}
        self._zone = zone(case.time_zone)

    def known_at(self, day: date) -> datetime:
        """The last second of a date: what is known on it is known before any boundary after it, and no earlier."""
        return first_instant(day + ONE_DAY, self._zone) - timedelta(seconds=1)

    # What the calendar brings

    def live_through(self, day: date) -> None:
        """Everything that comes by itself by the morning of a date: renewals, boundaries, reminders."""
        while True:
            coming = [(self._renewal_on(), self._renew), (self._issue_on(), self._settle)]
            coming += [(self._reminder_on(), self._remind)]
            due = [(on, act) for on, act in coming if on is not None and on <= day]
            if not due:
                return
            on, act = min(due, key=lambda one: one[0])
            act(on)

    def _issue_on(self) -> date | None:
        boundary = books.boundary_after(self.books, self.settled)
        return books.issue_day(self.books, boundary) if boundary <= self.case.until else None

    def _settle(self, on: date) -> None:
        """The books of the next boundary: an invoice, a draft that waits, or nothing (R27, R28)."""
        boundary = books.boundary_after(self.books, self.settled)
        self.settled = boundary
        draft = invoice.draft(self.books, self.asked, boundary)
        if draft is None:
            return
        drawn = self._draw(draft, boundary)
        if books.waits_for_release(self.books, boundary):
            self.drafts[boundary] = drawn
            self._remember(f"draft of {boundary}", draft)
        else:
            self._remember(self._issue(draft, on, drawn), draft)

    def _draw(self, draft: invoice.Draft, boundary: date) -> Drawn:
        return Drawn(draft, boundary, self.books, self._earlier)

    def _remember(self, name: str, draft: invoice.Draft) -> None:
        """What asked has asked."""
        self.asked = invoice.after(self.asked, draft.lines)
        self._earlier = (*self._earlier, Earlier(name, draft.lines, partial(_same, self.books)))

    def _issue(self, draft: invoice.Draft, on: date, drawn: Drawn | None, cancels: str | None = None) -> str:
        series = series_of(draft.gross)
        given = self.case.next_numbers if on.year == self.case.books_begin_on.year else {}
        place = self._next.get((series, on.year), given.get(series.value.replace("-", "_"), 1))
        self._next[series, on.year] = place + 1
        number = series.number(on.year, place)
        due_on = books.due_on(self.books, on)
        sums = (draft.net, draft.tax, draft.gross)
        self.issued.append(Issued(number, on, due_on, draft.lines, *sums, cancels, drawn))
        return number

    def _renewal_on(self) -> date | None:
        """The day on which it is certain that the contract renews: no notice came in time (R25)."""
        renews, ends_on = self.case.agreement.renews, books.ends_on(self.books)
        if renews is None or ends_on is None or self._ended:
            return None
        last = last_notice_on(ends_on, renews)
        return None if any(received <= last for received in self._notices) else last + ONE_DAY

    def _renew(self, on: date) -> None:
        self._renewals += 1
        ends_on = renewed_end(self.case.agreement, self._renewals)
        self.books = books.note(self.books, RenewalNoted(ends_on=ends_on, known_at=self.known_at(on - ONE_DAY)))

    def _reminder_on(self) -> date | None:
        days = [on for on, _, _ in self._reminders_ahead()]
        return min(days, default=None)

    def _reminders_ahead(self) -> list[tuple[date, str, int]]:
        """Days, numbers and steps that are to come, whether anything is open then or not."""
        reminders = self.case.reminders
        if reminders is None or "all" in self._silent:
            return []
        ahead = []
        for number, due_on, since in self._remindable():
            passed = sum(due_on + timedelta(days=after) <= since for after in reminders.days)
            step = max([passed, *(one.step for one in self.reminded if one.number == number)]) + 1
            if number not in self._silent and step <= len(reminders.days):
                ahead.append((due_on + timedelta(days=reminders.days[step - 1]), number, step))
        return ahead

    def _remindable(self) -> Iterator[tuple[str, date, date]]:
        """Numbers, due dates, and up to when the system before has reminded (R38)."""
        taken = self.case.taken_over
        if taken is not None:
            yield from ((one.number, one.due_on, taken.on) for one in taken.open if one.amount > 0)
        yield from ((one.number, one.due_on, date.min) for one in self.issued if one.gross > 0)

    def _remind(self, on: date) -> None:
        """Reminders for what is open, each once; the late fee comes with the next boundary (R33)."""
        reminders = self.case.reminders
        assert reminders is not None
        still = self._allocated(on).open
        for day, number, step in self._reminders_ahead():
            if day != on:
                continue
            is_open = still.get(number, 0)
            self.reminded.append(Reminded(number, step, on, is_open))
            fee = reminders.late_fees[step - 1] if step <= len(reminders.late_fees) else 0
            if is_open > 0 and fee:
                known_at = self.known_at(on)
                fact = LateFeeNoted(number=number, step=step, amount=Minor(fee), on=on, known_at=known_at)
                self.books = books.note(self.books, fact)

    # What is told

    def tell(self, fact: told.Fact) -> None:
        """One fact of the log. A refusal of the rules is a `Flaw` with its place."""
        match fact:
            case told.PayTold():
                self.payments.append(Payment(fact.id, fact.amount, fact.on, fact.invoice))
            case told.RefundTold():
                self._refund(fact)
            case told.NoticeTold():
                self._notices.append(fact.known)
            case told.ReleaseTold():
                self._release(fact)
            case told.CancelTold():
                self._cancel(fact)
            case told.StopRemindersTold():
                self._silent.add(fact.invoice or "all")
            case _:
                self._note(fact)

    def _note(self, fact: told.Fact) -> None:
        noted = fact_of(self.case, self.books, fact, self.known_at(fact.known))
        try:
            books.check(self.books, noted)
        except Refused as refused:
            raise Flaw(place_of(fact, refused.field), refused.message) from None
        before, self.books = self.books, books.note(self.books, noted)
        self._ended = self._ended or isinstance(fact, told.EndTold)
        told_so_far = max([fact.known, *self._told])
        moved = books.moved(before, self.books, through=told_so_far)
        for start in {books.touched(self.books, noted), self._start_of(fact.known), *moved}:
            if start is not None:
                self._warn(books.figures(self.books, start, fact.known))

    def _start_of(self, day: date) -> date | None:
        period = books.period_of(self.books, day)
        return None if period is None or period.start < books.first_day(self.books) else period.start

    def _warn(self, figures: Figures) -> None:
        before = self._told.get(figures.start, ())
        percent = pace.crossed(figures, before, self.case.thresholds)
        if percent is not None:
            self._told[figures.start] = (*before, percent)

    def _refund(self, fact: told.RefundTold) -> None:
        if fact.amount > self._allocated(fact.on).credit:
            raise Flaw(f"{fact.place}.refund.amount", "is more than the credit balance (R32)")
        self.refunds.append(Refund(fact.amount, fact.on))

    def _release(self, fact: told.ReleaseTold) -> None:
        drawn = self.drafts.pop(fact.boundary, None)
        if drawn is None:
            raise Flaw(f"{fact.place}.release", f"there is no draft of {fact.boundary}")
        self._issue(drawn.draft, fact.known, drawn)

    def _cancel(self, fact: told.CancelTold) -> None:
        """By a credit note that names it; what is owed is asked again in the same step, or written off (R30)."""
        document = next((one for one in self.issued if one.number == fact.invoice and one.gross >= 0), None)
        if document is None or any(one.cancels == fact.invoice for one in self.issued):
            raise Flaw(f"{fact.place}.cancel", f"there is no invoice {fact.invoice} that could be cancelled")
        assert self.settled is not None
        if fact.write_off:
            self._note_write_off(document, fact)
        else:
            turned = tuple(msgspec.structs.replace(line, amount=Minor(-line.amount)) for line in document.lines)
            sums = invoice.totals(turned)
            reversal = invoice.Draft(turned, sums.taxes, sums.net, sums.tax, sums.gross)
            self._remember(self._issue(reversal, fact.known, None, document.number), reversal)
        draft = invoice.draft(self.books, self.asked, self.settled)
        if draft is not None:
            drawn = self._draw(draft, self.settled)
            number = self._issue(draft, fact.known, drawn, document.number if fact.write_off else None)
            self._remember(number, draft)

    def _note_write_off(self, document: Issued, fact: told.CancelTold) -> None:
        lines = tuple(
            ForgivenLine(line.period, line.amount, line.tax_category, line.tax_rate_ppm) for line in document.lines
        )
        known_at = self.known_at(fact.known)
        noted = WriteOffNoted(number=document.number, lines=lines, on=fact.known, known_at=known_at)
        self.books = books.note(self.books, noted)

    # What came of it

    def _allocated(self, on: date | None = None) -> allocation.Allocation:
        """What is open by the end of a date; of all that is told where there is none."""
        documents = [Document(one.number, one.gross, one.issued_on, one.due_on, one.cancels) for one in self.issued]
        if self.case.taken_over is not None:
            brought = self.case.taken_over.open
            documents = [Document(one.number, one.amount, one.issued_on, one.due_on) for one in brought] + documents
        if on is None:
            return allocation.allocate(documents, self.payments, self.refunds)
        return allocation.allocate(
            [one for one in documents if one.issued_on <= on],
            [one for one in self.payments if one.paid_on <= on],
            [one for one in self.refunds if one.refunded_on <= on],
        )

    def budget(self, on: date) -> Budget:
        """The period in which a date lies, as it is seen at the end of that date."""
        start = self._start_of(on)
        if start is None:
            raise Flaw("expect.budget.on", f"the contract does not cover {on}")
        figures = books.figures(self.books, start, on)
        reckoned = pace.pace(figures, on, self.case.agreement.region)
        return Budget(on, figures, reckoned, self._told.get(start, ()))

    def outcome(self, seen: Books, budget: Budget | None) -> Outcome:
        until = self.case.until
        rows = tuple(books.figures(seen, period.start, until) for period in books.periods_begun(seen, until))
        allocated = self._allocated()
        return Outcome(
            currency=self.case.currency,
            periods=rows,
            invoices=tuple(self.issued),
            open=allocated.open,
            credit=allocated.credit,
            drafts=tuple(sorted(self.drafts)),
            reminders=tuple(one for one in self.reminded if one.open > 0),
            budget=budget,
        )


def _same(of: Books) -> Books:
    return of


def run(case: Case, budget_on: date | None = None) -> Outcome:
    """The whole story: facts in order of `known`, then of their place in the file, between the boundaries.

    Rows are recomputed from what was known before `until`. Facts that became known later are still checked.
    """
    story = Story(case)
    if case.taken_over is not None:
        story.books = taken_over(story.books, case.taken_over)
    seen: Books | None = None
    budget: Budget | None = None
    for fact in sorted(case.facts, key=lambda fact: fact.known):
        if budget_on is not None and budget is None and fact.known > budget_on:
            story.live_through(budget_on)
            budget = story.budget(budget_on)
        story.live_through(fact.known)
        if seen is None and fact.known >= case.until:
            seen = _settled_by(story, case.until)
        story.tell(fact)
    if budget_on is not None and budget is None:
        story.live_through(budget_on)
        budget = story.budget(budget_on)
    if seen is None:
        seen = _settled_by(story, case.until)
    story.live_through(_last_issue_day(story))
    return story.outcome(seen, budget)


def _settled_by(story: Story, until: date) -> Books:
    story.live_through(until)
    return story.books


def _last_issue_day(story: Story) -> date:
    """When the invoices of all boundaries up to `until` are drawn up."""
    return books.issue_day(story.books, story.case.until)

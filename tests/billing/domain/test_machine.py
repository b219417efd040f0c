"""Commands on one contract, in any order, against a plain reckoning of its own (see `plain_ledger`).

The machine tells a contract facts as its days go by and settles its boundaries. After each step billing's fold has the
figures that the plain reckoning has, each boundary asks the same lines of both, what one refuses the other refuses, and
the invoices add up to the charges (R27)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zlib import crc32

import msgspec
import pytest
from hypothesis import HealthCheck, assume, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.billing.domain import books, invoice
from services.billing.domain.facts import (
    BlockNoted,
    BlockWithdrawn,
    ContractFact,
    CreditNoted,
    CreditWithdrawn,
    DeliveryNoted,
    DeliveryWithdrawn,
    EndNoted,
    EntryNoted,
    EntryWithdrawn,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    TermsNoted,
)
from services.billing.events import CountedWork
from tests.billing.domain.contracts_drawn import PATCHES, agreements, patches
from tests.billing.domain.plain_calendar import next_on_grid
from tests.billing.domain.plain_dues import owed
from tests.billing.domain.plain_ledger import DAY, Account, Line
from tests.billing.domain.plain_refusals import refused
from tests.billing.domain.plain_rows import rows
from tests.billing.domain.plain_terms import kind_of, policy_of
from vocabulary.duration import Minutes, Seconds
from vocabulary.identity import PersonId
from vocabulary.money import Minor
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement

FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage")
NAMES = st.sampled_from("abcdefgh")
LENGTHS = st.sampled_from([0, 1, 59, 60, 61, 449, 450, 900, 3599, 5400, 7200, 36_000, 86_400]) | st.integers(0, 20_000)
AHEAD = st.integers(-70, 40)


class Retainer(RuleBasedStateMachine):
    @initialize(agreement=agreements())
    def agree(self, agreement: Agreement) -> None:
        self.agreement, self.books = agreement, books.opened(agreement)
        self.starts_on = date.fromisoformat(agreement.starts_on)
        self.agreed_end = None if agreement.ends_on is None else date.fromisoformat(agreement.ends_on)
        self.terms = _json(agreement)
        self.grace = agreement.terms.invoicing.after_days * DAY
        self.facts: list[ContractFact] = []
        self.asked, self.plainly_asked = invoice.NOTHING_ASKED, dict[Line, int]()
        self.drafts: dict[date, invoice.Draft | None] = {}
        self.today, self.settled = self.starts_on - 3 * DAY, None
        self.count = 0

    # Days

    @rule(days=st.integers(1, 25))
    def days_go_by(self, days: int) -> None:
        self.live(days)

    @rule(days=st.integers(10, 45), worked=st.lists(st.tuples(NAMES, st.integers(0, 44), LENGTHS), max_size=5))
    def a_busy_time_goes_by(self, days: int, worked: list[tuple[str, int, int]]) -> None:
        for name, ago, length in worked:
            self.log_one(name, ago - days, length)
        self.live(days)

    def live(self, days: int) -> None:
        through = self.today + days * DAY
        while (boundary := books.boundary_after(self.books, self.settled)) + self.grace <= through:
            self.settle(boundary)
        self.today = through

    def settle(self, boundary: date) -> None:
        assert boundary == self.next_boundary()
        assert books.issue_day(self.books, boundary) == boundary + self.grace
        draft = invoice.draft(self.books, self.asked, boundary)
        due = owed(self.account, boundary)
        lines = {line: due.get(line, 0) - self.plainly_asked.get(line, 0) for line in {*due, *self.plainly_asked}}
        came = {} if draft is None else {_line(one): one.amount for one in draft.lines}
        assert came == {line: amount for line, amount in lines.items() if amount}, boundary
        if draft is not None:
            assert [(line.period, line.kind) for line in draft.lines] == sorted((o.period, o.kind) for o in draft.lines)
            assert draft.net == sum(line.amount for line in draft.lines)
            assert draft.gross == draft.net + sum(tax.tax for tax in draft.taxes)
            self.asked = invoice.after(self.asked, draft.lines)
        self.plainly_asked = due
        self.settled = boundary
        self.drafts[boundary] = draft

    def next_boundary(self) -> date:
        """By the anchor, or the contract's end where it is known before its day."""
        if self.settled is None:
            return self.starts_on
        following = next_on_grid(self.starts_on, self.terms["cycle"], self.terms.get("anchor"), self.settled)
        ends_on = self.account.end
        return ends_on if max(self.settled, self.today - self.grace) < ends_on < following else following

    # Facts

    @rule(
        name=NAMES,
        ago=AHEAD,
        worked=LENGTHS,
        person=st.sampled_from(["anna", "ben"]),
        task=st.sampled_from(["", "seo"]),
        billable=st.sampled_from([True] * 9 + [False]),
        rate=st.sampled_from([None, None, 7777]),
        at=st.none() | st.integers(0, 24 * 60 - 1),
    )
    def log(self, name: str, ago: int, worked: int, at: int | None, **more: Any) -> None:
        """`at` is the start in minutes of the day in UTC: some begin on another date there than here."""
        self.log_one(name, ago, worked, at, **more)

    def log_one(
        self, name: str, ago: int, worked: int, at: int | None = None, person: str = "anna", **more: Any
    ) -> None:
        day = self.today + ago * DAY
        work = CountedWork(
            person_id=PersonId(person),
            worked=Seconds(worked),
            worked_on=day if at is None else None,
            started_at=None if at is None else datetime.combine(day, time(), UTC) + timedelta(minutes=at),
            role="senior" if person == "anna" else "",
            **more,
        )
        self.tell(EntryNoted(entry_id=name, work=work, known_at=self.now()))

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        if name in self.account.entries:
            self.tell(EntryWithdrawn(entry_id=name, known_at=self.now()))
        elif name in self.account.deliveries:
            self.tell(DeliveryWithdrawn(delivery_id=name, known_at=self.now()))

    @precondition(lambda self: self.kind == "units" or self.count % 7 == 0)
    @rule(name=NAMES, ago=AHEAD, units=st.integers(1, 5))
    def deliver(self, name: str, ago: int, units: int) -> None:
        self.count += 1
        assume(name not in self.account.deliveries)
        self.tell(DeliveryNoted(delivery_id=name, units=units, on=self.today + ago * DAY, known_at=self.now()))

    @precondition(lambda self: self.kind == "bank" or self.count % 7 == 0)
    @rule(ago=AHEAD, hours=st.integers(1, 12), lasts=st.none() | st.integers(1, 120))
    def buy(self, ago: int, hours: int, lasts: int | None) -> None:
        on = self.today + ago * DAY
        expires_on = None if lasts is None else on + lasts * DAY
        if lasts is not None and lasts % 3 == 0:
            expires_on = max(on + DAY, expires_on.replace(day=1)) if expires_on else None
        block = BlockNoted(
            block_id=self.fresh(),
            minutes=Minutes(hours * 60),
            price=Minor(hours * 9_000),
            bought_on=on,
            expires_on=expires_on,
            known_at=self.now(),
        )
        self.tell(block)

    @rule(ago=AHEAD, amount=st.integers(1, 99_999))
    def credit(self, ago: int, amount: int) -> None:
        fact = CreditNoted(credit_id=self.fresh(), amount=Minor(amount), on=self.today + ago * DAY, known_at=self.now())
        self.tell(fact)

    @precondition(lambda self: self.account.blocks or self.account.credits)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        names = [*(("b", b.block_id) for b in self.account.blocks), *(("c", c.credit_id) for c in self.account.credits)]
        sort, name = data.draw(st.sampled_from(names))
        known_at = self.now()
        if sort == "b":
            self.tell(BlockWithdrawn(block_id=name, known_at=known_at))
        else:
            self.tell(CreditWithdrawn(credit_id=name, known_at=known_at))

    @rule(periods=st.integers(-3, 1), quantity=st.integers(1, 700), approves=st.booleans())
    def decide(self, periods: int, quantity: int, approves: bool) -> None:
        self.decide_on(self.boundary(periods), quantity, approves=approves)

    @precondition(lambda self: self.overrun())
    @rule(
        decisions=st.lists(st.tuples(st.integers(1, 150), st.booleans()), min_size=1, max_size=3),
        place=st.integers(0, 5),
    )
    def decide_what_is_over(self, decisions: list[tuple[int, bool]], place: int) -> None:
        over = self.overrun()
        for quantity, approves in decisions:
            self.decide_on(over[place % len(over)], quantity, approves=approves)

    def overrun(self) -> list[date]:
        """The periods with overage that is for approval."""
        starts = [row.turn.start for row in rows(self.account, self.today) if row.overage]
        return [start for start in starts if policy_of(self.account.paper(start)) == "approve"]

    def decide_on(self, period: date, quantity: int, *, approves: bool) -> None:
        if approves:
            self.tell(OverageApproved(period=period, quantity=quantity, known_at=self.now()))
        else:
            self.tell(OverageDeclined(period=period, known_at=self.now()))

    @rule(patch=patches(), periods=st.integers(-2, 2), days=st.none() | AHEAD)
    def change(self, patch: dict[str, Any], periods: int, days: int | None) -> None:
        day = self.boundary(periods) if days is None else self.today + days * DAY
        fact = TermsNoted(patch=patch, effective_on=day, immediately=days is not None, known_at=self.now())
        self.tell(fact)

    @rule(ago=AHEAD, lasts=st.integers(1, 45))
    def pause(self, ago: int, lasts: int) -> None:
        from_on = self.today + ago * DAY
        self.tell(PauseNoted(from_on=from_on, to_on=from_on + lasts * DAY, known_at=self.now()))

    @precondition(lambda self: self.today > self.starts_on + 50 * DAY)
    @rule(ahead=st.integers(-40, 150), on_boundary=st.booleans())
    def end(self, ahead: int, on_boundary: bool) -> None:
        day = self.today + ahead * DAY
        ends_on = books.boundary_after(self.books, day) if on_boundary else day
        self.tell(EndNoted(ends_on=ends_on, known_at=self.now()))

    # What holds

    @invariant()
    def rows_are_those_of_the_plain_reckoning(self) -> None:
        if not hasattr(self, "facts"):
            return
        plain = rows(self.account, self.today)
        told = [
            books.figures(self.books, period.start, self.today)
            for period in books.periods_begun(self.books, self.today)
        ]
        assert [(row.turn.start, row.turn.end) for row in plain] == [(one.start, one.end) for one in told]
        for row, one in zip(plain, told, strict=True):
            assert {name: getattr(one, name) for name in FIGURES} == {name: getattr(row, name) for name in FIGURES}, (
                one.start
            )
            assert one.expired == row.expired(self.today), one.start

    @invariant()
    def what_was_granted_is_used_lapsed_or_carried_on(self) -> None:
        if not hasattr(self, "facts"):
            return
        held_before = 0
        for period in books.periods_begun(self.books, self.today):
            told = books.statement(self.books, period.start)
            held = [bucket.left for bucket in told.passes.buckets] + [block.left for block in told.passes.blocks]
            assert all(left > 0 for left in held)
            if kind_of(self.account.paper(period.start)) not in ("flat", "hourly"):
                bought_early = told.carried - held_before
                assert bought_early == 0 or (period.index == 0 and bought_early > 0), "R20: a block may come early"
                lapsed = sum(quantity for _, quantity in told.lapsed)
                inside = told.used - told.overage
                assert told.allowance + told.carried == told.borrowed + inside + lapsed + sum(held), period.start
            held_before = sum(held)

    def teardown(self) -> None:
        if not hasattr(self, "facts"):
            return
        self.a_late_run_asks_what_the_punctual_one_asked()
        self.the_order_of_arrival_does_not_matter()

    def a_late_run_asks_what_the_punctual_one_asked(self) -> None:
        """R27: each boundary by the facts recorded before its cut-off."""
        asked = invoice.NOTHING_ASKED
        for boundary, draft in self.drafts.items():
            late = invoice.draft(books.as_known(self.books, books.cut_off(self.books, boundary)), asked, boundary)
            assert late == draft, boundary
            if late is not None:
                asked = invoice.after(asked, late.lines)

    def the_order_of_arrival_does_not_matter(self) -> None:
        """All that `known` decides stays: the latest version of an entry, what a decline took (R18, R27)."""
        arrived = books.opened(self.agreement)
        for fact in sorted(self.facts, key=lambda fact: crc32(repr(fact).encode())):
            arrived = books.note(arrived, fact)
        for period in books.periods_begun(self.books, self.today):
            there = books.figures(arrived, period.start, self.today)
            assert there == books.figures(self.books, period.start, self.today)

    # How it is told

    @property
    def account(self) -> Account:
        return Account(self.terms, self.starts_on, self.agreed_end, self.facts)

    def now(self) -> datetime:
        """Later than all that was told, on today's date."""
        return datetime.combine(self.today, time(10), UTC) + timedelta(seconds=len(self.facts))

    @property
    def kind(self) -> str:
        """What is sold today."""
        return kind_of(self.account.in_force(max(self.today, self.starts_on)))

    def fresh(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def boundary(self, periods: int) -> date:
        """A period's start, so many periods from today."""
        calendar = self.books.course.calendar
        index = calendar.index_at(max(self.today, self.starts_on)) + periods
        return calendar.start(max(0, index))

    def tell(self, fact: ContractFact) -> None:
        rule_broken, refusal = refused(self.account, fact), None
        try:
            books.check(self.books, fact)
        except Refused as why:
            refusal = why
        assert (rule_broken is None) == (refusal is None), f"by the rules {rule_broken}, by the books {refusal}"
        if refusal is not None:
            return
        note(f"{self.today}: {fact}")
        self.facts.append(fact)
        self.books = books.note(self.books, fact)


def _json(agreement: Agreement) -> dict[str, Any]:
    terms: dict[str, Any] = msgspec.to_builtins(agreement.terms)
    return terms


def _line(one: Any) -> Line:
    return Line(one.period, one.kind, (one.tax_category, one.tax_rate_ppm))


SOUND = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.timeout(300)
def test_commands_in_any_order_come_to_what_a_plain_reckoning_says() -> None:
    run_state_machine_as_test(
        Retainer, settings=settings(SOUND, max_examples=30, stateful_step_count=30, derandomize=True)
    )


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_many_more_commands_in_any_order() -> None:
    run_state_machine_as_test(Retainer, settings=settings(SOUND, max_examples=500, stateful_step_count=45))


def test_every_patch_is_drawn_from_terms_that_there_are() -> None:
    assert len(PATCHES) > 20

"""What holds of the fold whatever happens: the same from scratch as step by step, nothing lost, nothing asked twice."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.domain import books, invoice
from services.billing.domain.books import Books
from services.billing.domain.facts import (
    BlockNoted,
    ContractFact,
    CreditNoted,
    DeliveryNoted,
    EntryNoted,
    EntryWithdrawn,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    TermsNoted,
)
from services.billing.events import CountedWork
from vocabulary.duration import Minutes, Seconds
from vocabulary.identity import PersonId
from vocabulary.money import Minor
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Terms

START = date(2026, 1, 15)
HORIZON = date(2026, 8, 1)
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

KINDS: dict[str, dict[str, Any]] = {
    "hours": {"allowance": {"measure": "hours", "minutes": 300}, "overage": {"rate": 9000}},
    "own rates": {"allowance": {"measure": "hours", "minutes": 300}, "rollover": {"cap": 200, "expires_after": 2}},
    "borrow": {"allowance": {"measure": "hours", "minutes": 300}, "overage": {"policy": "borrow"}},
    "approve": {"allowance": {"measure": "hours", "minutes": 200}, "overage": {"policy": "approve"}},
    "amount": {"allowance": {"measure": "amount", "amount": 40000}, "rollover": {"expires_after": 1}},
    "units": {"allowance": {"measure": "units", "units": 5}, "overage": {"rate": 2500}, "rollover": {"cap": 3}},
    "bank": {"bank": True},
    "hourly": {"minimum": 20000},
}


def agreed(kind: str) -> Agreement:
    fee = {} if kind in ("hourly", "bank") else {"fee": {"amount": 50000}}
    terms = {"cycle": "month", "anchor": 1, "rate": 8333, "tax": {"category": "standard", "rate_ppm": 190_000}}
    terms |= fee | KINDS[kind]
    return Agreement(
        currency="EUR", time_zone="Europe/Berlin", starts_on=START.isoformat(), terms=msgspec.convert(terms, Terms)
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[ContractFact]]:
    """Facts in the order in which they became known; those that the rules refuse are left out by whoever notes them."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    facts: list[ContractFact] = []
    known = datetime(2026, 1, 14, tzinfo=UTC)
    for number in range(draw(st.integers(1, 16))):
        known += timedelta(hours=draw(st.integers(1, 400)))
        day = START + timedelta(days=draw(st.integers(0, 190)))
        facts.append(draw(one_fact(kind, number, known, day)))
    return kind, facts


@st.composite
def one_fact(draw: st.DrawFn, kind: str, number: int, known: datetime, day: date) -> ContractFact:
    what = draw(st.sampled_from(["entry"] * 6 + ["withdraw", "dated", "decide", "whole"]))
    name = f"e{draw(st.integers(0, 9))}"
    match what:
        case "entry" if kind == "units":
            return DeliveryNoted(delivery_id=name, units=draw(st.integers(1, 6)), on=day, known_at=known)
        case "entry":
            work = CountedWork(
                person_id=PersonId("anna"),
                worked=Seconds(draw(st.integers(0, 6 * 3600))),
                worked_on=day,
                rate=draw(st.sampled_from([None, Minor(7777)])),
            )
            return EntryNoted(entry_id=name, work=work, known_at=known)
        case "withdraw":
            return EntryWithdrawn(entry_id=name, known_at=known)
        case "dated" if kind == "bank":
            expires_on = day + timedelta(days=draw(st.integers(5, 90)))
            minutes, price = Minutes(draw(st.integers(60, 900))), Minor(10000)
            return BlockNoted(
                block_id=f"b{number}",
                minutes=minutes,
                price=price,
                bought_on=day,
                expires_on=expires_on,
                known_at=known,
            )
        case "dated":
            return CreditNoted(credit_id=f"c{number}", amount=Minor(draw(st.integers(1, 9999))), on=day, known_at=known)
        case "decide":
            period = date(2026, draw(st.integers(2, 7)), 1)
            if draw(st.booleans()):
                return OverageApproved(period=period, quantity=draw(st.integers(1, 200)), known_at=known)
            return OverageDeclined(period=period, known_at=known)
        case _:
            if draw(st.booleans()):
                return PauseNoted(from_on=day, to_on=day + timedelta(days=draw(st.integers(1, 40))), known_at=known)
            patch = (
                {"fee": {"amount": draw(st.integers(1, 99999))}} if kind not in ("hourly", "bank") else {"rate": 9100}
            )
            return TermsNoted(patch=patch, effective_on=day, immediately=True, known_at=known)


def accepted(kind: str, facts: Sequence[ContractFact]) -> tuple[Books, list[ContractFact]]:
    """Told one by one, the statement of the touched period read after each; refused ones are dropped."""
    told, kept = books.opened(agreed(kind)), []
    for fact in facts:
        try:
            books.check(told, fact)
        except Refused:
            continue
        told = books.note(told, fact)
        kept.append(fact)
        start = books.touched(told, fact)
        if start is not None:
            books.statement(told, start)
    return told, kept


def from_scratch(kind: str, facts: Sequence[ContractFact]) -> Books:
    plain = books.opened(agreed(kind))
    for fact in facts:
        plain = books.note(plain, fact)
    return plain


def rows(of: Books) -> list[Any]:
    return [books.figures(of, period.start, HORIZON) for period in books.periods_begun(of, HORIZON)]


@QUICK
@given(histories())
def test_the_periods_that_a_fact_moved_are_those_whose_figures_are_others(
    history: tuple[str, list[ContractFact]],
) -> None:
    kind, facts = history
    told, before = accepted(kind, facts)[1], books.opened(agreed(kind))
    for fact in told:
        after = books.note(before, fact)
        starts = [period.start for period in books.periods_begun(after, HORIZON)]
        known = [start for start in starts if books.period_of(before, start) == books.period_of(after, start)]
        others = {
            start
            for start in starts
            if start not in known
            or books.figures(before, start, _end(before, start)) != books.figures(after, start, _end(after, start))
        }
        assert set(books.moved(before, after, through=HORIZON)) == others
        for start in others:
            assert set(books.moved(before, after, through=HORIZON, besides=start)) == others - {start}
        before = after


def _end(of: Books, start: date) -> date:
    period = books.period_of(of, start)
    assert period is not None
    return period.end


def test_of_an_entry_withdrawn_and_logged_again_the_latest_word_counts_in_any_order() -> None:  # R27
    days = [datetime(2026, month, 2, tzinfo=UTC) for month in (2, 3, 4, 5)]
    work = CountedWork(person_id=PersonId("anna"), worked=Seconds(600), worked_on=date(2026, 2, 1))
    for until in (3, 4):
        facts: list[ContractFact] = [
            EntryWithdrawn(entry_id="a", known_at=known) if place % 2 else EntryNoted("a", work, known_at=known)
            for place, known in enumerate(days[:until])
        ]
        for order in permutations(facts):
            there = books.entry(from_scratch("hours", order), "a")
            assert (there is not None) == (until == 3), order


@QUICK
@given(histories())
def test_step_by_step_comes_to_the_same_as_from_scratch(history: tuple[str, list[ContractFact]]) -> None:
    kind, facts = history
    told, kept = accepted(kind, facts)
    assert rows(told) == rows(from_scratch(kind, kept))


@QUICK
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(history: tuple[str, list[ContractFact]], luck: Any) -> None:
    """What `known` decides stays: the latest version of an entry, what a decline took (R18, R27)."""
    kind, facts = history
    _, kept = accepted(kind, facts)
    shuffled = list(kept)
    luck.shuffle(shuffled)
    assert rows(from_scratch(kind, shuffled)) == rows(from_scratch(kind, kept))


@QUICK
@given(histories())
def test_what_was_asked_is_what_is_owed(history: tuple[str, list[ContractFact]]) -> None:
    """R27: after each boundary the invoices add up to the charges, line by line; a late run asks the same."""
    kind, facts = history
    told, kept = accepted(kind, facts)
    live, asked, boundary = books.opened(agreed(kind)), invoice.NOTHING_ASKED, books.boundary_after(told)
    upcoming = list(kept)
    while boundary <= HORIZON:
        cut_off = books.cut_off(told, boundary)
        while upcoming and upcoming[0].known_at < cut_off:
            live = books.note(live, upcoming.pop(0))
        draft = invoice.draft(live, asked, boundary)
        assert draft == invoice.draft(books.as_known(told, cut_off), asked, boundary)
        if draft is not None:
            assert draft.net == sum(line.amount for line in draft.lines) == sum(tax.net for tax in draft.taxes)
            assert draft.gross == draft.net + sum(tax.tax for tax in draft.taxes)
            asked = invoice.after(asked, draft.lines)
        owed = {key: amount for key, amount in invoice.owed(live, boundary).items() if amount}
        assert {key: amount for key, amount in asked.items() if amount} == owed
        assert invoice.draft(live, asked, boundary) is None
        boundary = books.boundary_after(told, boundary)


@QUICK
@given(histories())
def test_what_was_granted_is_used_lapsed_or_carried_on(history: tuple[str, list[ContractFact]]) -> None:
    kind, facts = history
    told, _ = accepted(kind, facts)
    carried_on = 0
    for period in books.periods_begun(told, HORIZON):
        account = books.statement(told, period.start)
        held = [bucket.left for bucket in account.passes.buckets] + [block.left for block in account.passes.blocks]
        assert all(left > 0 for left in held)
        if kind in ("hourly",):
            continue
        lapsed = sum(quantity for _, quantity in account.lapsed)
        inside = account.used - account.overage
        early = account.carried if not carried_on else 0  # a bank may have been bought before the contract began
        assert carried_on + early == account.carried
        assert account.allowance + account.carried == account.borrowed + inside + lapsed + sum(held)
        carried_on = sum(held)

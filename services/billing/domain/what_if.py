"""What other terms would have come to: a contract's real past, priced anew by the same fold. Nothing is recorded.

Time, deliveries, pauses and ends are as they stand on the books now, and the other terms hold from the first day on.
What the other terms have no place for (a block without a bank, an entry without a rate) is told as left out.
"""

from collections.abc import Iterable
from datetime import date, datetime
from heapq import merge

import msgspec

from services.billing.domain import books as fold
from services.billing.domain.facts import (
    BlockNoted,
    ContractFact,
    CreditNoted,
    EndNoted,
    ExtraNoted,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    RenewalNoted,
)
from services.billing.domain.kept import Books
from services.billing.domain.noting import with_entries_together
from services.billing.domain.rating import rate
from services.billing.domain.steps import Steps, some_at_a_time
from services.billing.domain.usage import Placed, placed
from services.billing.events import Figures, Measure
from vocabulary.check_terms import check_terms
from vocabulary.kind import needs_rates
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Terms


class LeftOut(msgspec.Struct, frozen=True):
    """What the terms have no place for, with the refusal's name."""

    subject: str
    reason: str
    message: str


class Priced(msgspec.Struct, frozen=True):
    """What the periods that begin in the dates asked for come to under some terms. Quantities in the measure of the
    last of them."""

    periods: tuple[Figures, ...]
    minutes: int = 0
    """Billable time, rounded."""
    left_out: tuple[LeftOut, ...] = ()

    @property
    def charged(self) -> int:
        """Net."""
        return sum(figures.charged for figures in self.periods)

    @property
    def overage(self) -> int:
        return sum(figures.overage for figures in self.periods)

    @property
    def expired(self) -> int:
        return sum(figures.expired for figures in self.periods)

    @property
    def measure(self) -> Measure:
        return self.periods[-1].measure if self.periods else "minutes"


class Past(msgspec.Struct, frozen=True):
    """What happened under a contract, apart from its terms. `entries` are billable, in the order of consumption."""

    agreement: Agreement
    entries: tuple[Placed, ...]
    facts: tuple[ContractFact, ...]


def past_of(books: Books) -> Steps[Past]:
    """As the books stand now."""
    course = books.course
    runs, entries = list[list[Placed]](), list[Placed]()
    for some in some_at_a_time(books.entries.items()):
        found = (placed(name, noted.work, course) for name, noted in some if noted.work.billable)
        runs.append(sorted(found, key=_order))
        yield
    for ordered in some_at_a_time(merge(*runs, key=_order)):
        entries += ordered
        yield
    kept = (PauseNoted, EndNoted, RenewalNoted, OverageApproved, OverageDeclined)
    facts: list[ContractFact] = [fact for fact in books.history.since(0) if isinstance(fact, kept)]
    facts += books.deliveries.values()
    facts += (fact for fact in books.dated.values() if isinstance(fact, BlockNoted | CreditNoted | ExtraNoted))
    if course.taken_over is not None:
        facts.insert(0, course.taken_over)
    return Past(course.agreement, tuple(entries), tuple(facts))


def _order(entry: Placed) -> tuple[datetime, str]:
    return (entry.at, entry.entry_id)


def as_it_was(books: Books, from_on: date, to_on: date) -> Priced:
    """Under the terms that were agreed on."""
    return _priced(books, from_on, to_on, ())


def priced(past: Past, terms: Terms, from_on: date, to_on: date) -> Steps[Priced]:
    """Under other terms; refused where their parts do not fit together."""
    terms = _on_the_same_dates(terms, past.agreement.terms)
    check_terms(terms)
    books = fold.opened(msgspec.structs.replace(past.agreement, terms=terms))
    left_out: list[LeftOut] = []
    before = [fact for fact in past.facts if not isinstance(fact, OverageApproved | OverageDeclined)]
    after = [fact for fact in past.facts if isinstance(fact, OverageApproved | OverageDeclined)]
    books = _noted(books, before, left_out)
    entries = list[Placed]()
    for some in some_at_a_time(past.entries):
        entries += (entry for entry in some if _has_place(books, entry, left_out))
        yield
    books = yield from with_entries_together(books, entries)
    books = _noted(books, after, left_out)
    return _priced(books, from_on, to_on, tuple(left_out))


def _on_the_same_dates(terms: Terms, agreed: Terms) -> Terms:
    """With the contract's anchor where they name none: it stays for the contract's life (R5), and periods that began on
    other days could not be compared."""
    if terms.anchor is None and terms.cycle == agreed.cycle:
        return msgspec.structs.replace(terms, anchor=agreed.anchor)
    return terms


def _noted(books: Books, facts: Iterable[ContractFact], left_out: list[LeftOut]) -> Books:
    for fact in facts:
        try:
            fold.check(books, fact)
        except Refused as refusal:
            left_out.append(LeftOut(_subject(fact), refusal.name, refusal.message))
        else:
            books = fold.note(books, fact)
    return books


def _has_place(books: Books, entry: Placed, left_out: list[LeftOut]) -> bool:
    terms = books.course.terms_on(entry.day)
    if needs_rates(terms) and rate(entry.work, terms) is None:
        message = f"the terms have no rate for {entry.work.person_id}'s entry of {entry.day}"
        left_out.append(LeftOut(f"entries/{entry.entry_id}", "RateMissing", message))
        return False
    return True


def _priced(books: Books, from_on: date, to_on: date, left_out: tuple[LeftOut, ...]) -> Priced:
    found, minutes = [], 0
    for period in fold.periods_begun(books, to_on):
        if from_on <= period.start < to_on:
            found.append(fold.figures(books, period.start, period.end))
            minutes += fold.statement(books, period.start).usage.entries.minutes
    return Priced(tuple(found), minutes, left_out)


def _subject(fact: ContractFact) -> str:
    for name, collection in (
        ("delivery_id", "deliveries"),
        ("block_id", "blocks"),
        ("credit_id", "credits"),
        ("extra_id", "extras"),
        ("period", "periods"),
    ):
        if hasattr(fact, name):
            return f"{collection}/{getattr(fact, name)}"
    return type(fact).__name__


def window(books: Books, from_on: date | None, to_on: date | None, today: date) -> tuple[date, date]:
    """The dates asked for: from the first day, to the end of the last period that is over; while the first one runs, to
    its end."""
    first = fold.first_day(books)
    period = fold.period_of(books, today)
    if period is None:
        return from_on or first, to_on or max(fold.ends_on(books) or today, first)
    return from_on or first, to_on or (period.start if period.start > first else period.end)

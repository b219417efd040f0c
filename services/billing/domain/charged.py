"""All charges of a contract: those of its periods, long fees, and what is dated (R28, R29, R30, R33, R39)."""

from collections.abc import Iterator
from datetime import date

from services.billing.domain.charges import UNTAXED, Charge, charge_of, long_fees, tax_of
from services.billing.domain.course import Course
from services.billing.domain.facts import BlockNoted, CreditNoted, ExtraNoted, LateFeeNoted, WriteOffNoted
from services.billing.domain.grounds import Given
from services.billing.domain.kept import Books, Dated, key_of, within
from services.billing.domain.statement import Statement
from vocabulary.calendar import Period
from vocabulary.terms import Tax, TaxCategory

LONGEST_SPAN = 12
"""Periods."""


def charges_up_to(books: Books, boundary: date) -> Iterator[Charge]:
    """What is due at a boundary or before it, as it follows from today's facts; O(periods + dated facts) (R27)."""
    seen = within(books, seen_until(books, boundary))
    course = seen.course
    last = _last_begun(course, boundary)
    if last is None:
        return
    for index in range(course.first_index, last.index + 1):
        for charge in seen.statement(index).charges:
            if charge.due_on <= boundary:
                yield charge
        for charge in _each_period(seen, seen.statement(index).period):
            yield charge
    for charge in (*long_fees(course, last), *dated_charges(seen)):
        if charge.due_on <= boundary:
            yield charge


def seen_until(books: Books, boundary: date) -> date:
    """The next date by the anchor: what takes effect from there on does not count at the boundary yet (R27)."""
    return books.course.calendar.next_by_anchor(boundary)


def charges_named(books: Books, statement: Statement) -> list[Charge]:
    """All charges that name a period, as the books stand; O(dated facts)."""
    period = statement.period
    charges = [*statement.charges, *_each_period(books, period)]
    if books.dated:
        charges += (charge for charge in dated_charges(books) if charge.period == period.start)
    long = long_fees(books.course, _year_later(books.course, period))
    charges += (charge for charge in long if charge.period == period.start)
    return charges


def dated_charges(books: Books) -> list[Charge]:
    """Blocks, credits, extras, late fees and write-offs, each naming the period in which its date lies."""
    course = books.course
    return [charge for fact in books.dated.values() for charge in _dated(course, fact)]


def _dated(course: Course, fact: Dated) -> Iterator[Charge]:
    match fact:
        case BlockNoted():
            yield _on(course, "bank", _given(fact, fact.price), fact.bought_on, quantity=fact.minutes)
        case CreditNoted():
            yield _on(course, "credit", _given(fact, -fact.amount), fact.on)
        case ExtraNoted(each_period=False):
            given, about = _given(fact, fact.amount), fact.description
            yield _on(course, "extra", given, fact.on, fact.tax, ref=fact.extra_id, description=about)
        case ExtraNoted():
            pass
        case LateFeeNoted():
            yield _on(course, "late_fee", _given(fact, fact.amount), fact.on, UNTAXED, ref=fact.number)
        case WriteOffNoted():
            for line in fact.lines:
                tax = Tax(TaxCategory(line.tax_category), line.tax_rate_ppm)
                period = course.named(line.period)
                given = Given(-line.amount, f"invoice/{fact.number}")
                yield charge_of("credit", period, line.period, tax, given)


def _given(fact: Dated, amount: int) -> Given:
    return Given(amount, key_of(fact))


def _each_period(books: Books, period: Period) -> Iterator[Charge]:
    """Extras that come with each period that begins from their date on (R39)."""
    if not books.dated:
        return
    for fact in books.dated.values():
        if isinstance(fact, ExtraNoted) and fact.each_period and fact.on <= period.start:
            if fact.until is not None and period.start >= fact.until:
                continue
            tax = fact.tax or tax_of(books.course.terms_of(period))
            given = Given(fact.amount, key_of(fact))
            yield charge_of("extra", period, period.start, tax, given, ref=fact.extra_id, description=fact.description)


def _on(
    course: Course,
    kind: str,
    given: Given,
    day: date,
    tax: Tax | None = None,
    *,
    quantity: int | None = None,
    ref: str = "",
    description: str = "",
) -> Charge:
    period = course.named(day)
    taxed = tax or tax_of(course.terms_of(period))
    return charge_of(kind, period, day, taxed, given, quantity=quantity, ref=ref, description=description)


def _last_begun(course: Course, by: date) -> Period | None:
    """The last period of the books that begins by a date."""
    if by < course.calendar.start(course.first_index):
        return None
    index = course.index_at(by)
    last = course.last_index()
    return course.period(index if last is None else min(index, last))


def _year_later(course: Course, period: Period) -> Period:
    """A span that a period begins may have its fee from a later period of it on (R29)."""
    last = course.last_index()
    index = period.index + LONGEST_SPAN - 1
    later = course.period(index if last is None else min(index, last))
    assert later is not None
    return later

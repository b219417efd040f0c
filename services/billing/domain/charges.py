"""What a contract is charged, each charge made of its grounds (R14, R20, R28, R29, R39). Money begins here."""

from collections.abc import Iterator
from datetime import date

import msgspec

from services.billing.domain.course import Course, fee_of
from services.billing.domain.grounds import Given, Ground, Settled
from vocabulary.calendar import Period
from vocabulary.check_terms import TAXED
from vocabulary.terms import Billed, Tax, TaxCategory, Terms

UNTAXED = Tax(TaxCategory.OUTSIDE_SCOPE)


class Charge(msgspec.Struct, frozen=True):
    """An amount of one kind for one period, asked at the first boundary on or after `due_on`.

    The amount is the sum of what its `grounds` come to. `quantity` is minutes, or with `in_units` units, at `rate` per
    hour or unit. `ref` is what a charge is about besides its period.
    """

    kind: str
    period: date
    period_end: date
    amount: int
    due_on: date
    tax: Tax
    quantity: int | None = None
    rate: int | None = None
    in_units: bool = False
    grounds: tuple[Ground, ...] = ()
    ref: str = ""
    description: str = ""


def charge_of(
    kind: str,
    period: Period,
    due_on: date,
    tax: Tax,
    *grounds: Ground,
    quantity: int | None = None,
    rate: int | None = None,
    in_units: bool = False,
    ref: str = "",
    description: str = "",
) -> Charge:
    """A charge of what its grounds come to."""
    amount = 0
    for ground in grounds:
        amount += ground.amount
    return Charge(
        kind, period.start, period.end, amount, due_on, tax, quantity, rate, in_units, grounds, ref, description
    )


def tax_of(terms: Terms) -> Tax:
    """The tax of a period's lines; a rate left over from another category counts for nothing (R31)."""
    tax = terms.tax
    return tax if tax.category in TAXED or tax.rate_ppm == 0 else Tax(tax.category)


def spans_cycle(terms: Terms) -> bool:
    """Whether there is a fee for each cycle, or none."""
    return terms.fee is None or terms.fee.every is None or terms.fee.every == terms.cycle.value


def cycle_fee(course: Course, period: Period) -> Charge | None:
    """The fee of one period: the sum of its parts, in advance or in arrears (R8, R22, R28)."""
    terms = course.terms_of(period)
    if not spans_cycle(terms):
        return None
    grounds: tuple[Ground, ...] = course.parts(period.start, period.end, period.nominal_days, fee_of)
    taken = course.taken_over
    if taken is not None and taken.fee_paid_until is not None and taken.fee_paid_until > period.start:
        until = min(taken.fee_paid_until, period.end)
        agreed = course.known_by(taken.known_at)
        grounds += tuple(map(Settled, agreed.parts(period.start, until, period.nominal_days, fee_of)))
    in_arrears = terms.fee is not None and terms.fee.billed is Billed.IN_ARREARS
    due_on = period.end if in_arrears else period.start
    fee = charge_of("fee", period, due_on, tax_of(terms), *grounds)
    return fee if fee.amount else None


def long_fees(course: Course, through: Period) -> tuple[Charge, ...]:
    """Fees that span several periods, and those of `once`, of all periods up to one (R29).

    O(periods), where the terms hold such a fee at all; what a span comes to is kept on the course."""
    if all(spans_cycle(version) for version in course.versions):
        return ()
    charges: list[Charge] = []
    span_seen: set[tuple[int, str]] = set()
    once: int | None = None
    for index in range(through.index + 1):
        period = course.period(index)
        assert period is not None
        terms = course.terms_of(period)
        every = None if spans_cycle(terms) or terms.fee is None else terms.fee.every
        if every == "once":
            if index >= course.first_index:
                charges.extend(_once(course, period, once))
            once = _last_amount(course, period)
            continue
        once = None
        if every is not None and index >= course.first_index:
            span = course.span_of(index, _PERIODS[terms.cycle.value][every])
            if (span.index, every) not in span_seen:
                span_seen.add((span.index, every))
                charges.extend(_span(course, span, every))
    return tuple(charges)


_PERIODS = {"month": {"quarter": 3, "year": 12}, "quarter": {"year": 4}, "year": {}, "week": {}}


def _once(course: Course, period: Period, before: int | None) -> Iterator[Charge]:
    """A `once` fee is due with the first period that has it, whole, and not again while it stays (R29)."""
    terms = course.terms_of(period)
    for part in course.parts(period.start, period.end, 1, fee_of):
        if part.value and part.value != before:
            yield charge_of("fee", period, period.start, tax_of(terms), Given(part.value, "once"))
        before = part.value


def _last_amount(course: Course, period: Period) -> int:
    return course.parts(period.start, period.end, 1, fee_of)[-1].value


def _span(course: Course, span: Period, every: str) -> tuple[Charge, ...]:
    """The fee of one span, due in advance at its start; every change within it counts like an immediate one (R29)."""
    key = ("span", span.index, every)
    kept: tuple[Charge, ...] | None = course.kept(key)
    if kept is None:
        kept = _span_charges(course, span, every)
        course.keep(key, kept)
    return kept


def _span_charges(course: Course, span: Period, every: str) -> tuple[Charge, ...]:
    runs = _runs(course, span, every)
    parts = (part for start, end in runs for part in course.parts(start, end, span.nominal_days, fee_of))
    grounds: tuple[Ground, ...] = tuple(parts)
    named, due_on = course.span_named(span), runs[0][0]
    taken = course.taken_over
    if taken is not None and span.start < max(taken.on, taken.fee_paid_until or taken.on):
        settled = max(taken.on, taken.fee_paid_until or taken.on)
        agreed = course.known_by(taken.known_at)
        for start, end in _runs(agreed, agreed.span_of(span.index, _PERIODS[_cycle(course)][every]), every):
            grounds += tuple(map(Settled, agreed.parts(start, min(end, settled), span.nominal_days, fee_of)))
        due_on = max(due_on, taken.on)
    whole = Period(named.index, named.start, span.end, named.start, span.nominal_end)
    fee = charge_of("fee", whole, due_on, tax_of(course.on_paper(named.start)), *grounds)
    return (fee,) if fee.amount else ()


def _cycle(course: Course) -> str:
    return course.agreement.terms.cycle.value


def _runs(course: Course, span: Period, every: str) -> list[tuple[date, date]]:
    """The stretches of a span whose periods have a fee of that span; neighbours are one stretch."""
    runs: list[tuple[date, date]] = []
    for index in range(span.index, span.index + _PERIODS[_cycle(course)][every]):
        period = course.period(index)
        if period is None:
            break
        fee = course.terms_of(period).fee
        if fee is None or fee.every != every:
            continue
        if runs and runs[-1][1] == period.start:
            runs[-1] = (runs[-1][0], period.end)
        else:
            runs.append((period.start, period.end))
    return runs

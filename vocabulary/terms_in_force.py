"""Which terms are in force when (R22).

Changes apply in order of `effective_on`, whatever the order in which they were made known; among those of one date in
the order given. A change at a boundary moves everything. An immediate one moves the fee's amount, the allowance, the
rates and the rounding on its date, and all else at the next boundary.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from vocabulary.calendar import Calendar
from vocabulary.terms import Agreement, Terms, merged


class Change(msgspec.Struct, frozen=True):
    """New terms from a date."""

    effective_on: date
    patch: dict[str, Any]
    immediately: bool = False


def calendar_of(agreement: Agreement) -> Calendar:
    """The dates on which the agreement's periods begin."""
    return Calendar(date.fromisoformat(agreement.starts_on), agreement.terms.cycle, agreement.terms.anchor)


def period_start(agreement: Agreement, day: date) -> date:
    """The start of the period that holds `day`; the first one's for a day before it."""
    calendar = calendar_of(agreement)
    return calendar.start(calendar.index_at(max(day, calendar.starts_on)))


def terms_at_boundary(agreement: Agreement, changes: Sequence[Change], day: date) -> Terms:
    """All changes up to `day`, which is the start of a period."""
    return fold(agreement.terms, [change.patch for change in in_order(changes) if change.effective_on <= day])


def terms_on(agreement: Agreement, changes: Sequence[Change], day: date) -> Terms:
    """The terms in force on a day: those of its period's start, with what moved within the period (R22)."""
    start = period_start(agreement, day)
    return moved_within(
        terms_at_boundary(agreement, changes, start), terms_at_boundary(agreement, changes, max(start, day))
    )


def moved_within(at_start: Terms, at_day: Terms) -> Terms:
    """The terms of a period's start with what an immediate change moves of `at_day` put in."""
    if at_start is at_day:
        return at_start
    fee = at_start.fee
    if at_day.fee is None:
        fee = None
    elif fee is None:
        fee = at_day.fee
    else:
        fee = msgspec.structs.replace(fee, amount=at_day.fee.amount)
    return msgspec.structs.replace(
        at_start, fee=fee, allowance=at_day.allowance, rate=at_day.rate, rates=at_day.rates, rounding=at_day.rounding
    )


def in_order(changes: Sequence[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: change.effective_on)


def fold(terms: Terms, patches: Sequence[dict[str, Any]]) -> Terms:
    for patch in patches:
        terms = merged(terms, patch)
    return terms

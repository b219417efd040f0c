"""The books of one contract, and what may be asked of them: the public face of the fold.

books = opened(agreement)            what was agreed on counts as known always
check(books, fact)                   raises why the rules have no place for a fact
books = note(books, fact)            new books; the old stay as they were
statement(books, start)              the account of a period
as_known(books, cut_off)             the books by what was known before an instant (R27)
boundary_after(books, day)           when books are settled next
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.billing.domain.admission import check
from services.billing.domain.charged import charges_named
from services.billing.domain.facts import (
    ContractFact,
    DeliveryNoted,
    DeliveryWithdrawn,
    EntryNoted,
    EntryWithdrawn,
    OverageApproved,
    OverageDeclined,
)
from services.billing.domain.kept import LONG_AGO, Books
from services.billing.domain.noting import as_known, as_then, note, opened
from services.billing.domain.placing import day_of, from_day
from services.billing.domain.statement import Statement
from services.billing.events import Figures
from vocabulary import calendar
from vocabulary.calendar import Period, first_instant
from vocabulary.kind import measure_of
from vocabulary.money import Minor

__all__ = [
    "Books",
    "as_known",
    "as_then",
    "boundary_after",
    "check",
    "cut_off",
    "day_of",
    "delivery",
    "due_on",
    "ends_on",
    "entry",
    "figures",
    "first_day",
    "issue_day",
    "local_date",
    "moved",
    "note",
    "opened",
    "period_of",
    "periods_begun",
    "placed",
    "statement",
    "touched",
    "waits_for_release",
]

placed = from_day


# Periods


def period_of(books: Books, day: date) -> Period | None:
    """The period in which a date lies; None outside the contract."""
    return books.course.period_at(day)


def periods_begun(books: Books, by: date) -> Iterator[Period]:
    """The periods of the books that have begun by a date, oldest first."""
    index = books.course.first_index
    while (period := books.course.period(index)) is not None and period.start <= by:
        yield period
        index += 1


def local_date(books: Books, instant: datetime) -> date:
    """The date of an instant in the contract's zone (R7)."""
    return calendar.local_date(instant, books.course.zone)


def first_day(books: Books) -> date:
    """The first date of the books: the contract's first, or that of the take-over (R38)."""
    return books.course.calendar.start(books.course.first_index)


def ends_on(books: Books) -> date | None:
    """The first date no longer covered, as known; None where the contract has no end."""
    return books.course.ends_on


def boundary_after(books: Books, day: date | None = None) -> date:
    """The next date after `day` at which books are settled; None: the first one. It goes on after the contract's end.

    An end is a boundary where it was known before its own cut-off: nobody can settle at a date that he learns of later.
    """
    course = books.course
    if day is None:
        return course.calendar.start(course.first_index)
    upcoming = course.calendar.next_by_anchor(day) if day >= course.calendar.starts_on else course.calendar.starts_on
    stated = {end.ends_on for end in course.ends}
    agreed = course.end_known(LONG_AGO)
    ends = [end for end in (*stated, agreed) if end is not None and day < end < upcoming]
    return min((end for end in ends if course.end_known(cut_off(books, end)) == end), default=upcoming)


def issue_day(books: Books, boundary: date) -> date:
    """When the invoice of a boundary is drawn up by a run that is on time: `after_days` later (R28)."""
    return books.course.issue_day(boundary)


def cut_off(books: Books, boundary: date) -> datetime:
    """Facts known before this instant count at the boundary (R27)."""
    return first_instant(issue_day(books, boundary), books.course.zone)


def waits_for_release(books: Books, boundary: date) -> bool:
    """Whether the invoice of a boundary is a draft until somebody releases it (R28)."""
    return books.course.terms_settled_on(boundary).invoicing.release == "manual"


def due_on(books: Books, issued_on: date) -> date:
    """Issue date and `net_days` of the terms in force on it (R32)."""
    return issued_on + timedelta(days=books.course.terms_settled_on(issued_on).net_days)


# What is there


def entry(books: Books, entry_id: str) -> EntryNoted | None:
    """The entry as it counts now; None: unknown or withdrawn."""
    return books.entries.get(entry_id)


def delivery(books: Books, delivery_id: str) -> DeliveryNoted | None:
    return books.deliveries.get(delivery_id)


# Statements


def statement(books: Books, start: date) -> Statement:
    """The account of the period that begins on a date."""
    return books.statement(books.course.index_at(start))


def figures(books: Books, start: date, on: date) -> Figures:
    """A period's figures as told on a local date, which decides what has expired by then (R34)."""
    told = statement(books, start)
    charges = charges_named(books, told)
    has_ended = told.period.end <= on
    return Figures(
        start=told.period.start,
        end=told.period.end,
        measure=measure_of(told.basis.terms),
        allowance=told.allowance,
        carried=told.carried,
        borrowed=told.borrowed,
        used=told.used,
        remaining=told.remaining,
        overage=told.overage,
        expired=told.expired(on),
        expiring_next=0 if has_ended else told.expired(told.period.end) - told.expired(on),
        waiting=told.usage.waiting_minutes,
        undecided=told.undecided,
        fee=Minor(sum(charge.amount for charge in charges if charge.kind == "fee")),
        time_value=Minor(told.usage.entries.value),
        charged=Minor(sum(charge.amount for charge in charges)),
        entries=told.usage.entries.count,
    )


def touched(books: Books, fact: ContractFact) -> date | None:
    """The start of the period that a fact about one period lies in; None outside, or for facts about the whole."""
    match fact:
        case EntryNoted() | DeliveryNoted():
            day = day_of(books, fact)
        case EntryWithdrawn(entry_id=name):
            known = books.entries.get(name)
            if known is None:
                return None
            day = day_of(books, known)
        case DeliveryWithdrawn(delivery_id=name):
            delivered = books.deliveries.get(name)
            if delivered is None:
                return None
            day = delivered.on
        case OverageApproved(period=day) | OverageDeclined(period=day):
            pass
        case _:
            return None
    period = period_of(books, day)
    return None if period is None or period.index < books.course.first_index else period.start


def moved(before: Books, after: Books, through: date, besides: date | None = None) -> tuple[date, ...]:
    """Starts of the periods begun by a date whose figures or charges changed, apart from one; O(periods)."""
    if before.course is after.course and before.dated is after.dated:
        changed = _reckoned_anew(before, after, through)
    else:
        changed = list(periods_begun(after, through))
    starts = []
    for period in changed:
        if period.start == besides:
            continue
        then = before.course.period(period.index) if period.index >= before.course.first_index else None
        new = after.statement(period.index)
        if then is None or not _alike(before, before.statement(period.index), after, new):
            starts.append(period.start)
    return tuple(starts)


def _reckoned_anew(before: Books, after: Books, through: date) -> list[Period]:
    """The periods begun by a date whose statements are not the very same; both have one course."""
    course = after.course
    last = course.last_index()
    index = course.index_at(through) if through >= course.calendar.starts_on else -1
    if last is not None:
        index = min(index, last)
    places = after.places_reckoned_anew(before, index)
    periods = (course.period(course.first_index + place) for place in places)
    return [period for period in periods if period is not None]


def _alike(before: Books, old: Statement, after: Books, new: Statement) -> bool:
    on = new.period.end
    start = new.period.start
    return old.period == new.period and figures(before, start, on) == figures(after, start, on)

"""What was used in one period: its entries as they count, what waits for approval, its deliveries.

A `Usage` is a value. Adding, replacing or taking an entry costs as much as its place in the consumption (a few
microseconds), and where time is rounded per day as much as its person's day.
"""

from collections.abc import Iterable
from datetime import date, datetime

import immutables
import msgspec

from services.billing.domain.consumption import NOTHING_USED, Consumption, Counted, consumption
from services.billing.domain.course import Course
from services.billing.domain.rating import rate, rounded, shared_out, value, waits
from services.billing.domain.steps import Steps, some_at_a_time
from services.billing.events import CountedWork
from vocabulary.calendar import first_instant, local_date

Day = tuple[date, str]
"""A local date and a person."""


class Placed(msgspec.Struct, frozen=True):
    """A billable entry with its local date and the instant that orders it (R7, R11)."""

    entry_id: str
    work: CountedWork
    day: date
    at: datetime


class Shared(msgspec.Struct, frozen=True):
    """An entry that is rounded together with others, and the minutes that it got (R10)."""

    entry: Placed
    minutes: int


class Usage(msgspec.Struct, frozen=True):
    entries: Consumption = NOTHING_USED
    waiting: immutables.Map[str, int] = immutables.Map()
    """Rounded minutes of entries that wait for approval (R13)."""
    days: immutables.Map[Day, tuple[Shared, ...]] = immutables.Map()
    """Entries that are rounded together (R10)."""
    deliveries: immutables.Map[str, int] = immutables.Map()
    """Units of each delivery."""
    units: int = 0

    @property
    def waiting_minutes(self) -> int:
        return sum(self.waiting.values()) if self.waiting else 0


NO_USAGE = Usage()


def placed(entry_id: str, work: CountedWork, course: Course) -> Placed:
    """Where an entry belongs; one with a date alone counts as 00:00 of it (R7, R11)."""
    if work.started_at is not None:
        return Placed(entry_id, work, local_date(work.started_at, course.zone), work.started_at)
    assert work.worked_on is not None, "an entry has a start or a date"
    return Placed(entry_id, work, work.worked_on, first_instant(work.worked_on, course.zone))


def with_entry(usage: Usage, entry: Placed, course: Course, index: int) -> Usage:
    """With a billable entry of the period."""
    terms = course.terms_on(entry.day)
    if waits(entry.work, course, index):
        minutes = rounded(entry.work.worked, terms.rounding)
        return Usage(
            usage.entries, usage.waiting.set(entry.entry_id, minutes), usage.days, usage.deliveries, usage.units
        )
    if terms.rounding.per == "day":
        key = (entry.day, str(entry.work.person_id))
        together = usage.days.get(key, ())
        return _shared_anew(usage, key, together, [*(shared.entry for shared in together), entry], course)
    minutes = rounded(entry.work.worked, terms.rounding)
    entries = usage.entries.with_(_counted(entry, minutes, course))
    return Usage(entries, usage.waiting, usage.days, usage.deliveries, usage.units)


def without_entry(usage: Usage, entry: Placed, course: Course) -> Usage:
    """Without an entry that may be in it."""
    if entry.entry_id in usage.waiting:
        return Usage(usage.entries, usage.waiting.delete(entry.entry_id), usage.days, usage.deliveries, usage.units)
    key = (entry.day, str(entry.work.person_id))
    together = usage.days.get(key, ())
    if any(shared.entry.entry_id == entry.entry_id for shared in together):
        rest = [shared.entry for shared in together if shared.entry.entry_id != entry.entry_id]
        return _shared_anew(usage, key, together, rest, course)
    entries = usage.entries.without((entry.at, entry.entry_id))
    return Usage(entries, usage.waiting, usage.days, usage.deliveries, usage.units)


def with_delivery(usage: Usage, delivery_id: str, units: int) -> Usage:
    """With a delivery that is not in it."""
    deliveries = usage.deliveries.set(delivery_id, units)
    return Usage(usage.entries, usage.waiting, usage.days, deliveries, usage.units + units)


def without_delivery(usage: Usage, delivery_id: str) -> Usage:
    """Without a delivery that is in it."""
    units = usage.units - usage.deliveries[delivery_id]
    return Usage(usage.entries, usage.waiting, usage.days, usage.deliveries.delete(delivery_id), units)


def usage_of(entries: Iterable[Placed], delivered: Usage, course: Course, index: int) -> Steps[Usage]:
    """All of a period's entries together, with its deliveries as they were."""
    alone, others = list[Counted](), list[Placed]()
    for some in some_at_a_time(entries):
        for entry in some:
            rounding = course.terms_on(entry.day).rounding
            if rounding.per == "day" or waits(entry.work, course, index):
                others.append(entry)
            else:
                alone.append(_counted(entry, rounded(entry.work.worked, rounding), course))
        yield
    usage = Usage(consumption(alone), deliveries=delivered.deliveries, units=delivered.units)
    for some in some_at_a_time(sorted(others, key=_order)):
        for entry in some:
            usage = with_entry(usage, entry, course, index)
        yield
    return usage


def _shared_anew(usage: Usage, key: Day, together: tuple[Shared, ...], day: list[Placed], course: Course) -> Usage:
    """One person's day, rounded anew (R10). Only entries whose minutes change are counted anew."""
    entries, before = usage.entries, {shared.entry.entry_id: shared for shared in together}
    day.sort(key=_order)
    shares = shared_out([entry.work.worked for entry in day], course.terms_on(key[0]).rounding) if day else []
    for entry, minutes in zip(day, shares, strict=True):
        old = before.pop(entry.entry_id, None)
        if old is not None and old.minutes == minutes:
            continue
        if old is not None:
            entries = entries.without((entry.at, entry.entry_id))
        entries = entries.with_(_counted(entry, minutes, course))
    for gone in before.values():
        entries = entries.without((gone.entry.at, gone.entry.entry_id))
    days = usage.days.set(key, tuple(map(Shared, day, shares))) if day else usage.days.delete(key)
    return Usage(entries, usage.waiting, days, usage.deliveries, usage.units)


def _counted(entry: Placed, minutes: int, course: Course) -> Counted:
    hourly = rate(entry.work, course.terms_on(entry.day))
    return Counted(entry.at, entry.entry_id, entry.day, minutes, hourly, value(minutes, hourly))


def _order(entry: Placed) -> tuple[datetime, str]:
    return (entry.at, entry.entry_id)

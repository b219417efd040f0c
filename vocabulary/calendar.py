"""Dates of a contract: when they begin, where its periods fall (R4, R5, R6). Local dates throughout; no clock is read.

A cycle's boundaries lie on a grid of dates that the anchor fixes. Each is reckoned from the anchor, never from the one
before, so that day 31 comes back after a short month.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from vocabulary.terms import Cycle

_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.YEAR: 12}
ONE_DAY = timedelta(days=1)


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone: write an IANA name like Europe/Berlin") from None


def local_date(instant: datetime, where: ZoneInfo) -> date:
    """The date that a calendar on the wall shows there at that instant (R7)."""
    return instant.astimezone(where).date()


@cache
def first_instant(day: date, where: ZoneInfo) -> datetime:
    """The first instant of a local date, in UTC (R4): 00:00, the earlier one where that occurs twice, or the first
    instant that exists from then on where it does not occur."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=where)
    by_offset_before = midnight.astimezone(UTC)
    wall = midnight.replace(tzinfo=None)
    if by_offset_before.astimezone(where).replace(tzinfo=None) == wall:
        return by_offset_before
    # 00:00 lies in a gap. The clock jumps somewhere between the two readings of it; look for the jump.
    before = midnight.replace(fold=1).astimezone(UTC)
    after = by_offset_before
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(where).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after


class Period(msgspec.Struct, frozen=True):
    """One turn of the cycle, `[start, end)`; the nominal dates are those by the anchor, without stubs (R6, R8)."""

    index: int
    start: date
    end: date
    nominal_start: date
    nominal_end: date

    @property
    def nominal_days(self) -> int:
        return (self.nominal_end - self.nominal_start).days


class Calendar(msgspec.Struct, frozen=True):
    """Where the periods of a contract begin; it does not know when the contract ends."""

    starts_on: date
    cycle: Cycle
    anchor: int | None = None

    def grid(self, place: int) -> date:
        """The boundary by the anchor at a place; place 0 is that of `starts_on`, before or after it."""
        if self.cycle is Cycle.WEEK:
            weekday = self.anchor or self.starts_on.isoweekday()
            return self.starts_on - timedelta(days=(self.starts_on.isoweekday() - weekday) % 7) + timedelta(weeks=place)
        months = self.starts_on.year * 12 + self.starts_on.month - 1 + _MONTHS[self.cycle] * place
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(self.anchor or self.starts_on.day, monthrange(year, month)[1]))

    @property
    def first_place(self) -> int:
        """The place of the grid in whose turn the contract starts."""
        return 0 if self.grid(0) <= self.starts_on else -1

    def start(self, index: int) -> date:
        """The first date of the period with that index; the first period is a stub where it starts off the anchor."""
        return self.starts_on if index == 0 else self.grid(self.first_place + index)

    def nominal_start(self, index: int) -> date:
        """The date by the anchor at which the period would have begun without a stub (R8)."""
        return self.grid(self.first_place + index)

    def period(self, index: int, ends_on: date | None = None) -> Period:
        """The period with that index, cut short by the contract's end."""
        nominal_start, nominal_end = self.nominal_start(index), self.nominal_start(index + 1)
        end = nominal_end if ends_on is None else min(nominal_end, ends_on)
        return Period(index, self.start(index), end, nominal_start, nominal_end)

    def index_at(self, day: date) -> int:
        """The index of the period in which a date from `starts_on` on lies."""
        assert day >= self.starts_on, "there are no periods before the contract"
        if self.cycle is Cycle.WEEK:
            return (day - self.grid(0)).days // 7
        months = (day.year - self.starts_on.year) * 12 + day.month - self.starts_on.month
        place = months // _MONTHS[self.cycle]
        while self.grid(place + 1) <= day:
            place += 1
        while self.grid(place) > day:
            place -= 1
        return place - self.first_place

    def is_start(self, day: date) -> bool:
        """Whether a period begins on that date."""
        return day >= self.starts_on and self.start(self.index_at(day)) == day

    def next_by_anchor(self, day: date) -> date:
        """The first date by the anchor after `day`, also before the contract starts and after it ends."""
        if day < self.starts_on:
            place = self.first_place
            while self.grid(place - 1) > day:
                place -= 1
            while self.grid(place) <= day:
                place += 1
            return self.grid(place)
        return self.nominal_start(self.index_at(day) + 1)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter (R25)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))

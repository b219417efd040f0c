"""Local dates, their first instants (R4), and the boundaries of a cycle (R5)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Cycle

_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.YEAR: 12}
_SECOND = timedelta(seconds=1)


class TimeZoneUnknown(Refused, kind=Kind.INVALID):
    """No such zone in the IANA database."""


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, or `TimeZoneUnknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeZoneUnknown(
            f"{name!r} is no time zone: write an IANA name like Europe/Berlin", field="time_zone"
        ) from None


@lru_cache(maxsize=65536)
def first_instant(day: date, zone_name: str) -> datetime:
    """When a local date begins (R4): the earlier 00:00 where it occurs twice, else the first instant that exists."""
    here = zone(zone_name)
    midnight = datetime.combine(day, time(), here).astimezone(UTC)
    if midnight.astimezone(here).replace(tzinfo=None) == datetime.combine(day, time()):
        return midnight
    before, after = midnight - timedelta(hours=26), midnight + timedelta(hours=26)
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(here).date() >= day:
            after = middle
        else:
            before = middle
    return after


def local_date(instant: datetime, zone_name: str) -> date:
    """The date on which an instant falls in a zone (R7)."""
    return instant.astimezone(zone(zone_name)).date()


@dataclass(frozen=True, slots=True)
class Anchors:
    """The dates on which periods begin by the anchor, each reckoned from the anchor and never from the one before (R5).

    `at(0)` is the last one on or before `starts_on`, so that a first period off the anchor lies in `[at(0), at(1))`.
    """

    cycle: Cycle
    starts_on: date
    anchor: int | None = None

    def at(self, index: int) -> date:
        if self.cycle is Cycle.WEEK:
            weekday = self.anchor or self.starts_on.isoweekday()
            first = self.starts_on - timedelta(days=(self.starts_on.isoweekday() - weekday) % 7)
            return first + timedelta(days=7 * index)
        first_is_ahead = self._anchored(0) > self.starts_on
        return self._anchored(index - 1 if first_is_ahead else index)

    def index(self, day: date) -> int:
        """The index of the last anchor date on or before `day`."""
        if self.cycle is Cycle.WEEK:
            return (day - self.at(0)).days // 7
        months = (day.year - self.starts_on.year) * 12 + day.month - self.starts_on.month
        index = months // _MONTHS[self.cycle]
        while self.at(index) > day:
            index -= 1
        while self.at(index + 1) <= day:
            index += 1
        return index

    def next_after(self, day: date) -> date:
        return self.at(self.index(day) + 1)

    def _anchored(self, turns: int) -> date:
        month = self.starts_on.year * 12 + self.starts_on.month - 1 + turns * _MONTHS[self.cycle]
        year, month = month // 12, month % 12 + 1
        return date(year, month, min(self.anchor or self.starts_on.day, monthrange(year, month)[1]))

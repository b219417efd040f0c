"""The turns of a contract, found by looking at one day after the other (R5, R6)."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

DAY = timedelta(days=1)
STEP = {"month": 1, "quarter": 3, "year": 12}


class Turn(NamedTuple):
    index: int
    start: date
    end: date
    nominal_start: date
    nominal_end: date

    @property
    def nominal_days(self) -> int:
        return (self.nominal_end - self.nominal_start).days


def on_grid(starts_on: date, cycle: str, anchor: int | None, day: date) -> bool:
    """Whether a boundary by the anchor lies on a day: the anchor's, or the month's last where it is shorter."""
    if cycle == "week":
        return day.isoweekday() == (anchor or starts_on.isoweekday())
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    wanted = min(anchor or starts_on.day, monthrange(day.year, day.month)[1])
    return months % STEP[cycle] == 0 and day.day == wanted


@lru_cache(maxsize=100_000)
def grid_from(starts_on: date, cycle: str, anchor: int | None, day: date, step: int) -> date:
    """The first boundary from a day on, that day included: later ones (1) or earlier ones (-1)."""
    while not on_grid(starts_on, cycle, anchor, day):
        day += step * DAY
    return day


def next_on_grid(starts_on: date, cycle: str, anchor: int | None, day: date) -> date:
    return grid_from(starts_on, cycle, anchor, day + DAY, 1)


def turns(starts_on: date, cycle: str, anchor: int | None, end: date) -> Iterator[Turn]:
    """Periods from the first one on, up to the contract's end."""
    start, index = starts_on, 0
    while start < end:
        nominal_start = grid_from(starts_on, cycle, anchor, start, -1)
        nominal_end = next_on_grid(starts_on, cycle, anchor, start)
        yield Turn(index, start, min(nominal_end, end), nominal_start, nominal_end)
        start, index = nominal_end, index + 1

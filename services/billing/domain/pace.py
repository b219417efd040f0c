"""How fast a budget is used up, and whether it lasts (R35, R36). Integers throughout.

The calendar of holidays is loaded when it is first asked."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from services.billing.events import Figures
from vocabulary.money import divide

SATURDAY = 5


class Pace(msgspec.Struct, frozen=True):
    """`burn` is what was used per working day, rounded, in the period's measure. `runs_out_on` is the working day on
    which what is available is used up if it goes on so; None: not within the period."""

    burn: int
    elapsed: int
    total: int
    runs_out_on: date | None


def pace(figures: Figures, on: date, region: str) -> Pace:
    """Used divided by the working days that have begun (R35)."""
    days = working_days(figures.start, figures.end, region)
    elapsed = bisect_right(days, on)
    burn = divide(figures.used, elapsed) if elapsed else 0
    return Pace(burn, elapsed, len(days), _runs_out_on(figures, days, elapsed))


def _runs_out_on(figures: Figures, days: Sequence[date], elapsed: int) -> date | None:
    """The first working day n with `used / elapsed · n ≥ available`."""
    available = figures.allowance + figures.carried - figures.borrowed
    if not elapsed or figures.used <= 0 or not _has_budget(figures):
        return None
    nth = max(1, -(-available * elapsed // figures.used))
    return days[nth - 1] if nth <= len(days) else None


def _has_budget(figures: Figures) -> bool:
    """Whether there is anything that could run out: a period without allowance has no figures but `used` (R14)."""
    return figures.allowance + figures.carried > 0 or figures.overage > 0


@lru_cache(maxsize=4096)
def working_days(start: date, end: date, region: str) -> tuple[date, ...]:
    """Weekdays of `[start, end)` that are no public holiday of the region, in order (R35)."""
    days = [start + timedelta(days=number) for number in range((end - start).days)]
    return tuple(day for day in days if day.weekday() < SATURDAY and not is_holiday(day, region))


def is_holiday(day: date, region: str) -> bool:
    """Whether it is a public holiday; there are none where no region is named or known."""
    return bool(region) and day in _holidays(region, day.year)


def knows_region(region: str) -> bool:
    """Whether the holidays of an ISO 3166 code like `DE` or `DE-BE` are known."""
    from holidays import country_holidays

    country, _, subdivision = region.partition("-")
    try:
        country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=512)
def _holidays(region: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    country, _, subdivision = region.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()


def crossed(figures: Figures, told: Sequence[int], thresholds: Sequence[int]) -> int | None:
    """The highest threshold that use has reached and that was not told yet; None for none. What lies below one that
    was told was told with it, so that a correction that drops below does not arm it again (R36)."""
    available = figures.allowance + figures.carried - figures.borrowed
    if figures.used <= 0 or not _has_budget(figures):
        return None
    reached = [percent for percent in thresholds if figures.used * 100 >= percent * available]
    highest = max(reached, default=0)
    return highest if highest > max(told, default=0) else None

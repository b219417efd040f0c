"""Local time -> instants. A clock change makes an hour that no clock shows, or one that it shows twice: that is
reported, never guessed."""

from datetime import UTC, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from services.timelog.domain.imports.rows import Unusable


class ClockTwice(Enum):
    """Which of two instants is meant, where the clock shows both alike."""

    ASK = "ask"
    EARLIER = "earlier"
    LATER = "later"


def instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants (UTC) at which a clock there shows `local`: none, one, or two."""
    found: list[datetime] = []
    for fold in (0, 1):
        instant = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == local and instant not in found:
            found.append(instant)
    return tuple(found)


def instant_meant(local: datetime, zone: ZoneInfo, twice: ClockTwice) -> datetime:
    """The one instant; `Unusable` where there is none, or two and nobody said which."""
    match instants(local, zone):
        case ():
            raise Unusable("TimeSkippedByClock", f"no clock in {zone.key} showed {local}: it was put forward then")
        case (instant,):
            return instant
        case (earlier, later, *_):
            if twice is ClockTwice.ASK:
                raise Unusable(
                    "TimeShownTwice",
                    f"clocks in {zone.key} showed {local} twice: say which one is meant (clock_twice)",
                )
            return earlier if twice is ClockTwice.EARLIER else later
        case _:
            raise AssertionError("a local time is shown at most twice")

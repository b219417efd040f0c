"""Dates, times of day, durations, yes and no, tags: as exports write them.

What cannot be read raises `Unusable` with the reason's name. Slashed dates have one order for the whole file, found out
once from all of its dates (`DateOrder`), never row by row.

    Refused
    ├── DatesAmbiguous      no date of the file says whether day or month comes first: the caller must
    └── DatesContradict     some dates have the day first, others the month: there is no one order
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, time
from enum import Enum

from services.timelog.domain.imports.rows import Unusable
from vocabulary.duration import Seconds
from vocabulary.refusal import Kind, Refused

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
_CLOCK = re.compile(r"(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?")
_SHORT = re.compile(r"(\d{1,3}):([0-5]\d) min")
_WHOLE = re.compile(r"-?\d+")

YES = frozenset({"yes", "true", "1", "y", "ja", "oui", "si", "sí", "sim"})
NO = frozenset({"no", "false", "0", "n", "nein", "non", "não", "nao"})


class DatesAmbiguous(Refused, kind=Kind.INVALID):
    """No date of the file says whether day or month comes first."""


class DatesContradict(Refused, kind=Kind.INVALID):
    """Some dates of the file have the day first, others the month."""


class DateOrder(Enum):
    """How slashed dates are written."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def order_of(dates: Iterable[str]) -> DateOrder:
    """The one order of a file's slashed dates: shown by any number above 12."""
    shown: set[DateOrder] = set()
    for text in dates:
        if match := _SLASHED.fullmatch(text.strip()):
            first, second = int(match[1]), int(match[2])
            if first > 12:
                shown.add(DateOrder.DAY_FIRST)
            if second > 12:
                shown.add(DateOrder.MONTH_FIRST)
    if len(shown) == 2:
        raise DatesContradict(
            "some dates of the file have the day first and others the month: export it with one way of writing them",
            field="content",
        )
    if not shown:
        raise DatesAmbiguous(
            "no date of the file says whether day or month comes first: say which (date_order; at the command line"
            " --dates day-first or month-first)",
            field="options.date_order",
        )
    return shown.pop()


class Dates:
    """Reads the dates of one file. `look` gives all of its dates; it is asked once, where a slashed date comes up and
    nobody said in which order they are."""

    def __init__(self, order: DateOrder | None, look: Callable[[], Iterable[str]]) -> None:
        self._order = order
        self._look = look

    def read(self, text: str) -> date:
        """`Unusable` where it is no date."""
        if match := _ISO.fullmatch(text):
            year, month, day = match.groups()
        elif match := _DOTTED.fullmatch(text):
            day, month, year = match.groups()
        elif match := _SLASHED.fullmatch(text):
            if self._order is None:
                self._order = order_of(self._look())
            day, month, year = match.groups()
            if self._order is DateOrder.MONTH_FIRST:
                day, month = month, day
        else:
            raise Unusable("DateUnreadable", f"{text!r} is no date")
        try:
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        except ValueError:
            raise Unusable("DateUnreadable", f"{text!r} is no day of the calendar") from None


def read_time(text: str) -> time:
    """`9:00`, `13:00:05`, `10:23 AM`, `3:00pm`; 12:xx AM is the hour after midnight."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Unusable("TimeUnreadable", f"{text!r} is no time of day")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise Unusable("TimeUnreadable", f"{text!r} is no time of day")
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23:
        raise Unusable("TimeUnreadable", f"{text!r} is no time of day")
    return time(hour, minute, second)


def read_duration(text: str) -> Seconds:
    """`1:09:11`, `01:09` (hours and minutes) or `47:06 min`, below zero with a sign; a bare number below zero is how a
    running timer is written. Decimal hours are no duration: they lose seconds."""
    if match := _CLOCK.fullmatch(text):
        sign = -1 if match[1] else 1
        return Seconds(sign * (int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)))
    if match := _SHORT.fullmatch(text):
        return Seconds(int(match[1]) * 60 + int(match[2]))
    if not text or (_WHOLE.fullmatch(text) and int(text) < 0):
        raise Unusable("RunningTimer", "the timer still ran when the file was exported: export it again later")
    raise Unusable("DurationUnreadable", f"{text!r} is no duration of hours, minutes and seconds")


def read_yes_or_no(text: str) -> bool | None:
    """None where nothing is said."""
    word = text.casefold()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unusable("BillableUnreadable", f"{text!r} is neither yes nor no")


def read_tags(text: str) -> tuple[str, ...]:
    """Split at commas, in order, each once. A tag with a comma inside cannot be told from two."""
    return tuple(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))

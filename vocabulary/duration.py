"""Worked time in whole seconds, billed time in whole minutes (R3)."""

import re
from typing import NewType

Seconds = NewType("Seconds", int)
Minutes = NewType("Minutes", int)

_CLOCK = re.compile(r"(\d{1,6}):([0-5]\d)(?::([0-5]\d))?")


def parse_clock(text: str) -> Seconds:
    """`H:MM` or `H:MM:SS` as seconds; ValueError where it is neither."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no duration: write hours and minutes like '1:35', or '1:35:20' with seconds")
    hours, minutes, seconds = match.groups()
    return Seconds(int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0))


def clock(minutes: int) -> str:
    """Minutes as `H:MM`, with a sign where below zero."""
    sign = "-" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}{hours}:{rest:02}"


def clock_of_seconds(seconds: int) -> str:
    """Seconds as `H:MM`, or `H:MM:SS` where they are no whole minutes."""
    minutes, rest = divmod(abs(seconds), 60)
    text = clock(minutes) + (f":{rest:02}" if rest else "")
    return f"-{text}" if seconds < 0 else text

"""Long reckoning in steps, so that who does it beside other work can let the others have their turn in between."""

from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import TypeVar

R = TypeVar("R")
T = TypeVar("T")

Steps = Generator[None, None, R]
"""A generator whose return value is what it came to; between two of its steps nothing is half done."""
STEP = 400
"""Entries to a step: a few milliseconds, for a call needs several turns."""


def at_once(steps: Steps[R]) -> R:
    """What it comes to, for who has nothing else to do."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        result: R = end.value
        return result


def some_at_a_time(items: Iterable[T], size: int = STEP) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some

"""Entries of a period in the order in which they use up what is available (R11), with their sums.

A `Consumption` is a value: adding or taking an entry gives a new one and shares all chunks but one. With n entries in
the period that costs O(log n) comparisons and copies O(n / CHUNK + CHUNK) references: microseconds for 100,000.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from operator import eq

import msgspec

from vocabulary.money import divide

CHUNK = 128

Place = tuple[datetime, str]
"""Start instant, then entry id, compared as text (R11)."""


class Counted(msgspec.Struct, frozen=True, gc=False):
    """An entry as it counts: rounded minutes, and their value at its rate (R9, R10)."""

    at: datetime
    entry_id: str
    day: date
    minutes: int
    rate: int | None
    value: int

    @property
    def place(self) -> Place:
        return (self.at, self.entry_id)


class _Chunk(msgspec.Struct, frozen=True):
    items: tuple[Counted, ...]
    minutes: int
    value: int

    @property
    def last(self) -> Place:
        return self.items[-1].place


class Beyond(msgspec.Struct, frozen=True, gc=False):
    """What of an entry went beyond what was available: minutes, and their value at its rate (R19)."""

    entry: Counted
    minutes: int

    @property
    def value(self) -> int:
        if self.minutes == self.entry.minutes:
            return self.entry.value
        return divide(self.minutes * (self.entry.rate or 0), 60)


class Consumption(msgspec.Struct, frozen=True, eq=False):
    """`token` names this value, `follows` the one that it is with a single entry added at its end."""

    chunks: tuple[_Chunk, ...] = ()
    count: int = 0
    minutes: int = 0
    value: int = 0
    token: object = None
    follows: object = None

    def __eq__(self, other: object) -> bool:
        """The same entries, however they came together."""
        return isinstance(other, Consumption) and self.count == other.count and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash((self.count, self.minutes, self.value))

    def __iter__(self) -> Iterator[Counted]:
        for chunk in self.chunks:
            yield from chunk.items

    @property
    def last(self) -> Counted | None:
        return self.chunks[-1].items[-1] if self.chunks else None

    def at(self, place: Place) -> Counted:
        """The entry at a place where one is."""
        chunk = self.chunks[bisect_left(self.chunks, place, key=_last_place)]
        return chunk.items[bisect_left(chunk.items, place, key=_place)]

    def find(self, place: Place) -> Counted | None:
        """The entry at a place, if one is there."""
        if not self.chunks or self.chunks[-1].last < place:
            return None
        found = self.at(place)
        return found if found.place == place else None

    def with_(self, entry: Counted) -> "Consumption":
        """With an entry that is not in it."""
        count, minutes, value = self.count + 1, self.minutes + entry.minutes, self.value + entry.value
        place = entry.place
        if not self.chunks or self.chunks[-1].last < place:
            return Consumption(self._appended(entry), count, minutes, value, object(), self.token)
        at = bisect_left(self.chunks, place, key=_last_place)
        items = self.chunks[at].items
        within = bisect_left(items, place, key=_place)
        grown = (*items[:within], entry, *items[within:])
        halves = (grown,) if len(grown) <= CHUNK else (grown[: CHUNK // 2], grown[CHUNK // 2 :])
        chunks = (*self.chunks[:at], *map(_chunk, halves), *self.chunks[at + 1 :])
        return Consumption(chunks, count, minutes, value, object())

    def without(self, place: Place) -> "Consumption":
        """Without the entry at a place; the same value where none is there."""
        at = bisect_left(self.chunks, place, key=_last_place)
        if at == len(self.chunks):
            return self
        items = self.chunks[at].items
        within = bisect_left(items, place, key=_place)
        if items[within].place != place:
            return self
        entry = items[within]
        rest = (*items[:within], *items[within + 1 :])
        chunks = (*self.chunks[:at], *([_chunk(rest)] if rest else []), *self.chunks[at + 1 :])
        return Consumption(chunks, self.count - 1, self.minutes - entry.minutes, self.value - entry.value, object())

    def beyond(self, available: int) -> Iterator[Beyond]:
        """What went beyond the available minutes, in order: whole entries, and at first perhaps a part of one (R19).

        O(chunks before the limit + entries beyond it)."""
        reached = 0
        for chunk in self.chunks:
            if reached + chunk.minutes <= available:
                reached += chunk.minutes
                continue
            for entry in chunk.items:
                over = min(entry.minutes, reached + entry.minutes - available)
                reached += entry.minutes
                if over > 0:
                    yield Beyond(entry, over)

    def value_beyond(self, available: int) -> int:
        """The sum of what went beyond, each entry valued by R9; O(chunks + CHUNK)."""
        reached = total = 0
        for chunk in self.chunks:
            if reached >= available:
                total += chunk.value
            elif reached + chunk.minutes > available:
                total += _value_beyond(chunk, available - reached)
            reached += chunk.minutes
        return total

    def _appended(self, entry: Counted) -> tuple[_Chunk, ...]:
        if not self.chunks or len(self.chunks[-1].items) >= CHUNK:
            return (*self.chunks, _Chunk((entry,), entry.minutes, entry.value))
        last = self.chunks[-1]
        grown = _Chunk((*last.items, entry), last.minutes + entry.minutes, last.value + entry.value)
        return (*self.chunks[:-1], grown)


NOTHING_USED = Consumption()


def _value_beyond(chunk: _Chunk, available: int) -> int:
    """What of a chunk goes beyond minutes that it reaches itself."""
    reached = 0
    for place, entry in enumerate(chunk.items):
        reached += entry.minutes
        if reached > available:
            crossing = Beyond(entry, min(entry.minutes, reached - available))
            return crossing.value + sum(later.value for later in chunk.items[place + 1 :])
    return 0


def consumption(entries: Iterable[Counted]) -> Consumption:
    """All of them at once, in whatever order they come; O(n log n)."""
    order = sorted(entries, key=_place)
    chunks = tuple(_chunk(tuple(order[start : start + CHUNK])) for start in range(0, len(order), CHUNK))
    minutes, value = sum(chunk.minutes for chunk in chunks), sum(chunk.value for chunk in chunks)
    return Consumption(chunks, len(order), minutes, value, object())


def _place(entry: Counted) -> Place:
    return (entry.at, entry.entry_id)


def _last_place(chunk: _Chunk) -> Place:
    return chunk.last


def _chunk(items: tuple[Counted, ...]) -> _Chunk:
    return _Chunk(items, sum(entry.minutes for entry in items), sum(entry.value for entry in items))

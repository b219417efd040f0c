"""Whether a store is whole: its positions, streams, chains, sequences and times, checked from the first fact on.

For `retainer doctor`, for moves from one database to another, and for tests of faults.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chassis.store import Store
from chassis.store.chain import chained
from chassis.store.plan import Row

PAGE = 1000
MOST_FLAWS = 20
"""Told of one store; where there are more, the first say enough."""


@dataclass(slots=True)
class _Seen:
    """What the facts so far have come to."""

    rehearsed: bool
    position: int = 0
    recorded_at_us: int = 0
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    sequences: dict[str, tuple[int, int]] = field(default_factory=dict)
    flaws: list[str] = field(default_factory=list)

    def take(self, row: Row) -> None:
        version, before = self.heads.get(row.stream, (0, ""))
        sequence, last_us = self.sequences.get(row.agency, (0, 0))
        if row.previous != self.position or row.position <= self.position:
            self._tell(row, f"follows {row.previous}, but the fact before it is {self.position}")
        if row.version != version + 1:
            self._tell(row, f"is version {row.version} of {row.stream}, after {version}")
        at_us = row.recorded_at_us
        if row.stream_hash != chained(before, row.stream, row.version, row.tag, at_us, row.actor, row.payload):
            self._tell(row, f"does not fit the chain of {row.stream}: it, or one before it, was changed")
        if row.agency_sequence != sequence + 1:
            self._tell(row, f"is number {row.agency_sequence} of {row.agency}, after {sequence}")
        if at_us < (last_us if self.rehearsed else self.recorded_at_us):
            self._tell(row, "was recorded before the fact before it")
        self.position, self.recorded_at_us = row.position, at_us
        self.heads[row.stream] = (row.version, row.stream_hash)
        self.sequences[row.agency] = (row.agency_sequence, at_us)

    def _tell(self, row: Row, flaw: str) -> None:
        self.flaws.append(f"position {row.position} {flaw}")


def flaws_in(pages: Iterable[Sequence[Row]], *, rehearsed: bool) -> Sequence[str]:
    """What is wrong with the facts of a store, given from the first one on; empty where they are whole."""
    seen = _Seen(rehearsed)
    for page in pages:
        for row in page:
            seen.take(row)
        if len(seen.flaws) >= MOST_FLAWS:
            break
    return seen.flaws[:MOST_FLAWS]


async def flaws(store: Store) -> Sequence[str]:
    """What is wrong with the store, in words; empty where it is whole."""
    seen = _Seen(await store.was_rehearsed())
    newest = await store.newest_position()
    while seen.position < newest and len(seen.flaws) < MOST_FLAWS:
        for row in await store.read_stored(seen.position, PAGE):
            seen.take(row)
        await asyncio.sleep(0)
    return seen.flaws[:MOST_FLAWS]

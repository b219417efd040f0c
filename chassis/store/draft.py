"""What one piece of work wants to append, on its way into the store.

A draft may have been decided on events that are not committed yet (`after`): several commands on one stream then go
into one transaction without a conflict. Where one of those falls out, all that was decided on it falls out too.
"""

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec

from chassis.store.records import Context, Receipt, Recorded, Request, Tracking
from vocabulary.fact import Fact
from vocabulary.refusal import Refused


class DraftEvent(msgspec.Struct, gc=False):
    """An event that waits to be appended: sealed and encoded."""

    stream: str
    tag: str
    event: Fact
    payload: bytes
    context: Context


class Fate(Enum):
    """What became of a draft."""

    APPENDED = "appended"
    """All of it is in the store (also where there was nothing to write, but what it was decided on still holds)."""
    REPEATED = "repeated"
    """The request id was known: nothing was written, the receipt is the first one's."""
    REUSED = "reused"
    """The request id was known with another body; nothing was written."""
    OVERTAKEN = "overtaken"
    """A stream is not at the version that it was decided on; nothing was written, decide again."""
    MOVED = "moved"
    """The inbox's mark is not where it was; nothing was written."""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    fate: Fate
    receipt: Receipt | None = None
    recorded: Sequence[Recorded] = ()


@dataclass(slots=True, eq=False)
class Draft:
    """`expected` holds the version of each stream that was read or is written, as it was before this draft; `version`
    is that of its own stream after it."""

    context: Context
    stream: str
    version: int
    expected: dict[str, int]
    events: Sequence[DraftEvent]
    settled: "Future[Outcome]"
    request: Request | None = None
    tracking: Tracking | None = None
    names: tuple[str, ...] = ()
    after: "Sequence[Draft]" = ()
    refusal: Refused | None = None
    fate: Fate | None = None

    @property
    def failed(self) -> bool:
        """Whether what it wanted to write will never be in the store (by this draft)."""
        return self.fate is not None and self.fate is not Fate.APPENDED

"""Frames of NATS that are repeated, swapped and held back on their way, at the whim of a seed.

NATS speaks in lines (`PUB`, `HPUB`, `MSG`, `HMSG`, …), the four of which carry so many bytes more. Only facts and their
acknowledgements are tampered with; what keeps the connection alive passes.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tests.faults.proxy import Way

CARRIERS = {b"PUB": -1, b"HPUB": -1, b"MSG": -1, b"HMSG": -1}
FACTS = b" retainer."
ODDS = 12
"""One fact in so many is tampered with."""


@dataclass
class PostalChaos:
    """`window_seconds` is how long the server remembers ids: what is repeated late comes after that, and what is held
    back is held for longer."""

    seed: int
    window_seconds: float
    quiet: bool = False
    """Nothing is tampered with (any more)."""
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    async def frames(self, reader: asyncio.StreamReader, way: Way) -> AsyncIterator[bytes]:
        overtaken = late = b""
        late_at = 0.0
        while frame := await _frame(reader):
            tamper = "" if self.quiet or not _is_fact(frame) else self._whim()
            if overtaken:  # whatever comes next goes first
                self.done["swapped"] += 1
                yield frame
                yield overtaken
                overtaken = b""
            elif tamper == "swap":
                overtaken = frame
            elif tamper == "delay":
                self.done["delayed"] += 1
                await asyncio.sleep(self.window_seconds * self._chance.uniform(0.5, 1.5))  # the delay itself
                yield frame
            else:
                yield frame
                if tamper == "repeat":
                    self.done["repeated"] += 1
                    yield frame
                elif tamper == "repeat late" and not late:
                    late, late_at = frame, time.monotonic() + self.window_seconds
            if late and time.monotonic() > late_at:
                self.done["repeated late"] += 1
                yield late
                late = b""

    def _whim(self) -> str:
        if self._chance.randrange(ODDS):
            return ""
        return self._chance.choices(("repeat", "repeat late", "swap", "delay"), (8, 8, 8, 1))[0]


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """One protocol line with what it carries; empty at the end."""
    try:
        line = await reader.readuntil(b"\r\n")
        verb = line.split(b" ", 1)[0].upper()
        if verb not in CARRIERS:
            return line
        size = int(line.split()[-1])
        return line + await reader.readexactly(size + 2)
    except asyncio.IncompleteReadError as error:
        return error.partial


def _is_fact(frame: bytes) -> bool:
    """A fact on its way to the bus (`HPUB retainer.…`), or from it (`HMSG retainer.…`)."""
    return frame[:5] in (b"HPUB ", b"HMSG ") and FACTS in frame[:16]

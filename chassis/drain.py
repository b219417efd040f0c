"""What runs behind a door, and how it ends at a stop: nobody is broken off without a word.

gRPC cancels, as if the caller had gone, whatever has reached it and was not taken up when its server is told to stop,
and whatever still runs when the grace is over. So we refuse what comes (UNAVAILABLE, `Stopping`) until nothing comes
any more, and only then tell gRPC; and we refuse what would outlast the grace before it is over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from chassis.answers import Stopping

LOOK_SECONDS = 0.05
LONGEST_REFUSING_SECONDS = 1.0
LAST_WORD_SECONDS = 1.0
"""So long before the end of the grace, calls that still run are told that the service stops."""


class Drain:
    """Calls and streams that run. A task that is ended by us does not stand in its set any more: so it knows."""

    def __init__(self) -> None:
        self.calls: set[asyncio.Task[Any]] = set()
        self.streams: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._refused = 0

    def enter(self) -> None:
        """A call has come; `Stopping` where it comes too late."""
        if self._stopping:
            self._refused += 1
            raise Stopping("the service stops: repeat with the same request_id")

    async def stop(self, server_stop: Callable[[float], Awaitable[None]], grace_seconds: float) -> None:
        """Streams end at once, running calls within the grace, and `server_stop` gets what is left of that."""
        now = asyncio.get_running_loop().time
        begun = now()
        self._stopping = True
        _end(self.streams)
        refused = -1
        while refused != self._refused and now() - begun < min(LONGEST_REFUSING_SECONDS, grace_seconds / 3):
            refused = self._refused
            await asyncio.sleep(min(LOOK_SECONDS, grace_seconds / 10))
        left = max(0.0, grace_seconds - (now() - begun))
        stopping = asyncio.ensure_future(server_stop(left))
        await asyncio.wait([stopping], timeout=left - min(LAST_WORD_SECONDS, left / 2))
        _end(self.calls)
        await stopping


def _end(running: set[asyncio.Task[Any]]) -> None:
    ended = list(running)
    running.clear()
    for task in ended:
        task.cancel()

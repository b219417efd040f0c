"""Work that nobody waits for can wait a little for company, so that one transaction takes in many facts."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Patience:
    """`rest` between two portions of work; it lasts at most `seconds`, and no longer than until somebody is `awaiting`
    what is done next."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._awaiting = 0
        self._over: asyncio.Future[None] | None = None

    @contextmanager
    def awaiting(self) -> Iterator[None]:
        """Somebody waits for what is done next: it begins at once, and goes on without rest until he has it."""
        self._awaiting += 1
        self._end()
        try:
            yield
        finally:
            self._awaiting -= 1

    async def rest(self, least_seconds: float = 0.0) -> None:
        """Give others the event loop, for `least_seconds` at least, and longer where nobody waits."""
        if self._awaiting or self._seconds <= least_seconds:
            await asyncio.sleep(least_seconds)
            return
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        timer = loop.call_later(self._seconds, self._end)
        try:
            await self._over
        finally:
            timer.cancel()
            self._over = None

    def _end(self) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

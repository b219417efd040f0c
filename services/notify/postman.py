"""Brings letters that are due to their channel, and records what became of each.

At least once: a crash between sending and recording sends again, with the same Message-ID. Whatever is slow or broken
costs delay and nothing else: letters wait in the store, at most `HANDS` are under way, and of one client one at a time,
so that a client whose address hangs holds up nobody else. Where the channel itself is down nothing is recorded and
everybody waits, longer each time. What a single letter failed of is recorded with the time of its next try, so that a
restart goes on where it was.
"""

import asyncio
import logging
from contextlib import suppress

from services.notify.channels import ChannelDown
from services.notify.errand import Errand, Office
from services.notify.views import letters

HANDS = 8
"""Letters under way at once."""
LONGEST_WAIT_SECONDS = 30.0
DOWN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)

log = logging.getLogger(__name__)


class Postman:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._failures = 0
        self._resume = 0.0
        self.problem = ""
        """Why nothing is sent, in words for an operator; empty while all is well."""

    async def run(self) -> None:
        """Until cancelled; what is under way then is broken off, and begun again at the next start."""
        try:
            while True:
                seen = self._office.views.position
                await self._take_up()
                await self._wait(seen)
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _take_up(self) -> None:
        """Begin what is due, as far as hands are free."""
        if self._pause() > 0:
            return
        hands = 1 if self._failures else HANDS  # one to try whether the channel is back
        for due in await letters.due(self._office.views, self._office.clock(), 2 * HANDS):
            if len(self._under_way) >= hands:
                return
            if due.client not in self._under_way:
                self._under_way[due.client] = asyncio.create_task(self._go(Errand(self._office, due)))

    async def _go(self, errand: Errand) -> None:
        try:
            await errand.run()
        except ChannelDown as error:
            self._channel_failed(str(error))
        else:
            if errand.channel_answered:
                self._channel_works()

    async def _wait(self, seen: int) -> None:
        """Until something is due, or a hand is free, or the views moved on."""
        seconds = min(LONGEST_WAIT_SECONDS, self._pause() or LONGEST_WAIT_SECONDS)
        if (due_at := await letters.next_due(self._office.views, self._office.clock())) is not None:
            seconds = min(seconds, max(0.01, (due_at - self._office.clock()).total_seconds()))
        moved = asyncio.create_task(self._office.views.wait_beyond(seen))
        try:
            done, _ = await asyncio.wait(
                {moved, *self._under_way.values()}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            moved.cancel()
            with suppress(asyncio.CancelledError):
                await moved
        for client, task in list(self._under_way.items()):
            if task in done:
                del self._under_way[client]
                task.result()

    def _pause(self) -> float:
        """Seconds for which the channel is left alone."""
        return max(0.0, self._resume - asyncio.get_running_loop().time())

    def _channel_failed(self, reason: str) -> None:
        self._office.count(self._office.channel.name, "down")
        seconds = DOWN_SECONDS[min(self._failures, len(DOWN_SECONDS) - 1)]
        self._failures += 1
        self._resume = asyncio.get_running_loop().time() + seconds
        if reason != self.problem:
            log.warning("no letters go out: %s", reason)
        self.problem = reason

    def _channel_works(self) -> None:
        if self._failures:
            log.info("letters go out again")
        self._failures, self._resume, self.problem = 0, 0.0, ""

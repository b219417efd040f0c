"""Watches: the latest state and never a queue. A slow reader's next turn begins where the views are by then."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

from chassis.run import Parts
from messages.pages import PageTokenInvalid

HEARTBEAT_SECONDS = 15.0
TOGETHER_SECONDS = 0.02
"""Changes that come together are looked at once, however many watch."""


class Watch:
    """One reader. `token` says how far what was sent reaches; a watch that breaks off goes on after it."""

    def __init__(self, parts: Parts, resume_token: str, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._parts = parts
        self._heartbeat_seconds = heartbeat_seconds
        self._since = _position_in(resume_token, parts.store.epoch)
        self._reached = self._since
        self._sent_at = time.monotonic()

    @property
    def token(self) -> str:
        return f"{self._parts.store.epoch}.{self._reached}"

    @property
    def token_before(self) -> str:
        """While several rows of one turn are sent: a watch that breaks off between them gets them all again."""
        return f"{self._parts.store.epoch}.{self._since}"

    @property
    def needs_heartbeat(self) -> bool:
        """Nothing was sent for a heartbeat's time."""
        return time.monotonic() - self._sent_at >= self._heartbeat_seconds

    def sent(self) -> None:
        self._sent_at = time.monotonic()

    async def turns(self) -> AsyncIterator[int]:
        """The position after which something may be new: first at once, then whenever the views have moved, and when a
        heartbeat is due. Ends with the call, which cancels it."""
        views = self._parts.views
        while True:
            self._reached = max(self._since, views.position)
            yield self._since
            self._since = self._reached
            left = self._sent_at + self._heartbeat_seconds - time.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(left, 0)):
                    await views.wait_beyond(self._reached)
                    await asyncio.sleep(TOGETHER_SECONDS)


def _position_in(token: str, epoch: str) -> int:
    """Where a watch goes on; from the beginning where the store was restored meanwhile."""
    if not token:
        return 0
    found, dot, position = token.rpartition(".")
    if not dot or not position.isdigit():
        raise PageTokenInvalid("give the resume token as the watch gave it", field="resume_token")
    return int(position) if found == epoch else 0

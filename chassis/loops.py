"""Loops that run as long as the process: one that fails is logged and begun again, with a growing pause."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
HEALTHY_SECONDS = 30.0

log = logging.getLogger(__name__)


@asynccontextmanager
async def kept_running(name: str, loop: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run the loop in the background until the block is left."""
    task = asyncio.create_task(_again_and_again(name, loop), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _again_and_again(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    now = asyncio.get_running_loop().time
    pause = FIRST_PAUSE_SECONDS
    while True:
        begun = now()
        try:
            await loop()
        except Exception:
            log.exception("the %s failed; it begins again in %.1f s", name, pause)
        else:
            return
        await asyncio.sleep(pause)
        pause = FIRST_PAUSE_SECONDS if now() - begun > HEALTHY_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)

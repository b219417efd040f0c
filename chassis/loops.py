"""Loops that run as long as the process: one that fails is logged and begun again, with a growing pause."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
HEALTHY_SECONDS = 30.0
CANCEL_AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)


@asynccontextmanager
async def kept_running(name: str, loop: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Run the loop in the background until the block is left."""
    task = asyncio.create_task(_again_and_again(name, loop), name=name)
    try:
        yield
    finally:
        await ended(task)


async def ended(task: "asyncio.Task[None]") -> None:
    """Cancel until it ends. Once is not always enough: `asyncio.wait_for` of Python 3.11, which the client of NATS
    uses, loses a cancellation that comes in the same turn as what it waits for."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_AGAIN_SECONDS)


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

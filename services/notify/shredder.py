"""Destroys the letters of erased clients in the outbox: a loop after the fact, that begins anew at each start."""

import asyncio
import logging

from chassis.run import Parts
from services.notify.channels.outbox import Outbox
from services.notify.views.forgotten import forgotten, letters_of

PAUSE_SECONDS = 30.0
"""Before it looks again where nothing has happened: a letter that was on its way may have come meanwhile."""

log = logging.getLogger(__name__)


async def shredder(parts: Parts) -> None:
    """Whatever lies in the outbox of a client that was erased, now and whenever the views move."""
    outbox = Outbox(parts.settings.outbox)
    done: set[tuple[str, str, str]] = set()
    while True:
        position = parts.views.position
        for agency, client_id in await forgotten(parts.views):
            for notice_id in await letters_of(parts.views, agency, client_id):
                if (agency, client_id, notice_id) in done:
                    continue
                destroyed = await asyncio.to_thread(outbox.destroy, agency, notice_id)
                done.add((agency, client_id, notice_id))
                if destroyed:
                    log.info("destroyed %d letters of the erased client %s", destroyed, client_id)
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                await parts.views.wait_beyond(position)
        except TimeoutError:
            done.clear()

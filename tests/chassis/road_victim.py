"""A process with the whole road in it, killed at a crash point: relay of tally, inbox and views of notes.
`python -m tests.chassis.road_victim FOLDER NATS_URL CRASH_POINT`."""

import asyncio
import sys

from chassis import crash
from chassis.bus import Bus
from chassis.inbox import Inbox, Subscription
from chassis.projector import Projector
from chassis.relay import Relay
from chassis.store import Store
from chassis.testing import FixedKeys
from tests.chassis.road import partition, take_note
from tests.chassis.tally import CATALOG, NOTES, NoteCount


async def main(folder: str, nats_url: str, point: str) -> None:
    tally = await Store.open(f"sqlite:///{folder}/tally.db", CATALOG, FixedKeys())
    notes = await Store.open(f"sqlite:///{folder}/notes.db", NOTES, FixedKeys())
    projector = Projector(notes, f"sqlite:///{folder}/views.db", [NoteCount()])
    await projector.open()
    bus = Bus(nats_url, name="victim")
    await bus.start()
    inbox = Inbox(notes, bus, Subscription(CATALOG, take_note, partition))
    crash.arm(point)
    await asyncio.gather(Relay(tally, bus).run(), inbox.run(), projector.run())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

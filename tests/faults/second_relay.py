"""A second relay beside a service's own, as two replicas have for a moment: `python -m tests.faults.second_relay
SERVICE`, with the settings of the house in the environment. Runs until it is ended."""

import asyncio
import sys

from chassis.bus import Bus
from chassis.relay import Relay
from chassis.settings import load
from chassis.store import Store
from chassis.testing import FixedKeys
from tests.faults.books import wiring_of


async def main(service: str) -> None:
    settings = load()
    store = await Store.open(settings.store_of(service), wiring_of(service).catalog, FixedKeys())
    bus = Bus(settings.nats_url, name=f"second relay of {service}")
    await bus.start()
    await Relay(store, bus).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

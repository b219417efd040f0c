"""A process that is killed at a crash point: counts by request ids read from its input, one a line, and says what it
was told. `python -m tests.chassis.victim STORE_URL CRASH_POINT`."""

import asyncio
import sys

from chassis import crash
from chassis.store import Request, Store
from chassis.testing import FixedKeys
from tests.chassis.tally import ACME, CATALOG, ENDLESS, Count, counter


async def main(url: str, point: str) -> None:
    store = await Store.open(url, CATALOG, FixedKeys())
    crash.arm(point)

    async def count(request_id: str) -> None:
        request = Request(request_id, "hash")
        receipt = await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME, request=request)
        sys.stdout.write(f"{request_id} {receipt.version} {receipt.position}\n")
        sys.stdout.flush()

    for line in sys.stdin.read().splitlines():
        await asyncio.gather(*map(count, line.split()))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

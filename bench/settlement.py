"""Settling the boundaries of many contracts with 60 entries each: `python -m bench.settlement [contracts]`; 1,000 where
nobody says how many, the goal speaks of 10,000.

Everything is on: the facts come from the store (most accounts are no longer in memory), the numbers from one series,
the documents into the ledgers of the clients, the views follow. Goal: 150 contracts a second, and memory at the end
of at most 1.1 times that at a third of the run. The PDF files are drawn by a loop of their own.
"""

import asyncio
import gc
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from bench.report import Line, tell
from bench.retainers import AGENCY, CONTEXT, history, write_down
from chassis.projector import Projector
from chassis.store import Store
from chassis.testing import FixedKeys
from services.billing.__main__ import CATALOG, WIRING
from services.billing.settling import Settling
from services.billing.views import VIEWS
from services.billing.views.calendar import accounts_of

CONTRACTS = 1_000
ENTRIES = 60
BOUNDARY = date(2026, 2, 1)
NOW = datetime(2026, 2, 1, 6, tzinfo=UTC)
GOAL_PER_SECOND = 150
GOAL_GROWTH = 1.1


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


async def settle(folder: Path, contracts: int) -> tuple[float, float, float]:
    """Contracts a second; memory (MiB) at a third of the run and at its end."""
    store = await Store.open(
        f"sqlite:///{folder}/events.db", CATALOG, FixedKeys(), hot_streams=WIRING.hot_streams, clock=lambda: NOW
    )
    projector = Projector(store, f"sqlite:///{folder}/views.db", [view() for view in VIEWS])
    await projector.open()
    following = asyncio.create_task(projector.run())
    told = history(ENTRIES)
    for number in range(contracts):
        await write_down(store, told, f"contract-{number:05}", number)
    await projector.views.wait_for(store.position)
    due = [(row["settles_on"], row["contract_id"]) for row in await accounts_of(projector.views, AGENCY)]
    assert len(due) == contracts
    settling = Settling(store)
    third = contracts // 3
    began = time.perf_counter()
    await settling.catch_up(CONTEXT, due[:third], NOW, BOUNDARY)
    await projector.views.wait_for(store.position)
    early = resident_mib()
    caught = await settling.catch_up(CONTEXT, due[third:], NOW, BOUNDARY)
    await projector.views.wait_for(store.position)
    seconds = time.perf_counter() - began
    late = resident_mib()
    assert not caught.failed
    assert len(caught.closed) == 2 * (contracts - third), "the first day and the first of February, of each"
    following.cancel()
    await projector.close()
    await store.close()
    return contracts / seconds, early, late


def main() -> None:
    gc.set_threshold(20_000, 20, 50)  # as a service runs
    numbers = [argument for argument in sys.argv[1:] if argument.isdigit()]
    contracts = int(numbers[0]) if numbers else CONTRACTS
    with tempfile.TemporaryDirectory() as folder:
        per_second, early, late = asyncio.run(settle(Path(folder), contracts))
    tell(
        [
            Line(
                f"settlement, {contracts:,} contracts of {ENTRIES} entries, two boundaries each",
                f"{per_second:,.0f} contracts/s",
                f"{contracts / per_second:.0f} s in all",
                f"{GOAL_PER_SECOND} contracts/s",
            ),
            Line(
                "memory of it",
                f"{late:.0f} MiB at the end",
                f"{late / early:.2f} times that at a third of the run ({early:.0f} MiB)",
                f"{GOAL_GROWTH} times at most",
            ),
        ]
    )


if __name__ == "__main__":
    main()

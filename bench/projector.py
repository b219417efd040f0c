"""Views: rebuilding one, against a scan of the log alone, decoded. `python -m bench.projector`."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from bench.counting import CATALOG, CONTEXT, VISITS, Visit, Visited
from bench.figures import Figure, show
from chassis.projector import Projector, Tables
from chassis.store import Recorded, Store
from chassis.testing import FixedKeys, postgres_server

FACTS = 30_000
PLACES = 50


class PlacesView:
    """A row for each place, folded before it is written: as the budget view does."""

    name: ClassVar[str] = "places"
    tables: ClassVar[Mapping[str, str]] = {
        "places": "agency TEXT, place TEXT, visits INTEGER, seconds INTEGER, PRIMARY KEY (agency, place)"
    }
    indexes: ClassVar[Sequence[str]] = ("{places} (agency, seconds)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        sums: dict[tuple[str, str], tuple[int, int]] = {}
        for fact in facts:
            if isinstance(fact.event, Visited):
                key = (fact.agency, fact.event.place)
                visits, seconds = sums.get(key, (0, 0))
                sums[key] = (visits + 1, seconds + fact.event.seconds)
        tables.execute_many(
            "INSERT INTO {places} VALUES (:agency, :place, :visits, :seconds) ON CONFLICT (agency, place) DO UPDATE SET"
            " visits = {places}.visits + excluded.visits, seconds = {places}.seconds + excluded.seconds",
            [
                {"agency": agency, "place": place, "visits": visits, "seconds": seconds}
                for (agency, place), (visits, seconds) in sums.items()
            ],
        )


async def fill(store: Store, count: int) -> None:
    numbers = iter(range(count))

    async def caller() -> None:
        for number in numbers:
            name = f"v{number:08}"
            await store.execute(VISITS, f"acme/visit/{name}", Visit(name, f"p{number % PLACES}"), context=CONTEXT)

    await asyncio.gather(*(caller() for _ in range(64)))


async def scan(store: Store) -> float:
    """Facts a second, read and decoded and no more."""
    began, position, read = time.perf_counter(), 0, 0
    while facts := await store.read_log(position, 1000):
        position, read = facts[-1].position, read + len(facts)
    return read / (time.perf_counter() - began)


async def measure(store_url: str, views_url: str, count: int) -> tuple[float, float]:
    """A scan and a rebuild, in facts a second; of a store just opened, with nothing of it in memory."""
    store = await Store.open(store_url, CATALOG, FixedKeys())
    await fill(store, count)
    await store.close()
    store = await Store.open(store_url, CATALOG, FixedKeys())
    projector = Projector(store, views_url, [PlacesView()])
    await projector.open()
    scans, rebuilds = [], []
    for _ in range(3):
        scans.append(await scan(store))
        began = time.perf_counter()
        read = await projector.rebuild("places")
        rebuilds.append(read / (time.perf_counter() - began))
    assert read == count
    await projector.close()
    await store.close()
    return sorted(scans)[1], sorted(rebuilds)[1]


def figures(folder: Path) -> list[Figure]:
    floor, rebuilt = asyncio.run(measure(f"sqlite:///{folder}/s.db", f"sqlite:///{folder}/v.db", FACTS))
    found = [Figure("rebuild of a view, SQLite", rebuilt, "a scan of the log", floor, "goal: 30,000 /s")]
    with postgres_server() as server:
        floor, rebuilt = asyncio.run(measure(server.url, server.url, FACTS // 3))
        found.append(Figure("rebuild of a view, PostgreSQL", rebuilt, "a scan of the log", floor))
    return found


def main() -> None:
    gc.set_threshold(20_000, 20, 50)  # as a service runs
    with tempfile.TemporaryDirectory() as folder:
        show(figures(Path(folder)))


if __name__ == "__main__":
    main()

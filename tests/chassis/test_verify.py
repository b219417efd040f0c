"""Whether a store is whole; and that a store which is not is found out."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chassis.store import Store, StoreFull
from chassis.testing import FixedKeys
from chassis.verify import flaws
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, BOLT, CATALOG, ENDLESS, Count, counter


async def fill(store: Store) -> None:
    for number in range(6):
        await store.execute(ENDLESS, counter(f"c{number % 2}"), Count("c"), context=ACME)
        await store.execute(ENDLESS, counter("c", "bolt"), Count("c"), context=BOLT)


async def test_a_store_that_was_only_used_is_whole(store: Store) -> None:
    assert await flaws(store) == []
    await fill(store)
    assert await flaws(store) == []


async def test_a_restored_store_is_whole(open_store: OpenStore) -> None:
    store = await open_store()
    await fill(store)
    await store.restored(published_up_to=100)
    await fill(store)
    assert await flaws(await open_store()) == []


TAMPERING = {
    "a payload was changed": (
        "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), ':1', ':9') AS BLOB) WHERE position = 3",
        "chain",
    ),
    "a payload was spoiled": ("UPDATE stored_events SET state = x'00' WHERE position = 3", "chain"),
    "an actor was changed": ("UPDATE stored_events SET actor = 'eve' WHERE position = 3", "chain"),
    "a fact was taken out": ("DELETE FROM stored_events WHERE position = 5", "the fact before it is 4"),
    "a fact was predated": ("UPDATE stored_events SET recorded_at_us = 1 WHERE position = 7", "was recorded before"),
    "the last of a stream was taken out": ("DELETE FROM stored_events WHERE position = 9", "is number 6 of acme"),
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_a_store_that_was_tampered_with_is_found_out(tmp_path: Path, what: str) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = await Store.open(url, CATALOG, FixedKeys())
    await fill(store)
    await store.close()
    statement, told = TAMPERING[what]
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute(statement)
    store = await Store.open(url, CATALOG, FixedKeys())
    assert any(told in flaw for flaw in await flaws(store))
    await store.close()


def room_of(store: Store) -> Callable[[int], None]:
    """Sets how many pages more than now the database may have: as a full disk, it makes SQLite say so."""
    cursor = store._recorder._cursor  # type: ignore[attr-defined]  # the recorder of SQLite

    def leave(pages: int) -> None:
        cursor.execute(f"PRAGMA max_page_count = {cursor.execute('PRAGMA page_count').fetchone()[0] + pages}")

    return leave


async def test_a_full_disk_is_told_loses_nothing_and_is_got_over(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", CATALOG, FixedKeys())
    await fill(store)
    leave = room_of(store)
    leave(4)
    acknowledged = store.position

    async def fill_up() -> None:
        nonlocal acknowledged
        for number in range(2000):
            receipt = await store.execute(ENDLESS, counter(f"full{number}"), Count("c"), context=ACME)
            acknowledged = receipt.position

    with pytest.raises(StoreFull):
        await fill_up()
    assert await store.newest_position() == acknowledged
    results = await asyncio.gather(
        *(store.execute(ENDLESS, counter("many"), Count("c"), context=ACME) for _ in range(50)), return_exceptions=True
    )
    assert any(isinstance(result, StoreFull) for result in results)
    leave(10_000)
    await store.execute(ENDLESS, counter("again"), Count("c"), context=ACME)
    assert await store.newest_position() == acknowledged + 1 + sum(not isinstance(r, Exception) for r in results)
    assert await flaws(store) == []
    await store.close()

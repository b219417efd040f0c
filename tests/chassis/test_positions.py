"""A reader who has seen a position has seen all before it, however many write; on both databases."""

import asyncio
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from chassis.settings import SettingsWrong, load
from chassis.sql import Address
from chassis.store import Store
from chassis.testing import PostgresServer
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, ENDLESS, Count, counter

WRITES = 120


async def test_positions_become_visible_in_their_order(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")  # would drop the lock, if anybody listened
    writers = [await open_store() for _ in range(3)]
    reader = await open_store()

    async def write(store: Store, number: int) -> None:
        for turn in range(WRITES):
            name = f"w{number}-{turn % 4}"
            await store.execute(ENDLESS, counter(name), Count(name), context=ACME)

    async def read() -> int:
        last = seen = 0
        while seen < 3 * WRITES:
            await reader.wait_beyond(last)
            for fact in await reader.read_log(last, 50):
                assert fact.previous == last  # a fact that became visible late would break the chain
                last = fact.position
                seen += 1
        return last

    async with asyncio.timeout(60):
        reading = asyncio.create_task(read())
        await asyncio.gather(*(write(store, number) for number, store in enumerate(writers)))
        assert await reading == 3 * WRITES


def event(number: int) -> StoredEvent:
    return StoredEvent(originator_id=f"acme/{number}", originator_version=1, topic="tally.Counted@2", state=b"{}")


def test_with_the_librarys_database_functions_a_reader_would_miss_events(postgres: PostgresServer) -> None:
    """Why they are refused: two connections, the first of which commits last."""
    address = Address.parse(f"{postgres.url}&schema=f_{uuid4().hex}", "")
    said = address.parameters()
    datastore = PostgresDatastore(
        dbname=said["dbname"],
        host=said["host"],
        port="",
        user=said["user"],
        password="",
        schema=address.schema,
        originator_id_type="text",
        enable_db_functions=True,
    )
    with psycopg.connect(**said) as slow:
        slow.execute(f'CREATE SCHEMA "{address.schema}"')
        slow.commit()
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        function = f'"{address.schema}".{recorder.pg_function_name_insert_events}'
        one = recorder.construct_pg_stored_event("acme/1", 1, "tally.Counted@2", b"{}")
        slow.execute(f"SELECT * FROM {function}((%s))", ([one],))  # it has its number, and has not committed yet
        recorder.insert_events([event(2)])
        seen = [found.id for found in recorder.select_notifications(1, 10)]
        slow.commit()
        assert seen == [2]  # a reader who goes on after 2 …
        assert [found.id for found in recorder.select_notifications(1, 10)] == [1, 2]  # … never sees 1
    datastore.close()


async def test_nobody_is_given_a_position_while_another_has_one_to_commit(
    postgres: PostgresServer, open_store: OpenStore
) -> None:
    """The same two connections on our tables: the second waits for the first."""
    url = f"{postgres.url}&schema=o_{uuid4().hex}"
    store = await open_store(url=url)
    address = Address.parse(url, "")
    with psycopg.connect(**address.parameters()) as slow:
        slow.execute(f'LOCK TABLE "{address.schema}".stored_events IN EXCLUSIVE MODE')  # as an append begins
        waiting = asyncio.create_task(store.execute(ENDLESS, counter("a"), Count("a"), context=ACME))
        with psycopg.connect(**address.parameters(), autocommit=True) as looker:
            async with asyncio.timeout(30):
                while not looker.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                    await asyncio.sleep(0.02)
        assert not waiting.done()
        slow.commit()
    assert (await waiting).position == 1


def test_the_functions_are_refused_at_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")
    with pytest.raises(SettingsWrong, match="POSTGRES_ENABLE_DB_FUNCTIONS"):
        load()

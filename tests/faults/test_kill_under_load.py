"""Processes are killed while time is logged, corrected and deleted: what was acknowledged is there, and once."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from chassis.testing import PostgresServer
from tests.faults.books import (
    bus_equals_stores,
    figures_agree,
    invoices_are_gapless,
    stores_are_whole,
    views_are_replays,
)
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.databases import fresh_database
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load
from tests.house import RunningHouse, is_alive

PROCESSES = ("timelog", "billing", "nats", "contracts", "notify", "up")
NEVER_LOST = "an acknowledged command is never lost, and has one effect"
ONE_EFFECT = "`kill -9` of one process after the other under load, each command sent 1-4 times in parallel"


@pytest.fixture
def house_on_sqlite(tmp_path: Path) -> Iterator[RunningHouse]:
    with RunningHouse(tmp_path) as house:
        yield house


@pytest.fixture
def house_on_postgres(tmp_path: Path, postgres: PostgresServer) -> Iterator[RunningHouse]:
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(postgres))
        yield stack.enter_context(RunningHouse(tmp_path, RETAINER_STORE_URL=url))


async def killed_under_load(
    house: RunningHouse,
    ledger: Ledger,
    record_property: Record,
    *,
    victims: Sequence[str],
    least: int,
    seed: int,
    postgres: PostgresServer | None = None,
) -> None:
    """Kill one after the other while callers go on, until `least` commands were answered; then look at everything."""
    caller = Caller(house, AGENCY)
    load, chance = Load(caller, ledger, seed), random.Random(seed)
    await load.prepare()

    async def kill_them_all() -> None:
        for number, victim in enumerate(victims):
            due = least * (number + 1) // (len(victims) + 1)
            await load.answered(max(due, len(ledger.answered) + chance.randint(5, 30)))
            if victim == "postgres":
                assert postgres is not None
                await asyncio.to_thread(postgres.restart)
                continue
            while not is_alive(house.pid(victim)):  # it was killed a moment ago
                await asyncio.sleep(0.05)
            house.kill(victim)
            if victim == "up":
                await asyncio.to_thread(house.start)

    await load.until(kill_them_all(), least)
    record_property("acknowledged", len(ledger.answered))
    record_property("kills", len(victims))
    record_property("copies", ledger.copies)
    await figures_agree(caller, ledger)
    await caller.close()
    record_property("messages", await bus_equals_stores(house, house.bus_url))
    assert await asyncio.to_thread(house.stop) == 0
    record_property("facts", await stores_are_whole(house, ledger))
    await invoices_are_gapless(house)
    record_property("views rebuilt", await views_are_replays(house))


@pytest.mark.promise(NEVER_LOST, f"{ONE_EFFECT}, on SQLite")
@pytest.mark.timeout(240)
async def test_each_process_killed_once_loses_nothing(
    house_on_sqlite: RunningHouse, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await killed_under_load(house_on_sqlite, ledger, record_property, victims=PROCESSES, least=300, seed=seed)


@pytest.mark.faults
@pytest.mark.promise(NEVER_LOST, f"{ONE_EFFECT}, on PostgreSQL, which is stopped in immediate mode besides")
@pytest.mark.timeout(300)
async def test_each_process_and_postgres_killed_once_loses_nothing(
    house_on_postgres: RunningHouse, postgres: PostgresServer, ledger: Ledger, record_property: Record, seed: int
) -> None:
    victims = ["postgres", *PROCESSES, "postgres"]
    await killed_under_load(
        house_on_postgres, ledger, record_property, victims=victims, least=300, seed=seed, postgres=postgres
    )


@pytest.mark.long
@pytest.mark.promise(NEVER_LOST, f"{ONE_EFFECT}, on SQLite")
@pytest.mark.timeout(1800)
async def test_ten_thousand_commands_and_a_kill_every_few_seconds(
    house_on_sqlite: RunningHouse, ledger: Ledger, record_property: Record, seed: int
) -> None:
    victims = random.Random(seed).choices(PROCESSES, k=24)
    await killed_under_load(house_on_sqlite, ledger, record_property, victims=victims, least=10_000, seed=seed)


@pytest.mark.long
@pytest.mark.promise(NEVER_LOST, f"{ONE_EFFECT}, on PostgreSQL, which is stopped in immediate mode besides")
@pytest.mark.timeout(1800)
async def test_ten_thousand_commands_on_postgres_and_a_kill_every_few_seconds(
    house_on_postgres: RunningHouse, postgres: PostgresServer, ledger: Ledger, record_property: Record, seed: int
) -> None:
    victims = random.Random(seed).choices((*PROCESSES, "postgres"), k=20)
    victims[5] = victims[15] = "postgres"
    await killed_under_load(
        house_on_postgres, ledger, record_property, victims=victims, least=10_000, seed=seed, postgres=postgres
    )

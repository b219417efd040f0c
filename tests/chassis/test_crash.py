"""What a crash between commit and reply leaves behind: nothing lost, nothing twice; on both databases."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chassis import crash
from chassis.projector import Projector
from chassis.store import Request, StoreUnavailable
from chassis.testing import NatsServer, PostgresServer
from chassis.verify import flaws
from tests.chassis.conftest import OpenStore
from tests.chassis.road import Road
from tests.chassis.tally import ACME, ENDLESS, Count, NoteCount, counter

ROOT = Path(__file__).parents[2]
on_postgres = pytest.mark.parametrize("store_url", ["postgres"], indirect=True)


def run_victim(url: str, point: str, requests: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chassis.victim", url, point],
        input=requests,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("point", ["append.before:3", "append.after:3"])
async def test_a_command_repeated_after_a_crash_has_one_effect(
    store_url: str, open_store: OpenStore, point: str
) -> None:
    status, told = run_victim(store_url, point, "r1 r2\nr3\nr4 r5\nr6")
    assert status == -signal.SIGKILL
    store = await open_store()
    acknowledged = {line.split()[0]: int(line.split()[2]) for line in told}
    assert acknowledged  # the first groups were answered
    lost_answers = store.position - len(acknowledged)
    assert lost_answers > 0 if point.startswith("append.after") else lost_answers == 0
    for number in range(1, 7):
        name = f"r{number}"
        receipt = await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME, request=Request(name, "hash"))
        if name in acknowledged:
            assert receipt.repeated
            assert receipt.position == acknowledged[name]
    assert await store.state(ENDLESS, counter("a")) == (6, 6)
    assert await flaws(store) == []


async def test_an_unharmed_run_of_the_victim_answers_all(store_url: str) -> None:
    status, told = run_victim(store_url, "", "r1 r2\nr3\nr1")
    assert status == 0
    assert len(told) == 4
    assert told[3] == told[0]


def test_only_named_points_can_be_armed() -> None:
    with pytest.raises(ValueError, match=r"append\.before"):
        crash.arm("anywhere")
    crash.here("append.before")  # nothing is armed: nothing happens


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("part", ["publish", "inbox", "append", "project"])
async def test_a_crash_anywhere_on_the_road_loses_and_doubles_nothing(
    road: Road, nats: NatsServer, tmp_path: Path, part: str, when: str
) -> None:
    for _ in range(30):
        await road.count(*(f"c{number}" for number in range(5)))
    command = [sys.executable, "-m", "tests.chassis.road_victim", str(tmp_path), nats.url, f"{part}.{when}"]
    victim = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await asyncio.wait_for(victim.wait(), 60) == -signal.SIGKILL
    await road.relay()
    inbox = await road.inbox()
    projector = Projector(road.notes, f"sqlite:///{tmp_path}/views.db", [NoteCount()])
    await projector.open()
    projecting = asyncio.create_task(projector.run())
    async with asyncio.timeout(45):
        await inbox.wait_for(await road.count("last"))
        await projector.views.wait_for(road.notes.position)
    await road.must_be_whole(151)
    live = await projector.hashes()
    await projector.rebuild("note_count")
    assert await projector.hashes() == live
    projecting.cancel()
    await asyncio.gather(projecting, return_exceptions=True)
    await projector.close()


@on_postgres
async def test_while_postgres_is_away_callers_are_told_so_and_nothing_is_lost(
    postgres: PostgresServer, open_store: OpenStore
) -> None:
    store = await open_store()
    await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME)
    postgres.stop("immediate")
    try:
        async with asyncio.timeout(40):
            with pytest.raises(StoreUnavailable):
                await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME, request=Request("r1", "h"))
    finally:
        postgres.start()
    await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME, request=Request("r1", "h"))
    assert await store.state(ENDLESS, counter("a")) == (2, 2)


@on_postgres
async def test_a_restart_of_postgres_between_two_commands_is_not_noticed(
    postgres: PostgresServer, open_store: OpenStore
) -> None:
    store = await open_store()
    await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME)
    postgres.restart()
    await store.execute(ENDLESS, counter("a"), Count("a"), context=ACME)
    assert await store.state(ENDLESS, counter("a")) == (2, 2)


@on_postgres
async def test_postgres_stopped_under_load_loses_nothing_that_was_acknowledged(
    postgres: PostgresServer, open_store: OpenStore
) -> None:
    """Who gets no answer repeats with the same request id, as our clients do."""
    store = await open_store()

    async def count(number: int) -> int:
        while True:
            try:
                receipt = await store.execute(
                    ENDLESS, counter(f"c{number % 3}"), Count("c"), context=ACME, request=Request(f"r{number}", "h")
                )
            except StoreUnavailable:
                await asyncio.sleep(0.1)
            else:
                return receipt.position

    async def disturb() -> None:
        for _ in range(2):
            await asyncio.sleep(0.15)
            await asyncio.to_thread(postgres.restart)

    disturbing = asyncio.create_task(disturb())
    positions: list[int] = []
    for start in range(0, 900, 30):
        positions.extend(await asyncio.gather(*(count(number) for number in range(start, start + 30))))
    await disturbing
    again = await open_store()
    facts = await again.read_log(0, 10_000)
    assert sorted(positions) == [fact.position for fact in facts]
    assert [fact.agency_sequence for fact in facts] == list(range(1, 901))
    assert await flaws(again) == []

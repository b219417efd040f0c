"""The disk of the stores, and that of the bus, fill up under load and are emptied again."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import grpc
import pytest

from chassis.testing import NatsServer, nats_server
from tests.faults.books import bus_equals_stores, figures_agree, stores_are_whole, views_are_replays
from tests.faults.caller import REPEATED, Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load
from tests.faults.loose_house import LooseHouse

MEBIBYTES = 48
CLEAN = "a full disk stops writes cleanly, and nothing acknowledged is lost"
CLEAR = {"OK", "RESOURCE_EXHAUSTED", "UNAVAILABLE"}


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A tmpfs of our own; only root can mount one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a small disk takes root on Linux to mount")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("a small disk takes root on Linux to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Until there is no room left at all."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast


@pytest.fixture
def house_on_a_small_disk(tmp_path: Path, nats: NatsServer) -> Iterator[LooseHouse]:
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk"))
        yield stack.enter_context(LooseHouse(disk, nats))


@pytest.fixture
def bus_on_a_small_disk(tmp_path: Path) -> Iterator[NatsServer]:
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk"))
        yield stack.enter_context(nats_server(disk))


async def all_agree(house: LooseHouse, caller: Caller, ledger: Ledger, record_property: Record) -> None:
    record_property("acknowledged", len(ledger.answered))
    for status, times in sorted(caller.tries.items()):
        record_property(status, times)
    await figures_agree(caller, ledger)
    await caller.close()
    await bus_equals_stores(house, house.nats.url)
    await asyncio.to_thread(house.stop_all)
    await stores_are_whole(house, ledger)
    await views_are_replays(house)


@pytest.mark.faults
@pytest.mark.promise(CLEAN, "the disk of stores and views (a small tmpfs) filled to the last byte under load, emptied")
@pytest.mark.timeout(240)
async def test_a_full_disk_of_the_stores(
    house_on_a_small_disk: LooseHouse, ledger: Ledger, record_property: Record, seed: int
) -> None:
    house = house_on_a_small_disk
    await asyncio.to_thread(house.start)
    caller = Caller(house, AGENCY)
    caller.repeated = (*REPEATED, grpc.StatusCode.RESOURCE_EXHAUSTED)
    load = Load(caller, ledger, seed)
    await load.prepare()

    async def fill_and_empty() -> None:
        for _ in range(2):
            await load.answered_more(20)
            refused = caller.tries.get("RESOURCE_EXHAUSTED", 0)
            ballast = await asyncio.to_thread(fill, house.data_dir)
            while caller.tries.get("RESOURCE_EXHAUSTED", 0) < refused + 20:
                await asyncio.sleep(0.05)
            ballast.unlink()
            await load.answered_more(20)

    await load.until(fill_and_empty())
    assert caller.tries.keys() <= CLEAR
    await all_agree(house, caller, ledger, record_property)


@pytest.mark.faults
@pytest.mark.promise(CLEAN, "the disk of the bus (a small tmpfs) filled under load, emptied, NATS started again")
@pytest.mark.timeout(240)
async def test_a_full_disk_of_the_bus(
    tmp_path: Path, bus_on_a_small_disk: NatsServer, ledger: Ledger, record_property: Record, seed: int
) -> None:
    """Commands go on: what they record waits in the stores. JetStream needs a restart after that."""
    nats = bus_on_a_small_disk
    with LooseHouse(tmp_path, nats) as house:
        await asyncio.to_thread(house.start)
        caller = Caller(house, AGENCY)
        load = Load(caller, ledger, seed)
        await load.prepare()

        async def fill_and_empty() -> None:
            await load.answered_more(20)
            ballast = await asyncio.to_thread(fill, nats.folder)
            await load.answered_more(150)
            ballast.unlink()
            await asyncio.to_thread(nats.kill)
            await asyncio.to_thread(nats.start)
            await load.answered_more(20)

        await load.until(fill_and_empty())
        assert caller.tries.keys() <= {"OK"}
        await all_agree(house, caller, ledger, record_property)

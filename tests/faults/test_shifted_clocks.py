"""The clocks of the services differ, and jump forth and back under load: order and money stay as they are."""

import asyncio
import platform
import random
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from chassis.testing import NatsServer
from services.billing.events import InvoiceIssued
from tests.faults.books import (
    bus_equals_stores,
    facts_of,
    figures_agree,
    invoices_are_gapless,
    stores_are_whole,
    views_are_replays,
)
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, BEGAN_ON, Load, add_contract, monthly_fee
from tests.faults.loose_house import LooseHouse
from tests.house import SERVICES
from wire.retainer.billing.v1.invoice_pb2 import ListInvoicesRequest, ListInvoicesResponse

OFFSETS = ("+0", "+40m", "-40m", "+7m", "-20m", "+1m")
"""Of the clock of a service to the real one. Services call each other with tokens of an hour: so wrong it may be."""
JUMPS = 12
LIBRARY = "faketime/libfaketimeMT.so.1"


@pytest.fixture(scope="session")
def libfaketime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the system has it; else out of its Debian package, into a folder of the test's own."""
    if found := sorted(Path("/usr/lib").glob(f"*/{LIBRARY}")):
        return found[0]
    folder = tmp_path_factory.mktemp("libfaketime")
    if platform.system() != "Linux" or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        pytest.skip("libfaketime is not installed, and cannot be fetched")
    fetched = subprocess.run(
        ["apt-get", "download", "-q", "libfaketime"], cwd=folder, capture_output=True, check=False, timeout=60
    )
    packages = list(folder.glob("libfaketime_*.deb"))
    if fetched.returncode or not packages:
        pytest.skip("libfaketime is not installed, and cannot be fetched")
    subprocess.run(["dpkg-deb", "-x", str(packages[0]), str(folder)], check=True)
    return next(folder.glob(f"usr/lib/*/{LIBRARY}"))


class Clocks:
    """One file for each service says how wrong its clock is; it is read at every look at the clock."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._folder = folder
        self._library = library

    def set(self, service: str, offset: str) -> None:
        beside = self._folder / f"{service}.clock.next"
        beside.write_text(offset + "\n")
        beside.replace(self._folder / f"{service}.clock")

    def variables(self, service: str) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._folder / f"{service}.clock"),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }


async def invoiced(house: LooseHouse) -> Sequence[tuple[str, int]]:
    """Boundary and gross amount of every document, in the order of their numbers."""
    events = [fact.event for fact in await facts_of(house, "billing")]
    issued = sorted((one for one in events if isinstance(one, InvoiceIssued)), key=lambda one: one.number)
    return [(one.boundary.isoformat(), int(one.gross)) for one in issued]


@pytest.mark.faults
@pytest.mark.promise("clock changes are harmless", "each service's clock wrong by up to 40 minutes, jumping under load")
@pytest.mark.timeout(240)
async def test_clocks_that_differ_and_jump_change_no_order_and_no_money(
    tmp_path: Path, nats: NatsServer, libfaketime: Path, ledger: Ledger, record_property: Record, seed: int
) -> None:
    clocks, chance = Clocks(tmp_path, libfaketime), random.Random(seed)
    with LooseHouse(tmp_path, nats, RETAINER_REHEARSAL="false") as house:
        house.settings = house.settings.model_copy(update={"rehearsal": False})
        for service in SERVICES:
            clocks.set(service, chance.choice(OFFSETS))
            house.begin(service, **clocks.variables(service))
        for service in SERVICES:
            await asyncio.to_thread(house.wait_ready, service)
        caller = Caller(house, AGENCY)
        load = Load(caller, ledger, seed)
        await load.prepare()
        await add_contract(caller, "monthly", monthly_fee(), BEGAN_ON.isoformat())

        async def jump() -> None:
            for _ in range(JUMPS):
                await load.answered_more(15)
                clocks.set(chance.choice(SERVICES), chance.choice(OFFSETS))

        await load.until(jump(), least=200)
        listing = ListInvoicesRequest(filter='contract = "contracts/monthly"')
        async with asyncio.timeout(90):
            while not (await caller.ask(listing, ListInvoicesResponse)).invoices:
                await asyncio.sleep(0.2)
        record_property("acknowledged", len(ledger.answered))
        record_property("jumps", JUMPS)
        await figures_agree(caller, ledger)
        await caller.close()
        await bus_equals_stores(house, nats.url)
        await asyncio.to_thread(house.stop_all)
        await stores_are_whole(house, ledger)  # times never run backwards in it
        await invoices_are_gapless(house)
        monthly = [(boundary, gross) for boundary, gross in await invoiced(house) if gross]
        assert [gross for _, gross in monthly] == [100_00] * len(monthly)
        assert [boundary for boundary, _ in monthly] == sorted({boundary for boundary, _ in monthly})
        assert len(monthly) in (1, 2)  # the present month's, and the last one's where its day is over everywhere
        await views_are_replays(house)

"""This version and the one before side by side on PostgreSQL, under load: there, and back again.

The version before is a commit of this repository's history (tests/faults/previous_release), run with the libraries of
today. First it is alone; this one joins it and it leaves; it joins again, over stores that this one has written to, and
this one leaves. The client is any client: one request id for each command, copies of it at either version, repeated
until it is answered.
"""

import asyncio
import base64
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.type.date_pb2 import Date

from chassis.testing import NatsServer, PostgresServer
from tests.faults.books import bus_equals_stores, figures_agree, invoices_are_gapless, stores_are_whole
from tests.faults.caller import DEADLINE_SECONDS, Caller, Reply
from tests.faults.conftest import Record
from tests.faults.databases import fresh_database
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load, add_contract, monthly_fee
from tests.house import ROOT, SERVICES, RunningHouse
from vocabulary.calendar import add_months
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest, CloseBoundariesResponse
from wire.retainer.operations.v1.operations_pb2 import DescribeProcessRequest, DescribeProcessResponse

PREVIOUS = Path(__file__).with_name("previous_release").read_text().strip()
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
COSTS_NOBODY = "an upgrade costs nobody anything, and neither does going back"
MONTHS = 3
SIDE_BY_SIDE = "the version before and this one side by side under load, there and back"


class EitherCaller(Caller):
    """A client that knows two houses: each try goes to one of those that are said to serve."""

    def __init__(self, callers: list[Caller], chance: random.Random) -> None:
        self.callers = callers
        self.serving = list(callers)
        self.repeated = callers[0].repeated
        self._chance = chance

    async def ask_once(
        self, request: Any, reply: type[Reply], *, operated: str = "", seconds: float = DEADLINE_SECONDS
    ) -> Reply:
        to = self._chance.choice(self.serving)
        return await to.ask_once(request, reply, operated=operated, seconds=seconds)

    async def close(self) -> None:
        for caller in self.callers:
            await caller.close()


@dataclass
class Versions:
    """Two houses over the same stores, keys and bus, neither of them started, and a client who knows both."""

    old: RunningHouse
    new: RunningHouse
    before: Caller
    after: Caller
    client: EitherCaller
    load: Load
    documents: int = 0

    async def both_from(self, joining: RunningHouse, caller: Caller, commands: int) -> None:
        """It starts beside the other one, watched by an operator, and both serve for a while. (A replica of 561b9e9
        gets ready under load only when it is asked where it is.)"""
        watching = asyncio.create_task(watched(caller))
        await asyncio.to_thread(joining.start)
        watching.cancel()
        self.client.serving = [self.before, self.after]
        await self.busy(commands)

    async def only(self, staying: Caller, leaving: RunningHouse, commands: int) -> None:
        """The other one leaves, which callers find out by themselves."""
        await asyncio.to_thread(leaving.stop)
        await self.load.answered_more(commands)
        self.client.serving = [staying]
        await self.busy(commands)

    async def busy(self, commands: int) -> None:
        """So many commands are answered; a new contract is invoiced for the three months that it is late."""
        self.documents += MONTHS + 1
        began = add_months(datetime.now(UTC).date().replace(day=1), -MONTHS)
        await add_contract(self.client, f"fee{self.documents}", monthly_fee(), began.isoformat())
        await self.load.answered_more(commands)
        today = datetime.now(UTC).date()
        request = CloseBoundariesRequest(through=Date(year=today.year, month=today.month, day=today.day))
        await self.client.ask(request, CloseBoundariesResponse)


async def watched(caller: Caller) -> None:
    """What `retainer top` does: ask each service of the house where it is, twice a second."""
    while True:
        for service in SERVICES:
            with suppress(grpc.aio.AioRpcError, KeyError):
                await caller.ask_once(DescribeProcessRequest(), DescribeProcessResponse, operated=service)
        await asyncio.sleep(0.5)


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """The version before, as it was committed."""
    folder = tmp_path / "previous"
    folder.mkdir()
    archive = tmp_path / "previous.tar"
    command = ["git", "archive", "--output", str(archive), PREVIOUS]
    if subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip(f"the history of the last release is not here: {PREVIOUS[:10]} is unknown to git")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.fixture
async def versions(
    previous: Path, postgres: PostgresServer, nats: NatsServer, tmp_path: Path, ledger: Ledger, seed: int
) -> AsyncIterator[Versions]:
    async with AsyncExitStack() as stack:
        url = stack.enter_context(fresh_database(postgres))
        said = {
            "RETAINER_STORE_URL": url,
            "RETAINER_KEYS_URL": url,
            "RETAINER_NATS_URL": nats.url,
            "RETAINER_MASTER_KEY": MASTER_KEY,
            "RETAINER_REHEARSAL": "false",
        }
        for name in ("old", "new"):
            (tmp_path / name).mkdir()
        old, new = RunningHouse(tmp_path / "old", **said), RunningHouse(tmp_path / "new", **said)
        old.root = previous
        before = Caller(old, AGENCY)
        shutil.copytree(old.data_dir / "secrets", new.data_dir / "secrets")  # both know the key that signs tokens
        after = Caller(new, AGENCY)
        client = EitherCaller([before, after], random.Random(seed))
        for house in (old, new):
            stack.callback(house.stop)
        stack.push_async_callback(client.close)
        yield Versions(old, new, before, after, client, Load(client, ledger, seed))


async def upgraded_and_back(versions: Versions, nats: NatsServer, record_property: Record, commands: int) -> None:
    old, new, before, after = versions.old, versions.new, versions.before, versions.after
    ledger = versions.load.ledger
    await asyncio.to_thread(old.start)
    versions.client.serving = [before]
    await versions.load.prepare()

    async def upgrade() -> None:
        await versions.busy(commands)
        await versions.both_from(new, after, 2 * commands)
        await versions.only(after, old, commands)

    async def go_back() -> None:
        await versions.both_from(old, before, 2 * commands)
        await versions.only(before, new, commands)

    await versions.load.until(upgrade())
    await figures_agree(after, ledger)
    assert await verified(new) == []
    written = len(ledger.answered)
    await versions.load.until(go_back())
    await figures_agree(before, ledger)
    assert await verified(old) == []
    await bus_equals_stores(old, nats.url)
    await asyncio.to_thread(old.stop)
    await stores_are_whole(old, ledger)
    assert sum((await invoices_are_gapless(old)).values()) == versions.documents
    record_property("acknowledged there", written)
    record_property("and back", len(ledger.answered) - written)
    record_property("invoices", versions.documents)
    record_property("tries at the version before", before.tries.get("OK", 0))
    record_property("at this one", after.tries.get("OK", 0))


async def verified(house: RunningHouse) -> list[str]:
    """What `retainer verify` of its own version finds, beside the running house."""
    command = [sys.executable, "-m", "retainer", "verify"]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=house.root, env=house.environment, capture_output=True, text=True, timeout=120
    )
    return [] if done.returncode == 0 else [done.stdout + done.stderr]


@pytest.mark.faults
@pytest.mark.promise(COSTS_NOBODY, SIDE_BY_SIDE)
@pytest.mark.timeout(300)
async def test_an_upgrade_costs_nobody_anything(versions: Versions, nats: NatsServer, record_property: Record) -> None:
    await upgraded_and_back(versions, nats, record_property, commands=25)


@pytest.mark.long
@pytest.mark.promise(COSTS_NOBODY, SIDE_BY_SIDE)
@pytest.mark.timeout(900)
async def test_an_upgrade_under_a_long_load_costs_nobody_anything(
    versions: Versions, nats: NatsServer, record_property: Record
) -> None:
    await upgraded_and_back(versions, nats, record_property, commands=500)

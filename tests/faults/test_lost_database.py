"""Both PostgreSQL servers are lost with their folders under load, and come back out of their archives; then the house
goes back to a moment before a mistake."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest

from chassis.house import StoreRestored
from chassis.testing import postgres_server
from tests.faults.archived import INTO_PLACE, ArchivedPostgres
from tests.faults.books import bus_equals_stores, figures_agree, opened_store, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load, add_client
from tests.house import SERVICES, RunningHouse
from wire.retainer.contracts.v1.client_pb2 import Client, GetClientRequest
from wire.retainer.timelog.v1.time_entry_pb2 import DeleteTimeRequest, DeleteTimeResponse

BACK_WITHIN_SECONDS = 1800
VERBS_SECONDS = 120
STANDS_STILL_SECONDS = 18.0
"""Longer than any statement of the house may take: a commit that waits is no statement that may be given up."""


@dataclass
class Place:
    """A house with its books on one server and its keys on another, each with an archive."""

    house: RunningHouse
    books: ArchivedPostgres
    keys: ArchivedPostgres

    @property
    def servers(self) -> Sequence[ArchivedPostgres]:
        return (self.books, self.keys)

    def verify(self) -> None:
        self._say("retainer verify")

    def go_back_to(self, moment: str) -> None:
        """What the house had recorded by then, into the place of what it has."""
        then_url = self.books.bring_back(moment)
        self._say(INTO_PLACE.replace("/backups/", f"{self.house.data_dir}/backups/"), THEN_URL=then_url)
        self.books.stop_what_was_brought_back()

    def _say(self, commands: str, **variables: str) -> None:
        """As who runs the house says them."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-ec", commands],
            env={**self.house.environment, "PATH": path, **variables},
            capture_output=True,
            text=True,
            timeout=VERBS_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        archives = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="retainer-archives-")))
        archives.chmod(0o755)  # as root the servers run as another user
        servers = []
        for name in ("books", "keys"):
            (archives / name).mkdir()
            server = ArchivedPostgres(stack.enter_context(postgres_server()), archives / name)
            stack.callback(server.stop_receiver)
            server.begin_archive()
            servers.append(server)
        books, keys = servers
        house = stack.enter_context(RunningHouse(tmp_path, RETAINER_STORE_URL=books.url, RETAINER_KEYS_URL=keys.url))
        yield Place(house, books, keys)


async def nothing_is_answered_that_the_archive_lacks(books: ArchivedPostgres, ledger: Ledger) -> None:
    books.hold_receiver()
    await asyncio.sleep(0.5)  # answers that are on their way
    answered = len(ledger.answered)
    await asyncio.sleep(STANDS_STILL_SECONDS)
    assert len(ledger.answered) == answered, "a command was acknowledged that the archive does not have"
    books.let_receiver_go_on()


@pytest.mark.faults
@pytest.mark.promise(
    "nothing acknowledged is lost with PostgreSQL's archive, and the house is back within 30 minutes",
    "both servers killed with `kill -9` under load and their folders deleted; then back to a moment before a mistake",
)
@pytest.mark.timeout(420)
async def test_lost_servers_come_back_with_all_that_was_acknowledged(
    place: Place, ledger: Ledger, record_property: Record, seed: int
) -> None:
    caller = Caller(place.house, AGENCY)
    load = Load(caller, ledger, seed)
    await load.prepare()

    async def lose_both() -> None:
        await load.answered(60)
        await nothing_is_answered_that_the_archive_lacks(place.books, ledger)
        await add_client(caller, "came-late")  # its key is in no base backup
        await load.answered_more(60)
        began = time.monotonic()
        for server in place.servers:
            server.lose()
        for server in place.servers:
            await asyncio.to_thread(server.recover)
        await load.answered_more(1)
        seconds = time.monotonic() - began
        record_property("back after", f"{seconds:.0f} s")
        assert seconds < BACK_WITHIN_SECONDS
        await load.answered_more(40)

    await load.until(lose_both())
    record_property("acknowledged", len(ledger.answered))
    await figures_agree(caller, ledger)
    late = await caller.ask(GetClientRequest(name="clients/came-late"), Client)
    assert late.display_name == "Unbroken"
    await asyncio.to_thread(place.verify)

    moment, then = await asyncio.to_thread(place.books.now), deepcopy(ledger.entries)
    await make_a_mistake(caller, ledger)
    await caller.drained()
    assert await asyncio.to_thread(place.house.stop) == 0
    await asyncio.to_thread(place.go_back_to, moment)
    ledger.entries = then
    await asyncio.to_thread(place.house.start)
    await figures_agree(caller, ledger)
    await caller.close()
    record_property("messages", await bus_equals_stores(place.house, place.house.bus_url))
    assert await asyncio.to_thread(place.house.stop) == 0
    record_property("facts", await stores_are_whole(place.house, ledger, set_aside=True))
    await nothing_is_noted_but_the_restore(place.house)
    record_property("views rebuilt", await views_are_replays(place.house))
    await asyncio.to_thread(place.verify)


async def make_a_mistake(caller: Caller, ledger: Ledger) -> None:
    """All that was logged is deleted, a second after the moment that one would go back to."""
    await asyncio.sleep(1.0)
    standing = [entry_id for entry_id, entry in ledger.entries.items() if not entry.deleted]
    for entry_id in standing:
        request = DeleteTimeRequest(name=f"entries/{entry_id}", request_id=f"mistake-{entry_id}")
        await caller.ask(request, DeleteTimeResponse)
        ledger.deleted(entry_id)
    assert standing
    await figures_agree(caller, ledger)


async def nothing_is_noted_but_the_restore(house: RunningHouse) -> None:
    """No fact was set aside, and none followed from one that is gone: all four went back to the same moment."""
    for service in SERVICES:
        async with opened_store(house, service) as store:
            assert {type(fact.event) for fact in await store.read_house()} == {StoreRestored}, service

"""What the tests of faults share: a house, a client with books of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from chassis.testing import NatsServer, PostgresServer, nats_server, postgres_server
from tests.faults.caller import Caller
from tests.faults.databases import fresh_database
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY
from tests.faults.loose_house import LooseHouse

Record = Callable[[str, object], None]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    books = Ledger(tmp_path / "ledger.jsonl")
    yield books
    books.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    with nats_server(tmp_path) as server:
        yield server


@pytest.fixture
def loose_house(tmp_path: Path, nats: NatsServer) -> Iterator[LooseHouse]:
    """On SQLite; nothing is started yet."""
    with ExitStack() as stack:
        yield stack.enter_context(LooseHouse(tmp_path, nats))


@pytest.fixture
async def caller(loose_house: LooseHouse) -> AsyncIterator[Caller]:
    async with AsyncExitStack() as stack:
        one = Caller(loose_house, AGENCY)
        stack.push_async_callback(one.close)
        yield one


@pytest.fixture(params=["sqlite", "postgres"])
def house_on(request: pytest.FixtureRequest, tmp_path: Path, nats: NatsServer) -> Iterator[LooseHouse]:
    """On SQLite and on PostgreSQL: stores, views and keys; nothing is started yet."""
    with ExitStack() as stack:
        variables = dict[str, str]()
        if request.param == "postgres":
            server: PostgresServer = request.getfixturevalue("postgres")
            url = stack.enter_context(fresh_database(server))
            variables = {"RETAINER_STORE_URL": url, "RETAINER_KEYS_URL": url}
        yield stack.enter_context(LooseHouse(tmp_path, nats, **variables))

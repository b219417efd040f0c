"""Real databases and a real NATS for the tests of the chassis; each test has a schema and a folder of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.bus import Bus
from chassis.catalog import Catalog
from chassis.store import Store
from chassis.testing import FixedKeys, NatsServer, PostgresServer, nats_server, postgres_server
from tests.chassis.road import OpenBus, Road
from tests.chassis.tally import CATALOG, NOTES


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store can be opened, again and again; on either database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return f"{server.url}&schema=s_{uuid4().hex}"


OpenStore = Callable[..., Awaitable[Store]]


@pytest.fixture
async def open_store(store_url: str) -> AsyncIterator[OpenStore]:
    """Opens stores at one place; several at once are several writers."""
    async with AsyncExitStack() as stack:

        async def open_one(catalog: Catalog = CATALOG, **options: Any) -> Store:
            store = await Store.open(options.pop("url", store_url), catalog, FixedKeys(), **options)
            stack.push_async_callback(store.close)
            return store

        yield open_one


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return await open_store()


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    with nats_server(tmp_path) as server:
        yield server


@pytest.fixture
async def open_bus(nats: NatsServer) -> AsyncIterator[OpenBus]:
    async with AsyncExitStack() as stack:

        async def open_one(name: str) -> Bus:
            bus = Bus(nats.url, name=name)
            await bus.start()
            stack.push_async_callback(bus.stop)
            return bus

        yield open_one


@pytest.fixture
async def road(request: pytest.FixtureRequest, tmp_path: Path, open_bus: OpenBus) -> AsyncIterator[Road]:
    """On SQLite, and on PostgreSQL where a test asks for both (`on_both`)."""
    async with AsyncExitStack() as stack:
        stores = []
        for catalog in (CATALOG, NOTES):
            url = f"sqlite:///{tmp_path}/{catalog.service}.db"
            if getattr(request, "param", "sqlite") == "postgres":
                server: PostgresServer = request.getfixturevalue("postgres")
                url = f"{server.url}&schema={catalog.service}_{uuid4().hex}"
            store = await Store.open(url, catalog, FixedKeys())
            stack.push_async_callback(store.close)
            stores.append(store)
        road = Road(*stores, open_bus)
        stack.push_async_callback(road.stop)
        yield road

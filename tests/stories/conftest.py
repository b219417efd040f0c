"""One house on one PostgreSQL for the stories that need it: it takes a while to start."""

from collections.abc import Iterator

import pytest

from chassis.testing import PostgresServer, postgres_server
from tests.house import RunningHouse

ON_POSTGRES = "house on PostgreSQL"
"""The group whose tests share that house, and so run in one worker."""


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="session")
def house_on_postgres(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    folder = tmp_path_factory.mktemp("on-postgres")
    with RunningHouse(folder, RETAINER_STORE_URL=server.url, RETAINER_KEYS_URL=server.url) as house:
        yield house

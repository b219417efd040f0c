"""A contracts that runs, beside a NATS of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from chassis.testing import NatsServer, nats_server
from tests.contracts.office import Office, office_at


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    with nats_server(tmp_path) as server:
        yield server


@pytest.fixture
async def office(tmp_path: Path, nats: NatsServer) -> AsyncIterator[Office]:
    async with office_at(tmp_path, nats) as opened:
        yield opened

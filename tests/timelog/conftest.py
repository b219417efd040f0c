"""A timelog that runs, beside a NATS of its own; each test speaks for an agency of its own."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from chassis.testing import nats_server
from tests.timelog.studio import Studio, studio_at

_NUMBERS = count(1)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    folder = tmp_path_factory.mktemp("timelog")
    with nats_server(folder) as nats:
        async with studio_at(folder, nats) as opened:
            yield opened


@pytest.fixture
def studio(house: Studio) -> Studio:
    return house.of(f"studio-{next(_NUMBERS)}")

"""An office of billing for each test: real store, views and fold; no bus."""

from collections.abc import AsyncIterator

import pytest

from tests.billing.rehearsal import Office, office


@pytest.fixture
async def nord() -> AsyncIterator[Office]:
    async with office() as opened:
        yield opened

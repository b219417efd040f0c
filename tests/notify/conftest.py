"""A notify service with a channel that is a list."""

from collections.abc import AsyncIterator

import pytest

from tests.notify.office import Mailbox, NotifyOffice, notify_office


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def notify(mailbox: Mailbox) -> AsyncIterator[NotifyOffice]:
    async with notify_office(mailbox) as office:
        yield office

"""The views of contracts on PostgreSQL: the same questions, the same answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.testing import NatsServer, postgres_server
from tests.contracts.domain.stories import agreed, day
from tests.contracts.office import Office, office_at
from tests.contracts.requests import add_client, change, draft, end, pause
from tests.contracts.test_contract_doors import logged
from wire.retainer.contracts.v1.client_pb2 import ListClientsRequest
from wire.retainer.contracts.v1.contract_pb2 import ListContractHistoryRequest, ListContractsRequest

NEW_YEAR = "2026-01-01T12:00:00Z"


@pytest.fixture
async def office(tmp_path: Path, nats: NatsServer) -> AsyncIterator[Office]:
    with postgres_server() as server:
        async with office_at(tmp_path, nats, store_url=server.url, keys_url=server.url) as opened:
            yield opened


async def test_views_answer_alike_on_postgresql(office: Office) -> None:
    for name in ("acme", "umbrella"):
        await office.ask(add_client(name), now=NEW_YEAR)
    await office.ask(draft(), now=NEW_YEAR)
    await office.ask(
        draft(agreed(ends_on="2026-02-11", time_zone="Pacific/Kiritimati"), contract_id="far"), now=NEW_YEAR
    )
    await office.ask(draft(contract_id="plan", activate=False, client="clients/umbrella"), now=NEW_YEAR)
    await office.ask(pause(day(2, 10), day(2, 12)), now=NEW_YEAR)
    await office.ask(change(day(3, 1), client_consents=True), now=NEW_YEAR)
    token = await office.tell(logged(day(2, 20)), logged(day(7, 1), "e2"))
    refusal = await office.refused(pause(day(2, 15), day(2, 25), consistency_token=token), now=NEW_YEAR)
    assert refusal.reason == "BillableTimeInPause"
    assert (await office.refused(end(day(7, 1)), now=NEW_YEAR)).reason == "WorkAfterEnd"

    async def names(text: str, order_by: str = "", page_size: int = 0) -> list[str]:
        asked = ListContractsRequest(filter=text, order_by=order_by, page_size=page_size)
        found = []
        while True:
            reply = await office.ask(asked, now="2026-02-10T12:00:00Z")
            found += [contract.name.removeprefix("contracts/") for contract in reply.contracts]
            if not reply.next_page_token:
                return found
            asked.page_token = reply.next_page_token

    assert await names("", "client desc, starts_on", 1) == ["plan", "far", "web-2026"]
    assert await names("state = paused") == ["web-2026"]
    assert await names("state = ended") == ["far"]
    assert await names("ends_on < 2026-03-01") == ["far"]
    listed = await office.ask(ListClientsRequest(filter="currency = EUR", page_size=1))
    assert [client.name for client in listed.clients] == ["clients/acme"]
    assert listed.next_page_token
    history = await office.ask(ListContractHistoryRequest(contract="contracts/web-2026"))
    assert [event.event for event in history.events][2:] == ["ContractPaused", "TermsChanged"]

"""Renewals and reminders by the clock (R25): each contract by its own zone, catching up after a stop."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from chassis.testing import NatsServer
from services.contracts.scheduler import look
from tests.contracts.domain.stories import agreed
from tests.contracts.office import AGENCY, Office, office_at
from tests.contracts.requests import add_client, draft
from vocabulary.terms import Renewal
from wire.retainer.contracts.v1.contract_pb2 import GetContractRequest, ListContractHistoryRequest

NEW_YEAR = "2026-01-01T12:00:00Z"


async def signed(office: Office, contract_id: str = "web-2026", zone: str = "Europe/Berlin") -> None:
    agreement = agreed(
        time_zone=zone, starts_on="2026-01-01", ends_on="2027-01-01", renews=Renewal(12, remind_days=(60,))
    )
    await office.ask(draft(agreement, contract_id=contract_id), now=NEW_YEAR)


async def happened(office: Office, contract_id: str = "web-2026") -> list[str]:
    """Since it binds."""
    parts = office.running.parts
    await parts.views.wait_for(parts.store.position)
    reply = await office.ask(ListContractHistoryRequest(contract=f"contracts/{contract_id}"))
    return [event.event for event in reply.events][2:]


async def test_each_contract_goes_by_its_own_zone(office: Office) -> None:
    await office.ask(add_client(), now=NEW_YEAR)
    await signed(office, "tokyo", "Asia/Tokyo")
    await signed(office, "lima", "America/Lima")
    looked_at: dict[tuple[str, str], date] = {}
    parts = office.running.parts
    await parts.views.wait_for(parts.store.position)
    await look(parts, datetime(2026, 11, 1, 15, tzinfo=UTC), looked_at)  # midnight of the 2nd in Tokyo
    assert await happened(office, "tokyo") == ["RenewalApproaches"]
    assert await happened(office, "lima") == []
    assert looked_at == {(AGENCY, "tokyo"): date(2026, 11, 2), (AGENCY, "lima"): date(2026, 11, 1)}
    await look(parts, datetime(2026, 11, 2, 5, tzinfo=UTC), looked_at)
    assert await happened(office, "tokyo") == ["RenewalApproaches"]
    assert await happened(office, "lima") == ["RenewalApproaches"]


async def test_after_a_stop_it_catches_up(tmp_path: Path, nats: NatsServer) -> None:
    async with office_at(tmp_path, nats) as office:
        await office.ask(add_client(), now=NEW_YEAR)
        await signed(office)
    later = datetime(2028, 6, 1, 12, tzinfo=UTC)
    async with office_at(tmp_path, nats, clock=later) as office:
        parts = office.running.parts
        async with asyncio.timeout(20):
            while True:
                position = parts.views.position
                if await happened(office):
                    break
                await parts.views.wait_beyond(position)
        assert await happened(office) == ["ContractRenewed", "ContractRenewed"]
        shown = await office.ask(GetContractRequest(name="contracts/web-2026"))
        assert shown.ends_on.year == 2029
        recorded = shown.update_time.ToDatetime(tzinfo=UTC)
        assert later <= recorded < later + timedelta(minutes=5)

"""notify's mail server takes a letter and does not answer for a long time: that costs lag, not memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from google.type.date_pb2 import Date

from chassis.testing import NatsServer
from services.notify.events import NoticeQueued, NoticeSent
from tests.faults.books import bus_equals_stores, facts_of, invoices_are_gapless, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.load import AGENCY, add_contract, weekly_fee
from tests.faults.loose_house import LooseHouse
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest, CloseBoundariesResponse
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, AddClientResponse, Client, Contact

CONTRACTS = 10
BEGIN = date(1970, 1, 1)
GROWTH = 1.1
LAG_NOT_MEMORY = "a slow subscriber costs lag, not memory"
SLEEPS = "notify's mail server sleeps through every letter, while ten contracts are invoiced week by week"


@pytest.fixture
async def sleeping_mail_server() -> AsyncIterator[int]:
    """It greets, and takes whatever is said; what it would answer to a letter never comes."""
    sessions: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        try:
            while line := await reader.readline():
                if line.upper().startswith(b"DATA"):
                    await asyncio.Event().wait()  # asleep
                writer.write(b"250 mail.example\r\n")
        except (OSError, asyncio.CancelledError):
            pass  # the test is over
        finally:
            writer.close()

    def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = asyncio.ensure_future(serve(reader, writer))
        sessions.add(session)
        session.add_done_callback(sessions.discard)

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for session in list(sessions):
        session.cancel()
    await asyncio.gather(*sessions, return_exceptions=True)


@pytest.fixture
async def sleepy_house(tmp_path: Path, nats: NatsServer, sleeping_mail_server: int) -> AsyncIterator[LooseHouse]:
    mail = {
        "RETAINER_SMTP_HOST": "127.0.0.1",
        "RETAINER_SMTP_PORT": str(sleeping_mail_server),
        "RETAINER_SMTP_TLS": "none",
        "RETAINER_MAIL_FROM": "letters@agency.example",
    }
    with LooseHouse(tmp_path, nats, **mail) as house:
        yield house


def memory_kib(pid: int) -> int:
    """What the process has for itself, its share of what it shares included."""
    rolled_up = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rolled_up.splitlines() if line.startswith("Pss:"))


async def invoiced_for(house: LooseHouse, record_property: Record, seconds: float) -> None:
    await asyncio.to_thread(house.start)
    caller = Caller(house, AGENCY)
    contact = Contact(contact_id="anna", display_name="Anna", email="anna@client.example")
    for number in range(CONTRACTS):
        client = Client(display_name=f"Client {number}", currency_code="EUR", contacts=[contact])
        await caller.ask(AddClientRequest(client_id=f"c{number}", client=client), AddClientResponse)
        await add_contract(caller, f"c{number}", weekly_fee(), BEGIN.isoformat(), client_id=f"c{number}")
    await caller.drained()

    began, memory = time.monotonic(), dict[str, list[int]]()
    weeks = 0
    while (lasted := time.monotonic() - began) < seconds:
        day = BEGIN + timedelta(weeks=weeks)
        assert day < date(2026, 1, 1), "there are no weeks left to invoice"
        request = CloseBoundariesRequest(through=Date(year=day.year, month=day.month, day=day.day))
        await caller.ask(request, CloseBoundariesResponse)
        weeks += 1
        if lasted > seconds / 3:
            memory.setdefault("notify", []).append(memory_kib(house.pid("notify")))
            memory.setdefault("nats", []).append(memory_kib(house.nats.pid))
    assert len(memory) == 2
    await caller.drained()
    grown = {name: (sum(taken[-3:]) / 3) / (sum(taken[:3]) / 3) for name, taken in memory.items()}
    for name, times in grown.items():
        record_property(f"{name}: end / third", f"{times:.3f}")
    # What nats-server holds in memory follows how much it was told, whoever listens; notify is the one that is slow.
    assert grown["notify"] <= GROWTH, f"notify grew: {memory['notify']}"
    await caller.close()
    await bus_equals_stores(house, house.nats.url)
    await asyncio.to_thread(house.stop_all)
    await stores_are_whole(house)
    issued = sum((await invoices_are_gapless(house)).values())
    facts = await facts_of(house, "notify")
    told = sum(isinstance(fact.event, NoticeQueued) for fact in facts)
    sent = sum(isinstance(fact.event, NoticeSent) for fact in facts)
    record_property("invoices", issued)
    record_property("letters waiting", told - sent)
    assert (issued, sent) == (weeks * CONTRACTS, 0)
    assert told == issued  # queued once each, though none goes out
    await views_are_replays(house)


@pytest.mark.faults
@pytest.mark.promise(LAG_NOT_MEMORY, SLEEPS)
@pytest.mark.timeout(240)
async def test_a_mail_server_that_sleeps_costs_lag(sleepy_house: LooseHouse, record_property: Record) -> None:
    await invoiced_for(sleepy_house, record_property, seconds=30)


@pytest.mark.long
@pytest.mark.promise(LAG_NOT_MEMORY, SLEEPS)
@pytest.mark.timeout(1200)
async def test_a_mail_server_that_sleeps_for_minutes_costs_lag(
    sleepy_house: LooseHouse, record_property: Record
) -> None:
    await invoiced_for(sleepy_house, record_property, seconds=300)

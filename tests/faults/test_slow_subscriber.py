"""notify's mail server takes letters and then none any more, and does not say so: that costs lag, not memory."""

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
WEEKS = (date(2026, 1, 1) - BEGIN).days // 7
"""All that there are to invoice. A quick machine would be through with them in less than five minutes, so they are
spread over the time that the server sleeps."""
GROWTH = 1.1
AWAKE = 100
"""Letters that go out before the mail server falls asleep: what a process takes once, it has taken then."""
LAG_NOT_MEMORY = "a slow subscriber costs lag, not memory"
SLEEPS = "notify's mail server falls asleep and answers no letter more, while ten contracts are invoiced week by week"


class MailServer:
    """It greets, and takes whatever is said. While it sleeps, what it would answer to a letter never comes."""

    def __init__(self) -> None:
        self.asleep = False
        self.taken = 0
        """Letters that it said it has."""
        self._sessions: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "MailServer":
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for session in list(self._sessions):
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = asyncio.ensure_future(self._serve(reader, writer))
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        try:
            while line := await reader.readline():
                if line.upper().startswith(b"DATA"):
                    await self._take_letter(reader, writer)
                writer.write(b"250 mail.example\r\n")
        except (OSError, asyncio.CancelledError):
            pass  # the test is over
        finally:
            writer.close()

    async def _take_letter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.asleep:
            await asyncio.Event().wait()
        writer.write(b"354 go on\r\n")
        while await reader.readline() != b".\r\n":
            continue
        self.taken += 1


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with MailServer() as server:
        yield server


@pytest.fixture
async def sleepy_house(tmp_path: Path, nats: NatsServer, mail_server: MailServer) -> AsyncIterator[LooseHouse]:
    mail = {
        "RETAINER_SMTP_HOST": "127.0.0.1",
        "RETAINER_SMTP_PORT": str(mail_server.port),
        "RETAINER_SMTP_TLS": "none",
        "RETAINER_MAIL_FROM": "letters@agency.example",
    }
    with LooseHouse(tmp_path, nats, **mail) as house:
        yield house


def memory_kib(pid: int) -> int:
    """What the process holds besides its files: that of these would change with who else runs them."""
    rolled_up = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rolled_up.splitlines() if line.startswith("Anonymous:"))


async def invoiced_for(
    house: LooseHouse, mail_server: MailServer, record_property: Record, seconds: float, letters: int
) -> None:
    """Week by week: until `AWAKE` letters went out, then for so many seconds in which none does. In the end at least so
    many letters wait."""
    await asyncio.to_thread(house.start)
    caller = Caller(house, AGENCY)
    contact = Contact(contact_id="anna", display_name="Anna", email="anna@client.example")
    for number in range(CONTRACTS):
        client = Client(display_name=f"Client {number}", currency_code="EUR", contacts=[contact])
        await caller.ask(AddClientRequest(client_id=f"c{number}", client=client), AddClientResponse)
        await add_contract(caller, f"c{number}", weekly_fee(), BEGIN.isoformat(), client_id=f"c{number}")
    await caller.drained()

    weeks = 0
    while mail_server.taken < AWAKE:
        await invoice_week(caller, weeks)
        weeks += 1
    mail_server.asleep = True
    began, memory = time.monotonic(), dict[str, list[int]]()
    first, apart = weeks, seconds / (WEEKS - weeks)
    while (lasted := time.monotonic() - began) < seconds:
        await asyncio.sleep((weeks - first) * apart - lasted)
        await invoice_week(caller, weeks)
        weeks += 1
        if lasted > seconds / 3:
            memory.setdefault("notify", []).append(memory_kib(house.pid("notify")))
            memory.setdefault("nats", []).append(memory_kib(house.nats.pid))
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
    assert (issued, sent) == (weeks * CONTRACTS, mail_server.taken)
    assert told == issued  # queued once each, though none goes out any more
    assert told - sent >= letters
    await views_are_replays(house, busy=True)  # documents were drawn to the end


async def invoice_week(caller: Caller, number: int) -> None:
    assert number < WEEKS, "there are no weeks left to invoice"
    day = BEGIN + timedelta(weeks=number)
    request = CloseBoundariesRequest(through=Date(year=day.year, month=day.month, day=day.day))
    await caller.ask(request, CloseBoundariesResponse)


@pytest.mark.faults
@pytest.mark.promise(LAG_NOT_MEMORY, SLEEPS)
@pytest.mark.timeout(240)
async def test_a_mail_server_that_sleeps_costs_lag(
    sleepy_house: LooseHouse, mail_server: MailServer, record_property: Record
) -> None:
    await invoiced_for(sleepy_house, mail_server, record_property, seconds=18, letters=300)


@pytest.mark.long
@pytest.mark.promise(LAG_NOT_MEMORY, SLEEPS)
@pytest.mark.timeout(1200)
async def test_a_mail_server_that_sleeps_for_minutes_costs_lag(
    sleepy_house: LooseHouse, mail_server: MailServer, record_property: Record
) -> None:
    await invoiced_for(sleepy_house, mail_server, record_property, seconds=300, letters=2_000)

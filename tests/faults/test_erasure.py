"""A person and a client are erased, and the service dies between the key and the fact: they stay erased."""

import asyncio
import signal
from contextlib import closing
from time import monotonic

import grpc
import psycopg
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from google.type.date_pb2 import Date
from psycopg import sql

from chassis.answers import DETAILS
from chassis.auth import Role
from services.contracts.events import ClientErased
from services.timelog.events import PersonErased, TimeLogged
from tests.faults.books import bus_equals_stores, facts_of, stores_are_whole, views_are_replays
from tests.faults.caller import Caller, Reply
from tests.faults.conftest import Record
from tests.faults.load import AGENCY, add_contract, yearly_hours
from tests.faults.loose_house import LooseHouse
from tests.traces import spellings, traces
from vocabulary.fact import Fact
from wire.retainer.billing.v1.budget_pb2 import Budget, GetBudgetRequest
from wire.retainer.contracts.v1.client_pb2 import (
    AddClientRequest,
    AddClientResponse,
    Client,
    Contact,
    EraseClientRequest,
    EraseClientResponse,
    GetClientRequest,
)
from wire.retainer.notify.v1.letter_pb2 import ListLettersRequest, ListLettersResponse
from wire.retainer.timelog.v1 import time_entry_pb2 as time
from wire.retainer.timelog.v1.person_pb2 import (
    AddPersonRequest,
    AddPersonResponse,
    ErasePersonRequest,
    ErasePersonResponse,
    GetPersonRequest,
    Person,
)

WORD = "Zyxdiedbetweenq"
WITHIN_SECONDS = 30.0
GONE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)
STAYS_ERASED = "an erased person stays erased"


async def known(caller: Caller) -> None:
    """A client with a contact and no contract, a person with time for another client; what is theirs holds the word."""
    contact = Contact(contact_id="ida", display_name=f"{WORD} Ida", email=f"{WORD.lower()}@gone.example")
    gone = Client(display_name=f"{WORD} GmbH", currency_code="EUR", contacts=[contact])
    await caller.ask(AddClientRequest(client_id="gone", client=gone), AddClientResponse)
    await caller.ask(
        AddClientRequest(client_id="stays", client=Client(display_name="Stays", currency_code="EUR")), AddClientResponse
    )
    token = await add_contract(caller, "web", yearly_hours(), "2026-01-01", client_id="stays")
    person = Person(display_name=f"{WORD} Gustav", email=f"{WORD.lower()}@studio.example")
    await caller.ask(AddPersonRequest(person_id="gustav", person=person), AddPersonResponse)
    await caller.ask(logged("before", note=f"{WORD} was here", token=token), time.LogTimeResponse)
    await caller.drained()


def logged(entry_id: str, *, note: str = "", token: str = "") -> time.LogTimeRequest:
    entry = time.TimeEntry(
        contract="contracts/web",
        person="people/gustav",
        work_date=Date(year=2026, month=2, day=3),
        worked=Duration(seconds=3600),
        note=note,
    )
    return time.LogTimeRequest(entry_id=entry_id, entry=entry, consistency_token=token)


async def shown(caller: Caller) -> str:
    """All that callers are shown of both."""
    person = await caller.ask(GetPersonRequest(name="people/gustav"), Person)
    entry = await caller.ask(time.GetTimeEntryRequest(name="entries/before"), time.TimeEntry)
    client = await caller.ask(GetClientRequest(name="clients/gone"), Client)
    return f"{person} {entry} {client}"


async def dies_of(
    house: LooseHouse, service: str, point: str, caller: Caller, order: Message, reply: type[Reply]
) -> None:
    """The service dies at the point while it obeys; nobody was answered. It is started again, and nobody repeats."""
    await caller.drained()
    await asyncio.to_thread(house.stop, service)
    house.begin(service, **{f"RETAINER_SERVICES__{service.upper()}__CRASH_AT": point})
    await asyncio.to_thread(house.wait_ready, service)
    with pytest.raises(grpc.aio.AioRpcError) as died:
        await caller.ask_once(order, reply)
    assert died.value.code() in GONE
    assert await asyncio.to_thread(house.wait_dead, service) == -signal.SIGKILL
    await asyncio.to_thread(house.start, service)


async def told(house: LooseHouse, service: str, kind: type[Fact]) -> None:
    """The fact stands in the store, once, though nobody repeated the order."""
    until = monotonic() + WITHIN_SECONDS
    while not (found := [fact for fact in await facts_of(house, service) if isinstance(fact.event, kind)]):
        assert monotonic() < until, f"{kind.__name__} was never recorded"
        await asyncio.sleep(0.2)
    assert len(found) == 1


def reason_of(error: grpc.aio.AioRpcError) -> str:
    """The refusal's name."""
    info = ErrorInfo()
    for detail in Status.FromString(bytes(dict(error.trailing_metadata() or ()).get(DETAILS, b""))).details:
        detail.Unpack(info)
    return info.reason


async def refused(caller: Caller, request: Message, reply: type[Reply]) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await caller.ask_once(request, reply)
    return error.value.code(), reason_of(error.value)


async def no_token_is_good(bearer: Caller) -> None:
    """Within seconds no service takes it, for whatever it asks."""
    asked: list[tuple[Message, type[Message]]] = [
        (GetClientRequest(name="clients/stays"), Client),
        (time.GetTimeEntryRequest(name="entries/before"), time.TimeEntry),
        (GetBudgetRequest(contract="contracts/web"), Budget),
        (ListLettersRequest(), ListLettersResponse),
    ]
    for request, reply in asked:
        until = monotonic() + WITHIN_SECONDS
        while (await refused_or_none(bearer, request, reply)) != "TokenInvalid":
            assert monotonic() < until, f"{type(request).__name__} is answered still"
            await asyncio.sleep(0.2)


async def refused_or_none(caller: Caller, request: Message, reply: type[Message]) -> str:
    try:
        await caller.ask_once(request, reply)
    except grpc.aio.AioRpcError as error:
        return reason_of(error)
    return ""


def rows_with(url: str, word: str) -> list[str]:
    """Tables of a database in which the word stands, however it is spelt, and keys that are there still."""
    wanted = [spelt.decode("latin-1") for spelt in spellings(word)] + [spelt.hex() for spelt in spellings(word)]
    found = []
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
        ).fetchall()
        assert len(tables) > 20, "stores, views and keys are in this database"
        for schema, table in tables:
            query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table))
            for (row,) in connection.execute(query):
                if any(spelt in row for spelt in wanted):
                    found.append(f"{schema}.{table}: {row[:200]}")
    return found


@pytest.mark.faults
@pytest.mark.promise(STAYS_ERASED, "the service dies before and after the fact that follows the key (`CRASH_AT`)")
@pytest.mark.timeout(240)
async def test_who_was_half_erased_stays_erased(house_on: LooseHouse, record_property: Record) -> None:
    house = house_on
    await asyncio.to_thread(house.start)
    caller = Caller(house, AGENCY)
    gustav = Caller(house, AGENCY, role=Role.MEMBER, subject="gustav")
    guest = Caller(house, AGENCY, role=Role.GUEST, subject="ida", client="gone")
    await known(caller)
    assert (await shown(caller)).count(WORD) == 4
    await gustav.ask(time.GetTimeEntryRequest(name="entries/before"), time.TimeEntry)
    await guest.ask(GetClientRequest(name="clients/gone"), Client)

    person, client = ErasePersonRequest(name="people/gustav"), EraseClientRequest(name="clients/gone")
    await dies_of(house, "timelog", "append.before:1", caller, person, ErasePersonResponse)
    await told(house, "timelog", PersonErased)
    await dies_of(house, "contracts", "append.before:1", caller, client, EraseClientResponse)
    await told(house, "contracts", ClientErased)

    assert await refused(caller, logged("after"), time.LogTimeResponse) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "PersonIsErased",
    )
    for bearer in (gustav, guest):
        await no_token_is_good(bearer)
    await dies_of(house, "timelog", "append.after:1", caller, person, ErasePersonResponse)
    await dies_of(house, "contracts", "append.after:1", caller, client, EraseClientResponse)
    await caller.ask(person, ErasePersonResponse)  # and again is no refusal
    await caller.ask(client, EraseClientResponse)

    await caller.drained()
    assert WORD not in await shown(caller)
    await bus_equals_stores(house, house.nats.url)
    for one in (caller, gustav, guest):
        await one.close()
    await asyncio.to_thread(house.stop_all)
    facts = await facts_of(house, "timelog")
    assert [fact.stream for fact in facts if isinstance(fact.event, TimeLogged)] == [f"{AGENCY}/entry/before"]
    await stores_are_whole(house)
    await views_are_replays(house)
    for word in (WORD, WORD.lower()):
        assert traces(house.data_dir, word) == []
        if url := house.environment.get("RETAINER_STORE_URL"):
            assert rows_with(url, word) == []
    record_property("crashes", 4)

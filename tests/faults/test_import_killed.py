"""timelog dies in the middle of an import: all of its rows are there, or none."""

import asyncio
import random
import signal
from datetime import timedelta

import grpc
import pytest

from services.timelog.events import TimeLogged
from tests.faults.books import bus_equals_stores, facts_of, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.load import BEGAN_ON, PERSON, add_client, add_contract, yearly_hours
from tests.faults.loose_house import LooseHouse
from wire.retainer.billing.v1.budget_pb2 import Budget, GetBudgetRequest
from wire.retainer.timelog.v1 import import_pb2 as messages
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, AddPersonResponse, Person

ROWS = 3000
CONTRACT = "contracts/web"
HEAD = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount"
)
SECONDS = 90


def time_sheet() -> bytes:
    """One minute each, a different one for every row."""
    lines = [HEAD]
    for number in range(ROWS):
        day, minute = BEGAN_ON + timedelta(days=number % 30), number // 30
        begin, end = (f"{8 + at // 60:02}:{at % 60:02}:00" for at in (minute, minute + 1))
        lines.append(f"Anna,anna@x.example,Acme,Web,,Row {number},Yes,{day},{begin},{day},{end},00:01:00,,")
    return "\n".join(lines).encode()


def whole_import() -> messages.ApplyImportRequest:
    options = messages.ImportOptions(
        time_zone="UTC",
        contracts=[messages.ContractMapping(client="Acme", project="Web", contract=CONTRACT)],
        people=[messages.PersonMapping(user="anna@x.example", person=PERSON)],
    )
    return messages.ApplyImportRequest(
        source="toggl", content=time_sheet(), options=options, request_id="import", import_id="sheet"
    )


async def logged(house: LooseHouse) -> int:
    return sum(isinstance(fact.event, TimeLogged) for fact in await facts_of(house, "timelog"))


@pytest.mark.faults
@pytest.mark.promise("an import is whole or not there", "timelog killed in the middle of it, and around its commit")
@pytest.mark.timeout(300)
async def test_an_import_that_is_killed_is_whole_or_not_there(
    loose_house: LooseHouse, caller: Caller, record_property: Record, seed: int
) -> None:
    chance = random.Random(seed)
    await asyncio.to_thread(loose_house.start)
    await add_client(caller)
    await add_contract(caller, "web", yearly_hours(), BEGAN_ON.isoformat())
    person = AddPersonRequest(person_id="anna", person=Person(display_name="Anna"), request_id="anna")
    await caller.ask(person, AddPersonResponse)
    await caller.drained()
    request = whole_import()

    for _ in range(3):
        importing = asyncio.create_task(caller.ask_once(request, messages.ApplyImportResponse, seconds=SECONDS))
        await asyncio.sleep(chance.uniform(0.05, 0.6))  # somewhere in the middle of it
        await asyncio.to_thread(loose_house.kill, "timelog")
        await asyncio.gather(importing, return_exceptions=True)
        assert await logged(loose_house) in (0, ROWS)
        await asyncio.to_thread(loose_house.start, "timelog")
    for point, rows in (("append.before", 0), ("append.after", ROWS)):
        already = await logged(loose_house)
        await asyncio.to_thread(loose_house.kill, "timelog")
        await asyncio.to_thread(loose_house.start, "timelog", RETAINER_SERVICES__TIMELOG__CRASH_AT=point)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await caller.ask_once(request, messages.ApplyImportResponse, seconds=SECONDS)
        assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
        assert loose_house.wait_dead("timelog") == -signal.SIGKILL
        assert await logged(loose_house) == max(rows, already)
        await asyncio.to_thread(loose_house.start, "timelog")

    await caller.ask_once(request, messages.ApplyImportResponse, seconds=SECONDS)
    assert await logged(loose_house) == ROWS
    await caller.drained()
    budget = await caller.ask(GetBudgetRequest(contract=CONTRACT), Budget)
    assert sum(period.used.time.seconds for period in budget.periods) == 60 * ROWS
    record_property("kills", 5)
    record_property("rows", ROWS)
    await bus_equals_stores(loose_house, loose_house.nats.url)
    await asyncio.to_thread(loose_house.stop_all)
    await stores_are_whole(loose_house)
    await views_are_replays(loose_house)

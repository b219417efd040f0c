"""SIGTERM with two hundred calls in flight: all are answered or cleanly refused, and the process goes in time."""

import asyncio
import time
from base64 import urlsafe_b64encode
from collections import Counter

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.type.date_pb2 import Date

from services.timelog.events import TimeLogged
from tests.faults.books import facts_of, stores_are_whole
from tests.faults.caller import Caller, allowed
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import BEGAN_ON, PERSON, Load
from tests.faults.loose_house import LooseHouse
from wire.retainer.operations.v1.operations_pb2 import DescribeProcessResponse
from wire.retainer.timelog.v1 import time_entry_pb2 as messages

IN_FLIGHT = 200
GRACE_SECONDS = 3.0
"""As the house of a test has it."""
STOPPING_SECONDS = 3.0
"""For what is stopped after the door: loops, bus, store, interpreter."""


@pytest.mark.faults
@pytest.mark.promise("stopping loses nothing", "SIGTERM with 200 calls in flight, ten of which would last a minute")
@pytest.mark.timeout(180)
async def test_stopping_with_two_hundred_calls_in_flight_loses_nothing(
    loose_house: LooseHouse, caller: Caller, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await asyncio.to_thread(loose_house.start)
    await Load(caller, ledger, seed, contracts=1).prepare()
    answered: list[str] = []
    refused: list[tuple[grpc.StatusCode, str | None]] = []
    in_flight = 0

    async def log(number: int) -> None:
        nonlocal in_flight
        while True:
            entry_id = f"s{number}-{len(answered)}"
            request = messages.LogTimeRequest(entry_id=entry_id, entry=some_entry(), request_id=entry_id)
            in_flight += 1
            try:
                await caller.ask_once(request, messages.LogTimeResponse, seconds=60)
                answered.append(entry_id)
            except grpc.aio.AioRpcError as error:
                refused.append((error.code(), error.details()))
                return
            finally:
                in_flight -= 1

    async def wait_for_what_never_comes() -> None:
        """A call that waits for a position in the far future lasts as long as its deadline lets it."""
        token = far_token(await caller.describe("timelog"))
        request = messages.ListTimeEntriesRequest(consistency_token=token)
        try:
            await caller.ask_once(request, messages.ListTimeEntriesResponse, seconds=60)
        except grpc.aio.AioRpcError as error:
            refused.append((error.code(), error.details()))

    calls = [asyncio.create_task(log(number)) for number in range(IN_FLIGHT - 10)]
    calls += [asyncio.create_task(wait_for_what_never_comes()) for _ in range(10)]
    while len(answered) < 3 * IN_FLIGHT:
        await asyncio.sleep(0.01)
    record_property("in flight", in_flight + 10)
    began = time.monotonic()
    status = await asyncio.to_thread(loose_house.stop, "timelog")
    took = time.monotonic() - began
    await asyncio.gather(*calls)
    record_property("answered", len(answered))
    record_property("refused", len(refused))
    record_property("seconds", f"{took:.1f}")
    assert status == 0
    assert took < allowed(GRACE_SECONDS + STOPPING_SECONDS)
    assert {code for code, _ in refused} == {grpc.StatusCode.UNAVAILABLE}, Counter(refused)
    await asyncio.to_thread(loose_house.stop_all)
    await stores_are_whole(loose_house)
    kept = set(await entries_of(loose_house))
    assert set(answered) <= kept
    assert len(kept) <= len(answered) + len(refused)


def some_entry() -> messages.TimeEntry:
    day = Date(year=BEGAN_ON.year, month=BEGAN_ON.month, day=BEGAN_ON.day)
    return messages.TimeEntry(contract="contracts/c0", person=PERSON, work_date=day, worked=Duration(seconds=60))


def far_token(told: DescribeProcessResponse) -> str:
    text = f"{told.service}.{told.epoch}.{told.store_position + 10_000_000}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


async def entries_of(house: LooseHouse) -> list[str]:
    facts = await facts_of(house, "timelog")
    return [str(fact.event.entry_id) for fact in facts if isinstance(fact.event, TimeLogged)]

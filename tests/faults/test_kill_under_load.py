"""Every process of the house is killed while time is logged: what was acknowledged is there, and counted once.

Each caller writes what it is about to say before it says it, repeats with the same request id until it is answered,
and notes the answer. In the end the three books must agree: the callers', timelog's entries, billing's figures.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from messages.terms import agreement_message
from retainer.client import call_of
from tests.house import RunningHouse
from vocabulary.duration import Minutes
from vocabulary.terms import Agreement, Cycle, Hours, Overage, OveragePolicy, Terms
from wire.retainer.billing.v1.budget_pb2 import Budget, GetBudgetRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, AddClientResponse, Client
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest, DraftContractResponse
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, AddPersonResponse, Person
from wire.retainer.timelog.v1.time_entry_pb2 import (
    ListTimeEntriesRequest,
    ListTimeEntriesResponse,
    LogTimeRequest,
    LogTimeResponse,
    TimeEntry,
)

AGENCY = "survivors"
CONTRACT = "contracts/unbroken"
CALLERS = 8
REPEATED = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.UNAUTHENTICATED,  # while a service is dead, another house may answer at its port
)
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


Reply = TypeVar("Reply", bound=Message)


class Caller:
    """Calls until it is answered, over whatever dies; one request id for each command."""

    def __init__(self, house: RunningHouse) -> None:
        self._house = house
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._metadata = house.metadata(AGENCY)

    async def ask(self, request: Message, reply: type[Reply], patience_seconds: float = 60.0) -> Reply:
        call, service = call_of(request)
        until = asyncio.get_running_loop().time() + patience_seconds
        while True:
            try:
                ask = self._channel(service).unary_unary(
                    call, request_serializer=type(request).SerializeToString, response_deserializer=reply.FromString
                )
                answer: Reply = await ask(request, timeout=5, metadata=self._metadata)
            except grpc.aio.AioRpcError as error:
                if error.code() not in REPEATED or asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(0.05)  # the caller's own patience between two tries
            else:
                return answer

    def _channel(self, service: str) -> grpc.aio.Channel:
        address = self._house.address(service)
        if address not in self._channels:
            self._channels[address] = grpc.aio.insecure_channel(
                address, options=(("grpc.max_reconnect_backoff_ms", 200), ("grpc.initial_reconnect_backoff_ms", 50))
            )
        return self._channels[address]

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()


@pytest.fixture
async def caller(house_of_its_own: RunningHouse) -> AsyncIterator[Caller]:
    one = Caller(house_of_its_own)
    yield one
    await one.close()


@pytest.fixture
def house_of_its_own(tmp_path: Path) -> Iterator[RunningHouse]:
    with RunningHouse(tmp_path) as house:
        yield house


async def a_contract(caller: Caller) -> str:
    """A client, a contract and a person; returns the token that makes the contract known to timelog."""
    client = Client(display_name="Unbroken", currency_code="EUR")
    await caller.ask(AddClientRequest(client_id="acme", client=client), AddClientResponse)
    terms = Terms(
        cycle=Cycle.YEAR,
        allowance=Hours(minutes=Minutes(60 * 1000)),
        overage=Overage(policy=OveragePolicy.STOP),
    )
    starts_on = (NOON - timedelta(days=30)).date().isoformat()
    agreement = Agreement(currency="EUR", time_zone="UTC", starts_on=starts_on, terms=terms)
    drafted = await caller.ask(
        DraftContractRequest(
            contract_id="unbroken",
            client="clients/acme",
            title="Unbroken",
            agreement=agreement_message(agreement),
            activate=True,
        ),
        DraftContractResponse,
    )
    await caller.ask(AddPersonRequest(person_id="anna", person=Person(display_name="Anna")), AddPersonResponse)
    return drafted.receipt.consistency_token


def entry(minutes: int) -> TimeEntry:
    start = Timestamp()
    start.FromDatetime(NOON)
    return TimeEntry(contract=CONTRACT, person="people/anna", start_time=start, worked=Duration(seconds=60 * minutes))


class Books:
    """What the callers say of themselves: written before a command is sent, and after it was answered."""

    def __init__(self) -> None:
        self.said: dict[str, int] = {}
        self.answered: dict[str, str] = {}
        self._more = asyncio.Condition()

    async def log(self, caller: Caller, entry_id: str, minutes: int, token: str) -> None:
        self.said[entry_id] = minutes
        request = LogTimeRequest(
            entry_id=entry_id, entry=entry(minutes), request_id=f"log-{entry_id}", consistency_token=token
        )
        answer = await caller.ask(request, LogTimeResponse)
        self.answered[entry_id] = answer.receipt.consistency_token
        async with self._more:
            self._more.notify_all()

    async def wait_for(self, answered: int) -> None:
        async with self._more:
            await self._more.wait_for(lambda: len(self.answered) >= answered)

    async def keep_logging(self, caller: Caller, name: int, token: str, done: asyncio.Event) -> None:
        count = 0
        while not done.is_set():
            await self.log(caller, f"c{name}-{count}", 1 + count % 7, token)
            count += 1


async def check(caller: Caller, books: Books) -> None:
    """Three books, one truth. Figures are read once billing has seen the last thing that was acknowledged."""
    token = books.answered[max(books.answered)]
    kept: dict[str, int] = {}
    listing = ListTimeEntriesRequest(page_size=500, filter=f'contract = "{CONTRACT}"', consistency_token=token)
    while True:
        page = await caller.ask(listing, ListTimeEntriesResponse)
        for one in page.entries:
            entry_id = one.name.removeprefix("entries/")
            assert entry_id not in kept, f"{entry_id} is listed twice"
            kept[entry_id] = one.worked.seconds // 60
        if not page.next_page_token:
            break
        listing.page_token = page.next_page_token
    assert kept == books.said
    for token in books.answered.values():
        await caller.ask(GetBudgetRequest(contract=CONTRACT, consistency_token=token), Budget)
    budget = await caller.ask(GetBudgetRequest(contract=CONTRACT), Budget)
    used = sum(period.used.time.seconds // 60 for period in budget.periods)
    counted = sum(period.entries for period in budget.periods)
    assert (counted, used) == (len(kept), sum(kept.values()))


async def under_load(house: RunningHouse, caller: Caller, victims: list[str], least: int, seed: int) -> Books:
    """Kill one after the other while callers go on, until `least` commands were answered."""
    token = await a_contract(caller)
    books, done, chance = Books(), asyncio.Event(), random.Random(seed)

    async def kill_them_all() -> None:
        for victim in victims:
            await books.wait_for(len(books.answered) + chance.randint(20, 60))
            house.kill(victim)
            if victim == "up":
                await asyncio.to_thread(house.start)
        await books.wait_for(least)
        done.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(kill_them_all())
        for name in range(CALLERS):
            group.create_task(books.keep_logging(caller, name, token, done))
    return books


@pytest.mark.timeout(150)
async def test_each_process_killed_once_loses_nothing(house_of_its_own: RunningHouse, caller: Caller) -> None:
    victims = ["timelog", "billing", "nats", "contracts", "notify", "up"]
    books = await under_load(house_of_its_own, caller, victims, least=400, seed=20260107)
    await check(caller, books)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_ten_thousand_commands_and_a_kill_every_few_seconds(
    house_of_its_own: RunningHouse, caller: Caller
) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    victims = random.Random(seed).choices(["timelog", "billing", "contracts", "notify", "nats", "up"], k=24)
    books = await under_load(house_of_its_own, caller, victims, least=10_000, seed=seed)
    await check(caller, books)

"""Callers who log, correct and delete time on several contracts, each command one to four times at once."""

import asyncio
import random
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from messages.terms import agreement_message
from tests.faults.caller import Caller
from tests.faults.ledger import Ledger
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.terms import Agreement, Cycle, Fee, Hours, Overage, OveragePolicy, Terms
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, AddClientResponse, Client
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest, DraftContractResponse
from wire.retainer.receipt.v1.receipt_pb2 import Receipt
from wire.retainer.timelog.v1 import time_entry_pb2 as time
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, AddPersonResponse, Person

AGENCY = "survivors"
PERSON = "people/anna"
CALLERS = 8
MOST_COPIES = 4
BEGAN_ON = (datetime.now(UTC) - timedelta(days=31)).date()


class Answer(Protocol):
    @property
    def receipt(self) -> Receipt: ...


async def add_client(caller: Caller, client_id: str = "acme") -> None:
    client = Client(display_name="Unbroken", currency_code="EUR")
    await caller.ask(AddClientRequest(client_id=client_id, client=client, request_id=client_id), AddClientResponse)


async def add_contract(caller: Caller, contract_id: str, terms: Terms, starts_on: str, client_id: str = "acme") -> str:
    """An active contract; returns the token that makes it known elsewhere."""
    agreement = Agreement(currency="EUR", time_zone="UTC", starts_on=starts_on, terms=terms)
    request = DraftContractRequest(
        contract_id=contract_id,
        client=f"clients/{client_id}",
        title=contract_id.capitalize(),
        agreement=agreement_message(agreement),
        activate=True,
        request_id=contract_id,
    )
    return (await caller.ask(request, DraftContractResponse)).receipt.consistency_token


def yearly_hours() -> Terms:
    """So many that no load uses them up."""
    stop = Overage(policy=OveragePolicy.STOP)
    return Terms(cycle=Cycle.YEAR, allowance=Hours(minutes=Minutes(60 * 100_000)), overage=stop)


def monthly_fee() -> Terms:
    return Terms(cycle=Cycle.MONTH, fee=Fee(amount=Minor(100_00)))


def weekly_fee() -> Terms:
    return Terms(cycle=Cycle.WEEK, fee=Fee(amount=Minor(25_00)))


class Load:
    """`prepare`, then `until` something else is done; what was said and answered stands in the ledger."""

    def __init__(self, caller: Caller, ledger: Ledger, seed: int, contracts: int = 4) -> None:
        self._caller = caller
        self.ledger = ledger
        self.contracts = [f"contracts/c{number}" for number in range(contracts)]
        self._chance = random.Random(seed)
        self._token = ""
        self._more = asyncio.Condition()

    async def prepare(self) -> None:
        await add_client(self._caller)
        for name in self.contracts:
            self._token = await add_contract(
                self._caller, name.removeprefix("contracts/"), yearly_hours(), BEGAN_ON.isoformat()
            )
        person = Person(display_name="Anna")
        await self._caller.ask(AddPersonRequest(person_id="anna", person=person, request_id="anna"), AddPersonResponse)

    async def until(
        self, disturbance: Coroutine[Any, Any, None], least: int = 0, *, pause_seconds: float = 0.0
    ) -> None:
        """Call until the disturbance is over and at least so many commands were answered; each caller pauses so long
        between two entries of his."""
        done = asyncio.Event()

        async def disturb() -> None:
            await disturbance
            await self.answered(least)
            done.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(disturb())
            for number in range(CALLERS):
                group.create_task(self._call_on(number, random.Random(self._chance.random()), done, pause_seconds))

    async def answered(self, least: int) -> None:
        async with self._more:
            await self._more.wait_for(lambda: len(self.ledger.answered) >= least)

    async def answered_more(self, least: int) -> None:
        await self.answered(len(self.ledger.answered) + least)

    async def _call_on(self, number: int, chance: random.Random, done: asyncio.Event, pause_seconds: float) -> None:
        for turn in count(len(self.ledger.entries)):
            if done.is_set():
                return
            await asyncio.sleep(pause_seconds)  # the rate of the load
            entry_id = f"e{number}-{turn}"
            contract = chance.choice(self.contracts)
            minutes = chance.randint(1, 90)
            entry = time.TimeEntry(contract=contract, person=PERSON, work_date=_day(chance), worked=_minutes(minutes))
            request = time.LogTimeRequest(entry_id=entry_id, entry=entry, consistency_token=self._token)
            await self._obeyed(f"log-{entry_id}", request, time.LogTimeResponse, chance)
            self.ledger.logged(entry_id, contract, minutes)
            match chance.randrange(10):
                case 0:
                    minutes = chance.randint(1, 90)
                    entry = time.TimeEntry(name=f"entries/{entry_id}", worked=_minutes(minutes))
                    mask = FieldMask(paths=["worked"])
                    correction = time.CorrectTimeRequest(entry=entry, update_mask=mask)
                    await self._obeyed(f"correct-{entry_id}", correction, time.CorrectTimeResponse, chance)
                    self.ledger.corrected(entry_id, minutes)
                case 1:
                    deletion = time.DeleteTimeRequest(name=f"entries/{entry_id}")
                    await self._obeyed(f"delete-{entry_id}", deletion, time.DeleteTimeResponse, chance)
                    self.ledger.deleted(entry_id)
                case _:
                    pass

    async def _obeyed(self, request_id: str, request: Any, reply: type[Message], chance: random.Random) -> None:
        """The command, one to four times at once with one request id: one effect, equal replies."""
        request.request_id = request_id
        self.ledger.say(request_id, request.DESCRIPTOR.name)
        copies = chance.choice((1, 1, 1, 2, 3, MOST_COPIES))
        self.ledger.copies += copies - 1
        answers: list[Any] = await asyncio.gather(*(self._caller.ask(request, reply) for _ in range(copies)))
        receipts: list[Receipt] = [answer.receipt for answer in answers]
        first = [receipt for receipt in receipts if not receipt.repeated_request]
        assert len(first) <= 1, f"{request_id} was obeyed {len(first)} times"
        for receipt in receipts:
            receipt.repeated_request = False
            assert receipt == receipts[0], f"{request_id} has replies that differ"
        self.ledger.note(request_id, receipts[0])
        async with self._more:
            self._more.notify_all()


def _day(chance: random.Random) -> Date:
    day = BEGAN_ON + timedelta(days=chance.randint(0, 29))
    return Date(year=day.year, month=day.month, day=day.day)


def _minutes(minutes: int) -> Duration:
    return Duration(seconds=60 * minutes)

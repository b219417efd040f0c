"""Eight issuers want the same period settled, and billing dies at every named point: one invoice, no gap, no repeat."""

import asyncio
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from google.type.date_pb2 import Date

from chassis.crash import POINTS
from chassis.testing import NatsServer, PostgresServer
from services.billing.events import InvoiceIssued
from services.notify.events import NoticeQueued
from tests.faults.books import bus_equals_stores, facts_of, invoices_are_gapless, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.databases import fresh_database
from tests.faults.load import AGENCY, add_client, add_contract, monthly_fee
from tests.faults.loose_house import LooseHouse
from vocabulary.calendar import add_months
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest, CloseBoundariesResponse

ISSUERS = 8
CONTRACTS = ("one", "two", "three")
BEGIN = date(2006, 1, 1)
NO_GAP = "no invoice twice, no number twice, no gap"
CRASHES = sorted(f"{point}:{times}" for point in POINTS for times in (1, 2))


async def contracts(caller: Caller) -> None:
    await add_client(caller)
    for name in CONTRACTS:
        await add_contract(caller, name, monthly_fee(), BEGIN.isoformat())
    await caller.drained()


async def issued_by_all(number: int, *callers: Caller) -> list[CloseBoundariesResponse]:
    """All issuers at once, half of them for one contract, half for all; each with a request id of its own. They ask
    these callers' houses by turns."""
    day = add_months(BEGIN, number)

    async def issue(issuer: int) -> CloseBoundariesResponse:
        request = CloseBoundariesRequest(
            through=Date(year=day.year, month=day.month, day=day.day),
            contract=f"contracts/{CONTRACTS[issuer % len(CONTRACTS)]}" if issuer % 2 else "",
            request_id=f"close-{number}-{issuer}",
        )
        return await callers[issuer // 2 % len(callers)].ask(request, CloseBoundariesResponse)

    return await asyncio.gather(*map(issue, range(ISSUERS)))


async def one_invoice_each(house: LooseHouse, rounds: int) -> None:
    """With the services stopped: every contract and boundary has its one document, told to the client once."""
    assert sum((await invoices_are_gapless(house)).values()) == rounds * len(CONTRACTS)
    issued = [fact.event for fact in await facts_of(house, "billing") if isinstance(fact.event, InvoiceIssued)]
    wanted = [(name, add_months(BEGIN, number)) for number in range(rounds) for name in CONTRACTS]
    assert sorted((str(one.contract_id), one.boundary) for one in issued) == sorted(wanted)
    told = [fact for fact in await facts_of(house, "notify") if isinstance(fact.event, NoticeQueued)]
    assert len(told) == len(issued)
    await stores_are_whole(house)
    await views_are_replays(house)


async def rounds_of_issuers(
    callers: Sequence[Caller], houses: Sequence[LooseHouse], record_property: Record, rounds: int
) -> None:
    """Each caller asks his own house; they are replicas of one."""
    caller, house = callers[0], houses[0]
    await contracts(caller)
    for number in range(rounds):
        answers = await issued_by_all(number, *callers)
        settled = [one.contract for answer in answers for one in answer.settled]
        assert sorted(settled) == sorted(f"contracts/{name}" for name in CONTRACTS)
        assert not [one for answer in answers for one in answer.unsettled]
    await caller.drained()
    record_property("rounds", rounds)
    record_property("issuers", ISSUERS)
    record_property("invoices", rounds * len(CONTRACTS))
    await bus_equals_stores(house, house.nats.url)
    for each in reversed(houses):
        await asyncio.to_thread(each.stop_all)
    await one_invoice_each(house, rounds)


@pytest.mark.faults
@pytest.mark.promise(NO_GAP, "8 issuers at once for one period of three contracts")
@pytest.mark.timeout(240)
async def test_eight_issuers_settle_each_period_once(
    loose_house: LooseHouse, caller: Caller, record_property: Record
) -> None:
    await asyncio.to_thread(loose_house.start)
    await rounds_of_issuers([caller], [loose_house], record_property, rounds=20)


@pytest.mark.long
@pytest.mark.promise(NO_GAP, "8 issuers at once for one period of three contracts")
@pytest.mark.timeout(900)
async def test_eight_issuers_settle_two_hundred_periods_once(
    loose_house: LooseHouse, caller: Caller, record_property: Record
) -> None:
    await asyncio.to_thread(loose_house.start)
    await rounds_of_issuers([caller], [loose_house], record_property, rounds=200)


@pytest.fixture
def two_replicas(tmp_path: Path, nats: NatsServer, postgres: PostgresServer) -> Iterator[tuple[LooseHouse, LooseHouse]]:
    """A house on PostgreSQL, and a second billing beside its first one."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(postgres))
        databases = {"RETAINER_STORE_URL": url, "RETAINER_KEYS_URL": url}
        first, second = (
            stack.enter_context(LooseHouse(tmp_path / name, nats, **databases)) for name in ("first", "second")
        )
        first.start()
        shutil.copytree(first.data_dir / "secrets", second.data_dir / "secrets", dirs_exist_ok=True)
        second.start("billing", RETAINER_SERVICES__CONTRACTS__ADDRESS=first.address("contracts"))
        yield first, second


@pytest.mark.faults
@pytest.mark.promise(NO_GAP, "8 issuers at once for one period, at two replicas of billing on PostgreSQL")
@pytest.mark.timeout(240)
async def test_eight_issuers_at_two_replicas_settle_each_period_once(
    two_replicas: tuple[LooseHouse, LooseHouse], record_property: Record
) -> None:
    first, second = two_replicas
    here, there = Caller(first, AGENCY), Caller(second, AGENCY)
    try:
        await rounds_of_issuers([here, there], [first, second], record_property, rounds=20)
    finally:
        await here.close()
        await there.close()


@pytest.mark.faults
@pytest.mark.promise(NO_GAP, "billing dies at every `CRASH_AT` point, the first and the second time it is reached")
@pytest.mark.timeout(480)
async def test_a_crash_at_any_point_leaves_one_invoice(
    loose_house: LooseHouse, caller: Caller, record_property: Record
) -> None:
    await asyncio.to_thread(loose_house.start)
    await contracts(caller)
    for number, point in enumerate(CRASHES):
        await asyncio.to_thread(loose_house.kill, "billing")
        loose_house.begin("billing", RETAINER_SERVICES__BILLING__CRASH_AT=point)
        issuing = asyncio.create_task(issued_by_all(number, caller))
        await something_to_hear(caller, number, loose_house)
        assert loose_house.status("billing") == -signal.SIGKILL, point
        await asyncio.to_thread(loose_house.start, "billing")
        await issuing
    await caller.drained()
    record_property("crashes", len(CRASHES))
    record_property("invoices", len(CRASHES) * len(CONTRACTS))
    await bus_equals_stores(loose_house, loose_house.nats.url)
    await asyncio.to_thread(loose_house.stop_all)
    await one_invoice_each(loose_house, len(CRASHES))


async def something_to_hear(caller: Caller, number: int, house: LooseHouse) -> None:
    """Facts of contracts, one after the other, until billing is dead: so that each point is reached again."""
    for turn in count():
        if house.status("billing") is not None:
            return
        await add_client(caller, f"heard-{number}-{turn}")
        await asyncio.sleep(0.1)  # a batch of its own

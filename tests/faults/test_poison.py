"""A release of billing with bugs meets facts that it cannot take in: they are set aside, and replayed by the next."""

import asyncio
from urllib.request import urlopen

import pytest

from tests.faults.books import bus_equals_stores, figures_agree, stores_are_whole, views_are_replays
from tests.faults.brittle_billing import BROKEN_CONTRACT
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import Load
from tests.faults.loose_house import LooseHouse
from wire.retainer.billing.v1.budget_pb2 import Budget, GetBudgetRequest
from wire.retainer.operations.v1.operations_pb2 import (
    DeadPartition,
    ListDeadLettersRequest,
    ListDeadLettersResponse,
    ReplayDeadLettersRequest,
    ReplayDeadLettersResponse,
)


async def used_minutes(caller: Caller, contract: str) -> int:
    budget = await caller.ask(GetBudgetRequest(contract=contract), Budget)
    return sum(period.used.time.seconds // 60 for period in budget.periods)


async def waiting(caller: Caller) -> list[DeadPartition]:
    answer = await caller.ask(ListDeadLettersRequest(), ListDeadLettersResponse, operated="billing")
    return list(answer.partitions)


def counted_dead(house: LooseHouse) -> tuple[float, float]:
    """Dead letters ever, and those that wait, as Prometheus is told."""
    with urlopen(f"http://{house.metrics_address('billing')}/metrics", timeout=10) as answer:
        page = answer.read().decode()
    values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in page.splitlines() if line[:1] != "#"}
    source = '{source="timelog"}'
    return values[f"retainer_dead_letters_total{source}"], values[f"retainer_dead_letters_waiting{source}"]


@pytest.mark.faults
@pytest.mark.promise(
    "a poison fact stops nobody else, and can be replayed",
    "a release of billing that knows a type not, cannot decode another, and raises over a third; then a mended one",
)
@pytest.mark.timeout(240)
async def test_poison_is_set_aside_counted_and_replayed(
    loose_house: LooseHouse, caller: Caller, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await asyncio.to_thread(loose_house.start, "contracts", "timelog", "notify")
    loose_house.begin("billing", module="tests.faults.brittle_billing")
    await asyncio.to_thread(loose_house.wait_ready, "billing")
    load = Load(caller, ledger, seed)
    await load.prepare()
    await load.until(load.answered(200))
    await caller.drained()

    broken, *others = load.contracts
    assert broken == f"contracts/{BROKEN_CONTRACT}"
    assert await used_minutes(caller, broken) == 0
    for contract in others:  # all that was logged is counted, though nothing that was done to it later
        assert await used_minutes(caller, contract) == ledger.minutes_first_logged(contract)
    dead = await waiting(caller)
    assert f"contract/{BROKEN_CONTRACT}" in {one.partition for one in dead}
    letters = sum(one.waiting for one in dead)
    ever, now = await asyncio.to_thread(counted_dead, loose_house)
    assert now == letters and 0 < ever <= letters
    record_property("acknowledged", len(ledger.answered))
    record_property("set aside", letters)

    await asyncio.to_thread(loose_house.stop, "billing")
    await asyncio.to_thread(loose_house.start, "billing")
    assert sum(one.waiting for one in await waiting(caller)) == letters
    replayed = 0
    for one in dead:
        request = ReplayDeadLettersRequest(source=one.source, agency=one.agency, partition=one.partition)
        answer = await caller.ask_once(request, ReplayDeadLettersResponse, operated="billing", seconds=60)
        replayed += answer.replayed
    assert replayed == letters
    assert await waiting(caller) == []
    await figures_agree(caller, ledger)
    record_property("replayed", replayed)
    await bus_equals_stores(loose_house, loose_house.nats.url)
    await asyncio.to_thread(loose_house.stop_all)
    await stores_are_whole(loose_house, ledger, set_aside=True)
    await views_are_replays(loose_house)

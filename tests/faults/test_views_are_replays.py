"""Views are built anew while facts flow: they end where the live ones do. (Every other test of faults drops and
rebuilds them at its end too.)"""

import asyncio

import pytest

from tests.faults.books import figures_agree, hashes, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import Load
from tests.faults.loose_house import LooseHouse
from tests.house import SERVICES
from wire.retainer.operations.v1.operations_pb2 import RebuildViewsRequest, RebuildViewsResponse


@pytest.mark.faults
@pytest.mark.promise("every view is a replay", "all views of all services rebuilt again and again while facts flow")
@pytest.mark.timeout(240)
async def test_views_rebuilt_while_facts_flow(
    loose_house: LooseHouse, caller: Caller, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await asyncio.to_thread(loose_house.start)
    load = Load(caller, ledger, seed)
    await load.prepare()
    rebuilt = 0

    async def rebuild() -> None:
        nonlocal rebuilt
        for _ in range(5):
            await load.answered_more(40)
            for service in SERVICES:
                answer = await caller.ask_once(
                    RebuildViewsRequest(), RebuildViewsResponse, operated=service, seconds=60
                )
                rebuilt += len(answer.rebuilt)

    await load.until(rebuild(), least=250)
    record_property("acknowledged", len(ledger.answered))
    record_property("views rebuilt", rebuilt)
    await figures_agree(caller, ledger)
    await asyncio.to_thread(loose_house.stop_all)
    await stores_are_whole(loose_house, ledger)
    live = await hashes(loose_house)
    await views_are_replays(loose_house)
    assert await hashes(loose_house) == live

"""From the acknowledgement of LogTime to the row in the budget view, through the real bus, at 200 a second:
`python -m bench.visible [--json]`.

Each entry is logged at its own moment of a steady beat. When it is acknowledged its consistency token goes to billing's
GetBudget, which answers once the row holds the entry; so the time includes that call, and whatever it waits in a queue
under the load. It is set beside a GetBudget of the same house before the load begins, one at a time.
"""

import asyncio
import gc
import statistics
import time
from typing import Any

import grpc
import uvloop

from bench.house import AGENCY, CONTRACT, running_house
from bench.log_time import request
from bench.report import Line, tell
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.budget_pb2_grpc import BudgetServiceStub
from wire.retainer.timelog.v1.time_entry_pb2_grpc import TimeEntryServiceStub

A_SECOND = 200
ENTRIES = 2_000
WARM_UP = 400
ASKED_BEFORE = 200
GOAL_MS = 25


async def milliseconds(timelog: str, billing: str, metadata: Any) -> tuple[list[float], list[float]]:
    """Until it is visible, entry by entry; and what a call takes while nothing else happens."""
    waited: list[float] = []
    asked: list[float] = []
    async with grpc.aio.insecure_channel(timelog) as to_timelog, grpc.aio.insecure_channel(billing) as to_billing:
        entries = TimeEntryServiceStub(to_timelog)  # type: ignore[no-untyped-call]  # generated
        budgets = BudgetServiceStub(to_billing)  # type: ignore[no-untyped-call]  # generated

        async def one(number: int, moment: float) -> None:
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            logged = await entries.LogTime(request(), metadata=metadata)
            began = time.perf_counter()
            await budgets.GetBudget(
                GetBudgetRequest(contract=CONTRACT, consistency_token=logged.receipt.consistency_token),
                metadata=metadata,
            )
            seen = time.perf_counter()
            if number >= WARM_UP:
                waited.append((seen - began) * 1000)

        for _ in range(ASKED_BEFORE):
            began = time.perf_counter()
            await budgets.GetBudget(GetBudgetRequest(contract=CONTRACT), metadata=metadata)
            asked.append((time.perf_counter() - began) * 1000)
        start = time.perf_counter() + 0.5
        await asyncio.gather(*(one(number, start + number / A_SECOND) for number in range(ENTRIES + WARM_UP)))
    return waited, asked


def measured() -> list[Line]:
    with running_house() as house, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        gc.collect()
        gc.disable()  # a pause of the caller's own collector says nothing of the house
        waited, asked = runner.run(
            milliseconds(house.address("timelog"), house.address("billing"), house.metadata(AGENCY))
        )
    p50, p99 = (statistics.quantiles(waited, n=100)[place] for place in (49, 98))
    floor = statistics.median(asked)
    return [
        Line(
            f"acknowledged → visible in the budget at {A_SECOND}/s, {len(waited):,} entries",
            f"p50 {p50:.1f} ms, p99 {p99:.1f} ms",
            f"p50 is {p50 / floor:.1f} times a GetBudget before the load begins ({floor:.1f} ms)",
            f"p99 within {GOAL_MS} ms",
        )
    ]


if __name__ == "__main__":
    tell(measured())

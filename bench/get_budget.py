"""GetBudget over gRPC with 100 and with 100,000 entries on the contract: `python -m bench.get_budget [entries]`.

A whole billing service, tokens and validation on; one caller, answers taken in turn from both contracts, so that a busy
machine is busy for both. Goal: at most 1.3 times as long.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import grpc

from bench.figures import Figure, show
from bench.retainers import AGENCY, history, write_down
from chassis.auth import Identity, Role
from chassis.run import serving
from chassis.settings import Settings
from services.billing.__main__ import WIRING
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.budget_pb2_grpc import BudgetServiceStub

FEW, MANY = 100, 100_000
CALLS = 1_500
GOAL = 1.3
NOW = datetime.fromisoformat("2026-06-20T12:00:00+00:00")


async def milliseconds(folder: Path, many: int) -> tuple[float, float]:
    """Medians with few and with many entries, over as many months."""
    settings = Settings(data_dir=folder, rehearsal=True)
    async with serving(WIRING, settings) as running:
        for number, entries in enumerate((FEW, many)):
            await write_down(running.parts.store, history(entries, months=5), f"contract-{entries}", number)
        await running.parts.views.wait_for(running.parts.store.position)
        token = running.parts.tokens.issue(Identity(AGENCY, "anna", Role.OWNER))
        metadata = (("authorization", f"Bearer {token}"), ("retainer-now", NOW.isoformat()))
        took: dict[int, list[float]] = {FEW: [], many: []}
        async with grpc.aio.insecure_channel(running.address) as channel:
            stub = BudgetServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
            for turn in range(CALLS):
                for entries, times in took.items():
                    began = time.perf_counter()
                    budget = await stub.GetBudget(
                        GetBudgetRequest(contract=f"contracts/contract-{entries}"), metadata=metadata
                    )
                    if turn >= CALLS // 10:
                        times.append((time.perf_counter() - began) * 1000)
                    assert sum(period.entries for period in budget.periods) == entries
        return statistics.median(took[FEW]), statistics.median(took[many])


def main() -> None:
    gc.set_threshold(20_000, 20, 50)  # as a service runs
    numbers = [argument for argument in sys.argv[1:] if argument.isdigit()]
    many = int(numbers[0]) if numbers else MANY
    with tempfile.TemporaryDirectory() as folder:
        few, lots = asyncio.run(milliseconds(Path(folder), many))
    show(
        [
            Figure(
                f"GetBudget: {few:.2f} ms with {FEW} entries, {lots:.2f} ms with {many:,}",
                1000 / lots,
                f"the rate with {FEW} entries",
                1000 / few,
                goal=f"goal: {1 / GOAL:.0%} or better ({GOAL} times as long at most)",
            )
        ]
    )


if __name__ == "__main__":
    main()

"""One contract with 50,000 entries over five years: `python -m bench.long_contract [entries]`.

Settling: a billing service that has just started has all boundaries of the five years to catch up with; the account is
read from the store first. Goal: 5 s in all. Reading: GetBudget over gRPC, tokens and validation on, answers taken in
turn from this contract and from one with 120 entries over the same years. EntryCounted stays one event a fact.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import grpc

from bench.report import Line, tell
from bench.retainers import AGENCY, CONTEXT, history, write_down
from chassis.auth import Identity, Role
from chassis.run import serving
from chassis.settings import Settings
from services.billing.__main__ import WIRING
from services.billing.events import EntryCounted
from services.billing.settling import Settling
from services.billing.views.calendar import accounts_of
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.budget_pb2_grpc import BudgetServiceStub

FEW, MANY = 120, 50_000
MONTHS = 60
BOUNDARY = date(2031, 1, 1)
NOW = datetime.fromisoformat("2031-01-01T12:00:00+00:00")
CALLS = 300
GOAL_SECONDS = 5.0


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder, rehearsal=True)


async def write_histories(folder: Path, many: int) -> None:
    """Both contracts into a store that no service has open afterwards."""
    async with serving(WIRING, settings_in(folder)) as running:
        for number, entries in enumerate((FEW, many)):
            told = history(entries, months=MONTHS)
            assert sum(isinstance(fact, EntryCounted) for fact in told) == entries
            await write_down(running.parts.store, told, f"contract-{entries}", number)
        await running.parts.views.wait_for(running.parts.store.position)


async def measure(folder: Path, many: int) -> tuple[float, int, float, float]:
    """Seconds that settling took and boundaries settled; milliseconds of a GetBudget with few and with many entries."""
    await write_histories(folder, many)
    async with serving(WIRING, settings_in(folder)) as running:
        parts = running.parts
        seconds, boundaries = 0.0, 0
        for row in sorted(await accounts_of(parts.views, AGENCY), key=lambda row: len(row["contract_id"])):
            began = time.perf_counter()
            due = [(row["settles_on"], row["contract_id"])]
            caught = await Settling(parts.store).catch_up(CONTEXT, due, NOW, BOUNDARY)
            await parts.views.wait_for(parts.store.position)
            seconds = time.perf_counter() - began
            boundaries = len(caught.closed)
            assert not caught.failed
            assert boundaries == MONTHS + 1
        token = parts.tokens.issue(Identity(AGENCY, "anna", Role.OWNER))
        metadata = (("authorization", f"Bearer {token}"), ("retainer-now", NOW.isoformat()))
        few, lots = await read_budgets(running.address, metadata, many)
        return seconds, boundaries, few, lots


async def read_budgets(address: str, metadata: Any, many: int) -> tuple[float, float]:
    took: dict[int, list[float]] = {FEW: [], many: []}
    async with grpc.aio.insecure_channel(address) as channel:
        stub = BudgetServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
        for turn in range(CALLS):
            for entries, times in took.items():
                began = time.perf_counter()
                request = GetBudgetRequest(contract=f"contracts/contract-{entries}")
                budget = await stub.GetBudget(request, metadata=metadata)
                if turn >= CALLS // 10:
                    times.append((time.perf_counter() - began) * 1000)
                assert sum(period.entries for period in budget.periods) == entries
    return statistics.median(took[FEW]), statistics.median(took[many])


def measured(many: int = MANY) -> list[Line]:
    gc.set_threshold(20_000, 20, 50)  # as a service runs
    with tempfile.TemporaryDirectory() as folder:
        seconds, boundaries, few, lots = asyncio.run(measure(Path(folder), many))
    return [
        Line(
            f"settlement of one contract with {many:,} entries over five years, {boundaries} boundaries",
            f"{seconds:.2f} s",
            "its account read from the store first, the views followed",
            f"within {GOAL_SECONDS:.0f} s",
        ),
        Line(
            f"GetBudget of it, {MONTHS} periods",
            f"{lots:.2f} ms",
            f"{lots / few:.2f} times one with {FEW} entries over the same years ({few:.2f} ms)",
            "as fast as any other",
        ),
    ]


if __name__ == "__main__":
    numbers = [argument for argument in sys.argv[1:] if argument.isdigit()]
    tell(measured(int(numbers[0]) if numbers else MANY))

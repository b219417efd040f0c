"""What one LogTime costs, process by process, in CPU until all have taken it in: `python -m bench.cost [commands]`.

The kernel's count of processor time for each process, divided by the commands: so other work on the machine moves it
little. Every feature is on, 64 in flight; the clock runs on until the house stands still again.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

import grpc
import uvloop

from bench.house import AGENCY, running_house
from bench.log_time import IN_FLIGHT, request
from bench.report import Line, tell
from tests.house import SERVICES, RunningHouse
from wire.retainer.timelog.v1.time_entry_pb2_grpc import TimeEntryServiceStub

COMMANDS = 3_000
WARM_UP = 1_000
STILL_SECONDS = 0.5
STILL_SHARE = 0.06
"""Of one core, for all processes together: what they use while nothing happens."""
LONGEST_SECONDS = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def by_process(house: RunningHouse) -> dict[str, float]:
    return {name: processor_seconds(house.pid(name)) for name in ("nats", *SERVICES)}


def until_still(house: RunningHouse) -> dict[str, float]:
    """Wait until nothing happens any more; the seconds used by then."""
    limit = time.monotonic() + LONGEST_SECONDS
    used = by_process(house)
    while time.monotonic() < limit:
        time.sleep(STILL_SECONDS)
        before, used = used, by_process(house)
        if sum(used.values()) - sum(before.values()) < STILL_SHARE * STILL_SECONDS:
            return used
    raise TimeoutError(f"the house does not come to rest in {LONGEST_SECONDS:.0f} s")


async def log(address: str, metadata: tuple[tuple[str, str], ...], commands: int) -> None:
    async with grpc.aio.insecure_channel(address) as channel:
        stub = TimeEntryServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
        numbers = iter(range(commands))

        async def caller() -> None:
            for _ in numbers:
                await stub.LogTime(request(), metadata=metadata)

        await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))


def measured(commands: int = COMMANDS) -> list[Line]:
    with running_house() as house, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        address, metadata = house.address("timelog"), house.metadata(AGENCY)
        runner.run(log(address, metadata, WARM_UP))
        before = until_still(house)
        runner.run(log(address, metadata, commands))
        after = until_still(house)
    each = {name: (after[name] - before[name]) / commands * 1000 for name in before}
    return [
        Line(
            f"processor time of one LogTime, {commands:,} of them, {IN_FLIGHT} in flight",
            f"{sum(each.values()):.2f} ms",
            ", ".join(f"{name} {milliseconds:.2f}" for name, milliseconds in each.items()),
        )
    ]


if __name__ == "__main__":
    numbers = [argument for argument in sys.argv[1:] if argument.isdigit()]
    tell(measured(int(numbers[0]) if numbers else COMMANDS))

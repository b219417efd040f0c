"""Idle memory of the whole embedded system, five processes and nats-server: `python -m bench.memory [--json]`.

Proportional set size (PSS), so that what processes share counts once; read from the kernel once the house stands still.
"""

import time
from pathlib import Path

from bench.house import running_house
from bench.report import Line, tell
from tests.house import SERVICES, RunningHouse

STILL_SECONDS = 3.0
GOAL_MB = 600


def pss_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the kernel tells no PSS")


def by_process(house: RunningHouse) -> dict[str, float]:
    return {name: pss_megabytes(house.pid(name)) for name in ("up", "nats", *SERVICES)}


def measured() -> list[Line]:
    with running_house() as house:
        time.sleep(STILL_SECONDS)
        megabytes = by_process(house)
    total = sum(megabytes.values())
    return [
        Line(
            "idle memory of the whole system (PSS)",
            f"{total:.0f} MB",
            ", ".join(f"{name} {size:.0f}" for name, size in megabytes.items()),
            f"at most {GOAL_MB} MB",
        )
    ]


if __name__ == "__main__":
    tell(measured())

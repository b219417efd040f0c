"""How `retainer up` places its processes: looked at thread by thread, for a process may move some of its own alone."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from chassis.cores import halves, ours
from services import FRONT
from tests.chassis.test_cores import needs_two
from tests.house import SERVICES, RunningHouse


def threads_of(pid: int) -> Sequence[int]:
    return [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]


@needs_two
def test_the_front_runs_apart_from_the_bus_and_all_who_follow(house: RunningHouse) -> None:
    front, others = halves(ours())
    for name in ("nats", *SERVICES):
        cores = {frozenset(os.sched_getaffinity(thread)) for thread in threads_of(house.pid(name))}
        assert cores == {front if name == FRONT else others}, name


@pytest.mark.skipif(sys.platform != "linux", reason="needs a system that knows SCHED_BATCH")
def test_a_service_that_is_woken_waits_for_its_turn(house: RunningHouse) -> None:
    for name in SERVICES:
        assert {os.sched_getscheduler(thread) for thread in threads_of(house.pid(name))} == {os.SCHED_BATCH}, name

"""Which cores a house's processes run on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.cores import ANY, halves, keep_to, ours
from chassis.settings import Cores, Settings
from chassis.supervise import House, supervised
from tests.chassis.test_supervise import doing, until

needs_two = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(ours()) < 2,
    reason="needs two cores to choose from",
)


@pytest.mark.parametrize(
    ("cores", "front", "others"),
    [
        ({0}, ANY, ANY),
        ({0, 1}, {0}, {1}),
        ({3, 5, 4}, {3}, {4, 5}),
        ({0, 1, 2, 3}, {0, 1}, {2, 3}),
        (set(), ANY, ANY),
    ],
)
def test_the_front_has_half_of_them(cores: set[int], front: set[int], others: set[int]) -> None:
    assert halves(cores) == (front, others)


def test_a_process_that_is_gone_is_nobodys_fault() -> None:
    keep_to(2**22 - 1, ours())


def cores_of(house: House) -> dict[str, set[int]]:
    return {child.name: os.sched_getaffinity(child.pid) for child in [house.bus, *house.services]}


@needs_two
async def test_the_front_runs_apart_from_those_that_follow_it_also_when_it_comes_again(tmp_path: Path) -> None:
    front, others = halves(ours())
    apart = {"nats": others, "one": others, "two": front}
    settings = Settings(data_dir=tmp_path, grace_seconds=0.5)
    async with supervised(settings, ["one", "two"], lambda _: None, command=doing("serve"), front="two") as house:
        assert cores_of(house) == apart
        killed = house.services[1].pid
        os.kill(killed, signal.SIGKILL)
        await until(lambda: settings.running("two")["pid"] not in (0, killed))
        assert cores_of(house) == apart


@needs_two
async def test_it_is_left_open_where_the_settings_say_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, grace_seconds=0.5, cores=Cores.ANY)
    async with supervised(settings, ["one", "two"], lambda _: None, command=doing("serve"), front="two") as house:
        assert set(map(frozenset, cores_of(house).values())) == {ours()}


@pytest.mark.skipif(sys.platform != "linux", reason="SCHED_BATCH is Linux's")
def test_a_service_waits_for_its_turn(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", "import os, chassis.run as r; r._let_others_finish(); print(os.sched_getscheduler(0))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == str(os.SCHED_BATCH)

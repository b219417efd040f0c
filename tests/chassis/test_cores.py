"""Which cores a house's processes run on."""

import os
import signal
from pathlib import Path

import pytest

from chassis.cores import ANY, halves, ours, place_of
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
    assert halves(cores, place=lambda core: (0, core)) == (front, others)


def test_two_threads_of_one_core_are_on_one_side() -> None:
    """As many machines count: first one thread of each core, then the other."""
    assert halves({0, 1, 2, 3}, place=lambda core: (0, core % 2)) == ({0, 2}, {1, 3})
    assert halves({0, 1, 2, 3}, place=lambda core: (core % 2, core // 2)) == ({0, 2}, {1, 3})  # two sockets


def test_a_core_of_which_the_system_says_nothing_lies_by_itself() -> None:
    assert [place_of(core) for core in (4094, 4095)] == [(0, 4094), (0, 4095)]


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
async def test_a_front_that_is_not_there_leaves_it_open(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, grace_seconds=0.5)
    async with supervised(settings, ["one"], lambda _: None, command=doing("serve"), front="two") as house:
        assert set(map(frozenset, cores_of(house).values())) == {ours()}


@needs_two
async def test_it_is_left_open_where_the_settings_say_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, grace_seconds=0.5, cores=Cores.ANY)
    async with supervised(settings, ["one", "two"], lambda _: None, command=doing("serve"), front="two") as house:
        assert set(map(frozenset, cores_of(house).values())) == {ours()}

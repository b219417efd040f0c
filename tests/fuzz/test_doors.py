"""Nothing from outside crashes what reads it: each door fuzzed by coverage, for seconds or for minutes."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import ROOT

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="there is no wheel of atheris for this machine"
)
DOORS = ("messages", "exports", "case files", "tokens", "page tokens")
CRASHES_NOTHING = "nothing from outside crashes a service"
LED_BY_COVERAGE = "atheris, led by coverage: requests, exports of time, case files, tokens, page and consistency tokens"
RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


def fuzzed(door: str, folder: Path, seconds: int, seed: int, record: Callable[[str, object], None]) -> None:
    command = [sys.executable, "-m", "tests.fuzz.search", door, str(seconds), str(seed), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 120, check=False)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-6_000:]
    ran = RUNS.search(done.stderr)
    assert ran is not None, done.stderr[-2_000:]
    record("inputs", int(ran.group(1)))
    assert int(ran.group(1)) > 100


@pytest.mark.faults
@pytest.mark.promise(CRASHES_NOTHING, LED_BY_COVERAGE)
@pytest.mark.timeout(180)
@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_fuzzed_for_seconds(
    door: str, tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    fuzzed(door, tmp_path, 2, seed, record_property)


@pytest.mark.long
@pytest.mark.promise(CRASHES_NOTHING, LED_BY_COVERAGE)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_fuzzed_for_minutes(
    door: str, tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    fuzzed(door, tmp_path, 90, seed, record_property)


def test_what_no_door_may_let_out_is_found(tmp_path: Path) -> None:
    """The search ends with another status where something else than a refusal comes out."""
    broken = "import atheris, sys\natheris.Setup([sys.argv[0], '-runs=10'], lambda content: 1 / 0)\natheris.Fuzz()\n"
    done = subprocess.run([sys.executable, "-c", broken], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode not in (0, 1) and "ZeroDivisionError" in done.stdout + done.stderr

"""The first thing that a new machine runs: it must say what is missing, and do nothing twice."""

import subprocess
import sys
from pathlib import Path

from tools import environment

ROOT = Path(__file__).parents[2]


def test_an_environment_that_is_as_the_lock_says_is_left_alone() -> None:
    before = (Path(environment.VENV) / "locks").stat().st_mtime_ns
    for kind in ("runtime", "dev"):
        done = subprocess.run(
            [sys.executable, "tools/environment.py", kind], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout == ""
    assert (Path(environment.VENV) / "locks").stat().st_mtime_ns == before


def test_the_command_is_there() -> None:
    done = subprocess.run(
        [Path(environment.VENV) / "bin" / "retainer", "--help"], cwd="/", capture_output=True, text=True, check=True
    )
    assert "Usage" in done.stdout


def test_every_requirement_is_pinned_and_hashed() -> None:
    for kind in ("runtime", "dev"):
        lines = (ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()
        packages = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages)


def test_what_tests_need_is_locked_with_what_runs() -> None:
    def versions(kind: str) -> dict[str, str]:
        lines = (ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()
        pins = [line.split(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))]
        return {name: version for name, _, version in (pin.partition("==") for pin in pins)}

    runtime, dev = versions("runtime"), versions("dev")
    assert {name: dev.get(name) for name in runtime} == runtime

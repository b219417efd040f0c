"""Every case file there is: our own, and those beside the repository where they are present."""

from pathlib import Path

import pytest

from retainer.failures import ExitStatus
from retainer.simulate import run

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "cases"
OWN_FILES = sorted(HERE.glob("*.yaml"))
SHARED_FILES = sorted(SHARED.glob("*.yaml"))


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.stem)
def test_a_case_of_our_own_comes_out_as_it_expects(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(path, check=True) is ExitStatus.OK, "".join(capsys.readouterr())


@pytest.mark.skipif(not SHARED_FILES, reason="there are no shared case files beside the repository (../shared/cases)")
@pytest.mark.parametrize("path", SHARED_FILES, ids=lambda path: path.stem)
def test_a_shared_case_comes_out_as_it_expects(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(path, check=True) is ExitStatus.OK, "".join(capsys.readouterr())


def test_there_are_cases_of_our_own() -> None:
    assert len(OWN_FILES) >= 40

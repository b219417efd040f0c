"""Every case file by public calls against a running house: the same answer as without any server."""

from pathlib import Path
from typing import Any

import pytest

from retainer.case_file import read
from retainer.case_shapes import document
from retainer.place import Place
from retainer.simulate import outcome_of
from retainer.through import through
from retainer.yaml_exact import Flaw, load
from tests.house import ROOT, RunningHouse

USUAL = ("00", "01", "03", "12", "17", "18", "19", "20", "23", "25", "62", "72", "75", "80", "82")
"""Rules whose cases are told in every run; the others are for the long one."""
FOLDERS = (ROOT / "tests" / "cases", ROOT.parent / "shared" / "cases")
FILES = [path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob("*.yaml"))]


def _is_usual(path: Path) -> bool:
    return path.stem.startswith(tuple(f"rule-{number}-" for number in USUAL)) or path.stem.startswith("story-12-")


CASES = [pytest.param(path, marks=[] if _is_usual(path) else [pytest.mark.long], id=path.stem) for path in FILES]


@pytest.mark.parametrize("path", CASES)
def test_services_and_simulation_say_the_same(path: Path, house: RunningHouse) -> None:
    refused, expected = _reckoned(path)
    if refused:
        with pytest.raises(Flaw) as flaw:
            through(read(path), "localhost", Place(house.settings))
        assert flaw.value.place == refused
    else:
        assert through(read(path), "localhost", Place(house.settings)) == expected


def _reckoned(path: Path) -> tuple[str, dict[str, Any]]:
    """The place at which the file is refused, or what comes of it."""
    try:
        _, outcome = outcome_of(load(path))
    except Flaw as flaw:
        return flaw.place, {}
    return "", document(outcome)

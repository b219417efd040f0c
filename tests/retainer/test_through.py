"""Every case file by public calls against a running house: the same answer as without any server."""

from pathlib import Path

import pytest
from retainer.simulate import simulate

from retainer.case_file import CaseBroken, read
from retainer.place import Place
from retainer.through import through
from tests.house import ROOT, RunningHouse

FOLDERS = (ROOT / "tests" / "cases", ROOT.parent / "shared" / "cases")
CASES = [path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.glob("*.yaml"))]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_services_and_simulation_say_the_same(path: Path, house: RunningHouse) -> None:
    here = Place(house.settings)
    try:
        expected = simulate(read(path))
    except CaseBroken as broken:
        with pytest.raises(CaseBroken) as refused:
            through(read(path), "localhost", here)
        assert refused.value.place == broken.place
    else:
        assert through(read(path), "localhost", here) == expected

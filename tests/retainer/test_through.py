"""Case files by public calls against a running house: the same answer as without any server."""

import re
from pathlib import Path
from typing import Any

import pytest

from retainer.case_check import lies_within, refused_place
from retainer.case_file import case_of
from retainer.case_shapes import document
from retainer.place import Place
from retainer.simulate import outcome_of
from retainer.through import through
from retainer.yaml_exact import At, Flaw, load, parse
from tests.house import ROOT, RunningHouse
from tests.retainer.random_stories import random_story, written

OURS = sorted((ROOT / "tests" / "cases").rglob("*.yaml"))
SHARED = sorted((ROOT.parent / "shared" / "cases").rglob("*.yaml"))
SEEDS, USUAL_SEEDS = (*range(60), 2027), (2027,)


def _usual() -> set[Path]:
    """What is told in every run: all of the shared files, of ours the first of each rule and refused subject."""
    first = {
        re.split(r"-", path.stem)[0] + path.stem[:14] * path.stem.startswith("refused"): path for path in OURS[::-1]
    }
    return {*SHARED, *first.values()}


USUAL = _usual()
CASES = [
    pytest.param(path, marks=[] if path in USUAL else [pytest.mark.long], id=path.stem) for path in (*OURS, *SHARED)
]
RANDOM = [pytest.param(seed, marks=[] if seed in USUAL_SEEDS else [pytest.mark.long]) for seed in SEEDS]


@pytest.mark.parametrize("path", CASES)
def test_services_and_simulation_say_the_same(path: Path, house: RunningHouse) -> None:
    file = load(path)
    expect = file.get("expect")
    refused = None if expect is None else refused_place(expect)
    if refused is None:
        assert _told(file, house) == document(outcome_of(file)[1])
    else:
        with pytest.raises(Flaw) as flaw:
            _told(file, house)
        assert lies_within(flaw.value.place, refused), flaw.value


@pytest.mark.parametrize("seed", RANDOM)
def test_stories_made_at_random_come_out_the_same_both_ways(seed: int, house: RunningHouse) -> None:
    """Whatever is refused is refused at the same place; then it is left out, until the rest is a story."""
    story = random_story(seed)
    while (flaw := _refusal(file := parse(written(story)))) is not None:
        with pytest.raises(Flaw) as refused:
            _told(file, house)
        assert refused.value.place == flaw.place, (refused.value, flaw)
        del story["log"][_fact_of(flaw.place)]
    assert _told(file, house) == document(outcome_of(file)[1])


def _refusal(file: At) -> Flaw | None:
    try:
        outcome_of(file)
    except Flaw as flaw:
        return flaw
    return None


def _told(file: At, house: RunningHouse) -> dict[str, Any]:
    return through(case_of(file), "localhost", Place(house.settings))


def _fact_of(place: str) -> int:
    found = re.match(r"log\[(\d+)\]", place)
    assert found is not None, f"what is made at random keeps the format, but was refused at {place}"
    return int(found[1])

"""Every event ever published decodes for ever."""

import json
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from chassis.catalog import Catalog
from chassis.golden import HOUSE, ahead, path_of, problems, sample, write_missing
from chassis.testing import FixedKeys
from tests.chassis.tally import CATALOG, Closed, Counted, CountedOnce
from vocabulary.fact import Fact

GOLDEN = Path(__file__).parents[1] / "golden"
PREVIOUS = Path(__file__).parents[1] / "faults" / "previous_release"
SERVICES = ("contracts", "timelog", "billing", "notify")


@pytest.mark.promise("old events are read for ever", "golden events of every version, decoded by today's code")
@pytest.mark.parametrize("place", ["chassis", *SERVICES])
def test_every_event_has_a_golden_sample_that_decodes(place: str) -> None:
    catalog = HOUSE if place == "chassis" else import_module(f"services.{place}.__main__").WIRING.catalog
    assert problems(catalog, GOLDEN) == []


def test_what_a_release_knew_is_there_unchanged() -> None:
    """tests/golden/released.json: the samples of each release by the hash of their bytes; they are read for ever."""
    for release, samples in json.loads((GOLDEN / "released.json").read_bytes()).items():
        for tag, digest in samples.items():
            service, _, event = tag.partition(".")
            path = GOLDEN / service / f"{event}.json"
            assert path.exists(), f"{tag} of {release} has no sample any more"
            assert sha256(path.read_bytes()).hexdigest() == digest, f"the sample of {tag} is not that of {release}"


def test_what_the_version_before_cannot_read_is_not_recorded_yet() -> None:
    """Readers first, writers a version later: so who upgraded can go back. What breaks this is named, and why."""
    before = PREVIOUS.read_text()[:7]
    known = json.loads((GOLDEN / "released.json").read_bytes())[before]
    lines = (GOLDEN / "no_way_back").read_text().splitlines()
    named = [tuple(line.split(" | ", 1)) for line in lines if line and not line.startswith("#")]
    assert all(len(line) == 2 for line in named), "each line of no_way_back reads like 'tag | why'"
    catalogs = [HOUSE, *(import_module(f"services.{service}.__main__").WIRING.catalog for service in SERVICES)]
    new = sorted(tag for catalog in catalogs for tag in ahead(catalog, known))
    assert new == sorted(tag for tag, _ in named), (
        f"{before} does not know these: name each in its catalog's `read_first`, or in tests/golden/no_way_back"
    )


def test_a_kind_that_is_read_first_is_not_ahead() -> None:
    known = {"tally.Counted@1", "tally.Closed@1"}
    assert ahead(CATALOG, known) == ["tally.Counted@2"]
    careful = Catalog("tally", Counted | Closed, {CountedOnce: lambda old: old}, read_first=[Counted])
    assert ahead(careful, known) == []
    with pytest.raises(AssertionError, match="is read by this version, and recorded by the next"):
        careful.tag_to_record(Counted(counter_id="a", amount=1))


def test_a_type_without_a_sample_is_told(tmp_path: Path) -> None:
    assert problems(CATALOG, tmp_path) == [
        f"{tag} has no golden sample: run `python -m chassis.golden`"
        for tag in ("tally.Closed@1", "tally.Counted@1", "tally.Counted@2")
    ]
    assert len(write_missing(CATALOG, tmp_path)) == 3
    assert problems(CATALOG, tmp_path) == []
    assert write_missing(CATALOG, tmp_path) == []


def test_a_sample_is_the_same_on_every_machine(tmp_path: Path) -> None:
    write_missing(CATALOG, tmp_path / "one")
    write_missing(CATALOG, tmp_path / "two")
    kind = CATALOG.type_of(sample(Counted))
    assert path_of(tmp_path / "one", kind).read_bytes() == path_of(tmp_path / "two", kind).read_bytes()
    assert "Anna" not in path_of(tmp_path / "one", kind).read_text()


def test_an_event_that_is_no_more_is_told(tmp_path: Path) -> None:
    write_missing(CATALOG, tmp_path)
    (told,) = problems(Catalog("tally", Counted, upcasts={}), tmp_path)[:1]
    assert "tally.Closed" in told
    assert "does not decode" in told


def test_a_field_that_is_no_more_is_told(tmp_path: Path) -> None:
    class Counted(Fact, frozen=True, tag="tally.Counted@2"):
        counter_id: str
        amount: int

    write_missing(CATALOG, tmp_path)
    told = problems(Catalog("tally", Counted), tmp_path)
    assert any("loses .note" in line for line in told)


async def test_samples_open_with_the_keys_of_tests() -> None:
    event = CATALOG.sealed(sample(Counted), "acme", FixedKeys())
    assert isinstance(event, Counted)
    assert await FixedKeys().open("acme", event.note) == "note of Anna Köhler"

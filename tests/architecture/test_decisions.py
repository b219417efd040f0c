"""Decision records: each has a number of its own, which its first line says too."""

from tests.architecture.code import ROOT

RECORDS = sorted((ROOT / "docs/decisions").glob("*.md"))


def test_each_record_has_a_number_of_its_own() -> None:
    numbers = [record.name[:4] for record in RECORDS]
    twice = {number for number in numbers if numbers.count(number) > 1}
    assert not twice, "take the next free number"


def test_the_first_line_says_number_and_title() -> None:
    for record in RECORDS:
        first = record.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith(f"# {record.name[:4]} "), record.name

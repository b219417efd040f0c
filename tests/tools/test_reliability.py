"""The page of promises says what tests came to, and keeps the part of the other form."""

from pathlib import Path

import pytest

from tools import reliability

APART = ("--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:asyncio")
TESTS = """
import pytest

@pytest.mark.promise("nothing is lost", "it is dropped")
def test_holds(record_property):
    record_property("kills", 3)
    record_property("kills", 4)

@pytest.mark.promise("nothing is lost", "it is burnt")
def test_fails():
    assert False

@pytest.mark.promise("nothing is lost", "it is sunk")
@pytest.mark.parametrize("sea", ["north"])
def test_skips(sea):
    pytest.skip("no water here")

@pytest.mark.long
@pytest.mark.promise("nothing is lost", "it is dropped for long")
def test_long():
    pass

def test_promises_nothing():
    assert False
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  long\n  promise(what, broken_by)\n")
    (tmp_path / "test_promises.py").write_text(TESTS)
    return tmp_path / "reliability.md"


def test_the_page_tells_promises_counts_and_results(page: Path) -> None:
    kept = page.with_name("kept.json")
    arguments = [str(page.parent), "-c", str(page.parent / "pytest.ini"), *APART]
    assert reliability.main(arguments, page, kept) == pytest.ExitCode.TESTS_FAILED
    told = page.read_text()
    assert "3 tests, 1 failed" in told
    assert "| nothing is lost | it is burnt |  | FAILED, 0 s |" in told
    assert "|  | it is dropped | kills 7 | holds, 0 s |" in told
    assert "|  | it is sunk [north] |  | skipped: no water here, 0 s |" in told
    assert "for long" not in told
    assert reliability.main([*arguments, "--full"], page, kept) == pytest.ExitCode.TESTS_FAILED
    both = page.read_text()
    assert both.startswith(told.rstrip())
    assert "4 tests, 1 failed" in both
    assert "it is dropped for long" in both


def test_a_form_can_be_run_in_pieces(page: Path) -> None:
    kept = page.with_name("kept.json")
    arguments = [str(page.parent), "-c", str(page.parent / "pytest.ini"), *APART]
    assert reliability.main([*arguments, "-k", "holds"], page, kept) == pytest.ExitCode.OK
    assert "1 tests, 0 failed" in page.read_text()
    reliability.main([*arguments, "-k", "fails"], page, kept)
    assert "2 tests, 1 failed" in page.read_text()

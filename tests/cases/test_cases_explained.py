"""Every document of every case file, explained down to its facts: what does not add up is an error."""

from pathlib import Path

import pytest

from retainer.simulate import outcome_of
from retainer.yaml_exact import Flaw, load
from services.billing.domain.explaining import time_sheet
from services.billing.domain.reasons import flaws
from tests.cases.test_cases import OWN_FILES, SHARED_FILES
from tests.retainer.random_stories import random_story, written


@pytest.mark.parametrize("path", [*OWN_FILES, *SHARED_FILES], ids=lambda path: path.stem)
def test_every_document_of_a_case_can_be_explained(path: Path) -> None:
    try:
        _, outcome = outcome_of(load(path))
    except Flaw:
        return  # a file that is there to be refused has no documents
    for document in outcome.invoices:
        explained = document.explained()
        assert not list(flaws(explained.whole))
        assert explained.whole.value == document.gross
        assert [one.reason.value for one in explained.lines] == [line.amount for line in document.lines]
        for line in explained.lines:
            assert sum(row.amount or 0 for row in time_sheet(line)) == line.line.amount
            if line.used is not None:
                assert not list(flaws(line.used))


def test_every_document_of_stories_made_at_random_can_be_explained(tmp_path: Path) -> None:
    """Kinds, zones, currencies and facts as they come; those that the rules refuse are passed over."""
    file, documents = tmp_path / "story.yaml", 0
    for seed in range(60):
        file.write_text(written(random_story(seed)), encoding="utf-8")
        try:
            _, outcome = outcome_of(load(file))
        except Flaw:
            continue
        for document in outcome.invoices:
            explained = document.explained()
            assert not list(flaws(explained.whole)), seed
            assert [one.reason.value for one in explained.lines] == [line.amount for line in document.lines], seed
            documents += 1
    assert documents > 20

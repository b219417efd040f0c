"""Every amount is explained by what it was made of: whatever happened, children add up to their parents."""

from collections.abc import Iterator
from functools import partial

import msgspec
import pytest
from hypothesis import given

from services.billing.domain import books, invoice
from services.billing.domain.books import Books
from services.billing.domain.explaining import Earlier, Explained, Source, Window, explain, time_sheet
from services.billing.domain.facts import ContractFact
from services.billing.domain.reasons import Reason, Unproven, flaws, proven
from tests.billing.domain.test_fold_properties import HORIZON, QUICK, accepted, agreed, histories


def told(kind: str, facts: list[ContractFact], window: Window) -> Iterator[tuple[Books, Explained, invoice.Draft]]:
    """Each document of a history, drawn up at its boundary by what was known then."""
    known, kept = accepted(kind, facts)
    live, asked, earlier = books.opened(agreed(kind)), invoice.NOTHING_ASKED, tuple[Earlier, ...]()
    boundary = books.boundary_after(known)
    upcoming = list(kept)
    while boundary <= HORIZON:
        cut_off = books.cut_off(known, boundary)
        while upcoming and upcoming[0].known_at < cut_off:
            live = books.note(live, upcoming.pop(0))
        draft = invoice.draft(live, asked, boundary)
        if draft is not None:
            yield live, explain(Source(live, window=window), draft, boundary, earlier), draft
            asked = invoice.after(asked, draft.lines)
            earlier = (*earlier, Earlier(str(boundary), draft.lines, partial(_same, live)))
        boundary = books.boundary_after(known, boundary)


@QUICK
@given(histories())
def test_every_line_of_every_document_adds_up_to_the_facts(history: tuple[str, list[ContractFact]]) -> None:
    for before, (live, explained, draft) in enumerate(told(*history, Window())):
        assert explained.whole.value == draft.gross
        assert not list(flaws(explained.whole))
        for line in explained.lines:
            assert line.reason.value == line.line.amount
            assert sum(row.amount or 0 for row in time_sheet(line)) == line.line.amount
            if line.used is not None:
                period = books.period_of(live, line.line.period)
                assert period is not None
                figures = books.figures(live, period.start, period.end)
                assert line.used.value == figures.used
                beyond = sum(one.value for one in _below(line.used) if one.word == "beyond")
                assert beyond == (figures.overage if line.available is not None else 0)
        if draft.lines[0].correction and before:  # what came too late for a boundary may be the first that is asked
            assert explained.lines[0].now is not None


@QUICK
@given(histories())
def test_a_window_hides_entries_and_no_sums(history: tuple[str, list[ContractFact]]) -> None:
    for _, explained, draft in told(*history, Window(1, 1)):
        assert explained.whole.value == draft.gross
        assert not list(flaws(explained.whole))


def test_one_wrong_leaf_is_named_with_its_path() -> None:
    leaf = Reason(word="entry", unit="minutes", value=30)
    priced = Reason(word="time", unit="money", value=6000, law="priced", rate=12000, reasons=(leaf,))
    line = Reason(word="line", unit="money", value=6000, law="sum", reasons=(priced,))
    assert proven(line) is line
    wrong = msgspec.structs.replace(priced, reasons=(msgspec.structs.replace(leaf, value=31),))
    with pytest.raises(Unproven, match="/line/time: 6000 does not follow by `priced`"):
        proven(msgspec.structs.replace(line, reasons=(wrong,)))


def _same(of: Books) -> Books:
    return of


def _below(reason: Reason) -> Iterator[Reason]:
    yield reason
    for one in reason.reasons:
        yield from _below(one)

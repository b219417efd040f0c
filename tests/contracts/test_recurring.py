"""What a contract brings in whatever is worked, from each date on which it changes."""

from collections.abc import Sequence
from datetime import date

from services.contracts.domain.contract_state import Contract
from services.contracts.views.recurring import recurring
from vocabulary.identity import ClientId, ContractId
from vocabulary.money import Minor
from vocabulary.terms import Agreement, Cycle, Fee, Terms
from vocabulary.terms_in_force import Change

MONTHLY = Terms(cycle=Cycle.MONTH, fee=Fee(Minor(100_000)), access_fee=Minor(5_000))


def contract(*changes: Change, terms: Terms = MONTHLY, stage: str = "binding", trial: bool = False) -> Contract:
    agreement = Agreement("EUR", "Europe/Berlin", "2026-01-01", terms, trial=trial)
    return Contract(
        ContractId("care"),
        ClientId("acme"),
        "Care",
        agreement,
        stage=stage,
        changes=changes,  # type: ignore[arg-type]
    )


def lines(of: Contract) -> Sequence[tuple[str, int, str, int]]:
    return [(row["from_on"], row["fee"], row["fee_every"], row["access_fee"]) for row in recurring("nordlicht", of)]


def test_terms_that_never_change_are_one_line() -> None:
    assert lines(contract()) == [("2026-01-01", 100_000, "month", 5_000)]


def test_a_change_at_a_boundary_is_a_line_from_there() -> None:
    more = Change(date(2026, 4, 1), {"fee": {"amount": 120_000, "every": "quarter"}})
    assert lines(contract(more))[1:] == [("2026-04-01", 120_000, "quarter", 5_000)]


def test_an_immediate_change_moves_the_amount_at_once_and_the_rest_at_the_next_boundary() -> None:  # R22
    more = Change(date(2026, 3, 10), {"fee": {"amount": 120_000}, "access_fee": 7_000}, immediately=True)
    assert lines(contract(more))[1:] == [
        ("2026-03-10", 120_000, "month", 5_000),
        ("2026-04-01", 120_000, "month", 7_000),
    ]


def test_a_draft_and_a_trial_bring_in_nothing_that_recurs() -> None:  # R26
    assert lines(contract(stage="draft")) == []
    assert lines(contract(trial=True)) == []

"""When new terms can take effect (R22)."""

from datetime import date
from typing import Any

import pytest

from vocabulary.agreement import CapNotMeasurable
from vocabulary.check_change import (
    CycleFixed,
    KindChangesOffBoundary,
    LaterTermsInvalid,
    NotABoundary,
    NothingChanges,
    OutsideContract,
    TermsMalformed,
    check_change,
)
from vocabulary.check_terms import MeasuresContradict, QuantityInvalid
from vocabulary.duration import Minutes
from vocabulary.kind import Measure
from vocabulary.money import Minor
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Cycle, Fee, Hours, Overage, Terms, Units
from vocabulary.terms_in_force import Change

HOURS = Terms(cycle=Cycle.MONTH, anchor=1, fee=Fee(Minor(300000)), allowance=Hours(Minutes(1800)), rate=Minor(12000))
POSTS = Terms(cycle=Cycle.MONTH, fee=Fee(Minor(1)), allowance=Units(4, "blog post"), overage=Overage(rate=Minor(5000)))
FEE = {"fee": {"amount": 350000}}
FLAT = {"allowance": None}


def agreed(terms: Terms = HOURS) -> Agreement:
    return Agreement(currency="EUR", time_zone="Europe/Berlin", starts_on="2026-01-15", terms=terms)


def on(month: int, day: int, patch: dict[str, Any], *, immediately: bool = False) -> Change:
    return Change(date(2026, month, day), patch, immediately)


@pytest.mark.parametrize(
    "change",
    [
        on(1, 15, FEE),  # the start is a boundary, though it is off the anchor
        on(2, 1, FEE),
        on(2, 10, FEE, immediately=True),
        on(2, 1, FLAT),
        on(2, 1, FLAT, immediately=True),  # immediately, but on a boundary
        on(2, 10, {"allowance": {"measure": "hours", "minutes": 3000}}, immediately=True),
        on(2, 10, {"cycle": "month", "anchor": 1}, immediately=True),  # says what is
    ],
)
def test_a_change_that_fits_is_accepted(change: Change) -> None:
    check_change(agreed(), [], change, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        (on(2, 1, {}), NothingChanges, "terms"),
        (on(1, 1, FEE), OutsideContract, "effective_on"),
        (on(12, 1, FEE), OutsideContract, "effective_on"),
        (on(1, 20, FEE), NotABoundary, "effective_on"),
        (on(2, 2, FEE), NotABoundary, "effective_on"),
        (on(2, 1, {"cycle": "week"}), CycleFixed, "terms.cycle"),
        (on(2, 1, {"anchor": 15}), CycleFixed, "terms.anchor"),
        (on(2, 1, {"anchor": None}), CycleFixed, "terms.anchor"),
        (on(2, 10, FLAT, immediately=True), KindChangesOffBoundary, "terms.allowance"),
        (on(2, 10, {"bank": True, "allowance": None}, immediately=True), KindChangesOffBoundary, "terms.allowance"),
        (on(2, 1, {"bank": True}), MeasuresContradict, "terms.bank"),
        (on(2, 1, {"rate": -1}), QuantityInvalid, "terms.rate"),
        (on(2, 1, {"fee": {"amount": None}}), TermsMalformed, "terms.fee.amount"),
        (on(2, 1, {"price": 1}), TermsMalformed, "terms"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_its_field(
    change: Change, reason: type[Refused], field: str
) -> None:
    with pytest.raises(reason) as refusal:
        check_change(agreed(), [], change, date(2026, 12, 1))
    assert refusal.value.field == field


def test_another_deliverable_is_another_measure() -> None:
    change = on(2, 20, {"allowance": {"measure": "units", "units": 4, "of": "video"}}, immediately=True)
    with pytest.raises(KindChangesOffBoundary):
        check_change(agreed(POSTS), [], change, None)
    check_change(
        agreed(POSTS),
        [],
        on(2, 20, {"allowance": {"measure": "units", "units": 6, "of": "blog post"}}, immediately=True),
        None,
    )


def test_later_changes_must_fit_as_well() -> None:
    later = on(4, 1, {"rollover": {"cap": 600}})
    check_change(agreed(), [later], on(3, 1, FEE), None)
    with pytest.raises(LaterTermsInvalid) as refusal:  # in April nothing would be left that could roll over
        check_change(agreed(), [later], on(3, 1, FLAT), None)
    assert refusal.value.facts == {"effective_on": "2026-04-01"}


def test_a_later_immediate_change_may_not_come_to_change_the_kind() -> None:
    later = on(4, 10, {"allowance": {"measure": "hours", "minutes": 60}}, immediately=True)
    with pytest.raises(LaterTermsInvalid):
        check_change(agreed(), [later], on(3, 1, FLAT), None)


def test_changes_apply_by_date_and_then_by_record() -> None:
    to_flat = on(3, 1, FLAT)
    with pytest.raises(MeasuresContradict):  # after it, on the same date
        check_change(agreed(), [to_flat], on(3, 1, {"rollover": {}}), None)
    check_change(agreed(), [to_flat], on(2, 1, {"rollover": {}}), None)  # before it; from March on it is passed over


@pytest.mark.parametrize(("cap", "fits"), [("minutes", True), ("money", False), ("units", False)])
def test_a_cap_is_in_the_measure_that_the_terms_then_have(cap: Measure, fits: bool) -> None:
    change = on(2, 1, {"rollover": {"cap": 60}})
    if fits:
        check_change(agreed(), [], change, None, cap)
    else:
        with pytest.raises(CapNotMeasurable):
            check_change(agreed(), [], change, None, cap)

"""Hours planned for a period (R34): what replaces what, and which dates have a period."""

import pytest

from chassis.testing import given
from services.contracts.deciders import CONTRACT
from services.contracts.domain.planning import PeriodUnknown, PlanHours
from services.contracts.domain.standing import NotActive
from services.contracts.events import HoursPlanned
from tests.contracts.domain.stories import ACME, WEB, agreed, binding, day, drafted
from vocabulary.duration import Minutes


def planned(minutes: int, task: str = "") -> HoursPlanned:
    return HoursPlanned(contract_id=WEB, client_id=ACME, period=day(3, 1), planned=Minutes(minutes), task=task)


def plan(minutes: int, task: str = "") -> PlanHours:
    return PlanHours(WEB, day(3, 1), Minutes(minutes), task)


def test_a_plan_takes_the_place_of_the_one_before_for_its_period_and_task() -> None:
    (
        given(CONTRACT, binding())
        .when(plan(600))
        .then(planned(600))
        .when(plan(600))
        .then()
        .when(plan(120, "seo"))
        .then(planned(120, "seo"))
        .when(plan(0))
        .then(planned(0))
        .when(plan(120, "seo"))
        .then()
    )


@pytest.mark.parametrize("on", [day(3, 2), day(1, 1), day(5, 1)])
def test_a_plan_names_the_first_date_of_a_period(on: object) -> None:
    contract = given(CONTRACT, binding(agreed(ends_on="2026-05-01")))
    contract.when(PlanHours(WEB, on, Minutes(60))).refused(PeriodUnknown, field="period")  # type: ignore[arg-type]


def test_a_draft_has_no_plan() -> None:
    given(CONTRACT, drafted()).when(plan(60)).refused(NotActive)

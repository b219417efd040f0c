"""New terms, pauses and early ends: what is accepted, what is refused, and the edge between them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.testing import given
from services.contracts.deciders import CONTRACT
from services.contracts.domain.changing import (
    BillableTimeInPause,
    ChangeTerms,
    DeliveriesWithoutPlace,
    EndContract,
    EndNotEarlier,
    EntriesWithoutRate,
    KnownWork,
    PauseContract,
    PauseEmpty,
    PriceIncreaseUnannounced,
    WorkAfterEnd,
)
from services.contracts.domain.standing import ContractUnknown, NotActive, TrialFixed
from services.contracts.events import ContractPaused, EndAgreed, TermsChanged
from tests.contracts.domain.stories import ACME, WEB, agreed, binding, day, drafted, noon, trial
from vocabulary.agreement import EndBeforeStart
from vocabulary.check_change import NotABoundary, OutsideContract
from vocabulary.money import Minor
from vocabulary.terms import Cycle, Fee, Overage, OveragePolicy, Terms, Units
from vocabulary.terms_in_force import Change

DEARER = {"fee": {"amount": 350000}}
CHEAPER = {"fee": {"amount": 250000}}
NEW_YEAR = noon(1, 1)


def change(on: date, patch: dict[str, Any], announced: datetime = NEW_YEAR, **rest: Any) -> ChangeTerms:
    said: dict[str, Any] = {"client_consents": False} | rest
    immediately = said.pop("immediately", False)
    return ChangeTerms(WEB, Change(on, patch, immediately), now=announced, **said)


def changed(on: date, patch: dict[str, Any], **rest: Any) -> TermsChanged:
    return TermsChanged(contract_id=WEB, client_id=ACME, patch=patch, effective_on=on, **rest)


def paused(from_on: date, to_on: date) -> ContractPaused:
    return ContractPaused(contract_id=WEB, client_id=ACME, from_on=from_on, to_on=to_on)


def ended(on: date) -> EndAgreed:
    return EndAgreed(contract_id=WEB, client_id=ACME, ends_on=on)


def test_terms_change_at_a_boundary() -> None:
    given(CONTRACT, binding()).when(change(day(3, 1), DEARER)).then(changed(day(3, 1), DEARER))


def test_terms_change_immediately_within_a_period() -> None:
    asked = change(day(3, 10), DEARER, immediately=True)
    given(CONTRACT, binding()).when(asked).then(changed(day(3, 10), DEARER, immediately=True))


def test_a_date_off_a_boundary_is_refused() -> None:
    given(CONTRACT, binding()).when(change(day(3, 2), DEARER)).refused(NotABoundary, field="effective_on")


def test_terms_do_not_change_after_an_early_end() -> None:
    history = (binding(), ended(day(3, 15)))
    given(CONTRACT, *history).when(change(day(3, 1), CHEAPER)).then(changed(day(3, 1), CHEAPER))
    given(CONTRACT, *history).when(change(day(4, 1), CHEAPER)).refused(OutsideContract, field="effective_on")


def test_a_price_increase_is_announced_in_time() -> None:  # R23
    contract = given(CONTRACT, binding())
    contract.when(change(day(3, 1), DEARER, noon(1, 30))).then(changed(day(3, 1), DEARER))  # 30 days ahead
    contract.when(change(day(3, 1), DEARER, noon(1, 31))).refused(PriceIncreaseUnannounced, field="effective_on")


def test_the_announcement_has_the_contracts_own_date() -> None:  # R23
    late_evening = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)  # 00:30 on the 31st in Berlin
    given(CONTRACT, binding()).when(change(day(3, 1), DEARER, late_evening)).refused(PriceIncreaseUnannounced)
    in_new_york = binding(agreed(time_zone="America/New_York"))  # still the 30th there
    given(CONTRACT, in_new_york).when(change(day(3, 1), DEARER, late_evening)).then(changed(day(3, 1), DEARER))


def test_a_price_increase_may_carry_the_clients_consent() -> None:  # R23
    asked = change(day(3, 1), DEARER, noon(2, 28), client_consents=True)
    given(CONTRACT, binding()).when(asked).then(changed(day(3, 1), DEARER, client_consents=True))


def test_a_cheaper_price_needs_no_announcement() -> None:
    given(CONTRACT, binding()).when(change(day(3, 1), CHEAPER, noon(4, 1))).then(changed(day(3, 1), CHEAPER))


def test_what_counts_as_an_increase_is_judged_by_the_terms_of_that_date() -> None:
    history = (binding(), changed(day(2, 1), {"fee": {"amount": 400000}}))
    given(CONTRACT, *history).when(change(day(3, 1), DEARER, noon(2, 20))).then(changed(day(3, 1), DEARER))


def test_new_terms_may_not_leave_entries_without_a_rate() -> None:  # R9
    hourly = {"fee": None, "allowance": None, "rate": None, "rates": {"tasks": {"seo": 9000}}}
    contract = given(CONTRACT, binding())
    seo = KnownWork(day(3, 5), task="seo")
    rated = KnownWork(day(3, 5), task="design", rated=True)
    contract.when(change(day(3, 1), hourly, client_consents=True, work=(seo, rated))).then(
        changed(day(3, 1), hourly, client_consents=True)
    )
    bare = KnownWork(day(3, 6), task="design")
    contract.when(change(day(3, 1), hourly, client_consents=True, work=(seo, bare))).refused(
        EntriesWithoutRate, field="terms.rate"
    )


def test_new_terms_may_not_leave_deliveries_without_a_place() -> None:  # R20
    posts = Terms(
        cycle=Cycle.MONTH,
        fee=Fee(Minor(100000)),
        allowance=Units(4, "post"),
        overage=Overage(OveragePolicy.STOP),
        rate=Minor(1),
    )
    contract = given(CONTRACT, binding(agreed(posts, starts_on="2026-01-01")))
    delivery = KnownWork(day(3, 5), delivery=True)
    contract.when(change(day(3, 1), {"allowance": None}, work=(delivery,))).refused(
        DeliveriesWithoutPlace, field="terms.allowance"
    )
    fewer = {"allowance": {"measure": "units", "units": 3, "of": "post"}, "fee": {"amount": 50000}}
    contract.when(change(day(3, 1), fewer, work=(delivery,))).then(changed(day(3, 1), fewer))


def test_a_contract_pauses() -> None:
    given(CONTRACT, binding()).when(PauseContract(WEB, day(4, 10), day(4, 20))).then(
        paused(day(4, 10), day(4, 20))
    ).when(PauseContract(WEB, day(4, 20), day(4, 21))).then(paused(day(4, 20), day(4, 21)))


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [(day(4, 1), day(4, 11)), (day(4, 19), day(4, 25)), (day(4, 12), day(4, 13)), (day(4, 1), day(5, 1))],
)
def test_a_pause_may_go_over_another(from_on: date, to_on: date) -> None:  # its days are paused once
    paused_once = given(CONTRACT, binding(), paused(day(4, 10), day(4, 20)))
    paused_once.when(PauseContract(WEB, from_on, to_on)).then(paused(from_on, to_on))


def test_a_pause_has_a_day_that_the_contract_covers() -> None:
    contract = given(CONTRACT, binding(agreed(ends_on="2026-05-01")))
    contract.when(PauseContract(WEB, day(1, 1), day(1, 15))).refused(OutsideContract, field="to")
    contract.when(PauseContract(WEB, day(5, 1), day(5, 2))).refused(OutsideContract, field="from")
    contract.when(PauseContract(WEB, day(4, 20), day(5, 2))).then(paused(day(4, 20), day(5, 2)))


def test_a_pause_has_days() -> None:
    given(CONTRACT, binding()).when(PauseContract(WEB, day(4, 10), day(4, 10))).refused(PauseEmpty, field="to")


def test_a_pause_may_not_go_over_billable_time() -> None:
    asked = PauseContract(WEB, day(4, 10), day(4, 20), billable_on=day(4, 12))
    given(CONTRACT, binding()).when(asked).refused(BillableTimeInPause, field="from")


def test_a_contract_ends_early_and_earlier_still() -> None:
    given(CONTRACT, binding(agreed(ends_on="2026-12-01"))).when(EndContract(WEB, day(6, 15))).then(
        ended(day(6, 15))
    ).when(EndContract(WEB, day(5, 1))).then(ended(day(5, 1))).when(EndContract(WEB, day(5, 2))).refused(
        EndNotEarlier, field="ends_on"
    )
    given(CONTRACT, binding(), ended(day(5, 1))).when(EndContract(WEB, day(5, 1))).then()


def test_a_contract_never_ends_later_than_agreed() -> None:
    given(CONTRACT, binding(agreed(ends_on="2026-12-01"))).when(EndContract(WEB, day(12, 2))).refused(EndNotEarlier)


def test_a_contract_without_an_end_can_end_on_any_date() -> None:
    given(CONTRACT, binding()).when(EndContract(WEB, day(1, 16))).then(ended(day(1, 16)))
    given(CONTRACT, binding()).when(EndContract(WEB, day(1, 15))).refused(EndBeforeStart, field="ends_on")


def test_an_early_end_leaves_no_work_behind_it() -> None:
    contract = given(CONTRACT, binding())
    contract.when(EndContract(WEB, day(6, 15), last_work_on=day(6, 15))).refused(WorkAfterEnd, field="ends_on")
    contract.when(EndContract(WEB, day(6, 15), last_work_on=day(6, 14))).then(ended(day(6, 15)))


@pytest.mark.parametrize(
    "command", [change(day(3, 1), CHEAPER), PauseContract(WEB, day(4, 1), day(4, 2)), EndContract(WEB, day(6, 1))]
)
def test_only_a_contract_that_binds_and_is_no_trial_changes(command: Any) -> None:
    given(CONTRACT).when(command).refused(ContractUnknown)
    given(CONTRACT, drafted()).when(command).refused(NotActive)
    given(CONTRACT, trial()).when(command).refused(TrialFixed)  # R26

"""How a contract comes to bind."""

from typing import Any

import pytest

from chassis.testing import given
from services.contracts.deciders import CONTRACT
from services.contracts.domain.client import ClientUnknown
from services.contracts.domain.drafting import (
    ActivateContract,
    ContractExists,
    DiscardDraft,
    DraftContract,
    ReviseDraft,
)
from services.contracts.domain.standing import ContractUnknown, NoDraft
from services.contracts.events import DraftDiscarded, DraftRevised
from tests.contracts.domain.stories import ACME, TRIAL, WEB, agreed, binding, drafted, with_end
from vocabulary.agreement import CapNotMeasurable, EndBeforeStart
from vocabulary.check_terms import AnchorInvalid
from vocabulary.identity import ClientId
from vocabulary.terms import Cycle, Rollover, Terms


def draft(**changes: Any) -> DraftContract:
    said: dict[str, Any] = {"agreement": agreed(), "client_known": True} | changes
    return DraftContract(WEB, ACME, "Website", **said)


def test_a_contract_is_drafted_then_binds() -> None:
    given(CONTRACT).when(draft()).then(drafted()).when(ActivateContract(WEB)).then(binding())


def test_a_contract_may_bind_at_once() -> None:
    given(CONTRACT).when(draft(activate=True)).then(drafted(), binding())


def test_a_trials_end_is_written_out() -> None:  # R26
    trial = agreed(TRIAL, trial=True)
    given(CONTRACT).when(draft(agreement=trial)).then(drafted(with_end(trial, "2026-02-15")))


def test_a_contract_needs_a_client_and_an_id_of_its_own() -> None:
    given(CONTRACT).when(draft(client_known=False)).refused(ClientUnknown, field="client")
    given(CONTRACT, drafted()).when(draft()).refused(ContractExists, field="contract_id")
    given(CONTRACT, drafted(), DraftDiscarded(contract_id=WEB)).when(draft()).refused(ContractExists)


def test_what_cannot_stand_is_refused_with_its_place_in_the_request() -> None:
    wrong_end = draft(agreement=agreed(ends_on="2026-01-15"))
    given(CONTRACT).when(wrong_end).refused(EndBeforeStart, field="agreement.ends_on")
    wrong_anchor = draft(agreement=agreed(Terms(cycle=Cycle.MONTH, anchor=40)))
    given(CONTRACT).when(wrong_anchor).refused(AnchorInvalid, field="agreement.terms.anchor")


def test_a_cap_in_another_measure_is_refused() -> None:  # R15
    terms = Terms(cycle=Cycle.MONTH, allowance=agreed().terms.allowance, rate=agreed().terms.rate, rollover=Rollover(5))
    capped = draft(agreement=agreed(terms), cap="money")
    given(CONTRACT).when(capped).refused(CapNotMeasurable, field="agreement.terms.rollover.cap")


def test_a_draft_can_be_revised_in_parts() -> None:
    later = agreed(ends_on="2026-12-01")
    revised = DraftRevised(contract_id=WEB, client_id=ACME, title="Shop", agreement=later)
    given(CONTRACT, drafted()).when(ReviseDraft(WEB, title="Shop", agreement=later)).then(revised).when(
        ReviseDraft(WEB, client_id=ClientId("umbrella"))
    ).then(DraftRevised(contract_id=WEB, client_id=ClientId("umbrella"), title="Shop", agreement=later))


def test_a_revision_that_changes_nothing_records_nothing() -> None:
    given(CONTRACT, drafted()).when(ReviseDraft(WEB, title="Website")).then()


def test_a_revision_is_checked_as_a_draft_is() -> None:
    given(CONTRACT, drafted()).when(ReviseDraft(WEB, agreement=agreed(ends_on="2026-01-01"))).refused(
        EndBeforeStart, field="contract.agreement.ends_on"
    )
    given(CONTRACT, drafted()).when(ReviseDraft(WEB, client_id=ClientId("x"), client_known=False)).refused(
        ClientUnknown, field="contract.client"
    )


@pytest.mark.parametrize("command", [ReviseDraft(WEB, title="Shop"), DiscardDraft(WEB), ActivateContract(WEB)])
def test_only_a_draft_can_be_revised_discarded_or_activated(command: Any) -> None:
    given(CONTRACT).when(command).refused(ContractUnknown, field="name")
    given(CONTRACT, drafted(), binding()).when(command).refused(NoDraft, field="name")
    given(CONTRACT, drafted(), DraftDiscarded(contract_id=WEB)).when(command).refused(NoDraft)


def test_a_draft_can_be_discarded() -> None:
    given(CONTRACT, drafted()).when(DiscardDraft(WEB)).then(DraftDiscarded(contract_id=WEB))

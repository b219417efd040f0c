"""Contracts: every command in one place. What each refuses stands beside it.

| room | commands |
| --- | --- |
| drafting | DraftContract, ReviseDraft, DiscardDraft, ActivateContract |
| changing | ChangeTerms, PauseContract, EndContract |
| renewal | GiveNotice, KeepCalendar |
| planning | PlanHours |
"""

from collections.abc import Sequence
from typing import assert_never

from services.contracts.domain.changing import (
    ChangeTerms,
    EndContract,
    PauseContract,
    change_terms,
    end_contract,
    pause_contract,
)
from services.contracts.domain.contract_state import Contract, ContractEvent
from services.contracts.domain.drafting import (
    ActivateContract,
    DiscardDraft,
    DraftContract,
    ReviseDraft,
    activate_contract,
    discard_draft,
    draft_contract,
    revise_draft,
)
from services.contracts.domain.planning import PlanHours, plan_hours
from services.contracts.domain.renewal import GiveNotice, KeepCalendar, give_notice, keep_calendar

ContractCommand = (
    DraftContract
    | ReviseDraft
    | DiscardDraft
    | ActivateContract
    | ChangeTerms
    | PauseContract
    | EndContract
    | GiveNotice
    | KeepCalendar
    | PlanHours
)


def decide(command: ContractCommand, contract: Contract | None) -> Sequence[ContractEvent]:
    match command:
        case DraftContract():
            return draft_contract(command, contract)
        case ReviseDraft():
            return revise_draft(command, contract)
        case DiscardDraft():
            return discard_draft(command, contract)
        case ActivateContract():
            return activate_contract(command, contract)
        case ChangeTerms():
            return change_terms(command, contract)
        case PauseContract():
            return pause_contract(command, contract)
        case EndContract():
            return end_contract(command, contract)
        case GiveNotice():
            return give_notice(command, contract)
        case KeepCalendar():
            return keep_calendar(command, contract)
        case PlanHours():
            return plan_hours(command, contract)
        case _:
            assert_never(command)

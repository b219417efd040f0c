"""What contracts' facts mean for timelog: what is known of each contract, so that time can be refused by it."""

from datetime import date

import msgspec

from chassis.inbox import Incoming
from chassis.store import Ledger
from services.contracts import events as contracts
from services.timelog import streams
from services.timelog.deciders import CONTRACT
from services.timelog.domain.known_contract import NoteContract, with_terms
from services.timelog.events import ContractHeard, Pause
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId
from vocabulary.terms_in_force import Change


async def hear_contracts(fact: Incoming, ledger: Ledger) -> None:
    """Another's fact is history: it is noted as it stands, and refuses nothing that was accepted before."""
    contract_id = getattr(fact.event, "contract_id", None)
    if contract_id is None:
        return
    stream = streams.contract(fact.agency, contract_id)
    known = await ledger.state(CONTRACT, stream)
    heard = after(fact.event, known.heard if known is not None else None)
    if heard is not None:
        await ledger.decide(CONTRACT, stream, NoteContract(heard))


def partition(event: Fact) -> str:
    """Facts of one contract wait for each other."""
    return f"contract/{getattr(event, 'contract_id', '')}"


def after(event: Fact, heard: ContractHeard | None) -> ContractHeard | None:
    """What is known of a contract after one of its facts; None where it says nothing of time."""
    match event:
        case contracts.ContractDrafted() | contracts.DraftRevised():
            return ContractHeard(contract_id=event.contract_id, client_id=event.client_id, agreement=event.agreement)
        case contracts.ContractActivated():
            known = heard or _new(event.contract_id, event.client_id)
            return msgspec.structs.replace(known, client_id=event.client_id, stage="active", agreement=event.agreement)
        case contracts.DraftDiscarded():
            return None if heard is None else msgspec.structs.replace(heard, stage="discarded")
        case contracts.TermsChanged():
            change = Change(event.effective_on, event.patch, event.immediately)
            return with_terms(heard or _new(event.contract_id, event.client_id), change)
        case contracts.ContractPaused():
            known = heard or _new(event.contract_id, event.client_id)
            pauses = tuple(sorted((*known.pauses, Pause(event.from_on, event.to_on)), key=_begin))
            return msgspec.structs.replace(known, pauses=pauses)
        case contracts.EndAgreed() | contracts.ContractRenewed():
            known = heard or _new(event.contract_id, event.client_id)
            return msgspec.structs.replace(known, ends_on=event.ends_on)
        case _:
            return None


def _new(contract_id: ContractId, client_id: ClientId) -> ContractHeard:
    return ContractHeard(contract_id=contract_id, client_id=client_id)


def _begin(pause: Pause) -> date:
    return pause.from_on

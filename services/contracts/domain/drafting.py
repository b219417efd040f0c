"""How a contract comes to bind: drafted, revised, discarded, activated.

Refused
├── ContractExists      the id is taken, also by a discarded draft
├── ClientUnknown       no such client (services.contracts.domain.client)
├── NoDraft, ContractUnknown (standing)
└── what vocabulary.agreement refuses, with `field` under `agreement.`
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from services.contracts.domain.client import ClientUnknown
from services.contracts.domain.contract_state import Contract
from services.contracts.domain.standing import draft
from services.contracts.events import ContractActivated, ContractDrafted, DraftDiscarded, DraftRevised
from vocabulary.agreement import agreed_end, check_agreement
from vocabulary.identity import ClientId, ContractId
from vocabulary.kind import Measure
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Agreement


class ContractExists(Refused, kind=Kind.EXISTS):
    """The id belongs to another contract, or did."""


@dataclass(frozen=True, slots=True)
class DraftContract:
    """`cap` is the measure in which a rollover's cap was written; `client_known` was looked up."""

    contract_id: ContractId
    client_id: ClientId
    title: str
    agreement: Agreement
    client_known: bool
    cap: Measure | None = None
    activate: bool = False


@dataclass(frozen=True, slots=True)
class ReviseDraft:
    """None leaves a part as it is."""

    contract_id: ContractId
    client_id: ClientId | None = None
    title: str | None = None
    agreement: Agreement | None = None
    client_known: bool = True
    cap: Measure | None = None


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    contract_id: ContractId


@dataclass(frozen=True, slots=True)
class ActivateContract:
    contract_id: ContractId


def draft_contract(command: DraftContract, contract: Contract | None) -> Sequence[ContractDrafted | ContractActivated]:
    if contract is not None:
        raise ContractExists(f"there is a contract {command.contract_id} already", field="contract_id")
    _check_client(command.client_id, known=command.client_known, field="client")
    agreement = _checked(command.agreement, command.cap, "agreement")
    drafted = ContractDrafted(
        contract_id=command.contract_id, client_id=command.client_id, title=command.title, agreement=agreement
    )
    if not command.activate:
        return (drafted,)
    return drafted, _activated(drafted.contract_id, drafted.client_id, drafted.title, agreement)


def revise_draft(command: ReviseDraft, contract: Contract | None) -> Sequence[DraftRevised]:
    known = draft(contract, command.contract_id)
    client_id = known.client_id if command.client_id is None else command.client_id
    _check_client(client_id, known=command.client_known, field="contract.client")
    agreement = known.agreement
    if command.agreement is not None:
        agreement = _checked(command.agreement, command.cap, "contract.agreement")
    title = known.title if command.title is None else command.title
    if (client_id, title, agreement) == (known.client_id, known.title, known.agreement):
        return ()
    return (DraftRevised(contract_id=command.contract_id, client_id=client_id, title=title, agreement=agreement),)


def discard_draft(command: DiscardDraft, contract: Contract | None) -> Sequence[DraftDiscarded]:
    draft(contract, command.contract_id)
    return (DraftDiscarded(contract_id=command.contract_id),)


def activate_contract(command: ActivateContract, contract: Contract | None) -> Sequence[ContractActivated]:
    known = draft(contract, command.contract_id)
    return (_activated(known.contract_id, known.client_id, known.title, known.agreement),)


def _activated(contract_id: ContractId, client_id: ClientId, title: str, agreement: Agreement) -> ContractActivated:
    return ContractActivated(contract_id=contract_id, client_id=client_id, title=title, agreement=agreement)


def _checked(agreement: Agreement, cap: Measure | None, field: str) -> Agreement:
    """The agreement as it is recorded: a trial's end is written out, so that nobody has to reckon it (R26)."""
    try:
        check_agreement(agreement, cap)
    except Refused as refused:
        refused.field = f"{field}.{refused.field}"
        raise
    end = agreed_end(agreement)
    return msgspec.structs.replace(agreement, ends_on=None if end is None else end.isoformat())


def _check_client(client_id: ClientId, *, known: bool, field: str) -> None:
    if not known:
        raise ClientUnknown(f"there is no client {client_id} here: add it first", field=field)

"""In what stage a contract must be for a command.

Refused
├── ContractUnknown     no such contract in this agency
├── NoDraft             it binds already, or was discarded: a draft alone can be revised
├── NotActive           a draft, or a discarded one: it binds nobody
└── TrialFixed          a trial is a fixed term of one period: it is not changed, paused or cut (R26)
"""

from services.contracts.domain.contract_state import Contract
from vocabulary.refusal import Kind, Refused


class ContractUnknown(Refused, kind=Kind.NOT_FOUND):
    """There is no such contract in this agency."""


class NoDraft(Refused, kind=Kind.CONFLICT):
    """Only a draft can be revised, discarded or activated."""


class NotActive(Refused, kind=Kind.CONFLICT):
    """The contract binds nobody (yet)."""


class TrialFixed(Refused, kind=Kind.CONFLICT):
    """A trial is a fixed term of one period with one fee (R26)."""


def draft(contract: Contract | None, contract_id: str) -> Contract:
    known = _known(contract, contract_id)
    if known.stage != "draft":
        what = "binds already: change its terms instead" if known.stage == "binding" else "was discarded"
        raise NoDraft(f"{contract_id} {what}", field="name")
    return known


def binding(contract: Contract | None, contract_id: str) -> Contract:
    known = _known(contract, contract_id)
    if known.stage != "binding":
        what = "is a draft: activate it first" if known.stage == "draft" else "was discarded"
        raise NotActive(f"{contract_id} {what}", field="contract")
    return known


def no_trial(contract: Contract, contract_id: str) -> None:
    if contract.agreement.trial:
        raise TrialFixed(
            f"{contract_id} is a trial, a fixed term of one period: draft a contract that starts where it ends (R26)",
            field="contract",
        )


def _known(contract: Contract | None, contract_id: str) -> Contract:
    if contract is None:
        raise ContractUnknown(f"there is no contract {contract_id} here", field="name")
    return contract

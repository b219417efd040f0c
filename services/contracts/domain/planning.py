"""How many hours are planned for a period of a contract, by task or in all (R34).

Refused
├── PeriodUnknown       no period of the contract begins on that date
└── ContractUnknown, NotActive (standing)

A plan promises nothing: it is shown beside what is used, and nothing is charged by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.contracts.domain.contract_state import Contract
from services.contracts.domain.standing import binding
from services.contracts.events import HoursPlanned
from vocabulary.duration import Minutes
from vocabulary.identity import ContractId
from vocabulary.refusal import Kind, Refused
from vocabulary.terms_in_force import calendar_of


class PeriodUnknown(Refused, kind=Kind.INVALID):
    """No period of the contract begins on that date."""


@dataclass(frozen=True, slots=True)
class PlanHours:
    """`planned` takes the place of what was planned before for that period and task; none takes it away."""

    contract_id: ContractId
    period: date
    planned: Minutes
    task: str = ""


def plan_hours(command: PlanHours, contract: Contract | None) -> Sequence[HoursPlanned]:
    known = binding(contract, command.contract_id)
    has_period = calendar_of(known.agreement).is_start(command.period)
    if not has_period or (known.ends_on is not None and command.period >= known.ends_on):
        raise PeriodUnknown(
            f"no period of the contract begins on {command.period}: name the first date of one", field="period"
        )
    before = {(plan.period, plan.task): plan.planned for plan in known.plans}
    if before.get((command.period, command.task), 0) == command.planned:
        return ()
    return (
        HoursPlanned(
            contract_id=known.contract_id,
            client_id=known.client_id,
            period=command.period,
            task=command.task,
            planned=command.planned,
        ),
    )

"""Hours planned for each period, by task (R34): rows of the budget view."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chassis.projector import Tables, Views
from services.billing.events import PlanNoted

TABLE: Final = (
    "agency TEXT NOT NULL, contract_id TEXT NOT NULL, starts_on TEXT NOT NULL, task TEXT NOT NULL,"
    " minutes INTEGER NOT NULL, PRIMARY KEY (agency, contract_id, starts_on, task)"
)


def note(tables: Tables, agency: str, plan: PlanNoted) -> None:
    tables.execute(
        "INSERT INTO {budget_plans} (agency, contract_id, starts_on, task, minutes)"
        " VALUES (:agency, :contract_id, :starts_on, :task, :minutes)"
        " ON CONFLICT (agency, contract_id, starts_on, task) DO UPDATE SET minutes = excluded.minutes",
        {
            "agency": agency,
            "contract_id": plan.contract_id,
            "starts_on": plan.period.isoformat(),
            "task": plan.task,
            "minutes": plan.planned,
        },
    )


async def planned(views: Views, where: Mapping[str, Any]) -> Mapping[tuple[str, str], Sequence[tuple[str, int]]]:
    """Tasks and minutes by contract and period; of all contracts where none is named."""
    one = " AND contract_id = :contract_id" if where["contract_id"] else ""
    plans: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for row in await views.query(
        "SELECT contract_id, starts_on, task, minutes FROM {budget_plans} WHERE agency = :agency"
        f" AND starts_on <= :until{one} AND minutes > 0 ORDER BY task",
        where,
    ):
        plans.setdefault((row["contract_id"], row["starts_on"]), []).append((row["task"], row["minutes"]))
    return plans

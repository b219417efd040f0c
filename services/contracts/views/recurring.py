"""What a contract brings in whatever is worked: its recurring amounts from each date on which they change.

Only dashboards ask for it; it says what the terms say, and what that comes to in a month is for the question to reckon.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.contracts.domain.contract_state import Contract
from vocabulary.terms import Agreement
from vocabulary.terms_in_force import Change, calendar_of, period_start, terms_on

TABLE = (
    "agency TEXT NOT NULL, contract_id TEXT NOT NULL, from_on TEXT NOT NULL, cycle TEXT NOT NULL, fee INTEGER NOT NULL,"
    " fee_every TEXT NOT NULL, access_fee INTEGER NOT NULL, minimum INTEGER NOT NULL,"
    " PRIMARY KEY (agency, contract_id, from_on)"
)
WRITE = (
    "INSERT INTO {contract_recurring} (agency, contract_id, from_on, cycle, fee, fee_every, access_fee, minimum)"
    " VALUES (:agency, :contract_id, :from_on, :cycle, :fee, :fee_every, :access_fee, :minimum)"
)
CLEAR = "DELETE FROM {contract_recurring} WHERE agency = :agency AND contract_id = :contract_id"


def recurring(agency: str, contract: Contract) -> Iterator[Mapping[str, Any]]:
    """A row for each date from which other terms are in force (R22); none while the contract binds nobody, and none for
    a trial, which is charged once (R26)."""
    if contract.stage != "binding" or contract.agreement.trial:
        return
    for day in sorted({contract.starts_on, *_days_of_change(contract.agreement, contract.changes)}):
        terms = terms_on(contract.agreement, contract.changes, day)
        yield {
            "agency": agency,
            "contract_id": contract.contract_id,
            "from_on": day.isoformat(),
            "cycle": terms.cycle.value,
            "fee": terms.fee.amount if terms.fee else 0,
            "fee_every": (terms.fee.every if terms.fee else None) or terms.cycle.value,
            "access_fee": terms.access_fee or 0,
            "minimum": terms.minimum or 0,
        }


def _days_of_change(agreement: Agreement, changes: tuple[Change, ...]) -> Iterator[date]:
    """The date of each change, and the boundary after an immediate one, where the rest of it takes effect (R22)."""
    calendar = calendar_of(agreement)
    for change in changes:
        if change.effective_on < calendar.starts_on:
            continue
        yield change.effective_on
        if change.immediately and period_start(agreement, change.effective_on) != change.effective_on:
            yield calendar.start(calendar.index_at(change.effective_on) + 1)

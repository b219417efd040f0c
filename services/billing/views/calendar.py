"""Whose books are to be settled when: what the scheduler asks, across all agencies."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import BoundaryAwaited

NEVER = "9999"
"""Sorts behind every instant."""


class CalendarView:
    name: ClassVar[str] = "calendar"
    tables: ClassVar[Mapping[str, str]] = {
        "calendar": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, begins_at TEXT NOT NULL,"
        " settles_at TEXT NOT NULL, settles_on TEXT NOT NULL, next_at TEXT NOT NULL, PRIMARY KEY (agency, contract_id)"
    }
    indexes: ClassVar[Sequence[str]] = ("{calendar} (next_at)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        latest: dict[tuple[str, str], BoundaryAwaited] = {}
        for fact in facts:
            if isinstance(fact.event, BoundaryAwaited):
                latest[fact.agency, fact.event.contract_id] = fact.event
        tables.execute_many(
            "INSERT INTO {calendar} (agency, contract_id, begins_at, settles_at, settles_on, next_at)"
            " VALUES (:agency, :contract_id, :begins_at, :settles_at, :settles_on, :next_at)"
            " ON CONFLICT (agency, contract_id) DO UPDATE SET begins_at = excluded.begins_at,"
            " settles_at = excluded.settles_at, settles_on = excluded.settles_on, next_at = excluded.next_at",
            [_row(agency, awaited) for (agency, _), awaited in latest.items()],
        )


def _row(agency: str, awaited: BoundaryAwaited) -> dict[str, object]:
    begins_at, settles_at = instant_text(awaited.begins_at), instant_text(awaited.settles_at)
    return {
        "agency": agency,
        "contract_id": awaited.contract_id,
        "begins_at": begins_at,
        "settles_at": settles_at,
        "settles_on": awaited.settles_on.isoformat() if awaited.settles_on else "",
        "next_at": min(begins_at, settles_at),
    }


def instant_text(instant: datetime | None) -> str:
    """Instants in UTC as texts that sort as the instants do."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S") if instant else NEVER


async def due(views: Views, until: datetime, limit: int) -> Sequence[Row]:
    """Accounts for which something is due by an instant, oldest first."""
    return await views.query(
        "SELECT agency, contract_id, settles_on FROM {calendar} WHERE next_at <= :until"
        " ORDER BY next_at, agency, contract_id"
        " LIMIT :limit",
        {"until": instant_text(until), "limit": limit},
    )


async def next_due(views: Views) -> str:
    """The instant at which something is due next, as a text; `NEVER` where nothing is."""
    rows = await views.query("SELECT min(next_at) AS next_at FROM {calendar}")
    return rows[0]["next_at"] or NEVER


async def accounts_of(views: Views, agency: str, contract_id: str = "") -> Sequence[Row]:
    """The agency's accounts, the boundary that each settles next, and the instant from which it can."""
    one = " AND contract_id = :contract_id" if contract_id else ""
    return await views.query(
        "SELECT contract_id, settles_on, settles_at FROM {calendar}"
        f" WHERE agency = :agency{one} ORDER BY contract_id",
        {"agency": agency, "contract_id": contract_id},
    )

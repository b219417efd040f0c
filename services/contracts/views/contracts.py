"""Which contracts there are, and how they stand. What depends on today is reckoned when it is asked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.contracts.domain.contract_state import Contract, ContractEvent, evolve
from services.contracts.views import recurring
from services.contracts.views.rows import Clause, Sort, beyond, order_by

_DECODER = msgspec.json.Decoder(Contract)
COLUMNS = {
    "name": "contract_id",
    "client": "client_id",
    "currency": "currency",
    "time_zone": "time_zone",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "create_time": "created_at",
    "update_time": "updated_at",
}
"""What lists can be filtered and ordered by; `state` besides."""
STANDING = (
    "CASE WHEN stage <> 'binding' THEN stage WHEN ends_on <> '' AND ends_on <= today.day THEN 'ended'"
    " WHEN EXISTS (SELECT 1 FROM {contract_pause} p WHERE p.agency = c.agency AND p.contract_id = c.contract_id"
    " AND p.from_on <= today.day AND p.to_on > today.day) THEN 'paused' ELSE 'active' END"
)
"""As `standing_on` of the domain has it; `today` is one row for each zone."""
_WRITE = (
    "INSERT INTO {contract} (agency, contract_id, client_id, stage, currency, time_zone, starts_on, ends_on, renewing,"
    " content, version, created_at, updated_at) VALUES (:agency, :contract_id, :client_id, :stage, :currency,"
    " :time_zone, :starts_on, :ends_on, :renewing, :content, :version, :created_at, :updated_at)"
    " ON CONFLICT (agency, contract_id) DO UPDATE SET client_id = excluded.client_id, stage = excluded.stage,"
    " currency = excluded.currency, time_zone = excluded.time_zone, starts_on = excluded.starts_on,"
    " ends_on = excluded.ends_on, renewing = excluded.renewing, content = excluded.content,"
    " version = excluded.version, updated_at = excluded.updated_at"
)
_WRITE_PAUSE = (
    "INSERT INTO {contract_pause} (agency, contract_id, from_on, to_on)"
    " VALUES (:agency, :contract_id, :from_on, :to_on) ON CONFLICT (agency, contract_id, from_on) DO NOTHING"
)
_ONE = "SELECT * FROM {contract} WHERE agency = :agency AND contract_id = :contract_id"


class ContractsView:
    name: ClassVar[str] = "contracts"
    tables: ClassVar[Mapping[str, str]] = {
        "contract": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, client_id TEXT NOT NULL, stage TEXT NOT NULL,"
        " currency TEXT NOT NULL, time_zone TEXT NOT NULL, starts_on TEXT NOT NULL, ends_on TEXT NOT NULL,"
        " renewing INTEGER NOT NULL, content TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL,"
        " updated_at TEXT NOT NULL, PRIMARY KEY (agency, contract_id)",
        "contract_pause": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, from_on TEXT NOT NULL,"
        " to_on TEXT NOT NULL, PRIMARY KEY (agency, contract_id, from_on)",
        "contract_recurring": recurring.TABLE,
    }
    indexes: ClassVar[Sequence[str]] = ("{contract} (agency, client_id, contract_id)", "{contract} (renewing)")

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        """Each contract is read once and written once a batch."""
        known: dict[tuple[str, str], ContractRow] = {}
        for fact in facts:
            if isinstance(fact.event, ContractEvent):
                contract_id = fact.event.contract_id
                key = (fact.agency, contract_id)
                before = known[key] if key in known else _stored(tables, fact.agency, contract_id)
                known[key] = _moved_on(before, fact, fact.event)
        tables.execute_many(_WRITE, [_columns(agency, row) for (agency, _), row in known.items()])
        tables.execute_many(
            _WRITE_PAUSE,
            [
                {
                    "agency": agency,
                    "contract_id": contract_id,
                    "from_on": pause.from_on.isoformat(),
                    "to_on": pause.to_on.isoformat(),
                }
                for (agency, contract_id), row in known.items()
                for pause in row.contract.pauses
            ],
        )
        tables.execute_many(
            recurring.CLEAR, [{"agency": agency, "contract_id": contract_id} for agency, contract_id in known]
        )
        tables.execute_many(
            recurring.WRITE,
            [line for (agency, _), row in known.items() for line in recurring.recurring(agency, row.contract)],
        )


class ContractRow(NamedTuple):
    contract: Contract
    version: int
    created_at: datetime
    updated_at: datetime
    key: tuple[str, ...] = ()
    """By which the list is sorted."""


class Renewing(NamedTuple):
    """A contract that renews, or would if no notice had been given."""

    agency: str
    contract: Contract


async def contract(views: Views, agency: str, contract_id: str) -> ContractRow | None:
    rows = await views.query(_ONE, {"agency": agency, "contract_id": contract_id})
    return _read(rows[0], ()) if rows else None


async def zones(views: Views, agency: str) -> Sequence[str]:
    """The time zones in which the agency has contracts."""
    rows = await views.query("SELECT DISTINCT time_zone FROM {contract} WHERE agency = :agency", {"agency": agency})
    return [row["time_zone"] for row in rows]


async def contracts(
    views: Views,
    agency: str,
    wanted: Clause,
    sorts: Sequence[Sort],
    after: Sequence[Any] | None,
    limit: int,
    today: Mapping[str, date] | None = None,
) -> Sequence[ContractRow]:
    """A page. `wanted` is a condition over the columns; where it speaks of `STANDING`, `today` names the date in each
    zone."""
    page = beyond(sorts, after)
    parameters: dict[str, Any] = {**wanted.parameters, **page.parameters, "agency": agency, "limit": limit}
    days, joined = "", ""
    if today:
        values = []
        for number, (zone, day) in enumerate(today.items()):
            values.append(f"(:zone{number}, :day{number})")
            parameters |= {f"zone{number}": zone, f"day{number}": day.isoformat()}
        days = f"WITH today (zone, day) AS (VALUES {', '.join(values)}) "
        joined = " JOIN today ON today.zone = c.time_zone"
    rows = await views.query(
        f"{days}SELECT c.* FROM {{contract}} c{joined} WHERE c.agency = :agency AND {wanted.sql} AND {page.sql}"
        f" ORDER BY {order_by(sorts)} LIMIT :limit",
        parameters,
    )
    return [_read(row, sorts) for row in rows]


async def renewing(views: Views, agency: str | None = None) -> Sequence[Renewing]:
    """Of one agency, or of all."""
    only = "" if agency is None else " AND agency = :agency"
    rows = await views.query(
        f"SELECT agency, content FROM {{contract}} WHERE renewing = 1{only} ORDER BY agency, contract_id",
        {} if agency is None else {"agency": agency},
    )
    return [Renewing(row["agency"], _DECODER.decode(row["content"])) for row in rows]


def _stored(tables: Tables, agency: str, contract_id: str) -> ContractRow | None:
    rows = tables.query(_ONE, {"agency": agency, "contract_id": contract_id})
    return _read(rows[0], ()) if rows else None


def _moved_on(before: ContractRow | None, fact: Recorded, event: ContractEvent) -> ContractRow:
    after = evolve(before.contract if before else None, event)
    return ContractRow(after, fact.version, before.created_at if before else fact.recorded_at, fact.recorded_at)


def _columns(agency: str, row: ContractRow) -> Mapping[str, Any]:
    contract = row.contract
    renewing = contract.stage == "binding" and contract.agreement.renews is not None and not contract.ended_early
    return {
        "agency": agency,
        "contract_id": contract.contract_id,
        "client_id": contract.client_id,
        "stage": contract.stage,
        "currency": contract.agreement.currency,
        "time_zone": contract.agreement.time_zone,
        "starts_on": contract.agreement.starts_on,
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else "",
        "renewing": int(renewing),
        "content": msgspec.json.encode(contract).decode(),
        "version": row.version,
        "created_at": row.created_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
    }


def _read(row: Row, sorts: Sequence[Sort]) -> ContractRow:
    return ContractRow(
        _DECODER.decode(row["content"]),
        row["version"],
        datetime.fromisoformat(row["created_at"]),
        datetime.fromisoformat(row["updated_at"]),
        tuple(row[column] for column, _ in sorts),
    )


async def binding(views: Views, agency: str, client_id: str, now: datetime) -> Sequence[str]:
    """Contracts of a client that have not ended yet; drafts bind nobody. A day is counted as past everywhere."""
    rows = await views.query(
        "SELECT contract_id FROM {contract} WHERE agency = :agency AND client_id = :client_id AND stage = 'binding'"
        " AND (ends_on = '' OR ends_on > :today) ORDER BY contract_id",
        {"agency": agency, "client_id": client_id, "today": now.date().isoformat()},
    )
    return [str(row["contract_id"]) for row in rows]

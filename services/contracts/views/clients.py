"""Who buys: clients by id, personal data still sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.contracts.domain.client import erased
from services.contracts.events import ClientAdded, ClientDescribed, ClientErased, ClientProfile
from services.contracts.views.rows import Clause, Sort, beyond, order_by

_DECODER = msgspec.json.Decoder(ClientProfile)
COLUMNS = {
    "name": "client_id",
    "currency": "currency",
    "locale": "locale",
    "time_zone": "time_zone",
    "create_time": "created_at",
    "update_time": "updated_at",
}
"""What lists can be filtered and ordered by."""


class ClientsView:
    name: ClassVar[str] = "clients"
    tables: ClassVar[Mapping[str, str]] = {
        "client": "agency TEXT NOT NULL, client_id TEXT NOT NULL, currency TEXT NOT NULL, locale TEXT NOT NULL,"
        " time_zone TEXT NOT NULL, content TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL,"
        " updated_at TEXT NOT NULL, PRIMARY KEY (agency, client_id)"
    }
    indexes: ClassVar[Sequence[str]] = ()

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        rows: list[Mapping[str, Any]] = []
        latest: dict[tuple[str, str], ClientProfile] = {}
        for fact in facts:
            match fact.event:
                case ClientAdded() | ClientDescribed() as event:
                    profile = event.profile
                case ClientErased() as event:
                    key = (fact.agency, event.client_id)
                    profile = erased(latest[key] if key in latest else _stored(tables, *key))
                case _:  # other facts are other views'
                    continue
            latest[fact.agency, event.client_id] = profile
            rows.append(_row(fact, event.client_id, profile))
        tables.execute_many(
            "INSERT INTO {client} (agency, client_id, currency, locale, time_zone, content, version, created_at,"
            " updated_at) VALUES (:agency, :client_id, :currency, :locale, :time_zone, :content, :version, :at, :at)"
            " ON CONFLICT (agency, client_id) DO UPDATE SET currency = excluded.currency, locale = excluded.locale,"
            " time_zone = excluded.time_zone, content = excluded.content, version = excluded.version,"
            " updated_at = excluded.updated_at",
            rows,
        )


def _stored(tables: Tables, agency: str, client_id: str) -> ClientProfile:
    (row,) = tables.query(
        "SELECT content FROM {client} WHERE agency = :agency AND client_id = :client_id",
        {"agency": agency, "client_id": client_id},
    )
    return _DECODER.decode(row["content"])


def _row(fact: Recorded, client_id: str, profile: ClientProfile) -> Mapping[str, Any]:
    return {
        "agency": fact.agency,
        "client_id": client_id,
        "currency": profile.currency,
        "locale": profile.locale,
        "time_zone": profile.time_zone,
        "content": msgspec.json.encode(profile).decode(),
        "version": fact.version,
        "at": fact.recorded_at.isoformat(),
    }


class ClientRow(NamedTuple):
    client_id: str
    profile: ClientProfile
    version: int
    created_at: datetime
    updated_at: datetime
    key: tuple[str, ...]
    """By which the list is sorted."""


async def client(views: Views, agency: str, client_id: str) -> ClientRow | None:
    rows = await views.query(
        "SELECT * FROM {client} WHERE agency = :agency AND client_id = :client_id",
        {"agency": agency, "client_id": client_id},
    )
    return _read(rows[0], ()) if rows else None


async def clients(
    views: Views, agency: str, wanted: Clause, sorts: Sequence[Sort], after: Sequence[Any] | None, limit: int
) -> Sequence[ClientRow]:
    """A page; `wanted` is a condition over the columns."""
    page = beyond(sorts, after)
    rows = await views.query(
        f"SELECT * FROM {{client}} WHERE agency = :agency AND {wanted.sql} AND {page.sql}"
        f" ORDER BY {order_by(sorts)} LIMIT :limit",
        {**wanted.parameters, **page.parameters, "agency": agency, "limit": limit},
    )
    return [_read(row, sorts) for row in rows]


def _read(row: Row, sorts: Sequence[Sort]) -> ClientRow:
    return ClientRow(
        row["client_id"],
        _DECODER.decode(row["content"]),
        row["version"],
        datetime.fromisoformat(row["created_at"]),
        datetime.fromisoformat(row["updated_at"]),
        tuple(row[column] for column, _ in sorts),
    )

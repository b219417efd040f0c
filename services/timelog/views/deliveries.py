"""Deliveries that stand; notes sealed as they were recorded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.timelog.events import Delivered, DeliveryWithdrawn
from services.timelog.views.rows import Change, Page, instant, microseconds, write
from vocabulary.personal import Personal

_RECORD = (
    "INSERT INTO {delivery} (agency, delivery_id, contract_id, units, delivered_on, note, created_us, version)"
    " VALUES (:agency, :delivery_id, :contract_id, :units, :delivered_on, :note, :created_us, :version)"
)
_WITHDRAW = "DELETE FROM {delivery} WHERE agency = :agency AND delivery_id = :delivery_id"


class DeliveriesView:
    name: ClassVar[str] = "deliveries"
    tables: ClassVar[Mapping[str, str]] = {
        "delivery": (
            "agency TEXT NOT NULL, delivery_id TEXT NOT NULL, contract_id TEXT NOT NULL, units INTEGER NOT NULL,"
            " delivered_on TEXT NOT NULL, note TEXT, created_us INTEGER NOT NULL, version INTEGER NOT NULL,"
            " PRIMARY KEY (agency, delivery_id)"
        )
    }
    indexes: ClassVar[Sequence[str]] = (
        "{delivery} (agency, delivered_on, delivery_id)",
        "{delivery} (agency, contract_id, delivered_on, delivery_id)",
    )

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        changes = []
        for fact in facts:
            match fact.event:
                case Delivered() as delivered:
                    changes.append(Change(_RECORD, _row(fact, delivered)))
                case DeliveryWithdrawn(delivery_id=delivery_id):
                    changes.append(Change(_WITHDRAW, {"agency": fact.agency, "delivery_id": delivery_id}))
                case _:  # other facts are other views'
                    continue
        write(tables, changes)


class DeliveryRow(msgspec.Struct, frozen=True):
    """A delivery; its note still sealed."""

    delivery_id: str
    contract_id: str
    units: int
    delivered_on: date
    note: Personal | None
    created_at: datetime
    version: int
    key: tuple[str, str]


async def deliveries(
    views: Views,
    agency: str,
    conditions: Sequence[str],
    parameters: Mapping[str, Any],
    after: Sequence[Any] | None,
    limit: int,
) -> Page:
    """In order of date, then id. `conditions` are SQL over the columns, with their parameters."""
    where = " AND ".join(("agency = :agency", *conditions))
    given: dict[str, Any] = {**parameters, "agency": agency}
    counted = await views.query(f"SELECT count(*) AS many FROM {{delivery}} WHERE {where}", given)
    if after is not None:
        where += " AND (delivered_on, delivery_id) > (:after_on, :after_id)"
        given |= {"after_on": after[0], "after_id": after[1]}
    rows = await views.query(
        f"SELECT * FROM {{delivery}} WHERE {where} ORDER BY delivered_on, delivery_id LIMIT :limit",
        {**given, "limit": limit},
    )
    return Page(rows, int(counted[0]["many"]))


def read(row: Mapping[str, Any]) -> DeliveryRow:
    return DeliveryRow(
        row["delivery_id"],
        row["contract_id"],
        row["units"],
        date.fromisoformat(row["delivered_on"]),
        msgspec.json.decode(row["note"], type=Personal) if row["note"] else None,
        instant(row["created_us"]),
        row["version"],
        (row["delivered_on"], row["delivery_id"]),
    )


def _row(fact: Recorded, delivered: Delivered) -> dict[str, Any]:
    return {
        "agency": fact.agency,
        "delivery_id": delivered.delivery_id,
        "contract_id": delivered.contract_id,
        "units": delivered.units,
        "delivered_on": delivered.delivered_on.isoformat(),
        "note": msgspec.json.encode(delivered.note).decode() if delivered.note else None,
        "created_us": microseconds(fact.recorded_at),
        "version": fact.version,
    }

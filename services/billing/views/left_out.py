"""What could not be counted, and why: nothing is dropped. A fact that waits leaves the list when it is counted."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import (
    AccountOpened,
    DeliveryCounted,
    DeliveryUncounted,
    EntryCounted,
    EntryRecounted,
    EntryUncounted,
    FactLeftOut,
    FactWaits,
    Heard,
)

WAITS = "WaitsForContract"


class LeftOutView:
    name: ClassVar[str] = "left_out"
    tables: ClassVar[Mapping[str, str]] = {
        "left_out": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, subject TEXT NOT NULL, position INTEGER NOT NULL,"
        " reason TEXT NOT NULL, message TEXT NOT NULL, field TEXT NOT NULL, heard TEXT NOT NULL,"
        " PRIMARY KEY (agency, position)"
    }
    indexes: ClassVar[Sequence[str]] = ("{left_out} (agency, contract_id, subject)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case FactWaits(contract_id=contract_id, heard=heard):
                    waits = FactLeftOut(
                        contract_id=contract_id, heard=heard, reason=WAITS, message="its contract has not arrived yet"
                    )
                    _list(tables, fact, waits)
                case FactLeftOut() as out:
                    _forget(tables, fact.agency, out.contract_id, subject_of(out.contract_id, out.heard))
                    _list(tables, fact, out)
                case AccountOpened(contract_id=contract_id):
                    # What waited is counted or left out by the facts that follow.
                    tables.execute(
                        "DELETE FROM {left_out} WHERE agency = :agency AND contract_id = :contract_id"
                        " AND reason = :reason",
                        {"agency": fact.agency, "contract_id": contract_id, "reason": WAITS},
                    )
                case EntryCounted() | EntryRecounted() | EntryUncounted():
                    _forget(tables, fact.agency, fact.event.contract_id, f"entries/{fact.event.entry_id}")
                case DeliveryCounted() | DeliveryUncounted():
                    _forget(tables, fact.agency, fact.event.contract_id, f"deliveries/{fact.event.delivery_id}")
                case _:  # other facts are other views'
                    continue


def subject_of(contract_id: str, heard: Heard) -> str:
    """`entries/e1`, `deliveries/d1`, or the contract itself."""
    if heard.entry_id:
        return f"entries/{heard.entry_id}"
    return f"deliveries/{heard.delivery_id}" if heard.delivery_id else f"contracts/{contract_id}"


def _list(tables: Tables, fact: Recorded, out: FactLeftOut) -> None:
    tables.execute(
        "INSERT INTO {left_out} (agency, contract_id, subject, position, reason, message, field, heard)"
        " VALUES (:agency, :contract_id, :subject, :position, :reason, :message, :field, :heard)",
        {
            "agency": fact.agency,
            "contract_id": out.contract_id,
            "subject": subject_of(out.contract_id, out.heard),
            "position": fact.position,
            "reason": out.reason,
            "message": out.message,
            "field": out.field,
            "heard": msgspec.json.encode(out.heard).decode(),
        },
    )


def _forget(tables: Tables, agency: str, contract_id: str, subject: str) -> None:
    """What is counted after all, or left out for another reason, is listed once."""
    tables.execute(
        "DELETE FROM {left_out} WHERE agency = :agency AND contract_id = :contract_id AND subject = :subject"
        " AND subject NOT LIKE 'contracts/%'",
        {"agency": agency, "contract_id": contract_id, "subject": subject},
    )


async def left_out(views: Views, agency: str, contract_id: str, after: int, limit: int) -> Sequence[Row]:
    where = " AND contract_id = :contract_id" if contract_id else ""
    return await views.query(
        "SELECT contract_id, subject, position, reason, message, field, heard FROM {left_out}"
        f" WHERE agency = :agency AND position > :after{where} ORDER BY position LIMIT :limit",
        {"agency": agency, "contract_id": contract_id, "after": after, "limit": limit},
    )

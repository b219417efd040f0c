"""What happened to a contract: its facts with actor and time, oldest first. Contracts' facts hold nothing personal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.contracts.domain.contract_state import ContractEvent

_DECODER: msgspec.json.Decoder[ContractEvent] = msgspec.json.Decoder(ContractEvent)


class HistoryView:
    name: ClassVar[str] = "history"
    tables: ClassVar[Mapping[str, str]] = {
        "contract_history": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, version INTEGER NOT NULL,"
        " content TEXT NOT NULL, actor TEXT NOT NULL, recorded_at TEXT NOT NULL,"
        " PRIMARY KEY (agency, contract_id, version)"
    }
    indexes: ClassVar[Sequence[str]] = ()

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        tables.execute_many(
            "INSERT INTO {contract_history} (agency, contract_id, version, content, actor, recorded_at)"
            " VALUES (:agency, :contract_id, :version, :content, :actor, :recorded_at)",
            [
                {
                    "agency": fact.agency,
                    "contract_id": fact.event.contract_id,
                    "version": fact.version,
                    "content": msgspec.json.encode(fact.event).decode(),
                    "actor": fact.actor,
                    "recorded_at": fact.recorded_at.isoformat(),
                }
                for fact in facts
                if isinstance(fact.event, ContractEvent)
            ],
        )


class Happened(NamedTuple):
    version: int
    event: ContractEvent
    content: str
    actor: str
    recorded_at: datetime


async def history(views: Views, agency: str, contract_id: str, after_version: int, limit: int) -> Sequence[Happened]:
    rows = await views.query(
        "SELECT * FROM {contract_history} WHERE agency = :agency AND contract_id = :contract_id"
        " AND version > :after ORDER BY version LIMIT :limit",
        {"agency": agency, "contract_id": contract_id, "after": after_version, "limit": limit},
    )
    return [
        Happened(
            row["version"],
            _DECODER.decode(row["content"]),
            row["content"],
            row["actor"],
            datetime.fromisoformat(row["recorded_at"]),
        )
        for row in rows
    ]

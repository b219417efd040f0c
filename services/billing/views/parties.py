"""Who sends documents and who gets them; texts stay sealed."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.billing.events import ClientNoted, SenderNoted


class PartiesView:
    name: ClassVar[str] = "parties"
    tables: ClassVar[Mapping[str, str]] = {
        "parties_senders": "agency TEXT NOT NULL PRIMARY KEY, noted TEXT NOT NULL",
        "parties_clients": "agency TEXT NOT NULL, client_id TEXT NOT NULL, currency TEXT NOT NULL, noted TEXT NOT NULL,"
        " PRIMARY KEY (agency, client_id)",
    }
    indexes: ClassVar[Sequence[str]] = ()

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case SenderNoted() as sender:
                    tables.execute(
                        "INSERT INTO {parties_senders} (agency, noted) VALUES (:agency, :noted)"
                        " ON CONFLICT (agency) DO UPDATE SET noted = excluded.noted",
                        {"agency": fact.agency, "noted": msgspec.json.encode(sender).decode()},
                    )
                case ClientNoted() as client:
                    tables.execute(
                        "INSERT INTO {parties_clients} (agency, client_id, currency, noted)"
                        " VALUES (:agency, :client_id, :currency, :noted)"
                        " ON CONFLICT (agency, client_id) DO UPDATE SET currency = excluded.currency,"
                        " noted = excluded.noted",
                        {
                            "agency": fact.agency,
                            "client_id": client.client_id,
                            "currency": client.currency,
                            "noted": msgspec.json.encode(client).decode(),
                        },
                    )
                case _:  # other facts are other views'
                    continue


async def sender_of(views: Views, agency: str) -> SenderNoted | None:
    rows = await views.query("SELECT noted FROM {parties_senders} WHERE agency = :agency", {"agency": agency})
    return msgspec.json.decode(rows[0]["noted"], type=SenderNoted) if rows else None


async def client_of(views: Views, agency: str, client_id: str) -> ClientNoted | None:
    rows = await views.query(
        "SELECT noted FROM {parties_clients} WHERE agency = :agency AND client_id = :client_id",
        {"agency": agency, "client_id": client_id},
    )
    return msgspec.json.decode(rows[0]["noted"], type=ClientNoted) if rows else None

"""The PDF file of each document, as it was drawn once (sealed), and which documents wait to be drawn."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import DocumentDrawn, InvoiceIssued
from vocabulary.personal import Personal


class DocumentsView:
    name: ClassVar[str] = "documents"
    tables: ClassVar[Mapping[str, str]] = {
        "documents": "agency TEXT NOT NULL, number TEXT NOT NULL, client_id TEXT NOT NULL, position INTEGER NOT NULL,"
        " sha256 TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (agency, number)"
    }
    indexes: ClassVar[Sequence[str]] = ("{documents} (sha256, position)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case InvoiceIssued() as issued:
                    tables.execute(
                        "INSERT INTO {documents} (agency, number, client_id, position, sha256, content)"
                        " VALUES (:agency, :number, :client_id, :position, '', '')",
                        {
                            "agency": fact.agency,
                            "number": issued.number,
                            "client_id": issued.client_id,
                            "position": fact.position,
                        },
                    )
                case DocumentDrawn() as drawn:
                    tables.execute(
                        "UPDATE {documents} SET sha256 = :sha256, content = :content"
                        " WHERE agency = :agency AND number = :number",
                        {
                            "agency": fact.agency,
                            "number": drawn.number,
                            "sha256": drawn.sha256,
                            "content": msgspec.json.encode(drawn.content).decode(),
                        },
                    )
                case _:  # other facts are other views'
                    continue


class Drawn(msgspec.Struct, frozen=True):
    client_id: str
    sha256: str
    """Empty while it has not been drawn."""
    content: Personal | None


async def document(views: Views, agency: str, number: str) -> Drawn | None:
    rows = await views.query(
        "SELECT client_id, sha256, content FROM {documents} WHERE agency = :agency AND number = :number",
        {"agency": agency, "number": number},
    )
    if not rows:
        return None
    content = msgspec.json.decode(rows[0]["content"], type=Personal) if rows[0]["content"] else None
    return Drawn(rows[0]["client_id"], rows[0]["sha256"], content)


async def undrawn(views: Views, limit: int) -> Sequence[Row]:
    """Agency and number of documents that were issued and not drawn yet, oldest first."""
    return await views.query(
        "SELECT agency, number FROM {documents} WHERE sha256 = '' ORDER BY position LIMIT :limit", {"limit": limit}
    )

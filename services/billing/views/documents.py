"""The files of each document, as they were drawn once (sealed), and which documents wait to be drawn."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import DocumentDrawn, InvoiceIssued


class DocumentsView:
    name: ClassVar[str] = "documents"
    tables: ClassVar[Mapping[str, str]] = {
        "documents": "agency TEXT NOT NULL, number TEXT NOT NULL, client_id TEXT NOT NULL, position INTEGER NOT NULL,"
        " sha256 TEXT NOT NULL, drawn TEXT NOT NULL, PRIMARY KEY (agency, number)"
    }
    indexes: ClassVar[Sequence[str]] = ("{documents} (sha256, position)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case InvoiceIssued() as issued:
                    tables.execute(
                        "INSERT INTO {documents} (agency, number, client_id, position, sha256, drawn)"
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
                        "UPDATE {documents} SET sha256 = :sha256, drawn = :drawn"
                        " WHERE agency = :agency AND number = :number",
                        {
                            "agency": fact.agency,
                            "number": drawn.number,
                            "sha256": drawn.sha256,
                            "drawn": msgspec.json.encode(drawn).decode(),
                        },
                    )
                case _:  # other facts are other views'
                    continue


class Document(msgspec.Struct, frozen=True):
    """A document that was issued, and what was drawn of it."""

    client_id: str
    drawn: DocumentDrawn | None
    """None while it has not been drawn."""


async def document(views: Views, agency: str, number: str) -> Document | None:
    rows = await views.query(
        "SELECT client_id, drawn FROM {documents} WHERE agency = :agency AND number = :number",
        {"agency": agency, "number": number},
    )
    if not rows:
        return None
    drawn = msgspec.json.decode(rows[0]["drawn"], type=DocumentDrawn) if rows[0]["drawn"] else None
    return Document(rows[0]["client_id"], drawn)


async def undrawn(views: Views, limit: int) -> Sequence[Row]:
    """Agency and number of documents that were issued and not drawn yet, oldest first."""
    return await views.query(
        "SELECT agency, number FROM {documents} WHERE sha256 = '' ORDER BY position LIMIT :limit", {"limit": limit}
    )

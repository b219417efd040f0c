"""Which documents and drafts there are, line by line; what is open of them stands in receivables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import InvoiceDrafted, InvoiceIssued
from services.billing.streams import draft_id


class InvoicesView:
    name: ClassVar[str] = "invoices"
    tables: ClassVar[Mapping[str, str]] = {
        "invoices": "agency TEXT NOT NULL, invoice_id TEXT NOT NULL, position INTEGER NOT NULL, number TEXT NOT NULL,"
        " contract_id TEXT NOT NULL, client_id TEXT NOT NULL, currency TEXT NOT NULL, boundary TEXT NOT NULL,"
        " issued_on TEXT NOT NULL, due_on TEXT NOT NULL, gross INTEGER NOT NULL, content TEXT NOT NULL,"
        " cancels TEXT NOT NULL, cancelled_by TEXT NOT NULL, created_at TEXT NOT NULL,"
        " PRIMARY KEY (agency, invoice_id)"
    }
    indexes: ClassVar[Sequence[str]] = (
        "{invoices} (agency, contract_id, position)",
        "{invoices} (agency, client_id, position)",
    )

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case InvoiceDrafted() as drafted:
                    _insert(tables, fact, drafted, draft_id(drafted.contract_id, drafted.boundary), "", "", "", "")
                case InvoiceIssued() as issued:
                    _issue(tables, fact, issued)
                case _:  # other facts are other views'
                    continue


def _issue(tables: Tables, fact: Recorded, issued: InvoiceIssued) -> None:
    if issued.released:
        tables.execute(
            "DELETE FROM {invoices} WHERE agency = :agency AND invoice_id = :invoice_id",
            {"agency": fact.agency, "invoice_id": draft_id(issued.contract_id, issued.boundary)},
        )
    _insert(
        tables,
        fact,
        issued,
        issued.number,
        issued.number,
        issued.issued_on.isoformat(),
        issued.due_on.isoformat(),
        issued.cancels or "",
    )
    if issued.cancels:
        tables.execute(
            "UPDATE {invoices} SET cancelled_by = :number WHERE agency = :agency AND invoice_id = :cancels",
            {"agency": fact.agency, "number": issued.number, "cancels": issued.cancels},
        )


def _insert(
    tables: Tables,
    fact: Recorded,
    content: InvoiceDrafted | InvoiceIssued,
    invoice_id: str,
    number: str,
    issued_on: str,
    due_on: str,
    cancels: str,
) -> None:
    tables.execute(
        "INSERT INTO {invoices} (agency, invoice_id, position, number, contract_id, client_id, currency, boundary,"
        " issued_on, due_on, gross, content, cancels, cancelled_by, created_at) VALUES (:agency, :invoice_id,"
        " :position, :number, :contract_id, :client_id, :currency, :boundary, :issued_on, :due_on, :gross, :content,"
        " :cancels, '', :created_at)",
        {
            "agency": fact.agency,
            "invoice_id": invoice_id,
            "position": fact.position,
            "number": number,
            "contract_id": content.contract_id,
            "client_id": content.client_id,
            "currency": content.currency,
            "boundary": content.boundary.isoformat(),
            "issued_on": issued_on,
            "due_on": due_on,
            "gross": content.gross,
            "content": msgspec.json.encode(content).decode(),
            "cancels": cancels,
            "created_at": fact.recorded_at.isoformat(),
        },
    )


Content = InvoiceIssued | InvoiceDrafted
_DECODER: msgspec.json.Decoder[Content] = msgspec.json.Decoder(Content)

_COLUMNS = (
    "i.invoice_id, i.position, i.number, i.contract_id, i.client_id, i.currency, i.boundary, i.issued_on, i.due_on,"
    " i.gross, i.content, i.cancels, i.cancelled_by, i.created_at, coalesce(d.open, i.gross) AS open,"
    " coalesce(d.uncollectible, 0) AS uncollectible, coalesce(d.reminders, 0) AS reminders,"
    " coalesce(p.sha256, '') AS sha256"
)
_FROM = (
    "{invoices} i LEFT JOIN {dues} d ON d.agency = i.agency AND d.number = i.number"
    " LEFT JOIN {documents} p ON p.agency = i.agency AND p.number = i.number"
)


def content_of(row: Row) -> Content:
    return _DECODER.decode(row["content"])


async def invoice(views: Views, agency: str, invoice_id: str) -> Row | None:
    rows = await views.query(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE i.agency = :agency AND i.invoice_id = :invoice_id",
        {"agency": agency, "invoice_id": invoice_id},
    )
    return rows[0] if rows else None


async def invoices(views: Views, agency: str, *, contract_id: str = "", client_id: str = "") -> Sequence[Row]:
    """In the order of issue, drafts last; narrowed where the filter names a contract or a client."""
    narrowed = (" AND i.contract_id = :contract_id" if contract_id else "") + (
        " AND i.client_id = :client_id" if client_id else ""
    )
    return await views.query(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE i.agency = :agency{narrowed}"
        " ORDER BY CASE WHEN i.number = '' THEN 1 ELSE 0 END, i.position",
        {"agency": agency, "contract_id": contract_id, "client_id": client_id},
    )


async def asked_and_open(views: Views, agency: str, contract_id: str = "") -> Sequence[Row]:
    """By contract: the gross sum of its documents, and what is open of them."""
    one = " AND i.contract_id = :contract_id" if contract_id else ""
    return await views.query(
        "SELECT i.contract_id, sum(i.gross) AS gross, sum(coalesce(d.open, i.gross)) AS open FROM {invoices} i"
        " LEFT JOIN {dues} d ON d.agency = i.agency AND d.number = i.number"
        f" WHERE i.agency = :agency AND i.number <> ''{one} GROUP BY i.contract_id",
        {"agency": agency, "contract_id": contract_id},
    )


async def issued_by(views: Views, agency: str, client_id: str, on: date) -> Sequence[Row]:
    """Numbers and currencies of what a client was sent up to a date."""
    return await views.query(
        "SELECT number, currency FROM {invoices} WHERE agency = :agency AND client_id = :client_id AND number <> ''"
        " AND issued_on <= :on_date",
        {"agency": agency, "client_id": client_id, "on_date": on.isoformat()},
    )

"""Invoices as people read them: a listing, or one with its lines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from retainer.output import table
from retainer.words import amount_text, date_text, hours_text, id_of, plain_amount

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

STATES = {1: "draft", 2: "open", 3: "paid", 4: "overdue", 5: "cancelled", 6: "uncollectible"}
MONEY = ("net", "tax", "gross", "open")


def title_of(invoice: Any) -> str:
    return invoice.number or id_of(invoice.name)


def listing(invoices: Iterable[Any], title: str = "") -> "Table":
    rows = [
        (
            title_of(invoice),
            date_text(invoice.issued_on),
            date_text(invoice.due_on),
            id_of(invoice.client),
            id_of(invoice.contract),
            *(plain_amount(getattr(invoice, name)) for name in MONEY),
            invoice.currency,
            STATES.get(invoice.state, ""),
        )
        for invoice in invoices
    ]
    columns = ("number", "issued", "due", "client", "contract", *MONEY, "", "state")
    return table(title, columns, rows, right=MONEY)


def details(invoice: Any) -> "Iterable[RenderableType]":
    """One document with its lines, its tax and what is open of it."""
    kind = "Credit note" if invoice.number.startswith("CN-") else "Invoice"
    heading = f"{kind} {title_of(invoice)} · {id_of(invoice.client)} · {id_of(invoice.contract)}"
    rows = [
        (
            line.kind,
            f"{date_text(line.period)} – {date_text(line.period_end)}",
            _quantity(line),
            amount_text(line.rate),
            f"{line.tax_category} {line.tax_rate_percent} %" if line.tax_rate_percent else line.tax_category,
            ("correction. " if line.correction else "") + line.description,
            plain_amount(line.amount),
        )
        for line in invoice.lines
    ]
    columns = ("line", "period", "quantity", "rate", "tax", "note", "net")
    yield table(heading, columns, rows, right=("quantity", "rate", "net"))
    yield f"Net {amount_text(invoice.net)}, tax {amount_text(invoice.tax)}, gross {amount_text(invoice.gross)}."
    state = STATES.get(invoice.state, "")
    issued = f"Issued {date_text(invoice.issued_on)}, due {date_text(invoice.due_on)}; " if invoice.number else ""
    yield f"{issued}open {amount_text(invoice.open)} ({state})."


def _quantity(line: Any) -> str:
    if line.time.seconds:
        return hours_text(line.time)
    return str(line.units) if line.units else ""

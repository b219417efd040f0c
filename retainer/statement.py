"""What services answered about a case: a statement that a person reads period by period."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retainer.case_told import Case
from retainer.output import table

if TYPE_CHECKING:
    from rich.console import RenderableType

FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")
MONEY = ("net", "tax", "gross", "open")


def statement(case: Case, outcome: Mapping[str, Any]) -> "Iterator[RenderableType]":
    """Period by period with the invoices issued in each, then the sums."""
    yield f"[bold]{case.title or 'A retainer'}[/bold] · {case.currency} · {case.time_zone} · up to {case.until}"
    rows = [(f"{row['start']} – {row['end']}", *(str(row[name]) for name in FIGURES)) for row in outcome["periods"]]
    yield table("Periods", ("period", *FIGURES), rows, right=FIGURES)
    for invoice in outcome["invoices"]:
        lines = [(line["kind"], f"period of {line['period']}", line["amount"]) for line in invoice["lines"]]
        lines.append(("", "tax", invoice["tax"]))
        heading = f"{invoice['number']} issued {invoice['issued_on']}, due {invoice['due_on']}: {invoice['gross']}"
        if Decimal(invoice["open"]) != Decimal(invoice["gross"]):
            heading += f", open {invoice['open']}"
        yield table(heading, ("line", "for", "net"), lines, right=("net",))
    sums = (sum((Decimal(invoice[name]) for invoice in outcome["invoices"]), Decimal(0)) for name in MONEY)
    words = ", ".join(f"{name} {amount}" for name, amount in zip(MONEY, sums, strict=True))
    yield f"{len(outcome['invoices'])} documents: {words} {case.currency}."

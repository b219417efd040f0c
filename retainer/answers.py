"""What services answer about a case, in the words of the file: as `simulate --json` prints it (docs/case-format.md)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from retainer.words import date_text, hours_text, id_of, measured_text, minor, plain_amount

FIGURES: Final = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")
SUMS: Final = ("net", "tax", "gross", "open")


def period(figures: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"start": date_text(figures.start), "end": date_text(figures.end)}
    row |= {name: quantity(getattr(figures, name)) for name in FIGURES}
    if figures.waiting.seconds:
        row["waiting"] = hours_text(figures.waiting)
    return row


def documents(found: Sequence[Any], balance: Any) -> dict[str, Any]:
    """Invoices and credit notes; drafts and a credit balance where there are any."""
    shape: dict[str, Any] = {"invoices": [document(invoice) for invoice in found if invoice.number]}
    if drafts := [date_text(invoice.boundary) for invoice in found if not invoice.number]:
        shape["drafts"] = drafts
    if minor(balance.credit):
        shape["credit"] = plain_amount(balance.credit)
    return shape


def document(invoice: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": invoice.number,
        "issued_on": date_text(invoice.issued_on),
        "due_on": date_text(invoice.due_on),
        "lines": [
            {"kind": line.kind, "period": date_text(line.period), "amount": plain_amount(line.amount)}
            for line in invoice.lines
        ],
        **{name: plain_amount(getattr(invoice, name)) for name in SUMS},
    }
    if invoice.cancels:
        row["cancels"] = id_of(invoice.cancels)
    return row


def reminder(told: Any) -> dict[str, Any]:
    return {
        "number": id_of(told.invoice),
        "step": told.step,
        "on": date_text(told.on),
        "open": plain_amount(told.open),
    }


def budget(seen: Any, on: date) -> dict[str, Any]:
    pace = seen.pace
    return {
        "on": on.isoformat(),
        "pace": quantity(pace.burn_per_working_day),
        "run_out": date_text(pace.runs_out_on) if pace.HasField("runs_out_on") else None,
        "thresholds": list(seen.current.thresholds_reached),
    }


def quantity(measured: Any) -> Any:
    """Hours as `H:MM`, money as a decimal, units as a number."""
    match measured.WhichOneof("measured"):
        case "amount":
            return plain_amount(measured.amount)
        case "units":
            return int(measured.units)
        case _:
            return measured_text(measured)

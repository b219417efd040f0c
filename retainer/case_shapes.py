"""What comes of a case, in the words of the file: rows of periods and invoices, money and hours as text."""

from datetime import date
from typing import Any

from retainer.case_outcome import Budget, Issued, Outcome, Reminded
from services.billing.events import Figures, InvoiceLine
from vocabulary.duration import clock
from vocabulary.money import decimal_text

FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")


def document(outcome: Outcome) -> dict[str, Any]:
    """What `--json` prints; a part that the file does not ask for is left out."""
    shape: dict[str, Any] = {
        "periods": [period(figures, outcome.currency) for figures in outcome.periods],
        "invoices": [invoice(one, outcome.open[one.number], outcome.currency) for one in outcome.invoices],
    }
    if outcome.reminders:
        shape["reminders"] = [reminder(one, outcome.currency) for one in outcome.reminders]
    if outcome.drafts:
        shape["drafts"] = [day.isoformat() for day in outcome.drafts]
    if outcome.credit:
        shape["credit"] = decimal_text(outcome.credit, outcome.currency)
    if outcome.budget is not None:
        shape["budget"] = budget(outcome.budget, outcome.currency)
    return shape


def period(figures: Figures, currency: str) -> dict[str, Any]:
    row: dict[str, Any] = {"start": figures.start.isoformat(), "end": figures.end.isoformat()}
    row |= {key: quantity(getattr(figures, key), figures.measure, currency) for key in FIGURES}
    if figures.waiting:
        row["waiting"] = clock(figures.waiting)
    return row


def quantity(value: int, measure: str, currency: str) -> str | int:
    """Hours as `H:MM`, money with the currency's digits, units as a number."""
    match measure:
        case "money":
            return decimal_text(value, currency)
        case "units":
            return value
        case _:
            return clock(value)


def invoice(issued: Issued, is_open: int, currency: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": issued.number,
        "issued_on": issued.issued_on.isoformat(),
        "due_on": issued.due_on.isoformat(),
        "lines": [line(one, currency) for one in issued.lines],
        "net": decimal_text(issued.net, currency),
        "tax": decimal_text(issued.tax, currency),
        "gross": decimal_text(issued.gross, currency),
        "open": decimal_text(is_open, currency),
    }
    if issued.cancels is not None:
        row["cancels"] = issued.cancels
    return row


def line(one: InvoiceLine, currency: str) -> dict[str, Any]:
    return {"kind": one.kind, "period": one.period.isoformat(), "amount": decimal_text(one.amount, currency)}


def reminder(one: Reminded, currency: str) -> dict[str, Any]:
    return {
        "number": one.number,
        "step": one.step,
        "on": one.on.isoformat(),
        "open": decimal_text(one.open, currency),
    }


def budget(seen: Budget, currency: str) -> dict[str, Any]:
    measure = seen.figures.measure
    return {
        "on": seen.on.isoformat(),
        "pace": quantity(seen.pace.burn, measure, currency),
        "run_out": _day(seen.pace.runs_out_on),
        "thresholds": list(seen.thresholds),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

"""A case as a person reads it: month by month what was included, used and left, and what was asked.

It reads answers in the shape of `--json`: the same page shows what the rules say and what running services say."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retainer.case_told import Case

if TYPE_CHECKING:
    from rich.console import RenderableType

FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired", "waiting")
SUMS = ("net", "tax", "gross", "open")
Row = Mapping[str, Any]


def statement(case: Case, came: Row) -> "Iterator[RenderableType]":
    """Each period with its figures and the documents drawn up from its start on, then the sums."""
    from rich.markup import escape

    yield f"[bold]{escape(case.title) or 'A retainer'}[/bold] · {case.currency} · {case.time_zone} · up to {case.until}"
    periods, invoices = came["periods"], came["invoices"]
    ends = {row["start"]: row["end"] for row in periods}
    for place, row in enumerate(periods):
        yield f"\n[bold]{row['start']} – {row['end']}[/bold]   {_figures(row)}"
        from_on = row["start"] if place else ""
        before = periods[place + 1]["start"] if place + 1 < len(periods) else "9999-12-31"
        for invoice in invoices:
            if from_on <= invoice["issued_on"] < before:
                yield from _document(invoice, ends, case.currency)
    yield ""
    yield from _closing(case.currency, came)


def _figures(row: Row) -> str:
    """What was used, and all else that is not nothing, in the order of the reckoning."""
    always = {"used", "remaining"} if _is_something(row["allowance"]) or _is_something(row["carried"]) else {"used"}
    shown = (name for name in FIGURES if name in row and (name in always or _is_something(row[name])))
    return ", ".join(f"{name} {row[name]}" for name in shown)


def _is_something(value: Any) -> bool:
    return any(digit not in "0:.-" for digit in str(value))


def _document(invoice: Row, ends: Mapping[str, str], currency: str) -> "Iterator[RenderableType]":
    from rich.padding import Padding
    from rich.table import Table

    kind = "Credit note" if invoice["gross"].startswith("-") else "Invoice"
    cancels = f", cancels {invoice['cancels']}" if invoice.get("cancels") else ""
    yield f"  {kind} [bold]{invoice['number']}[/bold] of {invoice['issued_on']}, due {invoice['due_on']}{cancels}"
    lines = Table.grid(padding=(0, 2))
    lines.add_column(min_width=8)
    lines.add_column(min_width=23)
    lines.add_column(justify="right", min_width=10)
    for line in invoice["lines"]:
        lines.add_row(line["kind"], _named(line["period"], ends), line["amount"])
    for name in SUMS:
        lines.add_row(name, currency if name == "gross" else "", invoice[name], style="bold" if name == "gross" else "")
    yield Padding(lines, (0, 0, 0, 4), expand=False)


def _named(start: str, ends: Mapping[str, str]) -> str:
    """The period that a line names; one that an early end took away has no end to show."""
    return f"{start} – {ends[start]}" if start in ends else start


def _closing(currency: str, came: Row) -> Iterator[str]:
    invoices: Sequence[Row] = came["invoices"]
    net, tax, gross, _ = (sum((Decimal(one[name]) for one in invoices), Decimal(0)) for name in SUMS)
    still = sum((max(Decimal(one["open"]), Decimal(0)) for one in invoices), Decimal(0))
    yield f"Asked in all: {net} and {tax} tax, {gross} {currency}; {still} {currency} is open."
    if "credit" in came:
        yield f"Credit balance: {came['credit']} {currency}."
    for day in came.get("drafts", []):
        yield f"The draft of {day} waits for its release."
    for one in came.get("reminders", []):
        yield f"Reminder {one['step']} for {one['number']} on {one['on']}: {one['open']} {currency} open."
    if "budget" in came:
        seen = came["budget"]
        runs_out = f"runs out on {seen['run_out']}" if seen["run_out"] else "lasts the period"
        yield f"By {seen['on']}: {seen['pace']} a working day; the budget {runs_out}."

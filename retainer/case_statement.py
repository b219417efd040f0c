"""A case as a person reads it: month by month what was included, used and left, and what was asked."""

from rich.console import Console
from rich.table import Table

from retainer.case_outcome import Issued, Outcome
from retainer.case_shapes import quantity
from retainer.case_told import Case
from retainer.output import console
from services.billing.events import Figures
from vocabulary.money import decimal_text

COLUMNS = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")


def show(case: Case, outcome: Outcome) -> None:
    """Each period with its figures and the documents drawn up from its start on, then what is open."""
    out = console()
    if case.title:
        out.print(f"[bold]{case.title}[/bold]")
    for place, figures in enumerate(outcome.periods):
        begins_next = outcome.periods[place + 1].start if place + 1 < len(outcome.periods) else None
        out.print(_period(figures, outcome.currency))
        for issued in outcome.invoices:
            is_first = place == 0 and issued.issued_on < figures.start
            is_here = issued.issued_on >= figures.start and (begins_next is None or issued.issued_on < begins_next)
            if is_first or is_here:
                out.print(_document(issued, outcome))
    _totals(out, outcome)


def _period(figures: Figures, currency: str) -> Table:
    table = Table(title=f"{figures.start} to {figures.end}", title_justify="left", title_style="bold")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    table.add_row(*(str(quantity(getattr(figures, column), figures.measure, currency)) for column in COLUMNS))
    return table


def _document(issued: Issued, outcome: Outcome) -> Table:
    currency = outcome.currency
    kind = "Credit note" if issued.gross < 0 else "Invoice"
    table = Table(
        title=f"{kind} {issued.number} of {issued.issued_on}, due {issued.due_on}",
        title_justify="left",
        show_header=False,
        box=None,
        padding=(0, 2),
    )
    table.add_column()
    table.add_column()
    table.add_column(justify="right")
    for line in issued.lines:
        table.add_row(line.kind, str(line.period), decimal_text(line.amount, currency))
    table.add_row("net", "", decimal_text(issued.net, currency))
    table.add_row("tax", "", decimal_text(issued.tax, currency))
    table.add_row("[bold]gross[/bold]", "", f"[bold]{decimal_text(issued.gross, currency)} {currency}[/bold]")
    table.add_row("open", "", decimal_text(outcome.open[issued.number], currency))
    return table


def _totals(out: Console, outcome: Outcome) -> None:
    currency = outcome.currency
    asked = sum(issued.gross for issued in outcome.invoices)
    still = sum(amount for amount in outcome.open.values() if amount > 0)
    out.print(f"Asked in all {decimal_text(asked, currency)} {currency}, open {decimal_text(still, currency)}.")
    if outcome.credit:
        out.print(f"Credit balance {decimal_text(outcome.credit, currency)} {currency}.")
    for one in outcome.reminders:
        out.print(f"Reminder {one.step} for {one.number} on {one.on}: {decimal_text(one.open, currency)} open.")
    if outcome.budget is not None:
        seen = outcome.budget
        pace = quantity(seen.pace.burn, seen.figures.measure, currency)
        runs_out = f"runs out on {seen.pace.runs_out_on}" if seen.pace.runs_out_on else "lasts the period"
        out.print(f"By {seen.on}: {pace} a working day; the budget {runs_out}.")

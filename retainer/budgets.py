"""Budgets as people read them: one line for each contract, or one contract period by period."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from retainer.output import bar, table
from retainer.words import amount_text, date_text, hours_text, id_of, measured_number, measured_text

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

NUMBERS = ("available", "used", "remaining", "over", "carried", "borrowed", "expired")
_STATES = {1: "ahead", 2: "active", 3: "paused", 4: "ended"}


def overview(budgets: Iterable[Any], title: str = "") -> "Table":
    """The present period of each contract."""
    rows: list[Sequence[Any]] = []
    for budget in budgets:
        current = budget.current
        rows.append(
            (
                id_of(budget.contract),
                id_of(budget.client),
                _STATES.get(budget.state, ""),
                f"{date_text(current.start)} – {date_text(current.end)}",
                bar(used_percent(budget)),
                measured_text(current.used),
                measured_text(current.remaining) if has_budget(current) else "",
                measured_text(current.overage) if measured_number(current.overage) else "",
                runs_out(budget),
            )
        )
    columns = ("contract", "client", "state", "period", "used of available", "used", "remaining", "over", "runs out")
    return table(title, columns, rows, right=("used", "remaining", "over"))


def period_by_period(budget: Any, title: str = "") -> "Table":
    """All periods of one contract that have begun."""
    rows = [
        (
            date_text(period.start),
            bar(_percent(measured_number(period.used), measured_number(period.available))),
            *(measured_text(getattr(period, name)) for name in ("available", "used", "remaining", "overage")),
            *(measured_text(getattr(period, name)) for name in ("carried", "borrowed", "expired")),
            amount_text(period.charged),
            "settled" if period.settled else "open",
        )
        for period in budget.periods
    ]
    columns = ("from", "used of available", *NUMBERS, "charged", "books")
    return table(title, columns, rows, right=(*NUMBERS, "charged"))


def details(budget: Any) -> "Iterable[RenderableType]":
    """One contract: its periods, then what follows from today."""
    heading = " · ".join(part for part in (id_of(budget.contract), budget.title, id_of(budget.client)) if part)
    yield period_by_period(budget, heading)
    yield from _notes(budget)


def runs_out(budget: Any) -> str:
    """The day on which the budget runs out at its pace."""
    if not has_budget(budget.current):
        return ""
    if measured_number(budget.current.overage) and not measured_number(budget.current.remaining):
        return "is over"
    return date_text(budget.pace.runs_out_on) or "not in this period"


def has_budget(period: Any) -> bool:
    """Whether there is anything that can run out: hourly and flat terms have nothing (R14)."""
    return measured_number(period.available) > 0 or measured_number(period.overage) > 0


def used_percent(budget: Any) -> int | None:
    return int(budget.used_percent) if budget.HasField("used_percent") else None


def _percent(used: int, available: int) -> int | None:
    return used * 100 // available if available > 0 else None


def _notes(budget: Any) -> Iterable[str]:
    pace = budget.pace
    if pace.working_days_total:
        burn = measured_text(pace.burn_per_working_day)
        days = f"working day {pace.working_days_elapsed} of {pace.working_days_total}"
        yield f"Pace: {burn} per working day ({days}); runs out: {runs_out(budget) or 'nothing can'}."
    current = budget.current
    if current.planned.seconds:
        tasks = ", ".join(f"{hours_text(one.planned)} {one.task or 'on any task'}" for one in current.plans)
        yield f"Planned for the period: {hours_text(current.planned)} ({tasks})."
    if measured_number(current.expiring_next):
        yield f"Lapses at the end of the period: {measured_text(current.expiring_next)}."
    if current.HasField("time_value"):
        yield f"Fee {amount_text(current.fee) or '0'}, value of the time {amount_text(current.time_value) or '0'}."
    if budget.waiting.seconds:
        yield f"Waiting for approval: {hours_text(budget.waiting)}."
    yield f"Invoiced {amount_text(budget.invoiced) or '0'}, paid {amount_text(budget.paid) or '0'}."
    if date_text(budget.next_boundary):
        asked = amount_text(budget.next_invoice.gross)
        yield f"Next boundary: {date_text(budget.next_boundary)}" + (f", {asked} as of now." if asked else ".")

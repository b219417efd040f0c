"""An explanation as a tree that people read: what each number is, and how it follows from what stands below it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from retainer.output import table
from retainer.words import amount_text, date_text, hours_text, id_of, instant_text, measured_text
from wire.retainer.billing.v1 import reason_pb2 as wire

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.tree import Tree

ASIDE = {"earlier": "entries before these", "later": "entries after these"}


def document(explained: Any) -> "Iterator[RenderableType]":
    """A whole document: the sums, then line by line."""
    yield tree(explained.whole)
    for one in explained.lines:
        yield from line(one)


def line(explained: Any) -> "Iterator[RenderableType]":
    """One line: its amount, the account of its period, and what has changed since."""
    named = explained.line
    heading = f"Line {explained.line_number}: {named.kind} of {date_text(named.period)}"
    yield tree(explained.reason, f"[bold]{heading}[/bold]  {amount_text(named.amount)}")
    for name in ("available", "used"):
        if explained.HasField(name):
            yield tree(getattr(explained, name))
    if explained.HasField("now") or explained.HasField("then"):
        yield _then_and_now(explained)
    if explained.changes:
        yield _changes(explained.changes)


def tree(reason: Any, heading: str = "") -> "Tree":
    from rich.tree import Tree

    root = Tree(heading or label(reason))
    _grow(root, reason.reasons)
    return root


def _grow(branch: "Tree", reasons: Iterable[Any]) -> None:
    for one in reasons:
        _grow(branch.add(label(one)), one.reasons)


def label(reason: Any) -> str:
    """`overage 260.00 EUR = 2:00 × 130.00 EUR/h (overage rate)`."""
    if reason.word in ASIDE:
        return f"[dim]{reason.text} {ASIDE[reason.word]}[/dim]  {measured_text(reason.value)}"
    name = id_of(reason.subject) if reason.subject else ""
    what = " ".join(part for part in (reason.word, name) if part)
    parts = [what, f"[bold]{measured_text(reason.value)}[/bold]", _how(reason), _who(reason), _facts(reason)]
    return "  ".join(part for part in parts if part)


def _how(reason: Any) -> str:
    match reason.law:
        case wire.REASON_LAW_PRICED:
            [quantity] = reason.reasons
            per = "" if quantity.value.WhichOneof("measured") == "units" else "/h"
            source = f" ({reason.rate_source} rate)" if reason.rate_source else ""
            return f"= {measured_text(quantity.value)} × {amount_text(reason.rate)}{per}{source}"
        case wire.REASON_LAW_PRORATED:
            days = f" · {reason.days}/{reason.of_days} days" if reason.days != reason.of_days else ""
            dates = f", {date_text(reason.from_date)} to {date_text(reason.to_date)}"
            return f"= {measured_text(reason.whole)}{days}{dates}"
        case wire.REASON_LAW_ROUNDED:
            return f"= {hours_text(reason.worked)}, {reason.rounding}"
        case wire.REASON_LAW_SHARED:
            day = f"the day's {hours_text(reason.together)} make {hours_text(reason.together_rounded)}"
            return f"of {hours_text(reason.worked)}; {day}, {reason.rounding}"
        case wire.REASON_LAW_PART:
            return f"of {measured_text(reason.whole)}"
        case wire.REASON_LAW_TAXED:
            return f"= {reason.tax_rate_percent} % of {measured_text(reason.reasons[0].value)}"
    return ""


def _who(reason: Any) -> str:
    told = [date_text(reason.from_date)] if reason.word in ("entry", "part of entry", "delivery", "line") else []
    told += [id_of(reason.person)] if reason.person else []
    told += [reason.text] if reason.text else []
    return f"[cyan]{' '.join(told)}[/cyan]" if told else ""


def _facts(reason: Any) -> str:
    named = [fact.event_id for fact in reason.facts]
    return f"[dim]{' '.join(named)}[/dim]" if named else ""


def _then_and_now(explained: Any) -> "RenderableType":
    figures = ("allowance", "carried", "borrowed", "available", "used", "remaining", "overage", "expired")
    rows: list[tuple[str, ...]] = []
    for name in figures:
        then, now = (_figure(explained, side, name) for side in ("then", "now"))
        rows.append((name, then, now, "" if then == now else "changed"))
    rows.append(("charged", *(amount_text(getattr(explained, side).charged) for side in ("then", "now")), ""))
    return table("When it was asked last, and now", ("", "then", "now", " "), rows, right=("then", "now"))


def _figure(explained: Any, side: str, name: str) -> str:
    return measured_text(getattr(getattr(explained, side), name)) if explained.HasField(side) else ""


def _changes(changes: Iterable[Any]) -> "RenderableType":
    rows = [
        (
            one.word,
            id_of(one.subject),
            measured_text(one.then) if one.HasField("then") else "",
            measured_text(one.now) if one.HasField("now") else "",
            instant_text(one.known_time),
            one.fact.event_id,
        )
        for one in changes
    ]
    columns = ("what changed it", "", "then", "now", "known at", "event")
    return table("", columns, rows, right=("then", "now"))

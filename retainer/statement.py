"""What came of a case: a statement that a person reads month by month, and how it differs from what was expected."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retainer.case_file import Case
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


def differences(expected: Mapping[str, Any], outcome: Mapping[str, Any]) -> Sequence[str]:
    """Lines in words, none where all is as expected. Lists are whole; keys inside their items may be left out."""
    found: list[str] = []
    for key in ("periods", "invoices"):
        if key in expected:
            found.extend(_of_lists(key, expected[key] or [], outcome[key]))
    return found


def _of_lists(place: str, expected: Sequence[Any], got: Sequence[Any]) -> Iterator[str]:
    for number, (wanted, item) in enumerate(zip(expected, got, strict=False)):
        where = f"{place}[{number}]"
        name = item.get("number") or item.get("start") or f"{item.get('kind', '')} {item.get('period', '')}"
        for key, value in wanted.items():
            if isinstance(value, list):
                yield from _of_lists(f"{where}.{key}", value, item.get(key, []))
            elif not _same(value, item.get(key)):
                yield f"{where}.{key} ({name.strip()}): expected {_word(value)}, got {_word(item.get(key))}"
    for item in expected[len(got) :]:
        yield f"{place}: expected {_item(item)} too"
    for item in got[len(expected) :]:
        yield f"{place}: did not expect {_item(item)}"


def _same(expected: Any, got: Any) -> bool:
    """Numbers by value, anything else by its words."""
    if isinstance(expected, int | Decimal) and not isinstance(expected, bool) and got is not None:
        try:
            return Decimal(expected) == Decimal(str(got))
        except ArithmeticError:
            return False
    return _word(expected) == _word(got)


def _word(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _item(item: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_word(value)}" for key, value in item.items() if not isinstance(value, list))

"""What a case expects, compared with what came of it: one line for each difference."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from retainer.yaml_exact import At, Flaw

PERIOD_KEYS = (
    "start", "end", "allowance", "carried", "borrowed", "used", "remaining", "overage", "expired", "waiting",
)  # fmt: skip
INVOICE_KEYS = ("number", "issued_on", "due_on", "lines", "net", "tax", "gross", "open", "cancels")
LINE_KEYS = ("kind", "period", "amount")
REMINDER_KEYS = ("number", "step", "on", "open")
BUDGET_KEYS = ("on", "pace", "run_out", "thresholds")
EXPECT_KEYS = ("refused", "periods", "invoices", "reminders", "drafts", "credit", "budget")
DEFAULTS = {"waiting": "0:00", "cancels": None}


def refused_place(expect: At) -> str | None:
    """The place that the file expects to be refused at."""
    refused = expect.mapping(*EXPECT_KEYS).get("refused")
    return None if refused is None else refused.text()


def lies_within(place: str, expected: str) -> bool:
    """A place inside the expected one is right too."""
    return place == expected or place.startswith((f"{expected}.", f"{expected}["))


def budget_on(expect: At | None) -> date | None:
    """The date for which a budget is expected."""
    budget = None if expect is None else expect.mapping(*EXPECT_KEYS).get("budget")
    return None if budget is None else budget.mapping(*BUDGET_KEYS).need("on").date()


def differences(expect: At, came: dict[str, Any]) -> list[str]:
    """Each difference as a line: `periods[1].used: expected 9:00, came 8:45`."""
    expect.mapping(*EXPECT_KEYS)
    found: list[str] = []
    for key, keys in (("periods", PERIOD_KEYS), ("invoices", INVOICE_KEYS), ("reminders", REMINDER_KEYS)):
        expected = expect.get(key)
        if expected is not None:
            found += _lists(key, expected, came.get(key, []), keys)
    drafts, credit, budget = expect.get("drafts"), expect.get("credit"), expect.get("budget")
    if drafts is not None and [day.date().isoformat() for day in drafts.items()] != came.get("drafts", []):
        found.append(f"drafts: expected {_plain(drafts)}, came {came.get('drafts', [])}")
    if credit is not None and not _same(credit, came.get("credit", "0")):
        found.append(f"credit: expected {credit.value}, came {came.get('credit', '0')}")
    if budget is not None:
        found += _items("budget", budget.mapping(*BUDGET_KEYS), came["budget"])
    return found


def _lists(place: str, expected: At, came: list[dict[str, Any]], keys: tuple[str, ...]) -> Iterator[str]:
    items = expected.items()
    if len(items) != len(came):
        yield f"{place}: expected {len(items)}, came {len(came)}: {'; '.join(_brief(one) for one in came) or 'none'}"
    for number, (item, row) in enumerate(zip(items, came, strict=False)):
        yield from _items(f"{place}[{number}]", item.mapping(*keys), row)


def _items(place: str, item: At, row: dict[str, Any]) -> Iterator[str]:
    for key, value in item.each():
        there = row.get(key, DEFAULTS.get(key))
        if key == "lines":
            yield from _lists(f"{place}.lines", value, there or [], LINE_KEYS)
        elif key == "thresholds":
            if [one.whole() for one in value.items()] != there:
                yield f"{place}.{key}: expected {_plain(value)}, came {there}"
        elif not _same(value, there):
            yield f"{place}.{key}: expected {value.value}, came {there}"


def _same(expected: At, came: Any) -> bool:
    """Numbers by what they are worth, everything else to the letter."""
    if came is None or expected.is_null:
        return came is None and expected.is_null
    if not isinstance(expected.value, str):
        raise Flaw(expected.place, "must be one value")
    if isinstance(came, int) or _is_number(str(came)):
        return _is_number(expected.value) and Decimal(expected.value) == Decimal(came)
    return bool(expected.value == came)


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()


def _plain(value: At) -> list[Any]:
    return [item.value for item in value.items()]


def _brief(row: dict[str, Any]) -> str:
    name = row.get("number") or row.get("start") or ""
    lines = ", ".join(f"{one['kind']} {one['period']} {one['amount']}" for one in row.get("lines", []))
    return f"{name} ({lines})" if lines else str(name)

"""A time sheet of a line: rows whose visible minutes and amounts add up to the line's own."""

from collections.abc import Iterator
from datetime import date

import msgspec

from services.billing.domain.explaining.documents import LineExplained
from services.billing.domain.reasons import Reason


class SheetRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A day's entry, or what is no entry (`word` says what). `amount` in minor units; None where the row has minutes
    alone and the sum is priced as a whole."""

    on: date | None
    word: str
    minutes: int
    amount: int | None = None
    person: str = ""
    task: str = ""
    subject: str = ""
    rate: int | None = None


def time_sheet(explained: LineExplained) -> tuple[SheetRow, ...]:
    """The rows of a line in their order. Where rows have amounts, these add up to the line's; else the minutes of the
    rows before a priced row add up to what it prices, and the priced rows to the line's amount."""
    rows = tuple(row for reason in explained.reason.reasons for row in _rows(reason))
    assert sum(row.amount or 0 for row in rows) == explained.line.amount, "the visible rows add up to the line"
    return rows


def _rows(reason: Reason) -> Iterator[SheetRow]:
    """Down to what a reader knows: entries, deliveries, days, documents."""
    if reason.law == "sum":
        for one in reason.reasons:
            yield from _rows(one)
        return
    if reason.law == "priced" and reason.word != "entry":
        for one in reason.reasons[0].reasons:
            yield _row(one, None)
    if reason.law == "less":
        for row in _rows(reason.reasons[0]):
            turned = None if row.amount is None else -row.amount
            yield msgspec.structs.replace(row, minutes=-row.minutes, amount=turned)
        return
    yield _row(reason, reason.value)


def _row(reason: Reason, amount: int | None) -> SheetRow:
    quantity = reason.reasons[0] if reason.law == "priced" else reason
    minutes = quantity.value if quantity.unit == "minutes" else 0
    return SheetRow(
        on=reason.from_on,
        word=reason.word,
        minutes=minutes,
        amount=amount,
        person=reason.person,
        task=quantity.text if quantity.word.endswith("entry") else reason.text,
        subject=reason.subject,
        rate=reason.rate,
    )

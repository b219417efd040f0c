"""Which columns an export has, and how a message fills them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.money_pb2 import Money

from retainer.exports.cells import Amount, Cell
from retainer.invoices import STATES
from retainer.words import day_of, hours_text, id_of, measured_text, minor


@dataclass(frozen=True, slots=True)
class Column:
    """`read` takes what the source gives for a row."""

    name: str
    read: Callable[[Any], Cell]


def money(amount: Money) -> Cell:
    return Amount(minor(amount), amount.currency_code) if amount.currency_code else None


def clock(time: Duration) -> str:
    return hours_text(time)


def instant(moment: Timestamp) -> datetime:
    return moment.ToDatetime(UTC)


ENTRIES: Sequence[Column] = (
    Column("entry", lambda one: id_of(one.name)),
    Column("contract", lambda one: id_of(one.contract)),
    Column("person", lambda one: id_of(one.person)),
    Column("role", lambda one: one.role),
    Column("date", lambda one: day_of(one.counted_on)),
    Column("start", lambda one: instant(one.start_time) if one.HasField("start_time") else None),
    Column("worked", lambda one: clock(one.worked)),
    Column("seconds", lambda one: int(one.worked.seconds)),
    Column("task", lambda one: one.task),
    Column("billable", lambda one: not one.HasField("billable") or one.billable),
    Column("approved", lambda one: one.approved),
    Column("rate", lambda one: money(one.rate)),
    Column("note", lambda one: one.note),
    Column("tags", lambda one: ", ".join(one.tags)),
    Column("import", lambda one: id_of(one.import_name)),
)
INVOICES: Sequence[Column] = (
    Column("number", lambda one: one.number),
    Column("issued", lambda one: day_of(one.issued_on)),
    Column("due", lambda one: day_of(one.due_on)),
    Column("client", lambda one: id_of(one.client)),
    Column("contract", lambda one: id_of(one.contract)),
    Column("currency", lambda one: one.currency),
    Column("net", lambda one: money(one.net)),
    Column("tax", lambda one: money(one.tax)),
    Column("gross", lambda one: money(one.gross)),
    Column("open", lambda one: money(one.open)),
    Column("state", lambda one: STATES.get(one.state, "")),
    Column("cancels", lambda one: id_of(one.cancels)),
    Column("sha256", lambda one: one.document_sha256),
)
LINES: Sequence[Column] = (
    Column("number", lambda row: row[0].number),
    Column("issued", lambda row: day_of(row[0].issued_on)),
    Column("client", lambda row: id_of(row[0].client)),
    Column("contract", lambda row: id_of(row[0].contract)),
    Column("kind", lambda row: row[1].kind),
    Column("from", lambda row: day_of(row[1].period)),
    Column("to", lambda row: day_of(row[1].period_end)),
    Column("hours", lambda row: clock(row[1].time) if row[1].HasField("time") else None),
    Column("units", lambda row: int(row[1].units) or None),
    Column("rate", lambda row: money(row[1].rate)),
    Column("amount", lambda row: money(row[1].amount)),
    Column("currency", lambda row: row[0].currency),
    Column("tax category", lambda row: row[1].tax_category),
    Column("tax rate", lambda row: row[1].tax_rate_percent),
    Column("correction", lambda row: row[1].correction),
    Column("description", lambda row: row[1].description),
)
STATEMENTS: Sequence[Column] = (
    Column("contract", lambda row: id_of(row[0].contract)),
    Column("client", lambda row: id_of(row[0].client)),
    Column("from", lambda row: day_of(row[1].start)),
    Column("to", lambda row: day_of(row[1].end)),
    *(
        Column(name.replace("_", " "), lambda row, name=name: measured_text(getattr(row[1], name)))  # type: ignore[misc]
        for name in (
            "allowance",
            "carried",
            "borrowed",
            "available",
            "used",
            "remaining",
            "overage",
            "expired",
            "expiring_next",
            "undecided",
        )
    ),
    Column("waiting", lambda row: clock(row[1].waiting)),
    Column("charged", lambda row: money(row[1].charged)),
    Column("currency", lambda row: row[0].currency),
    Column("settled", lambda row: row[1].settled),
)
PAYMENTS: Sequence[Column] = (
    Column("payment", lambda one: one.payment_id),
    Column("client", lambda one: id_of(one.client)),
    Column("paid", lambda one: day_of(one.paid_on)),
    Column("amount", lambda one: money(one.amount)),
    Column("currency", lambda one: one.amount.currency_code),
    Column("invoice", lambda one: id_of(one.invoice)),
)

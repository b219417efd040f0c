"""Documents and drafts as Invoice messages."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from google.type.date_pb2 import Date

from chassis.projector import Row
from messages.amounts import money_of
from messages.dates import date_message, instant_message
from services.billing.api.line_shapes import line_messages
from services.billing.api.shapes import percent_text
from services.billing.domain.invoice import Draft
from services.billing.events import TaxTotal
from services.billing.views.invoices import content_of
from wire.retainer.billing.v1 import invoice_pb2 as wire

State = wire.Invoice.State
STATES = {
    State.STATE_DRAFT: "draft",
    State.STATE_OPEN: "open",
    State.STATE_PAID: "paid",
    State.STATE_OVERDUE: "overdue",
    State.STATE_CANCELLED: "cancelled",
    State.STATE_UNCOLLECTIBLE: "uncollectible",
}


class Seen(msgspec.Struct, frozen=True):
    """A document as of a day: whether it is overdue depends on it."""

    row: Row
    today: date

    @property
    def state(self) -> State:
        row = self.row
        if not row["number"]:
            return State.STATE_DRAFT
        if row["cancelled_by"]:
            return State.STATE_CANCELLED
        if row["open"] == 0:
            return State.STATE_PAID
        if row["uncollectible"]:
            return State.STATE_UNCOLLECTIBLE
        is_overdue = row["open"] > 0 and row["due_on"] < self.today.isoformat()
        return State.STATE_OVERDUE if is_overdue else State.STATE_OPEN


def invoice_message(one: Seen) -> wire.Invoice:
    row, currency = one.row, one.row["currency"]
    content = content_of(row)
    message = wire.Invoice(
        name=f"invoices/{row['invoice_id']}",
        number=row["number"],
        contract=f"contracts/{row['contract_id']}",
        client=f"clients/{row['client_id']}",
        currency=currency,
        boundary=date_message(content.boundary),
        lines=line_messages(content.lines, currency),
        taxes=tax_messages(content.taxes, currency),
        net=money_of(content.net, currency),
        tax=money_of(content.tax, currency),
        gross=money_of(content.gross, currency),
        state=one.state,
        cancels=f"invoices/{row['cancels']}" if row["cancels"] else "",
        cancelled_by=f"invoices/{row['cancelled_by']}" if row["cancelled_by"] else "",
        reminders=row["reminders"],
        create_time=instant_message(datetime.fromisoformat(row["created_at"])),
        document_sha256=row["sha256"],
        etag=etag_of_row(row),
    )
    if row["number"]:
        message.issued_on.CopyFrom(date_message(date.fromisoformat(row["issued_on"])))
        message.due_on.CopyFrom(date_message(date.fromisoformat(row["due_on"])))
        message.open.CopyFrom(money_of(row["open"], currency))
    return message


def etag_of_row(row: Row) -> str:
    """A document changes in what became of it alone."""
    return f"{row['position']}{'c' if row['cancelled_by'] else ''}"


def tax_messages(taxes: Sequence[TaxTotal], currency: str) -> list[wire.TaxTotal]:
    return [
        wire.TaxTotal(
            category=total.category,
            rate_percent=percent_text(total.rate_ppm),
            net=money_of(total.net, currency),
            tax=money_of(total.tax, currency),
        )
        for total in taxes
    ]


def preview_message(draft: Draft, currency: str, boundary: Date) -> wire.InvoicePreview:
    return wire.InvoicePreview(
        boundary=boundary,
        lines=line_messages(draft.lines, currency),
        taxes=tax_messages(draft.taxes, currency),
        net=money_of(draft.net, currency),
        tax=money_of(draft.tax, currency),
        gross=money_of(draft.gross, currency),
    )

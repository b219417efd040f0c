"""Lines of documents as messages."""

from collections.abc import Sequence

from messages.amounts import money_of
from messages.dates import date_message, minutes_message
from services.billing.api.shapes import percent_text
from services.billing.events import InvoiceLine
from wire.retainer.billing.v1 import invoice_line_pb2 as wire


def line_messages(lines: Sequence[InvoiceLine], currency: str) -> list[wire.InvoiceLine]:
    messages = []
    for line in lines:
        message = wire.InvoiceLine(
            kind=line.kind,
            period=date_message(line.period),
            period_end=date_message(line.period_end),
            amount=money_of(line.amount, currency),
            tax_category=line.tax_category,
            tax_rate_percent=percent_text(line.tax_rate_ppm),
            correction=line.correction,
            description=line.description,
        )
        if line.quantity is not None and line.in_units:
            message.units = line.quantity
        elif line.quantity is not None:
            message.time.CopyFrom(minutes_message(line.quantity))
        if line.rate is not None:
            message.rate.CopyFrom(money_of(line.rate, currency))
        messages.append(message)
    return messages

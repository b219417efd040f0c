"""What an order would do to the money, before it is given."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from google.protobuf.message import Message

from retainer.client import Client
from retainer.failures import ExitStatus, Failure
from retainer.output import table
from retainer.words import amount_text, date_text, measured_text
from wire.retainer.billing.v1.what_if_pb2 import PreviewEffectRequest
from wire.retainer.timelog.v1.time_entry_pb2 import GetTimeEntryRequest

if TYPE_CHECKING:
    from rich.console import RenderableType

_COMMANDS = {
    field.message_type.full_name: field.name
    for field in PreviewEffectRequest.DESCRIPTOR.oneofs[0].fields
    if field.message_type is not None
}
FIGURES = ("available", "used", "remaining", "overage", "carried", "expired")


def asking(client: Client, order: Message) -> PreviewEffectRequest:
    """The order inside the question; an entry's contract is looked up where the order does not say it."""
    request = PreviewEffectRequest(contract=_contract(client, order))
    getattr(request, _COMMANDS[order.DESCRIPTOR.full_name]).CopyFrom(order)
    return request


def _contract(client: Client, order: Any) -> str:
    if hasattr(order, "contract"):
        return str(order.contract)
    entry = getattr(order, "entry", None)
    if entry is not None and entry.contract:
        return str(entry.contract)
    name = entry.name if entry is not None else order.name
    return str(client.ask(GetTimeEntryRequest(name=name)).contract)


def refused(found: Any) -> Failure:
    """What an order ends with that would be refused."""
    reasons = "; ".join(
        f"{one.message} (at {one.field}) [{one.reason}]" if one.field else f"{one.message} [{one.reason}]"
        for one in found.refusals
    )
    return Failure(f"would be refused: {reasons}", ExitStatus.REFUSED)


def effect(found: Any) -> "Iterator[RenderableType]":
    """Figures and next invoice before and after."""
    before = {date_text(period.start): period for period in found.before}
    after = {date_text(period.start): period for period in found.after}
    rows = [
        (start, name, *(_figure(side.get(start), name) for side in (before, after)))
        for start in sorted({*before, *after})
        for name in (*FIGURES, "charged")
        if _figure(before.get(start), name) != _figure(after.get(start), name)
    ]
    if rows:
        yield table("What it would move", ("period", "", "now", "then"), rows, right=("now", "then"))
    else:
        yield "It would move no figures of periods that have begun."
    yield table("Next invoice", ("line", "period", "now", "then"), list(_lines(found)), right=("now", "then"))
    yield f"Difference: {amount_text(found.difference)} gross. Nothing was recorded."


def _figure(period: Any, name: str) -> str:
    if period is None:
        return ""
    return amount_text(period.charged) if name == "charged" else measured_text(getattr(period, name))


def _lines(found: Any) -> Iterator[tuple[str, ...]]:
    sides = (found.next_invoice_before, found.next_invoice_after)
    keys = sorted({(date_text(line.period), line.kind) for side in sides for line in side.lines})
    for period, kind in keys:
        yield (kind, period, *(_amounts(side, period, kind) for side in sides))
    for name in ("net", "tax", "gross"):
        yield (name, "", *(amount_text(getattr(side, name)) for side in sides))


def _amounts(invoice: Any, period: str, kind: str) -> str:
    found = [line for line in invoice.lines if (date_text(line.period), line.kind) == (period, kind)]
    return " + ".join(amount_text(line.amount) for line in found)

"""`retainer deliver` and `retainer delivery …`: deliverables that use up an allowance of units."""

from messages.dates import date_message
from retainer.output import json_out, show, table
from retainer.verbs.asking import DEFAULT, MONEY_ORDERS, ORDERS, Count, MoneyOrders, Options, Orders
from retainer.words import date_text, id_of, named, parse_date
from wire.retainer.timelog.v1.delivery_pb2 import (
    ListDeliveriesRequest,
    RecordDeliveryRequest,
    WithdrawDeliveryRequest,
)


def deliver(
    contract: str,
    units: Count,
    /,
    *,
    on: str = "today",
    note: str = "",
    id: str = "",
    orders: MoneyOrders = MONEY_ORDERS,
) -> None:
    """Record an accepted delivery.

    Example: retainer deliver blog-2026 2 --on 2026-01-20

    Parameters
    ----------
    contract
        Contract id.
    units
        How many.
    on
        The day, in the contract's time zone.
    note
        Kept sealed.
    id
        Your own id of the delivery.
    """
    request = RecordDeliveryRequest(
        delivery_id=id,
        contract=named("contracts", contract),
        units=units,
        delivered_on=date_message(parse_date(on, "--on")),
        note=note,
    )
    orders.obey(request, "Recorded {name}.")


def withdraw(id: str, /, *, orders: Orders = ORDERS) -> None:
    """Take a delivery back as if it had never been.

    Example: retainer delivery withdraw d1

    Parameters
    ----------
    id
        The delivery's id.
    """
    orders.obey(WithdrawDeliveryRequest(name=named("deliveries", id)), "Withdrew {name}.")


def list_(*, filter: str = "", options: Options = DEFAULT) -> None:
    """List deliveries in order of date.

    Example: retainer delivery list --filter 'contract = "contracts/blog-2026"'

    Parameters
    ----------
    filter
        Over contract and delivered_on.
    """
    with options.client() as client:
        found = list(client.pages(ListDeliveriesRequest(filter=filter, page_size=200), "deliveries"))
    if options.json:
        json_out({"deliveries": found})
        return
    rows = [
        (id_of(one.name), id_of(one.contract), date_text(one.delivered_on), str(one.units), one.note) for one in found
    ]
    show(table("", ("delivery", "contract", "on", "units", "note"), rows, right=("units",)))

"""`retainer extra …`: lines beside the retainer's own (R39); `retainer contract thresholds` (R36)."""

from messages.dates import date_message
from retainer.verbs.asking import ORDERS, Count, Orders
from retainer.words import named, parse_date, parse_money
from wire.retainer.billing.v1.account_pb2 import AddExtraRequest, SetThresholdsRequest, WithdrawExtraRequest
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest


def add(
    contract: str,
    amount: str,
    /,
    *,
    description: str,
    on: str = "today",
    each_period: bool = False,
    until: str = "",
    tax: str = "",
    tax_rate: str = "",
    id: str = "",
    orders: Orders = ORDERS,
) -> None:
    """Add an extra: on the next invoice, or on each until it ends.

    Example: retainer extra add web-2026 80.00 --description 'Stock photos'
    Example: retainer extra add web-2026 25.00 --description Hosting --each-period --until 2026-08-01

    Parameters
    ----------
    contract
        Contract id.
    amount
        Net, in the contract's currency.
    description
        Stands on the invoice; no personal data.
    on
        When it is due.
    each_period
        With every period from then on.
    until
        The first date no longer covered; with --each-period.
    tax
        standard, reduced, reverse_charge, small_business or outside_scope; the terms' own otherwise.
    tax_rate
        Percent, like 7; with --tax.
    id
        An id of your own.
    """
    with orders.client() as client:
        currency = client.ask(GetBudgetRequest(contract=named("contracts", contract))).currency
    request = AddExtraRequest(
        extra_id=id,
        contract=named("contracts", contract),
        amount=parse_money(amount, currency),
        description=description,
        on=date_message(parse_date(on, "--on")),
        each_period=each_period,
        until=date_message(parse_date(until, "--until")) if until else None,
        tax_category=tax,
        tax_rate_percent=tax_rate,
    )
    orders.obey(request, "Added {name}.")


def withdraw(contract: str, id: str, /, *, orders: Orders = ORDERS) -> None:
    """Take an extra back; what was invoiced is settled at the next boundary.

    Example: retainer extra withdraw web-2026 photos

    Parameters
    ----------
    contract
        Contract id.
    id
        The extra's id.
    """
    orders.obey(WithdrawExtraRequest(name=f"{named('contracts', contract)}/extras/{id}"), "Withdrew {name}.")


def thresholds(contract: str, percents: tuple[Count, ...] = (), /, *, orders: Orders = ORDERS) -> None:
    """Set which shares of a budget are told when use reaches them; none turns them off.

    Example: retainer contract thresholds web-2026 80 100

    Parameters
    ----------
    contract
        Contract id.
    percents
        Whole percent of what is available; 50, 75, 90 and 100 where nothing was set.
    """
    request = SetThresholdsRequest(contract=named("contracts", contract), percents=percents)
    orders.obey(request, "{name} tells at " + (", ".join(f"{one} %" for one in percents) or "nothing") + ".")

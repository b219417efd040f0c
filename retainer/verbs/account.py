"""What is put on a contract's account besides time: blocks, credits, extras, decisions on overage, a take-over."""

from typing import Any

from messages.dates import date_message
from retainer.client import Client
from retainer.failures import Failure
from retainer.output import json_out, show, table
from retainer.verbs.asking import DEFAULT, MONEY_ORDERS, ORDERS, MoneyOrders, Options, Orders
from retainer.words import (
    amount_text,
    date_text,
    hours_text,
    id_of,
    measured_text,
    named,
    parse_count,
    parse_date,
    parse_hours,
    parse_money,
)
from wire.retainer.billing.v1 import account_pb2 as account
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.billing.v1.figures_pb2 import Measured


def currency_of(client: Client, contract: str) -> str:
    """The currency of a contract, from its budget."""
    return str(client.ask(GetBudgetRequest(contract=named("contracts", contract))).currency)


def block_buy(
    contract: str,
    hours: str,
    price: str,
    /,
    *,
    on: str = "today",
    expires: str = "",
    id: str = "",
    orders: MoneyOrders = MONEY_ORDERS,
) -> None:
    """Sell a client a block of hours ahead.

    Example: retainer block buy clinic-bank 20:00 2000.00 --on 2026-01-05 --expires 2026-07-01

    Parameters
    ----------
    contract
        Contract id.
    hours
        Like 20:00.
    price
        Net, in the contract's currency.
    on
        Usable from this date.
    expires
        The first date no longer usable; as long as the contract lasts otherwise.
    id
        Your own id of the block.
    """
    with orders.client() as client:
        currency = currency_of(client, contract)
    request = account.BuyBlockRequest(
        block_id=id,
        contract=named("contracts", contract),
        hours=parse_hours(hours, "hours"),
        price=parse_money(price, currency, "price"),
        bought_on=date_message(parse_date(on, "--on")),
    )
    if expires:
        request.expires_on.CopyFrom(date_message(parse_date(expires, "--expires")))
    orders.obey(request, "Bought {name}.")


def block_withdraw(contract: str, id: str, /, *, orders: Orders = ORDERS) -> None:
    """Take a block back as if it had never been bought; the next boundary settles the difference.

    Example: retainer block withdraw clinic-bank b1

    Parameters
    ----------
    contract
        Contract id.
    id
        The block's id.
    """
    orders.obey(account.WithdrawBlockRequest(name=_posting(contract, "blocks", id)), "Withdrew {name}.")


def credit_give(
    contract: str, amount: str, /, *, why: str, on: str = "today", id: str = "", orders: MoneyOrders = MONEY_ORDERS
) -> None:
    """Give goodwill, net, on the next invoice.

    Example: retainer credit give web-2026 100.00 --why 'late delivery' --on 2026-02-10

    Parameters
    ----------
    contract
        Contract id.
    amount
        Net, above zero.
    why
        Stands on the invoice; no personal data.
    on
        The line names the period in which this date lies.
    id
        Your own id of the credit.
    """
    with orders.client() as client:
        currency = currency_of(client, contract)
    request = account.GiveCreditRequest(
        credit_id=id,
        contract=named("contracts", contract),
        amount=parse_money(amount, currency),
        why=why,
        on=date_message(parse_date(on, "--on")),
    )
    orders.obey(request, "Gave {name}.")


def credit_withdraw(contract: str, id: str, /, *, orders: Orders = ORDERS) -> None:
    """Take a credit back.

    Example: retainer credit withdraw web-2026 c1

    Parameters
    ----------
    contract
        Contract id.
    id
        The credit's id.
    """
    orders.obey(account.WithdrawCreditRequest(name=_posting(contract, "credits", id)), "Withdrew {name}.")


def overage_approve(contract: str, period: str, quantity: str, /, *, orders: MoneyOrders = MONEY_ORDERS) -> None:
    """Note that the client approves overage of a period, also ahead of time.

    Example: retainer overage approve web-2026 2026-02-01 4:30

    Parameters
    ----------
    contract
        Contract id.
    period
        First date of the period.
    quantity
        Hours like 4:30, money like 500.00, or units: as the contract measures.
    """
    with orders.client() as client:
        budget = client.ask(GetBudgetRequest(contract=named("contracts", contract)))
    request = account.ApproveOverageRequest(
        contract=named("contracts", contract),
        period=date_message(parse_date(period, "the period")),
        approved=parse_measured(quantity, budget),
    )
    orders.obey(request, "Approved overage of {name}.")


def overage_decline(contract: str, period: str, /, *, orders: MoneyOrders = MONEY_ORDERS) -> None:
    """Note that the client declines all overage of a period that is undecided; it is written off.

    Example: retainer overage decline web-2026 2026-02-01

    Parameters
    ----------
    contract
        Contract id.
    period
        First date of the period.
    """
    request = account.DeclineOverageRequest(
        contract=named("contracts", contract), period=date_message(parse_date(period, "the period"))
    )
    orders.obey(request, "Declined overage of {name}.")


def takeover(
    contract: str,
    /,
    *,
    on: str,
    bucket: tuple[str, ...] = (),
    borrowed: str = "",
    block: tuple[str, ...] = (),
    fee_paid_until: str = "",
    open: tuple[str, ...] = (),
    orders: Orders = ORDERS,
) -> None:
    """Take a running retainer over on a boundary, with what it brings along; before anything else is on the account.

    Draft it with `taken_over: {on: …}` in its terms file, so that its books wait for this. A whole agency is taken over
    from one file: `retainer takeover FILE`.

    Example: retainer contract takeover web-2026 --on 2026-03-01 --bucket 2026-02-01=4:30 --fee-paid-until 2027-01-01

    Parameters
    ----------
    contract
        Contract id.
    on
        A boundary of the contract; nothing before it is invoiced here.
    bucket
        Unused allowance: period=quantity, or period=quantity=periods left. May be repeated.
    borrowed
        What earlier periods took ahead.
    block
        What is left of a block of hours: id=hours=bought on, or id=hours=bought on=expires on. May be repeated.
    fee_paid_until
        The fee is paid up to this date, where that is not the take-over.
    open
        An unpaid invoice of before: number=issued on=due on=amount. May be repeated.
    """
    with orders.client() as client:
        budget = client.ask(GetBudgetRequest(contract=named("contracts", contract)))
    request = account.TakeOverRequest(
        contract=named("contracts", contract),
        on=date_message(parse_date(on, "--on")),
        buckets=[_bucket(text, budget) for text in bucket],
        blocks=[_block(text) for text in block],
        open=[_open(text, budget.currency) for text in open],
    )
    if borrowed:
        request.borrowed.CopyFrom(parse_measured(borrowed, budget))
    if fee_paid_until:
        request.fee_paid_until.CopyFrom(date_message(parse_date(fee_paid_until, "--fee-paid-until")))
    orders.obey(request, "Took over {name}.")


def postings(contract: str, /, *, options: Options = DEFAULT) -> None:
    """List blocks, credits, extras and decisions on overage of a contract.

    Example: retainer contract postings web-2026

    Parameters
    ----------
    contract
        Contract id.
    """
    with options.client() as client:
        request = account.ListPostingsRequest(contract=named("contracts", contract), page_size=200)
        found = list(client.pages(request, "postings"))
    if options.json:
        json_out({"postings": found})
        return
    rows = [
        (
            date_text(one.on),
            one.kind,
            id_of(one.name),
            measured_text(one.quantity),
            amount_text(one.amount),
            date_text(one.expires_on),
            ("withdrawn " if one.withdrawn else "") + one.description,
        )
        for one in found
    ]
    columns = ("on", "kind", "id", "quantity", "amount", "expires", "note")
    show(table("", columns, rows, right=("quantity", "amount")))


def left_out(contract: str = "", /, *, options: Options = DEFAULT) -> None:
    """List time, deliveries and changes that could not be counted, each with the reason.

    Example: retainer contract left-out web-2026

    Parameters
    ----------
    contract
        Contract id; all contracts where none is named.
    """
    request = account.ListLeftOutRequest(contract=named("contracts", contract) if contract else "", page_size=200)
    with options.client() as client:
        found = list(client.pages(request, "left_out"))
    if options.json:
        json_out({"left_out": found})
        return
    rows = [
        (id_of(one.contract), one.subject, date_text(one.on), hours_text(one.time), one.reason, one.message)
        for one in found
    ]
    show(table("", ("contract", "what", "on", "time", "reason", "in words"), rows, right=("time",)))


def parse_measured(text: str, budget: Any) -> Measured:
    """A quantity in the measure of the contract."""
    match budget.measure:
        case 2:
            return Measured(amount=parse_money(text, budget.currency, "the quantity"))
        case 3:
            return Measured(units=parse_count(text, "the quantity"))
        case _:
            return Measured(time=parse_hours(text, "the quantity"))


def _posting(contract: str, collection: str, id: str) -> str:
    return id if "/" in id else f"{named('contracts', contract)}/{collection}/{id}"


def _parts(text: str, least: int, shape: str) -> list[str]:
    parts = text.split("=")
    if not least <= len(parts) <= least + 1:
        raise Failure(f"{text!r} is not of the form {shape}")
    return parts


def _bucket(text: str, budget: Any) -> account.TakenBucket:
    parts = _parts(text, 2, "period=quantity or period=quantity=periods")
    taken = account.TakenBucket(
        period=date_message(parse_date(parts[0], "--bucket")), left=parse_measured(parts[1], budget)
    )
    if len(parts) == 3:
        taken.periods_left = parse_count(parts[2], "--bucket: the number of periods")
    return taken


def _block(text: str) -> account.TakenBlock:
    parts = _parts(text, 3, "id=hours=bought on or id=hours=bought on=expires on")
    taken = account.TakenBlock(
        block_id=parts[0],
        left=parse_hours(parts[1], "--block"),
        bought_on=date_message(parse_date(parts[2], "--block")),
    )
    if len(parts) == 4:
        taken.expires_on.CopyFrom(date_message(parse_date(parts[3], "--block")))
    return taken


def _open(text: str, currency: str) -> account.TakenOpen:
    parts = _parts(text, 4, "number=issued on=due on=amount")[:4]
    return account.TakenOpen(
        number=parts[0],
        issued_on=date_message(parse_date(parts[1], "--open")),
        due_on=date_message(parse_date(parts[2], "--open")),
        open=parse_money(parts[3], currency, "--open"),
    )

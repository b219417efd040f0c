"""`retainer pay`, `retainer payments`, `retainer receivables`: what comes in, and what is open."""

from messages.dates import date_message
from retainer.failures import Failure
from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from retainer.words import amount_text, date_text, id_of, minor, named, parse_date, parse_money, plain_amount
from wire.retainer.billing.v1.invoice_pb2 import GetInvoiceRequest
from wire.retainer.billing.v1.payment_pb2 import (
    GetBalanceRequest,
    ListPaymentsRequest,
    ListReceivablesRequest,
    RecordPaymentRequest,
    RefundBalanceRequest,
)


def pay(
    amount: str,
    /,
    *,
    id: str,
    client: str = "",
    invoice: str = "",
    on: str = "today",
    orders: Orders = ORDERS,
) -> None:
    """Record a payment; the same id is counted once.

    Example: retainer pay 2016.05 --invoice 2026-0001 --id bank-4711 --on 2026-01-28
    Example: retainer pay '500.00 EUR' --client acme --id bank-4712

    Parameters
    ----------
    amount
        Like 500.00; the currency may be left out where an invoice is named.
    id
        The bank's or the payment provider's own id of the payment.
    client
        Who paid; may be left out where an invoice is named.
    invoice
        The invoice that the payer named; the oldest due is paid otherwise, and where it is not issued by that day.
    on
        The value date.
    """
    if amount.strip().startswith("-"):
        raise Failure("a payment comes in: money that goes back to a client is recorded by `retainer refund`")
    currency, payer = "", client
    if invoice and not (client and amount[-1:].isalpha()):
        with orders.client() as reader:
            found = reader.ask(GetInvoiceRequest(name=named("invoices", invoice)))
        currency, payer = found.currency, client or found.client
    if not payer:
        raise Failure("who paid? Name a client (--client acme) or an invoice (--invoice 2026-0001)")
    request = RecordPaymentRequest(
        payment_id=id,
        client=named("clients", payer),
        amount=parse_money(amount, currency),
        paid_on=date_message(parse_date(on, "--on")),
        invoice=named("invoices", invoice) if invoice else "",
    )
    reply = orders.obey(request, "Recorded {name}.")
    if orders.json:
        return
    if reply.not_issued:
        number = id_of(reply.not_issued)
        say(f"  {number} is not issued by that day: the money went to the oldest due, and the rest is balance.")
    if not orders.dry_run:
        _tell_balance(orders, request)


def _tell_balance(orders: Orders, paid: RecordPaymentRequest) -> None:
    """Where what nobody asked for has gone (R32); nothing where there is none."""
    with orders.client() as reader:
        balance = reader.ask(GetBalanceRequest(client=paid.client, currency=paid.amount.currency_code))
    if minor(balance.credit):
        say(
            f"  {id_of(paid.client)} has a credit balance of {amount_text(balance.credit)} now:"
            " it pays what is issued next, or goes back by `retainer refund`."
        )


def refund(amount: str, /, *, client: str, id: str, on: str = "today", orders: Orders = ORDERS) -> None:
    """Record a transfer back to a client, out of the credit balance.

    Example: retainer refund '120.00 EUR' --client acme --id bank-4713

    Parameters
    ----------
    amount
        With its currency: '120.00 EUR'.
    client
        Whose balance.
    id
        The bank's own id of the transfer.
    on
        The day of the transfer.
    """
    request = RefundBalanceRequest(
        refund_id=id,
        client=named("clients", client),
        amount=parse_money(amount, ""),
        refunded_on=date_message(parse_date(on, "--on")),
    )
    orders.obey(request, "Recorded {name}.")


def payments(*, filter: str = "", order_by: str = "", options: Options = DEFAULT) -> None:
    """List payments and refunds.

    Example: retainer payments --filter 'client = "clients/acme"'

    Parameters
    ----------
    filter
        Over client, currency, paid_on and invoice.
    order_by
        For example: paid_on desc
    """
    with options.client() as client:
        request = ListPaymentsRequest(filter=filter, order_by=order_by, page_size=200)
        found = list(client.pages(request, "payments"))
    if options.json:
        json_out({"payments": found})
        return
    rows = [
        (date_text(one.paid_on), one.payment_id, id_of(one.client), id_of(one.invoice), amount_text(one.amount))
        for one in found
    ]
    show(table("", ("on", "id", "client", "invoice named", "amount"), rows, right=("amount",)))


def receivables(*, on: str = "", filter: str = "", options: Options = DEFAULT) -> None:
    """Show what is open, client by client, by age since the due date.

    Example: retainer receivables --on 2026-03-31

    Parameters
    ----------
    on
        The date at which ages are reckoned; today otherwise.
    filter
        Over client and currency.
    """
    request = ListReceivablesRequest(filter=filter, page_size=200)
    if on:
        request.on.CopyFrom(date_message(parse_date(on, "--on")))
    with options.client() as client:
        found = list(client.pages(request, "receivables"))
    if options.json:
        json_out({"receivables": found})
        return
    ages = ("not_due", "days_1_to_30", "days_31_to_60", "days_61_to_90", "days_over_90")
    rows = [
        (
            id_of(one.balance.client),
            one.balance.currency,
            plain_amount(one.balance.open),
            plain_amount(one.balance.credit),
            *(plain_amount(getattr(one, age)) for age in ages),
        )
        for one in found
    ]
    columns = ("client", "", "open", "credit", "not due", "1–30 days", "31–60", "61–90", "older")
    show(table("", columns, rows, right=columns[2:]))

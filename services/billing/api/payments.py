"""PaymentService: what clients owe and what they pay."""

from datetime import UTC, date, datetime

import msgspec

from chassis.call import Call
from chassis.projector import Row
from chassis.store import Ledger
from messages.amounts import CurrencyDiffers, digits_of, minor_of, money_of
from messages.dates import date_message, date_of, instant_message, optional_date
from messages.filters import Order
from messages.names import id_in
from services.billing import settling, streams
from services.billing.api.desk import Desk, Work
from services.billing.api.lists import Field, Listing, page
from services.billing.deciders import RECEIVABLES
from services.billing.domain import receivables as domain
from services.billing.domain.receivables import (
    InvoiceUnknown,
    LedgerCommand,
    LedgerUnknown,
    MarkUncollectible,
    ReceivePayment,
    RefundBalance,
)
from services.billing.events import ReminderDue
from services.billing.overdue import overdue
from services.billing.views import budget, receivables
from services.billing.views.parties import client_of
from vocabulary.identity import ClientId, DocumentNumber, PaymentId
from vocabulary.refusal import Kind, Refused
from wire.retainer.billing.v1 import payment_pb2 as wire
from wire.retainer.billing.v1.payment_pb2_grpc import PaymentServiceServicer
from wire.retainer.receipt.v1.receipt_pb2 import Receipt

PAYMENTS: Listing[Row] = Listing(
    {
        "client": Field(lambda row: f"clients/{row['client_id']}", collection="clients"),
        "currency": Field(lambda row: str(row["currency"])),
        "paid_on": Field(lambda row: str(row["paid_on"]), ordered=True),
        "invoice": Field(lambda row: f"invoices/{row['number']}" if row["number"] else None, collection="invoices"),
    },
    ("paid_on", "client"),
    (Order("paid_on", False),),
)
RECEIVABLE_ROWS: Listing[Row] = Listing(
    {
        "client": Field(lambda row: f"clients/{row['client_id']}", collection="clients"),
        "currency": Field(lambda row: str(row["currency"])),
    },
    ("client", "currency"),
    (Order("client", False), Order("currency", False)),
)


ReminderOrder = type[domain.StopReminders] | type[domain.ResumeReminders]
STOP, RESUME = domain.StopReminders, domain.ResumeReminders
"""By these names: a servicer's own methods have the same."""


class ClientUnknown(Refused, kind=Kind.NOT_FOUND):
    """No such client in this agency."""


class Owing(msgspec.Struct):
    """What is open in one ledger, by the days since it was due."""

    not_due: int = 0
    days_1_to_30: int = 0
    days_31_to_60: int = 0
    days_61_to_90: int = 0
    days_over_90: int = 0
    uncollectible: int = 0

    def add(self, due: Row, on: date) -> None:
        age = (on - date.fromisoformat(due["due_on"])).days
        if due["uncollectible"]:
            self.uncollectible += due["open"]
        elif age <= 0:
            self.not_due += due["open"]
        elif age <= 30:
            self.days_1_to_30 += due["open"]
        elif age <= 60:
            self.days_31_to_60 += due["open"]
        elif age <= 90:
            self.days_61_to_90 += due["open"]
        else:
            self.days_over_90 += due["open"]

    @property
    def overdue(self) -> int:
        return self.days_1_to_30 + self.days_31_to_60 + self.days_61_to_90 + self.days_over_90


class Payments(PaymentServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = desk.parts.views

    async def RecordPayment(self, request: wire.RecordPaymentRequest, call: Call) -> wire.RecordPaymentResponse:
        client_id = id_in(request.client, "clients", "client")
        currency = await self._currency(call, client_id, request.amount.currency_code)
        number = id_in(request.invoice, "invoices", "invoice") if request.invoice else ""
        paid_on = date_of(request.paid_on, "paid_on")
        is_issued = not number or await self._is_issued(call, client_id, currency, number, paid_on)
        command = ReceivePayment(
            client_id=ClientId(client_id),
            currency=currency,
            payment_id=PaymentId(request.payment_id),
            amount=minor_of(request.amount, currency, "amount"),
            paid_on=paid_on,
            number=DocumentNumber(number) if number else None,
        )

        async def work(ledger: Ledger) -> None:
            await settling.receive(ledger, command)

        name = f"clients/{client_id}/payments/{request.payment_id}"
        receipt = await self._order(call, request, command, name, work)
        return wire.RecordPaymentResponse(receipt=receipt, not_issued="" if is_issued else request.invoice)

    async def RefundBalance(self, request: wire.RefundBalanceRequest, call: Call) -> wire.RefundBalanceResponse:
        client_id = id_in(request.client, "clients", "client")
        currency = await self._currency(call, client_id, request.amount.currency_code)
        command = RefundBalance(
            client_id=ClientId(client_id),
            currency=currency,
            refund_id=PaymentId(request.refund_id),
            amount=minor_of(request.amount, currency, "amount"),
            refunded_on=date_of(request.refunded_on, "refunded_on"),
        )

        async def work(ledger: Ledger) -> None:
            await settling.refund(ledger, command)

        name = f"clients/{client_id}/payments/{request.refund_id}"
        return wire.RefundBalanceResponse(receipt=await self._order(call, request, command, name, work))

    async def GetBalance(self, request: wire.GetBalanceRequest, call: Call) -> wire.Balance:
        client_id = id_in(request.client, "clients", "client")
        call.must_see_client(client_id)
        digits_of(request.currency, "currency")
        ledgers = await receivables.ledgers(self._views, call.agency, client_id)
        found = [row for row in ledgers if row["currency"] == request.currency]
        if not found:
            await self._currency(call, client_id, request.currency, "currency")
            found = [{"client_id": client_id, "currency": request.currency, "credit": 0, "stopped": 0}]
        owing = await self._owing(call, call.now.astimezone(UTC).date(), client_id)
        return _balance(found[0], owing.get((client_id, request.currency), Owing()))

    async def ListPayments(self, request: wire.ListPaymentsRequest, call: Call) -> wire.ListPaymentsResponse:
        conditions = PAYMENTS.conditions(request.filter)
        client_id = call.identity.client_id or PAYMENTS.fixed(conditions, "client", "clients")
        rows = await receivables.payments(self._views, call.agency, client_id)
        found = PAYMENTS.ordered(PAYMENTS.selected(rows, conditions), request.order_by)
        query = (call.agency, call.identity.client_id, "ListPayments", request.filter, request.order_by)
        shown, next_page_token = page(found, request.page_size, request.page_token, *query)
        return wire.ListPaymentsResponse(payments=[_payment(row) for row in shown], next_page_token=next_page_token)

    async def ListReceivables(self, request: wire.ListReceivablesRequest, call: Call) -> wire.ListReceivablesResponse:
        conditions = RECEIVABLE_ROWS.conditions(request.filter)
        on = optional_date(request, "on", "on") or call.now.astimezone(UTC).date()
        client_id = call.identity.client_id or RECEIVABLE_ROWS.fixed(conditions, "client", "clients")
        rows = await receivables.ledgers(self._views, call.agency, client_id)
        found = RECEIVABLE_ROWS.ordered(RECEIVABLE_ROWS.selected(rows, conditions), "")
        query = (call.agency, call.identity.client_id, "ListReceivables", request.filter, on.isoformat())
        shown, next_page_token = page(found, request.page_size, request.page_token, *query)
        owing = await self._owing(call, on, client_id)
        return wire.ListReceivablesResponse(
            receivables=[_receivable(row, owing.get((row["client_id"], row["currency"]), Owing())) for row in shown],
            next_page_token=next_page_token,
        )

    async def RemindOverdue(self, request: wire.RemindOverdueRequest, call: Call) -> wire.RemindOverdueResponse:
        """Safe to repeat by nature, so the request id is not kept."""
        client_id = id_in(request.client, "clients", "client") if request.client else ""
        call = msgspec.structs.replace(call, request=None)
        orders = await overdue(self._views, call.now, call.agency)
        told: list[wire.Reminder] = []
        receipt = Receipt(name=request.client or "clients/-")
        for _, order in orders:
            if client_id and order.client_id != client_id:
                continue
            found: list[ReminderDue] = []

            async def work(
                ledger: Ledger, order: domain.RemindOverdue = order, found: list[ReminderDue] = found
            ) -> None:
                found[:] = await settling.remind(ledger, order)

            receipt = await self._order(call, request, order, receipt.name, work)
            told += [_reminder(one) for one in found]
        return wire.RemindOverdueResponse(receipt=receipt, reminders=told)

    async def StopReminders(self, request: wire.StopRemindersRequest, call: Call) -> wire.StopRemindersResponse:
        return wire.StopRemindersResponse(receipt=await self._reminders(call, request, STOP))

    async def ResumeReminders(self, request: wire.ResumeRemindersRequest, call: Call) -> wire.ResumeRemindersResponse:
        return wire.ResumeRemindersResponse(receipt=await self._reminders(call, request, RESUME))

    async def MarkUncollectible(
        self, request: wire.MarkUncollectibleRequest, call: Call
    ) -> wire.MarkUncollectibleResponse:
        number = id_in(request.name, "invoices", "name")
        due = await self._due(call, number, "name")
        command = MarkUncollectible(
            client_id=ClientId(due["client_id"]), currency=due["currency"], number=DocumentNumber(number)
        )
        receipt = await self._order(call, request, command, request.name, self._decided(call, command))
        return wire.MarkUncollectibleResponse(receipt=receipt)

    async def _reminders(
        self,
        call: Call,
        request: wire.StopRemindersRequest | wire.ResumeRemindersRequest,
        kind: ReminderOrder,
    ) -> Receipt:
        """For one document, or for each currency in which the client owes."""
        if request.name.startswith("invoices/"):
            number = id_in(request.name, "invoices", "name")
            due = await self._due(call, number, "name")
            command = kind(
                client_id=ClientId(due["client_id"]), currency=due["currency"], number=DocumentNumber(number)
            )
            return await self._order(call, request, command, request.name, self._decided(call, command))
        client_id = id_in(request.name, "clients", "name")
        ledgers = await receivables.ledgers(self._views, call.agency, client_id)
        if not ledgers:
            raise LedgerUnknown(f"{client_id} was never asked for money", field="name")
        orders = [kind(client_id=ClientId(client_id), currency=row["currency"]) for row in ledgers]

        async def work(ledger: Ledger) -> None:
            for order in orders:
                stream = streams.receivables(call.agency, client_id, order.currency)
                await ledger.decide(RECEIVABLES, stream, order)

        return await self._order(call, request, orders[0], request.name, work)

    def _decided(self, call: Call, command: LedgerCommand) -> Work:
        async def work(ledger: Ledger) -> None:
            stream = streams.receivables(call.agency, command.client_id, command.currency)
            await ledger.decide(RECEIVABLES, stream, command)

        return work

    async def _order(
        self,
        call: Call,
        request: wire.RecordPaymentRequest
        | wire.RefundBalanceRequest
        | wire.StopRemindersRequest
        | wire.ResumeRemindersRequest
        | wire.MarkUncollectibleRequest
        | wire.RemindOverdueRequest,
        command: LedgerCommand,
        name: str,
        work: Work,
    ) -> Receipt:
        stream = streams.receivables(call.agency, command.client_id, command.currency)
        return await self._desk.order(call, request, stream, name, work)

    async def _currency(self, call: Call, client_id: str, given: str, field: str = "amount") -> str:
        """The currency of the money, where the client has a contract, a ledger or a profile in it."""
        digits_of(given, field)
        client = await client_of(self._views, call.agency, client_id)
        accounts = await budget.accounts(self._views, call.agency, client_id=client_id)
        ledgers = await receivables.ledgers(self._views, call.agency, client_id)
        known = {row["currency"] for row in (*accounts, *ledgers)} | ({client.currency} if client else set())
        if not known:
            raise ClientUnknown(f"there is no client {client_id}", field="client")
        if given not in known:
            raise CurrencyDiffers(
                f"{client_id} is invoiced in {', '.join(sorted(known))}, not in {given}", field=field, currency=given
            )
        return given

    async def _is_issued(self, call: Call, client_id: str, currency: str, number: str, by: date) -> bool:
        """Whether the invoice that a payment names is there to be paid by then (R32); another client's is refused."""
        due = await receivables.due_document(self._views, call.agency, number)
        if due is None:
            return False
        if due["client_id"] != client_id:
            raise InvoiceUnknown(f"{number} was not issued to {client_id}", field="invoice")
        if due["currency"] != currency:
            raise CurrencyDiffers(f"{number} is in {due['currency']}, not in {currency}", field="amount")
        return bool(due["issued_on"] <= by.isoformat())

    async def _due(self, call: Call, number: str, field: str) -> Row:
        due = await receivables.due_document(self._views, call.agency, number)
        if due is None:
            raise InvoiceUnknown(f"there is no invoice {number}", field=field)
        return due

    async def _owing(self, call: Call, on: date, client_id: str = "") -> dict[tuple[str, str], Owing]:
        owing: dict[tuple[str, str], Owing] = {}
        for due in await receivables.open_dues(self._views, call.agency, client_id):
            owing.setdefault((due["client_id"], due["currency"]), Owing()).add(due, on)
        return owing


def _balance(ledger: Row, owing: Owing) -> wire.Balance:
    currency = ledger["currency"]
    return wire.Balance(
        client=f"clients/{ledger['client_id']}",
        currency=currency,
        open=money_of(owing.not_due + owing.overdue, currency),
        credit=money_of(ledger["credit"], currency),
        overdue=money_of(owing.overdue, currency),
        uncollectible=money_of(owing.uncollectible, currency),
        reminders_stopped=bool(ledger["stopped"]),
    )


def _receivable(ledger: Row, owing: Owing) -> wire.Receivable:
    currency = ledger["currency"]
    return wire.Receivable(
        balance=_balance(ledger, owing),
        not_due=money_of(owing.not_due, currency),
        days_1_to_30=money_of(owing.days_1_to_30, currency),
        days_31_to_60=money_of(owing.days_31_to_60, currency),
        days_61_to_90=money_of(owing.days_61_to_90, currency),
        days_over_90=money_of(owing.days_over_90, currency),
    )


def _reminder(told: ReminderDue) -> wire.Reminder:
    message = wire.Reminder(
        invoice=f"invoices/{told.number}",
        step=told.step,
        open=money_of(told.open, told.currency),
        on=date_message(told.on),
    )
    if told.late_fee:
        message.late_fee.CopyFrom(money_of(told.late_fee, told.currency))
    return message


def _payment(row: Row) -> wire.Payment:
    return wire.Payment(
        name=f"clients/{row['client_id']}/payments/{row['payment_id']}",
        payment_id=row["payment_id"],
        client=f"clients/{row['client_id']}",
        amount=money_of(row["amount"], row["currency"]),
        paid_on=date_message(date.fromisoformat(row["paid_on"])),
        invoice=f"invoices/{row['number']}" if row["number"] else "",
        create_time=instant_message(datetime.fromisoformat(row["created_at"])),
    )

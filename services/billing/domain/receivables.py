"""What one client owes in one currency: documents, payments, refunds, reminders (R32, R33).

    Refused
    ├── InvoiceUnknown     no such document was issued to this client
    ├── NotPositive        money that comes in or goes back is above zero
    ├── BalanceTooSmall    a refund takes from the credit balance, never below zero
    ├── NothingOpen        nothing of the document is open
    └── LedgerUnknown      the client was never asked for money in this currency

One stream is one ledger: `<agency>/receivables/<client>-<currency>`; documents enter it in the same append in which
they are issued. How payments fall on documents is reckoned by `allocation`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from immutables import Map

from services.billing.domain.allocation import Allocation, Document, Payment, Refund, allocate
from services.billing.events import (
    BalanceRefunded,
    InvoiceBooked,
    InvoiceUncollectible,
    OpenAmount,
    OpenRestated,
    PaymentReceived,
    ReminderDue,
    RemindersResumed,
    RemindersStopped,
    ReminderStep,
)
from vocabulary.identity import ClientId, ContractId, DocumentNumber, PaymentId
from vocabulary.money import Minor, Money
from vocabulary.refusal import Kind, Refused

STEPS = (ReminderStep(days=3), ReminderStep(days=14), ReminderStep(days=28))
"""When reminders go out unless the agency has set its own (R33)."""


class InvoiceUnknown(Refused, kind=Kind.NOT_FOUND):
    """No such document was issued to this client."""


class NotPositive(Refused, kind=Kind.INVALID):
    """Money that comes in or goes back is above zero."""


class BalanceTooSmall(Refused, kind=Kind.CONFLICT):
    """A refund takes from the balance, never below zero (R32)."""


class NothingOpen(Refused, kind=Kind.CONFLICT):
    """There is nothing left to ask for."""


class LedgerUnknown(Refused, kind=Kind.NOT_FOUND):
    """The client was never asked for money in this currency."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Every command names its ledger."""

    client_id: ClientId
    currency: str


class BookInvoice(Entry, frozen=True):
    number: str
    contract_id: ContractId
    gross: Minor
    issued_on: date
    due_on: date
    time_zone: str
    cancels: DocumentNumber | None = None
    taken_over: bool = False


class ReceivePayment(Entry, frozen=True):
    payment_id: PaymentId
    amount: Minor
    paid_on: date
    number: DocumentNumber | None = None


class RefundBalance(Entry, frozen=True):
    refund_id: PaymentId
    amount: Minor
    refunded_on: date


class RemindOverdue(Entry, frozen=True):
    """Look which reminders are due at an instant."""

    now: datetime
    steps: tuple[ReminderStep, ...] = STEPS


class StopReminders(Entry, frozen=True):
    """For one document, or for the client."""

    number: DocumentNumber | None = None


class ResumeReminders(Entry, frozen=True):
    number: DocumentNumber | None = None


class MarkUncollectible(Entry, frozen=True):
    number: DocumentNumber


LedgerCommand = (
    BookInvoice | ReceivePayment | RefundBalance | RemindOverdue | StopReminders | ResumeReminders | MarkUncollectible
)
LedgerEvent = (
    InvoiceBooked
    | PaymentReceived
    | BalanceRefunded
    | OpenRestated
    | ReminderDue
    | RemindersStopped
    | RemindersResumed
    | InvoiceUncollectible
)


class Due(msgspec.Struct, frozen=True):
    """A document in the ledger. `reminded` is how many steps have passed."""

    booked: InvoiceBooked
    open: int
    reminded: int = 0
    stopped: bool = False
    uncollectible: bool = False


class Owed(msgspec.Struct, frozen=True):
    """One ledger."""

    dues: Map[str, Due] = Map()
    documents: tuple[Document, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    credit: int = 0
    latest_money: date = date.min
    """The last day on which money came or went."""
    stopped: bool = False


NOTHING_OWED = Owed()


def decide(command: LedgerCommand, owed: Owed) -> Sequence[LedgerEvent]:
    match command:
        case BookInvoice():
            return _book(command, owed)
        case ReceivePayment():
            return _receive(command, owed)
        case RefundBalance():
            return _refund(command, owed)
        case RemindOverdue():
            return _remind(command, owed)
        case StopReminders():
            return _stop(command, owed)
        case ResumeReminders():
            return _resume(command, owed)
        case MarkUncollectible():
            return _give_up(command, owed)


def _book(command: BookInvoice, owed: Owed) -> Sequence[LedgerEvent]:
    """A document enters; what the balance pays of it, or what it pays of others, follows at once (R32)."""
    booked = InvoiceBooked(
        number=command.number,
        contract_id=command.contract_id,
        client_id=command.client_id,
        currency=command.currency,
        gross=command.gross,
        issued_on=command.issued_on,
        due_on=command.due_on,
        time_zone=command.time_zone,
        cancels=command.cancels,
        taken_over=command.taken_over,
    )
    if command.gross >= 0 and owed.credit == 0 and owed.latest_money < command.issued_on:
        return [booked]  # nothing is there that could pay it
    return [booked, *_restated(owed, evolve(owed, booked), command)]


def _receive(command: ReceivePayment, owed: Owed) -> Sequence[LedgerEvent]:
    """Money is never refused for the number that it names: where no such invoice is issued by that day, it goes to the
    oldest due (R32)."""
    if command.amount <= 0:
        raise NotPositive("a payment is above zero: pay back with RefundBalance", field="amount")
    received = PaymentReceived(
        payment_id=command.payment_id,
        client_id=command.client_id,
        currency=command.currency,
        amount=command.amount,
        paid_on=command.paid_on,
        number=command.number,
    )
    return [received, *_restated(owed, evolve(owed, received), command)]


def _refund(command: RefundBalance, owed: Owed) -> Sequence[LedgerEvent]:
    if command.amount <= 0:
        raise NotPositive("a refund is above zero", field="amount")
    if command.amount > owed.credit:
        balance = Money(owed.credit, command.currency)
        raise BalanceTooSmall(f"the credit balance is {balance}: a refund cannot take more", field="amount")
    refunded = BalanceRefunded(
        refund_id=command.refund_id,
        client_id=command.client_id,
        currency=command.currency,
        amount=command.amount,
        refunded_on=command.refunded_on,
    )
    return [refunded, *_restated(owed, evolve(owed, refunded), command)]


def _restated(before: Owed, after: Owed, command: Entry) -> Sequence[OpenRestated]:
    """What is open now of the documents that moved; nothing where none did."""
    allocation: Allocation = allocate(after.documents, after.payments, after.refunds)
    moved = tuple(
        OpenAmount(number, Minor(allocation.open[number]))
        for number, due in after.dues.items()
        if allocation.open[number] != due.open
    )
    if not moved and allocation.credit == before.credit:
        return []
    ordered = tuple(sorted(moved, key=lambda due: due.number))
    return [
        OpenRestated(
            client_id=command.client_id, currency=command.currency, open=ordered, credit=Minor(allocation.credit)
        )
    ]


def _remind(command: RemindOverdue, owed: Owed) -> Sequence[LedgerEvent]:
    """The highest step whose day has come, once; paid, stopped and given up ones are left in peace (R33)."""
    if owed.stopped:
        return []
    reminders = []
    for number, due in sorted(owed.dues.items()):
        if due.open <= 0 or due.stopped or due.uncollectible:
            continue
        today = command.now.astimezone(ZoneInfo(due.booked.time_zone)).date()
        reached = sum(today >= due.booked.due_on + timedelta(days=step.days) for step in command.steps)
        if reached > due.reminded:
            fee = command.steps[reached - 1]
            reminders.append(
                ReminderDue(
                    number=DocumentNumber(number),
                    client_id=command.client_id,
                    currency=command.currency,
                    step=reached,
                    open=Minor(due.open),
                    due_on=due.booked.due_on,
                    on=today,
                    late_fee=fee.late_fee if fee.currency in ("", command.currency) else Minor(0),
                )
            )
    return reminders


def _stop(command: StopReminders, owed: Owed) -> Sequence[LedgerEvent]:
    stopped = owed.stopped if command.number is None else _due(owed, command.number).stopped
    if stopped:
        return []
    return [RemindersStopped(client_id=command.client_id, currency=command.currency, number=command.number)]


def _resume(command: ResumeReminders, owed: Owed) -> Sequence[LedgerEvent]:
    stopped = owed.stopped if command.number is None else _due(owed, command.number).stopped
    if not stopped:
        return []
    return [RemindersResumed(client_id=command.client_id, currency=command.currency, number=command.number)]


def _give_up(command: MarkUncollectible, owed: Owed) -> Sequence[LedgerEvent]:
    due = _due(owed, command.number)
    if due.uncollectible:
        return []
    if due.open <= 0:
        raise NothingOpen(f"nothing of {command.number} is open", field="name")
    return [InvoiceUncollectible(number=command.number, client_id=command.client_id, currency=command.currency)]


def _due(owed: Owed, number: str) -> Due:
    due = owed.dues.get(number)
    if due is None:
        raise InvoiceUnknown(f"{number} is not in this client's ledger", field="name")
    return due


def evolve(owed: Owed, event: LedgerEvent) -> Owed:
    match event:
        case InvoiceBooked():
            document = Document(event.number, event.gross, event.issued_on, event.due_on, event.cancels)
            return _replaced(
                owed,
                dues=owed.dues.set(event.number, Due(event, event.gross)),
                documents=(*owed.documents, document),
            )
        case PaymentReceived():
            payment = Payment(event.payment_id, event.amount, event.paid_on, event.number)
            latest = max(owed.latest_money, event.paid_on)
            return _replaced(owed, payments=(*owed.payments, payment), latest_money=latest)
        case BalanceRefunded():
            refund = Refund(event.amount, event.refunded_on)
            latest = max(owed.latest_money, event.refunded_on)
            return _replaced(owed, refunds=(*owed.refunds, refund), latest_money=latest)
        case OpenRestated():
            with owed.dues.mutate() as dues:
                for one in event.open:
                    dues[one.number] = msgspec.structs.replace(dues[one.number], open=one.open)
                return _replaced(owed, dues=dues.finish(), credit=event.credit)
        case ReminderDue():
            return _with_due(owed, event.number, reminded=event.step)
        case RemindersStopped(number=None):
            return _replaced(owed, stopped=True)
        case RemindersStopped(number=str() as number):
            return _with_due(owed, number, stopped=True)
        case RemindersResumed(number=None):
            return _replaced(owed, stopped=False)
        case RemindersResumed(number=str() as number):
            return _with_due(owed, number, stopped=False)
        case InvoiceUncollectible():
            return _with_due(owed, event.number, uncollectible=True)
    raise AssertionError(f"a ledger has no {type(event).__name__}")


def _replaced(owed: Owed, **changes: object) -> Owed:
    return msgspec.structs.replace(owed, **changes)


def _with_due(owed: Owed, number: str, **changes: object) -> Owed:
    return _replaced(owed, dues=owed.dues.set(number, msgspec.structs.replace(owed.dues[number], **changes)))

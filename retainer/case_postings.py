"""Facts of a case file about money and deliverables as public calls: blocks, credits, extras, payments, take-overs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from google.protobuf.message import Message

from messages.amounts import money_of
from messages.dates import date_message, minutes_message
from messages.terms import percent_of
from retainer.case_ids import Ids
from retainer.case_told import (
    THRESHOLDS,
    BuyTold,
    CancelTold,
    Case,
    CreditTold,
    DeliverTold,
    ExtraTold,
    PayTold,
    RefundTold,
    ReleaseTold,
    StopRemindersTold,
    TakenOver,
)
from vocabulary.terms import Agreement, Amount, Units
from wire.retainer.billing.v1 import account_pb2 as account
from wire.retainer.billing.v1.figures_pb2 import Measured
from wire.retainer.billing.v1.invoice_pb2 import CancelInvoiceRequest, ReleaseInvoiceRequest
from wire.retainer.billing.v1.payment_pb2 import RecordPaymentRequest, RefundBalanceRequest, StopRemindersRequest
from wire.retainer.timelog.v1.delivery_pb2 import RecordDeliveryRequest

CLIENT: Final = "client"
CONTRACT: Final = "contract"
NAME: Final = f"contracts/{CONTRACT}"

Posting = BuyTold | CreditTold | ExtraTold | PayTold | RefundTold | DeliverTold
OfInvoices = ReleaseTold | CancelTold | StopRemindersTold
_SERIES: Final = {
    "invoices": account.SetNextNumberRequest.SERIES_INVOICES,
    "credit_notes": account.SetNextNumberRequest.SERIES_CREDIT_NOTES,
}
Keys = Mapping[str, str]
"""From fields of the call to keys of the fact."""


class Postings:
    """The calls of one case that concern billing."""

    def __init__(self, case: Case, ids: Ids) -> None:
        self._case, self._ids = case, ids
        self._currency = case.currency

    def of(self, fact: Posting) -> tuple[Message, Keys]:
        on = date_message(fact.on)
        match fact:
            case BuyTold():
                block = account.BuyBlockRequest(
                    block_id=self._ids.of(fact.id),
                    contract=NAME,
                    hours=minutes_message(fact.minutes),
                    price=money_of(fact.price, self._currency),
                    bought_on=on,
                    expires_on=date_message(fact.expires_on),
                )
                return block, {"block_id": "id"}
            case CreditTold():
                credit = account.GiveCreditRequest(
                    credit_id=self._ids.of(fact.id),
                    contract=NAME,
                    amount=money_of(fact.amount, self._currency),
                    why=fact.why,
                    on=on,
                )
                return credit, {"on": "on", "credit_id": "id"}
            case ExtraTold():
                return self._extra(fact), {"on": "on", "extra_id": "id"}
            case PayTold():
                payment = RecordPaymentRequest(
                    payment_id=fact.id,
                    client=f"clients/{CLIENT}",
                    amount=money_of(fact.amount, self._currency),
                    paid_on=on,
                    invoice=f"invoices/{fact.invoice}" if fact.invoice else "",
                )
                keys = {"amount": "pay.amount", "invoice": "pay.invoice", "payment_id": "pay.id", "paid_on": "on"}
                return payment, keys
            case RefundTold():
                refund = RefundBalanceRequest(
                    refund_id=fact.id,
                    client=f"clients/{CLIENT}",
                    amount=money_of(fact.amount, self._currency),
                    refunded_on=on,
                )
                return refund, {"amount": "refund.amount", "refund_id": "refund.id", "refunded_on": "on"}
            case DeliverTold():
                delivery = RecordDeliveryRequest(
                    delivery_id=self._ids.of(fact.id), contract=NAME, units=fact.units, delivered_on=on
                )
                return delivery, {"delivery_id": "id"}

    def of_invoices(self, fact: OfInvoices) -> tuple[Message, Keys]:
        match fact:
            case ReleaseTold():
                name = f"invoices/draft.{CONTRACT}.{fact.boundary.isoformat()}"
                return ReleaseInvoiceRequest(name=name), {"name": "release"}
            case CancelTold():
                cancel = CancelInvoiceRequest(name=f"invoices/{fact.invoice}", write_off=fact.write_off)
                return cancel, {"name": "cancel"}
            case StopRemindersTold():
                name = f"invoices/{fact.invoice}" if fact.invoice else f"clients/{CLIENT}"
                return StopRemindersRequest(name=name), {"name": "stop_reminders"}

    def brought_along(self) -> Iterator[tuple[Message, Callable[[str], str]]]:
        """What goes before everything else, each with how its refusals are placed."""
        for series, next_number in self._case.next_numbers.items():
            request = account.SetNextNumberRequest(
                series=_SERIES[series], year=self._case.books_begin_on.year, next=next_number
            )
            yield request, _all_at(f"numbers.{series}")
        if (taken := self._case.taken_over) is not None:
            yield take_over_message(NAME, self._case.agreement, taken, self._ids), _in_taken_over
        if self._case.thresholds != THRESHOLDS:
            yield account.SetThresholdsRequest(contract=NAME, percents=self._case.thresholds), _all_at("thresholds")
        if (reminders := self._case.reminders) is not None:
            fees = (*reminders.late_fees, *([0] * len(reminders.days)))
            steps = [
                account.ReminderStep(days=days, late_fee=money_of(fee, self._currency) if fee else None)
                for days, fee in zip(reminders.days, fees, strict=False)
            ]
            yield account.SetRemindersRequest(steps=steps), _all_at("reminders")

    def _extra(self, fact: ExtraTold) -> account.AddExtraRequest:
        return account.AddExtraRequest(
            extra_id=self._ids.of(fact.id),
            contract=NAME,
            amount=money_of(fact.amount, self._currency),
            description=fact.why or "extra",
            on=date_message(fact.on),
            each_period=fact.each_period,
            until=date_message(fact.until),
            tax_category="" if fact.tax is None else fact.tax.category.value,
            tax_rate_percent="" if fact.tax is None or not fact.tax.rate_ppm else percent_of(fact.tax.rate_ppm),
        )


def _all_at(place: str) -> Callable[[str], str]:
    return lambda _: place


def _in_taken_over(field: str) -> str:
    """The call has the file's own names (`buckets[0].left`), apart from the contract."""
    return "contract.taken_over" + (f".{field}" if field and field != "contract" else "")


def take_over_message(
    contract: str, agreement: Agreement, taken: TakenOver, ids: Ids | None = None
) -> account.TakeOverRequest:
    """What a running retainer brings along (R38), in the measure of its allowance."""
    currency = agreement.currency

    def measured(quantity: int) -> Measured:
        match agreement.terms.allowance:
            case Amount():
                return Measured(amount=money_of(quantity, currency))
            case Units():
                return Measured(units=quantity)
            case _:
                return Measured(time=minutes_message(quantity))

    return account.TakeOverRequest(
        contract=contract,
        on=date_message(taken.on),
        buckets=[
            account.TakenBucket(
                period=date_message(bucket.period),
                left=measured(bucket.left),
                periods_left=bucket.periods_left,
            )
            for bucket in taken.buckets
        ],
        borrowed=measured(taken.borrowed) if taken.borrowed else None,
        blocks=[
            account.TakenBlock(
                block_id=block.id if ids is None else ids.of(block.id),
                left=minutes_message(block.left),
                bought_on=date_message(block.bought_on),
                expires_on=date_message(block.expires_on),
            )
            for block in taken.blocks
        ],
        fee_paid_until=date_message(taken.fee_paid_until),
        open=[
            account.TakenOpen(
                number=one.number,
                issued_on=date_message(one.issued_on),
                due_on=date_message(one.due_on),
                open=money_of(one.amount, currency),
            )
            for one in taken.open
        ],
    )

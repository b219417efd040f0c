"""Messages of AccountService to commands and from rows."""

from datetime import date, datetime

import msgspec

from chassis.call import Call
from chassis.projector import Row
from messages.amounts import digits_of, minor_of, money_of
from messages.dates import date_message, date_of, instant_message, minutes_of, optional_date, seconds_message
from services.billing.api.shapes import measure_of, measured, quantity_of, rate_ppm_of
from services.billing.domain.account.commands import TakeOver
from services.billing.domain.account.posting import WrongMeasure
from services.billing.domain.account.state import Account
from services.billing.events import Heard, Measure, ReminderStep, TakenBlock, TakenBucket, TakenOpen
from vocabulary import kind
from vocabulary.calendar import local_date, zone
from vocabulary.identity import BlockId, check_id
from vocabulary.money import Minor
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Tax, TaxCategory
from wire.retainer.billing.v1 import account_pb2 as wire

_HEARD = msgspec.json.Decoder(Heard)


class TaxIncomplete(Refused, kind=Kind.INVALID):
    """A rate goes with a category that has one, and such a category with a rate (R31)."""


def currency(account: Account) -> str:
    return account.terms_of_contract.currency


def tax_of(request: wire.AddExtraRequest) -> Tax | None:
    """The extra's own tax; None is the terms' (R39)."""
    if not request.tax_category:
        if request.tax_rate_percent:
            raise TaxIncomplete("a tax rate goes with a tax_category", field="tax_category")
        return None
    category = TaxCategory(request.tax_category)
    has_rate = category in (TaxCategory.STANDARD, TaxCategory.REDUCED)
    rate_ppm = rate_ppm_of(request.tax_rate_percent, "tax_rate_percent")
    if has_rate != bool(rate_ppm):
        wanted = "needs a rate above zero" if has_rate else "has no rate"
        raise TaxIncomplete(f"the category {category} {wanted}", field="tax_rate_percent")
    return Tax(category, rate_ppm)


def step_of(step: wire.ReminderStep, field: str) -> ReminderStep:
    if not step.HasField("late_fee"):
        return ReminderStep(days=step.days)
    code = step.late_fee.currency_code
    digits_of(code, f"{field}.late_fee")
    fee = minor_of(step.late_fee, code, f"{field}.late_fee")
    return ReminderStep(days=step.days, late_fee=Minor(max(0, fee)), currency=code)


def taken_over(request: wire.TakeOverRequest, account: Account, call: Call) -> TakeOver:
    """R38, in the contract's own measure and currency."""
    code = currency(account)
    measure = _measure(request, account)
    return TakeOver(
        contract_id=account.contract_id,
        on=date_of(request.on, "on"),
        buckets=tuple(
            TakenBucket(
                period=date_of(bucket.period, f"buckets[{place}].period"),
                left=quantity_of(bucket.left, measure, code, f"buckets[{place}].left"),
                periods_left=bucket.periods_left if bucket.HasField("periods_left") else None,
            )
            for place, bucket in enumerate(request.buckets)
        ),
        borrowed=quantity_of(request.borrowed, measure, code, "borrowed", least=0)
        if request.HasField("borrowed")
        else 0,
        blocks=tuple(_block(block, f"blocks[{place}]") for place, block in enumerate(request.blocks)),
        fee_paid_until=optional_date(request, "fee_paid_until", "fee_paid_until"),
        open=tuple(_open(one, code, f"open[{place}]") for place, one in enumerate(request.open)),
        now=call.now,
    )


def _measure(request: wire.TakeOverRequest, account: Account) -> Measure:
    """That of the contract's allowance; `WrongMeasure` for another one."""
    measure = kind.measure_of(account.terms_of_contract.terms)
    given = [(f"buckets[{place}].left", bucket.left) for place, bucket in enumerate(request.buckets)]
    for field, quantity in [*given, *([("borrowed", request.borrowed)] if request.HasField("borrowed") else [])]:
        if measure_of(quantity) != measure:
            raise WrongMeasure(f"the contract's allowance is measured in {measure}", field=field)
    return measure


def _block(block: wire.TakenBlock, field: str) -> TakenBlock:
    return TakenBlock(
        block_id=BlockId(check_id(block.block_id, f"{field}.block_id")),
        left=minutes_of(block.left, f"{field}.left"),
        bought_on=date_of(block.bought_on, f"{field}.bought_on"),
        expires_on=optional_date(block, "expires_on", f"{field}.expires_on"),
    )


def _open(one: wire.TakenOpen, code: str, field: str) -> TakenOpen:
    return TakenOpen(
        number=one.number,
        issued_on=date_of(one.issued_on, f"{field}.issued_on"),
        due_on=date_of(one.due_on, f"{field}.due_on"),
        open=minor_of(one.open, code, f"{field}.open"),
    )


def posting(row: Row, code: str) -> wire.Posting:
    collection = {"block": "blocks", "credit": "credits", "extra": "extras"}.get(row["kind"], "decisions")
    message = wire.Posting(
        name=f"contracts/{row['contract_id']}/{collection}/{row['posting_id']}",
        kind=row["kind"],
        on=date_message(date.fromisoformat(row["on_date"])),
        description=row["description"],
        withdrawn=bool(row["withdrawn"]),
        create_time=instant_message(datetime.fromisoformat(row["created_at"])),
    )
    if row["amount"] is not None:
        message.amount.CopyFrom(money_of(row["amount"], code))
    if row["quantity"] is not None:
        message.quantity.CopyFrom(measured(row["quantity"], row["measure"], code))
    if row["expires_on"]:
        message.expires_on.CopyFrom(date_message(date.fromisoformat(row["expires_on"])))
    return message


def left_out_message(row: Row, time_zone: str = "UTC") -> wire.LeftOut:
    heard = _HEARD.decode(row["heard"])
    message = wire.LeftOut(
        subject=row["subject"],
        contract=f"contracts/{row['contract_id']}",
        reason=row["reason"],
        message=row["message"],
        field=row["field"],
        known_time=instant_message(heard.known_at),
    )
    day = heard.delivered_on or heard.from_on
    if heard.work is not None:
        message.time.CopyFrom(seconds_message(heard.work.worked))
        started_at = heard.work.started_at
        day = local_date(started_at, zone(time_zone)) if started_at is not None else heard.work.worked_on
    if day is not None:
        message.on.CopyFrom(date_message(day))
    return message

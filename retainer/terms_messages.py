"""Agreements and terms as the API's messages: nothing is decided here, only carried over (vocabulary.terms)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.money_pb2 import Money

from retainer.words import date_message, duration, money
from vocabulary.terms import Agreement, Allowance, Amount, Hours, Terms, Units
from wire.retainer.contracts.v1 import terms_pb2 as messages

TAX_SCALE = 10_000


def agreement_message(agreement: Agreement) -> messages.Agreement:
    message = messages.Agreement(
        currency_code=agreement.currency,
        time_zone=agreement.time_zone,
        starts_on=date_message(date.fromisoformat(agreement.starts_on)),
        terms=terms_message(agreement.terms, agreement.currency),
        region=agreement.region,
        trial=agreement.trial,
        notice_days=agreement.notice_days,
    )
    if agreement.ends_on is not None:
        message.ends_on.CopyFrom(date_message(date.fromisoformat(agreement.ends_on)))
    if (renews := agreement.renews) is not None:
        message.renews.CopyFrom(
            messages.Renewal(months=renews.months, notice_days=renews.notice_days, remind_days=renews.remind_days)
        )
    return message


def terms_message(terms: Terms, currency: str) -> messages.Terms:
    """Whole terms: every default is written out."""
    return _terms(msgspec.to_builtins(terms), terms.allowance, currency)


def change_message(patch: Mapping[str, Any], terms: Terms, currency: str) -> tuple[messages.Terms, FieldMask]:
    """A merge patch over terms as the message that ChangeTerms takes: what is set, and paths where something goes away.
    `terms` are those that the patch leads to: they say in what measure a rollover's cap is."""
    message = _terms(patch, terms.allowance, currency)
    taken_away = any(value is None for _, value in _leaves(patch))
    return message, FieldMask(paths=[_path(path) for path, _ in _leaves(patch)] if taken_away else [])


def _terms(said: Mapping[str, Any], allowance: Allowance | None, currency: str) -> messages.Terms:
    """Only what is said; None says nothing here."""
    message = messages.Terms()
    for key, value in said.items():
        if value is not None:
            _set(message, key, value, allowance, currency)
    return message


def _set(message: messages.Terms, key: str, value: Any, allowance: Allowance | None, currency: str) -> None:
    match key:
        case "cycle":
            message.cycle = _choice(messages.Cycle, "CYCLE", value)
        case "anchor" | "net_days":
            setattr(message, key, value)
        case "bank":
            message.bank = value
        case "access_fee" | "rate" | "minimum":
            getattr(message, key).CopyFrom(money(value, currency))
        case "fee":
            _set_fee(message.fee, value, currency)
        case "allowance":
            message.allowance.CopyFrom(_allowance(msgspec.convert(value, Allowance), currency))
        case "rates":
            _set_rates(message.rates, value, currency)
        case "rollover":
            _set_rollover(message.rollover, value, allowance, currency)
        case "overage":
            message.overage.SetInParent()
            if value.get("policy") is not None:
                message.overage.policy = _choice(messages.OveragePolicy, "OVERAGE_POLICY", value["policy"])
            if value.get("rate") is not None:
                message.overage.rate.CopyFrom(money(value["rate"], currency))
        case "rounding":
            _set_rounding(message.rounding, value)
        case "tax":
            _set_tax(message.tax, value)
        case "approval":
            message.approval = _choice(messages.Approval, "APPROVAL", value)
        case "invoicing":
            message.invoicing.SetInParent()
            if value.get("after_days") is not None:
                message.invoicing.after_days = value["after_days"]
            if value.get("release") is not None:
                message.invoicing.release = _choice(messages.Release, "RELEASE", value["release"])
        case _:
            raise AssertionError(f"terms have no {key}")


def _set_fee(fee: messages.Fee, value: Mapping[str, Any], currency: str) -> None:
    fee.SetInParent()
    if value.get("amount") is not None:
        fee.amount.CopyFrom(money(value["amount"], currency))
    if value.get("billed") is not None:
        fee.billed = _choice(messages.Billed, "BILLED", value["billed"])
    if value.get("every") is not None:
        fee.every = _choice(messages.Span, "SPAN", value["every"])


def _set_rates(rates: messages.Rates, value: Mapping[str, Any], currency: str) -> None:
    rates.SetInParent()
    for kind in ("tasks", "people", "roles"):
        for name, rate in (value.get(kind) or {}).items():
            if rate is not None:
                held: Mapping[str, Money] = getattr(rates, kind)
                held[name].CopyFrom(money(rate, currency))


def _set_rollover(
    rollover: messages.Rollover, value: Mapping[str, Any], allowance: Allowance | None, currency: str
) -> None:
    rollover.SetInParent()
    if value.get("expires_after") is not None:
        rollover.expires_after = value["expires_after"]
    cap = value.get("cap")
    if cap is None:
        return
    match allowance:
        case Amount():
            rollover.amount.CopyFrom(money(cap, currency))
        case Units():
            rollover.units = cap
        case Hours() | None:
            rollover.hours.CopyFrom(duration(cap * 60))


def _set_rounding(rounding: messages.Rounding, value: Mapping[str, Any]) -> None:
    rounding.SetInParent()
    if value.get("minutes") is not None:
        rounding.minutes = value["minutes"]
    if value.get("mode") is not None:
        rounding.mode = _choice(messages.RoundingMode, "ROUNDING_MODE", value["mode"])
    if value.get("per") is not None:
        rounding.per = _choice(messages.RoundingScope, "ROUNDING_SCOPE", value["per"])


def _set_tax(tax: messages.Tax, value: Mapping[str, Any]) -> None:
    tax.SetInParent()
    if value.get("category") is not None:
        tax.category = _choice(messages.TaxCategory, "TAX_CATEGORY", value["category"])
    if value.get("rate_ppm"):
        tax.rate_percent = percent_text(value["rate_ppm"])


def _choice(enum: Any, prefix: str, word: str) -> Any:
    """`in_advance` is BILLED_IN_ADVANCE."""
    return enum.Value(f"{prefix}_{word.upper()}")


def percent_text(ppm: int) -> str:
    """Millionths as percent: 190000 is `19`, 81000 is `8.1`."""
    whole, part = divmod(ppm, TAX_SCALE)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


def _allowance(allowance: Allowance, currency: str) -> messages.Allowance:
    match allowance:
        case Hours(minutes):
            return messages.Allowance(hours=duration(minutes * 60))
        case Amount(amount):
            return messages.Allowance(amount=money(amount, currency))
        case Units(units, of):
            return messages.Allowance(units=messages.Units(units=units, of=of))


def _leaves(patch: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Paths of a patch with their values; an allowance is one leaf, for it is replaced whole."""
    for key, value in patch.items():
        path = f"{before}{key}"
        if isinstance(value, Mapping) and value and path != "allowance":
            yield from _leaves(value, f"{path}.")
        else:
            yield path, value


def _path(path: str) -> str:
    """Where the message has another name than the terms."""
    return {"tax.rate_ppm": "tax.rate_percent"}.get(path, path)

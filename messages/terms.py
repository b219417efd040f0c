"""Terms and agreements of the API <-> vocabulary.terms; nothing is decided here but what cannot be read.

Refused
├── TermsUnreadable     a part that cannot be read: an empty allowance, a percentage that is none
└── MaskInvalid         an update mask that names no part of terms
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from google.protobuf.field_mask_pb2 import FieldMask

from messages.amounts import digits_of, minor_of, money_of
from messages.dates import date_message, date_of, minutes_message, minutes_of, optional_date
from messages.masks import MaskInvalid
from vocabulary.kind import Measure
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Agreement, Allowance, Amount, Hours, Renewal, Terms, Units
from wire.retainer.contracts.v1 import terms_pb2 as messages

PPM_OF_A_PERCENT = 10_000
LARGEST_COUNT = 1_000_000_000
_CAP_MEASURES: Mapping[str, Measure] = {"hours": "minutes", "amount": "money", "units": "units"}
_CHOICES: Mapping[str, tuple[Any, str]] = {
    "cycle": (messages.Cycle, "CYCLE"),
    "billed": (messages.Billed, "BILLED"),
    "every": (messages.Span, "SPAN"),
    "policy": (messages.OveragePolicy, "OVERAGE_POLICY"),
    "mode": (messages.RoundingMode, "ROUNDING_MODE"),
    "per": (messages.RoundingScope, "ROUNDING_SCOPE"),
    "category": (messages.TaxCategory, "TAX_CATEGORY"),
    "approval": (messages.Approval, "APPROVAL"),
    "release": (messages.Release, "RELEASE"),
}
_PARTS: Mapping[str, tuple[str, ...]] = {
    "fee": ("amount", "billed", "every"),
    "rollover": ("cap", "expires_after"),
    "overage": ("policy", "rate"),
    "rounding": ("minutes", "mode", "per"),
    "tax": ("category", "rate_ppm"),
    "invoicing": ("after_days", "release"),
    "rates": ("tasks", "people", "roles"),
}
_WHOLE = ("cycle", "anchor", "access_fee", "allowance", "bank", "rate", "minimum", "net_days", "approval")
_SYNONYMS = {
    "tax.rate_percent": "tax.rate_ppm",
    "rollover.hours": "rollover.cap",
    "rollover.amount": "rollover.cap",
    "rollover.units": "rollover.cap",
}


class TermsUnreadable(Refused, kind=Kind.INVALID):
    """A part of the terms that cannot be read."""


def agreement_of(message: messages.Agreement, field: str = "agreement") -> tuple[Agreement, Measure | None]:
    """The agreement, and in what measure a rollover's cap was given; whether the parts fit together is checked where
    it is decided."""
    currency = message.currency_code
    digits_of(currency, f"{field}.currency_code")
    said = _said(message.terms, currency, f"{field}.terms")
    ends_on = optional_date(message, "ends_on", f"{field}.ends_on")
    taken_over_on = optional_date(message, "taken_over_on", f"{field}.taken_over_on")
    renews = message.renews
    agreement = Agreement(
        currency=currency,
        time_zone=message.time_zone,
        starts_on=date_of(message.starts_on, f"{field}.starts_on").isoformat(),
        terms=_whole(said, f"{field}.terms"),
        ends_on=ends_on.isoformat() if ends_on else None,
        region=message.region,
        renews=_renewal(renews) if message.HasField("renews") else None,
        trial=message.trial,
        notice_days=message.notice_days if message.HasField("notice_days") else 30,
        taken_over_on=None if taken_over_on is None else taken_over_on.isoformat(),
    )
    return agreement, cap_measure_of(message.terms)


def terms_of(message: messages.Terms, currency: str, field: str = "terms") -> Terms:
    """Whole terms; whether the parts fit together is checked where it is decided."""
    return _whole(_said(message, currency, field), field)


def patch_of(message: messages.Terms, mask: FieldMask, currency: str, field: str = "terms") -> dict[str, Any]:
    """The change as a merge patch over the JSON of terms (vocabulary.terms.TermsPatch).

    Without a mask it holds what the message has. With one it holds what the mask names: null where the message lacks
    it, and a message whole, but for `rates`, which are always merged key by key.
    """
    said = _said(message, currency, field)
    if not mask.paths:
        return said
    patch: dict[str, Any] = {}
    for path in dict.fromkeys(mask.paths):
        _name(patch, said, _SYNONYMS.get(path, path))
    return patch


def cap_measure_of(message: messages.Terms) -> Measure | None:
    """In what measure the rollover's cap is given; None where there is none."""
    return _CAP_MEASURES.get(message.rollover.WhichOneof("cap") or "")


def _name(patch: dict[str, Any], said: Mapping[str, Any], path: str) -> None:
    part, _, rest = path.partition(".")
    key, _, entry = rest.partition(".")
    if part in _WHOLE and not rest:
        patch[part] = said.get(part)
    elif part in _PARTS and not rest:
        given = said.get(part)
        patch[part] = given if given is None or part == "rates" else {key: given.get(key) for key in _PARTS[part]}
    elif part in _PARTS and key in _PARTS[part] and (not entry or part == "rates"):
        into, given = patch.setdefault(part, {}), said.get(part) or {}
        if isinstance(into, dict) and entry:
            into.setdefault(key, {})[entry] = (given.get(key) or {}).get(entry)
        elif isinstance(into, dict):
            into[key] = given.get(key)
    else:
        raise MaskInvalid(f"{path!r} is no part of terms: name parts like fee.amount", field="update_mask")


def _whole(said: Mapping[str, Any], field: str) -> Terms:
    try:
        return msgspec.convert(said, Terms)
    except msgspec.ValidationError as error:
        raise TermsUnreadable(f"the terms are not whole: {error}", field=f"{field}{path_in(error)}") from None


def path_in(error: msgspec.ValidationError) -> str:
    """`.fee.amount` of an error that says where it is."""
    said = str(error)
    missing = said.partition("required field `")[2].partition("`")[0]
    place = said.partition("at `$")[2].partition("`")[0]
    return f"{place}.{missing}" if missing else place


def _renewal(message: messages.Renewal) -> Renewal:
    return Renewal(
        months=message.months,
        notice_days=message.notice_days if message.HasField("notice_days") else 30,
        remind_days=tuple(sorted(set(message.remind_days), reverse=True)) or (60, 30, 7),
    )


def _said(message: messages.Terms, currency: str, field: str) -> dict[str, Any]:
    """What the message has, as the JSON of terms."""
    said: dict[str, Any] = {}
    for name in ("anchor", "bank", "net_days"):
        if message.HasField(name):
            said[name] = getattr(message, name)
    for name in ("access_fee", "rate", "minimum"):
        if message.HasField(name):
            said[name] = minor_of(getattr(message, name), currency, f"{field}.{name}")
    _choose(said, message, "cycle", field)
    _choose(said, message, "approval", field)
    if message.HasField("allowance"):
        said["allowance"] = _allowance(message.allowance, currency, f"{field}.allowance")
    if message.HasField("rates"):
        said["rates"] = _rates(message.rates, currency, f"{field}.rates")
    if message.HasField("rollover"):
        said["rollover"] = _rollover(message.rollover, currency, f"{field}.rollover")
    for name in ("fee", "overage", "rounding", "tax", "invoicing"):
        if message.HasField(name):
            said[name] = _part(getattr(message, name), currency, f"{field}.{name}")
    return said


def _part(message: Any, currency: str, field: str) -> dict[str, Any]:
    """A message of amounts, choices and numbers."""
    said: dict[str, Any] = {}
    for descriptor in message.DESCRIPTOR.fields:
        name = descriptor.name
        if descriptor.message_type is not None:
            if message.HasField(name):
                said[name] = minor_of(getattr(message, name), currency, f"{field}.{name}")
        elif descriptor.enum_type is not None:
            _choose(said, message, name, field)
        elif name == "rate_percent":
            if message.rate_percent:
                said["rate_ppm"] = ppm_of(message.rate_percent, f"{field}.rate_percent")
        elif message.HasField(name):
            said[name] = getattr(message, name)
    return said


def _choose(said: dict[str, Any], message: Any, name: str, field: str) -> None:
    number = getattr(message, name)
    if number == 0:
        return
    enum, prefix = _CHOICES[name]
    if number not in enum.values():
        raise TermsUnreadable(f"{field}.{name}: there is no value {number}", field=f"{field}.{name}")
    said[name] = enum.Name(number).removeprefix(f"{prefix}_").lower()


def _allowance(message: messages.Allowance, currency: str, field: str) -> dict[str, Any]:
    match message.WhichOneof("measure"):
        case "hours":
            return {"measure": "hours", "minutes": minutes_of(message.hours, f"{field}.hours")}
        case "amount":
            return {"measure": "amount", "amount": minor_of(message.amount, currency, f"{field}.amount")}
        case "units":
            units = _count(message.units.units, f"{field}.units")
            return {"measure": "units", "units": units, "of": message.units.of}
    raise TermsUnreadable(f"{field} is empty: name hours, an amount or units", field=field)


def _rates(message: messages.Rates, currency: str, field: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for group in ("tasks", "people", "roles"):
        rates = getattr(message, group)
        if rates:
            said[group] = {name: minor_of(rates[name], currency, f"{field}.{group}.{name}") for name in sorted(rates)}
    return said


def _rollover(message: messages.Rollover, currency: str, field: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    match message.WhichOneof("cap"):
        case "hours":
            said["cap"] = minutes_of(message.hours, f"{field}.cap")
        case "amount":
            said["cap"] = minor_of(message.amount, currency, f"{field}.cap")
        case "units":
            said["cap"] = _count(message.units, f"{field}.cap")
    if message.HasField("expires_after"):
        said["expires_after"] = message.expires_after
    return said


def _count(units: int, field: str) -> int:
    if abs(units) > LARGEST_COUNT:
        raise TermsUnreadable(f"{field} is more than can be delivered", field=field)
    return units


def ppm_of(percent: str, field: str) -> int:
    """`8.1` as millionths: 81000; at most four digits behind the point."""
    whole, _, part = percent.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(part) <= 4 and (part or "0").isdigit() and part.isascii()):
        raise TermsUnreadable(f"{field}: {percent!r} is no percentage: write it like 19 or 8.1", field=field)
    return int(whole) * PPM_OF_A_PERCENT + int(part.ljust(4, "0"))


def percent_of(ppm: int) -> str:
    """Millionths as percent: 190000 is `19`, 81000 is `8.1`."""
    whole, part = divmod(ppm, PPM_OF_A_PERCENT)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


def agreement_message(agreement: Agreement) -> messages.Agreement:
    renews = agreement.renews
    return messages.Agreement(
        currency_code=agreement.currency,
        time_zone=agreement.time_zone,
        starts_on=date_message(date.fromisoformat(agreement.starts_on)),
        ends_on=date_message(date.fromisoformat(agreement.ends_on)) if agreement.ends_on else None,
        terms=terms_message(agreement.terms, agreement.currency),
        region=agreement.region,
        renews=None
        if renews is None
        else messages.Renewal(months=renews.months, notice_days=renews.notice_days, remind_days=renews.remind_days),
        trial=agreement.trial,
        notice_days=agreement.notice_days,
        taken_over_on=date_message(date.fromisoformat(agreement.taken_over_on)) if agreement.taken_over_on else None,
    )


def terms_message(terms: Terms, currency: str) -> messages.Terms:
    """Whole terms; every default is written out."""
    optional = {"access_fee": terms.access_fee, "rate": terms.rate, "minimum": terms.minimum}
    message = messages.Terms(
        cycle=_choice("cycle", terms.cycle),
        anchor=terms.anchor,
        allowance=_allowance_message(terms.allowance, currency),
        bank=terms.bank,
        rates=_rates_message(terms, currency),
        rollover=_rollover_message(terms, currency),
        overage=messages.Overage(policy=_choice("policy", terms.overage.policy)),
        rounding=messages.Rounding(
            minutes=terms.rounding.minutes,
            mode=_choice("mode", terms.rounding.mode),
            per=_choice("per", terms.rounding.per),
        ),
        tax=messages.Tax(
            category=_choice("category", terms.tax.category),
            rate_percent=percent_of(terms.tax.rate_ppm) if terms.tax.rate_ppm else "",
        ),
        net_days=terms.net_days,
        approval=_choice("approval", terms.approval),
        invoicing=messages.Invoicing(
            after_days=terms.invoicing.after_days, release=_choice("release", terms.invoicing.release)
        ),
        **{name: money_of(minor, currency) for name, minor in optional.items() if minor is not None},
    )
    if terms.overage.rate is not None:
        message.overage.rate.CopyFrom(money_of(terms.overage.rate, currency))
    if (fee := terms.fee) is not None:
        message.fee.amount.CopyFrom(money_of(fee.amount, currency))
        message.fee.billed = _choice("billed", fee.billed)
        message.fee.every = _choice("every", fee.every or terms.cycle)
    return message


def _choice(name: str, word: str) -> Any:
    enum, prefix = _CHOICES[name]
    return enum.Value(f"{prefix}_{word.upper()}")


def _allowance_message(allowance: Allowance | None, currency: str) -> messages.Allowance | None:
    match allowance:
        case None:
            return None
        case Hours(minutes):
            return messages.Allowance(hours=minutes_message(minutes))
        case Amount(amount):
            return messages.Allowance(amount=money_of(amount, currency))
        case Units(units, of):
            return messages.Allowance(units=messages.Units(units=units, of=of))


def _rates_message(terms: Terms, currency: str) -> messages.Rates:
    rates = messages.Rates()
    for group in ("tasks", "people", "roles"):
        for name, rate in getattr(terms.rates, group).items():
            getattr(rates, group)[name].CopyFrom(money_of(rate, currency))
    return rates


def _rollover_message(terms: Terms, currency: str) -> messages.Rollover | None:
    if terms.rollover is None:
        return None
    rollover = messages.Rollover(expires_after=terms.rollover.expires_after)
    if (cap := terms.rollover.cap) is not None:
        match terms.allowance:
            case Amount():
                rollover.amount.CopyFrom(money_of(cap, currency))
            case Units():
                rollover.units = cap
            case Hours() | None:
                rollover.hours.CopyFrom(minutes_message(cap))
    return rollover

"""Terms as a person writes them in YAML, and what becomes of them: a merge patch in minor units and minutes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

import msgspec

from retainer.case_yaml import CaseBroken, Table, Value, inside
from vocabulary.terms import Agreement, Allowance, Amount, Hours, Renewal, Terms, Units

PPM_OF_A_PERCENT = 10_000
CYCLES = ("week", "month", "quarter", "year")
SPANS = (*CYCLES, "once")
TAXES = ("standard", "reduced", "reverse_charge", "small_business", "outside_scope")
KEYS = (
    *("cycle", "anchor", "fee", "access_fee", "allowance", "bank", "rate", "rates", "minimum", "rollover", "overage"),
    *("rounding", "tax", "net_days", "approval", "invoicing"),
)
CONTRACT_KEYS = ("ends_on", "region", "renews", "trial", "notice_days")
Measure = Literal["hours", "amount", "units"]


def agreement_of(contract: Value, currency: str, time_zone: str) -> Agreement:
    """A `contract` mapping: its dates and its whole terms."""
    said = contract.mapping(("starts_on", "terms"), CONTRACT_KEYS)
    ends_on = said.get("ends_on")
    region = said.get("region")
    notice_days = said.get("notice_days")
    trial = said.get("trial")
    return Agreement(
        currency=currency,
        time_zone=time_zone,
        starts_on=said["starts_on"].date().isoformat(),
        terms=whole_terms(said["terms"], currency),
        ends_on=None if ends_on is None else ends_on.date().isoformat(),
        region="" if region is None else region.text(),
        renews=_renewal(said["renews"]) if "renews" in said else None,
        trial=False if trial is None else trial.truth(),
        notice_days=30 if notice_days is None else notice_days.whole(),
    )


def whole_terms(value: Value, currency: str) -> Terms:
    """Terms to begin with."""
    value.mapping(("cycle",), KEYS)
    patch = terms_patch(value, currency, measure=None)
    said = {key: part for key, part in patch.items() if part is not None}
    try:
        return msgspec.convert(said, Terms)
    except msgspec.ValidationError as error:
        missing = str(error).partition("required field `")[2].partition("`")[0]
        part = str(error).partition("at `$.")[2].partition("`")[0]
        place = ".".join(step for step in (value.place, part, missing) if step)
        raise CaseBroken(place, "is missing" if missing else f"cannot be: {error}") from None


def terms_patch(value: Value, currency: str, measure: Measure | None) -> dict[str, Any]:
    """What is said of terms, as a merge patch over the JSON of Terms; null takes away. `measure` is what a rollover's
    cap counts where the patch names no allowance of its own."""
    said = value.mapping((), KEYS)
    if (allowance := said.get("allowance")) is not None and allowance.raw is not None:
        measure = _measure(allowance)
    readers: dict[str, Callable[[Value], Any]] = {
        "cycle": lambda part: part.choice(CYCLES),
        "anchor": lambda part: part.whole(1),
        "fee": lambda part: _fee(part, currency),
        "access_fee": lambda part: part.amount(currency),
        "allowance": lambda part: _allowance(part, currency),
        "bank": Value.truth,
        "rate": lambda part: part.amount(currency),
        "rates": lambda part: _rates(part, currency),
        "minimum": lambda part: part.amount(currency),
        "rollover": lambda part: _rollover(part, currency, measure),
        "overage": lambda part: _overage(part, currency),
        "rounding": _rounding,
        "tax": _tax,
        "net_days": Value.whole,
        "approval": lambda part: part.choice(("none", "required")),
        "invoicing": _invoicing,
    }
    return {key: _or_null(said[key], readers[key]) for key in said.names()}


def measure_in(allowance: Allowance | None) -> Measure | None:
    match allowance:
        case None:
            return None
        case Hours():
            return "hours"
        case Amount():
            return "amount"
        case Units():
            return "units"


def _or_null(value: Value, read: Callable[[Value], Any]) -> Any:
    return None if value.raw is None else read(value)


def _parts(value: Value, readers: dict[str, Callable[[Value], Any]]) -> dict[str, Any]:
    """A part key by key; null takes a key away."""
    said = value.mapping((), tuple(readers))
    return {key: _or_null(said[key], readers[key]) for key in said.names()}


def _fee(value: Value, currency: str) -> dict[str, Any]:
    return _parts(
        value,
        {
            "amount": lambda part: part.amount(currency),
            "billed": lambda part: part.choice(("in_advance", "in_arrears")),
            "every": lambda part: part.choice(SPANS),
        },
    )


def _measure(allowance: Value) -> Measure:
    said = allowance.mapping((), ("hours", "amount", "units", "of"))
    measures: tuple[Measure, ...] = ("hours", "amount", "units")
    found = [measure for measure in measures if measure in said]
    if len(found) != 1:
        raise allowance.broken("is measured in one of: hours, amount, units")
    if "of" in said and found != ["units"]:
        raise CaseBroken(inside(allowance.place, "of"), "is for units alone")
    return found[0]


def _allowance(value: Value, currency: str) -> dict[str, Any]:
    measure = _measure(value)
    said = value.mapping()
    match measure:
        case "hours":
            return {"measure": "hours", "minutes": said["hours"].minutes_of_hours()}
        case "amount":
            return {"measure": "amount", "amount": said["amount"].amount(currency)}
        case "units":
            of = said.get("of")
            units: dict[str, Any] = {"measure": "units", "units": said["units"].whole()}
            return units if of is None else {**units, "of": of.text()}


def _rates(value: Value, currency: str) -> dict[str, Any]:
    def named(part: Value) -> dict[str, Any]:
        table: Table = part.mapping()
        return {name: _or_null(table[name], lambda rate: rate.amount(currency)) for name in table.names()}

    return _parts(value, {"tasks": named, "people": named, "roles": named})


def _rollover(value: Value, currency: str, measure: Measure | None) -> dict[str, Any]:
    def cap(part: Value) -> int:
        match measure:
            case "amount":
                return part.amount(currency)
            case "units":
                return part.whole()
            case "hours" | None:
                return part.minutes_of_hours()

    return _parts(value, {"cap": cap, "expires_after": Value.whole})


def _overage(value: Value, currency: str) -> dict[str, Any]:
    return _parts(
        value,
        {
            "policy": lambda part: part.choice(("bill", "approve", "stop", "borrow")),
            "rate": lambda part: part.amount(currency),
        },
    )


def _rounding(value: Value) -> dict[str, Any]:
    return _parts(
        value,
        {
            "minutes": lambda part: part.whole(1),
            "mode": lambda part: part.choice(("up", "nearest", "down")),
            "per": lambda part: part.choice(("entry", "day")),
        },
    )


def _tax(value: Value) -> dict[str, Any]:
    said = _parts(value, {"category": lambda part: part.choice(TAXES), "rate": _percent})
    return {{"rate": "rate_ppm"}.get(key, key): part for key, part in said.items()}


def _percent(value: Value) -> int:
    scaled: Decimal = value.decimal() * PPM_OF_A_PERCENT
    if scaled != scaled.to_integral_value():
        raise value.broken("a tax rate has four digits behind the point at most")
    return int(scaled)


def _invoicing(value: Value) -> dict[str, Any]:
    return _parts(
        value,
        {"after_days": Value.whole, "release": lambda part: part.choice(("automatic", "manual"))},
    )


def _renewal(value: Value) -> Renewal:
    """`renews: {for: months, notice: {days: 30}}` (R25)."""
    said = value.mapping(("for",), ("notice", "remind"))
    notice = said["notice"].mapping(("days",)) if "notice" in said else None
    remind = tuple(day.whole(1) for day in said["remind"].items()) if "remind" in said else (60, 30, 7)
    months = said["for"]
    return Renewal(
        months=months.whole(1),
        notice_days=30 if notice is None else notice["days"].whole(),
        remind_days=remind,
    )

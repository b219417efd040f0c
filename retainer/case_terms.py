"""Terms as a person writes them, turned into terms and patches of terms (docs/case-format.md)."""

from decimal import Decimal
from typing import Any

import msgspec

from retainer.yaml_exact import At, Flaw
from vocabulary.terms import Agreement, Renewal, Terms

TERMS_KEYS = (
    "cycle",
    "anchor",
    "fee",
    "access_fee",
    "allowance",
    "bank",
    "rate",
    "rates",
    "minimum",
    "rollover",
    "overage",
    "rounding",
    "tax",
    "net_days",
    "approval",
    "invoicing",
)
MEASURES = ("hours", "amount", "units")
CONTRACT_KEYS = ("starts_on", "ends_on", "terms", "region", "renews", "trial", "notice_days", "taken_over")


def agreement(contract: At, currency: str, time_zone: str) -> Agreement:
    """A whole `contract:` mapping. Whether its parts fit together is for `check_agreement` to say."""
    contract.mapping(*CONTRACT_KEYS)
    ends_on, region, trial = contract.get("ends_on"), contract.get("region"), contract.get("trial")
    notice_days = contract.get("notice_days")
    return Agreement(
        currency=currency,
        time_zone=time_zone,
        starts_on=contract.need("starts_on").date().isoformat(),
        terms=first_terms(contract.need("terms"), currency),
        ends_on=None if ends_on is None or ends_on.is_null else ends_on.date().isoformat(),
        region="" if region is None else region.text(),
        renews=_renewal(contract.get("renews")),
        trial=trial.boolean() if trial is not None else False,
        notice_days=30 if notice_days is None else notice_days.whole(),
    )


def first_terms(terms: At, currency: str) -> Terms:
    """Terms that stand alone; null is as good as left out."""
    terms.mapping(*TERMS_KEYS).need("cycle")
    patch = terms_patch(terms, currency, measure_written(terms, None))
    try:
        return msgspec.convert(_without_nulls(patch), Terms)
    except msgspec.ValidationError as error:
        raise Flaw(terms.place + _path_of(error), f"is not what terms can hold: {error}") from None


def terms_patch(terms: At, currency: str, measure: str | None) -> dict[str, Any]:
    """A merge patch in minor units and minutes; `measure` is that of the allowance once the patch is merged in, and
    says what a rollover's cap is counted in."""
    terms.mapping(*TERMS_KEYS)
    return {key: None if value.is_null else _part(key, value, currency, measure) for key, value in terms.each()}


def measure_written(terms: At, before: str | None) -> str | None:
    """The measure of the allowance after a patch: `hours`, `amount` or `units`."""
    allowance = terms.get("allowance")
    if allowance is None:
        return before
    if allowance.is_null:
        return None
    named = [key for key, _ in allowance.mapping(*MEASURES, "of").each() if key in MEASURES]
    if len(named) > 1:
        allowance.need(named[1]).flaw("is a second measure: an allowance has one")
    if not named:
        allowance.flaw("needs hours, an amount or units")
    return named[0]


def cap_in(cap: At, currency: str, measure: str | None) -> int:
    """A rollover's cap in the allowance's own measure."""
    match measure:
        case "amount":
            return cap.minor(currency)
        case "units":
            return cap.whole()
        case _:
            return cap.minutes_of_hours()


def _part(key: str, value: At, currency: str, measure: str | None) -> Any:
    match key:
        case "cycle":
            return value.one_of("week", "month", "quarter", "year")
        case "anchor" | "net_days":
            return value.whole()
        case "access_fee" | "rate" | "minimum":
            return value.minor(currency)
        case "bank":
            return value.boolean()
        case "approval":
            return value.one_of("none", "required")
        case "allowance":
            return _allowance(value, currency)
        case "rates":
            return _rates(value, currency)
        case _:
            return _mapping(key, value, currency, measure)


def _mapping(key: str, value: At, currency: str, measure: str | None) -> dict[str, Any]:
    match key:
        case "fee":
            value.mapping("amount", "billed", "every")
        case "rollover":
            value.mapping("cap", "expires_after")
        case "overage":
            value.mapping("policy", "rate")
        case "rounding":
            value.mapping("minutes", "mode", "per")
        case "tax":
            value.mapping("category", "rate")
        case "invoicing":
            value.mapping("after_days", "release")
    patch: dict[str, Any] = {}
    for inner, written in value.each():
        name = "rate_ppm" if (key, inner) == ("tax", "rate") else inner
        patch[name] = None if written.is_null else _inner(key, inner, written, currency, measure)
    return patch


def _inner(key: str, inner: str, written: At, currency: str, measure: str | None) -> Any:
    match key, inner:
        case ("fee", "amount") | ("overage", "rate"):
            return written.minor(currency)
        case "fee", "billed":
            return written.one_of("in_advance", "in_arrears")
        case "fee", "every":
            return written.one_of("week", "month", "quarter", "year", "once")
        case "rollover", "cap":
            return cap_in(written, currency, measure)
        case "overage", "policy":
            return written.one_of("bill", "approve", "stop", "borrow")
        case "rounding", "mode":
            return written.one_of("up", "nearest", "down")
        case "rounding", "per":
            return written.one_of("entry", "day")
        case "tax", "category":
            return written.one_of("standard", "reduced", "reverse_charge", "small_business", "outside_scope")
        case "tax", "rate":
            return _millionths(written)
        case "invoicing", "release":
            return written.one_of("automatic", "manual")
        case _:
            return written.whole()


def _millionths(percent: At) -> int:
    """19 % is 190000 millionths."""
    ppm = percent.number() * Decimal(10_000)
    if ppm != ppm.to_integral_value():
        percent.flaw("is finer than a ten-thousandth of a percent")
    return int(ppm)


def tax_patch(tax: At, currency: str) -> dict[str, Any]:
    """A tax of its own, for an extra (R39)."""
    return _mapping("tax", tax, currency, None)


def _allowance(value: At, currency: str) -> dict[str, Any]:
    measure = measure_written(At({"allowance": value}, ""), None)
    assert measure is not None
    written = value.need(measure)
    if measure != "units" and value.has("of"):
        value.need("of").flaw("goes with units alone")
    match measure:
        case "hours":
            minutes = written.clock() // 60 if ":" in str(written.value) else written.minutes_of_hours()
            return {"measure": "hours", "minutes": minutes}
        case "amount":
            return {"measure": "amount", "amount": written.minor(currency)}
        case _:
            of = value.get("of")
            return {"measure": "units", "units": written.whole(), **({} if of is None else {"of": of.text()})}


def _rates(value: At, currency: str) -> dict[str, Any]:
    value.mapping("tasks", "people", "roles")
    return {
        group: None
        if rates.is_null
        else {name: None if rate.is_null else rate.minor(currency) for name, rate in rates.each()}
        for group, rates in value.each()
    }


def _renewal(value: At | None) -> Renewal | None:
    if value is None or value.is_null:
        return None
    value.mapping("for", "notice", "remind")
    notice, remind = value.get("notice"), value.get("remind")
    renewal = Renewal(months=value.need("for").whole())
    if notice is not None:
        renewal = msgspec.structs.replace(renewal, notice_days=notice.mapping("days").need("days").whole())
    if remind is not None:
        renewal = msgspec.structs.replace(renewal, remind_days=tuple(days.whole() for days in remind.items()))
    return renewal


def _without_nulls(patch: Any) -> Any:
    if isinstance(patch, dict):
        return {key: _without_nulls(value) for key, value in patch.items() if value is not None}
    return patch


def _path_of(error: msgspec.ValidationError) -> str:
    said = str(error)
    missing = said.partition("required field `")[2].partition("`")[0]
    place = said.partition("at `$")[2].partition("`")[0]
    return f"{place}.{missing}" if missing else place

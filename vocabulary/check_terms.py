"""Whether the parts of terms fit together.

Refused
└── TermsContradict     two parts of the terms exclude each other, or a part lacks what it needs; names the field
    ├── AnchorInvalid       no such day in the cycle (R5)
    ├── FeeSpanInvalid      `fee.every` is no whole multiple of the cycle (R29)
    ├── MeasuresContradict  an allowance and a bank, a minimum beside an allowance, rollover of nothing (R14, R15)
    ├── OverageInvalid      a rate where none may be, or none where one must be; borrowing from a bank (R18, R20, R21)
    ├── TaxInvalid          a rate where the category has none, or none where it needs one (R31)
    └── QuantityInvalid     below what it may be, or beyond
"""

from collections.abc import Iterator, Mapping
from typing import Any

from vocabulary.kind import TermsKind, kind_of
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import (
    Amount,
    Billed,
    Cycle,
    Fee,
    Hours,
    OveragePolicy,
    TaxCategory,
    Terms,
    TermsPatch,
    Units,
)

_TURNS = {"month": 1, "quarter": 3, "year": 12}
_MILLION = 1_000_000
_DAY_MINUTES = 1440
MOST_DAYS = 3650
TAXED = (TaxCategory.STANDARD, TaxCategory.REDUCED)


class TermsContradict(Refused, kind=Kind.INVALID):
    """The parts of the terms do not fit together."""


class AnchorInvalid(TermsContradict):
    pass


class FeeSpanInvalid(TermsContradict):
    pass


class MeasuresContradict(TermsContradict):
    pass


class OverageInvalid(TermsContradict):
    pass


class TaxInvalid(TermsContradict):
    pass


class QuantityInvalid(TermsContradict):
    pass


def check_terms(terms: Terms, patch: TermsPatch | None = None) -> None:
    """Nothing, or a refusal whose `field` is relative to the terms (`overage.rate`).

    `patch` is the change that led to the terms, None for first terms. A part that earlier terms left behind and that
    has no place any more (a minimum after a change to hours) counts for nothing; one that the change names is refused.
    """
    _check_quantities(terms)
    _check_anchor(terms)
    if terms.fee is not None:
        _check_fee(terms.fee, terms.cycle, patch)
    _check_measures(terms, patch)
    _check_overage(terms)
    _check_tax(terms, patch)


def _names(patch: TermsPatch | None, *path: str) -> bool:
    """Whether the change itself sets what lies at the path; first terms name all that they hold."""
    if patch is None:
        return True
    value: Any = patch
    for key in path:
        if not isinstance(value, Mapping) or value.get(key) is None:
            return False
        value = value[key]
    return True


def _check_quantities(terms: Terms) -> None:
    for field, value, least in _quantities(terms):
        if value < least:
            raise QuantityInvalid(f"{field} is {value}: it must be at least {least}", field=field)
    if terms.rounding.minutes > _DAY_MINUTES:
        raise QuantityInvalid("rounding.minutes is more than a day", field="rounding.minutes")
    for field, days in (("net_days", terms.net_days), ("invoicing.after_days", terms.invoicing.after_days)):
        if days > MOST_DAYS:
            raise QuantityInvalid(f"{field} is {days}: it must be at most {MOST_DAYS}, ten years", field=field)


def _quantities(terms: Terms) -> Iterator[tuple[str, int, int]]:
    """Field, value and the least that it may be."""
    match terms.allowance:
        case Hours(minutes=minutes):
            yield "allowance.hours", minutes, 0
        case Amount(amount=amount):
            yield "allowance.amount", amount, 0
        case Units(units=units):
            yield "allowance.units", units, 0
        case None:
            pass
    optional = {"access_fee": terms.access_fee, "rate": terms.rate, "minimum": terms.minimum}
    optional |= {"fee.amount": terms.fee.amount if terms.fee else None, "overage.rate": terms.overage.rate}
    if terms.rollover is not None:
        optional["rollover.cap"] = terms.rollover.cap  # type: ignore[assignment]  # in the allowance's own measure
    yield from ((field, value, 0) for field, value in optional.items() if value is not None)
    for group in ("tasks", "people", "roles"):
        for name, rate in getattr(terms.rates, group).items():
            yield f"rates.{group}.{name}", rate, 0
    if terms.rollover is not None and terms.rollover.expires_after is not None:
        yield "rollover.expires_after", terms.rollover.expires_after, 1
    yield "rounding.minutes", terms.rounding.minutes, 1
    yield "net_days", terms.net_days, 0
    yield "invoicing.after_days", terms.invoicing.after_days, 0


def _check_anchor(terms: Terms) -> None:
    last = 7 if terms.cycle is Cycle.WEEK else 31
    if terms.anchor is not None and not 1 <= terms.anchor <= last:
        what = "a weekday, 1 (Monday) to 7" if last == 7 else "a day of the month, 1 to 31"
        raise AnchorInvalid(f"anchor {terms.anchor} is not {what} (R5)", field="anchor")


def _check_fee(fee: Fee, cycle: Cycle, patch: TermsPatch | None) -> None:
    if fee.every is None or fee.every == cycle.value:
        return
    if fee.every != "once":
        span, turn = _TURNS.get(fee.every), _TURNS.get(cycle.value)
        if span is None or turn is None or span % turn:
            raise FeeSpanInvalid(
                f"a fee every {fee.every} does not go with a cycle of one {cycle}: name whole cycles, or once (R29)",
                field="fee.every",
            )
    if fee.billed is Billed.IN_ARREARS and (_names(patch, "fee", "billed") or _names(patch, "fee", "every")):
        raise FeeSpanInvalid("a fee of more than one cycle, or of once, is due in advance (R29)", field="fee.billed")


def _check_measures(terms: Terms, patch: TermsPatch | None) -> None:
    kind = kind_of(terms)
    if terms.bank and terms.allowance is not None:
        raise MeasuresContradict("a bank stands instead of an allowance: name one of them (R14)", field="bank")
    if terms.minimum is not None and kind is not TermsKind.HOURLY and _names(patch, "minimum"):
        raise MeasuresContradict(
            "a minimum goes with hourly terms only, without fee and allowance (R14)", field="minimum"
        )
    if terms.rollover is not None and terms.allowance is None and _names(patch, "rollover"):
        field = "rollover" if terms.rollover.cap is None else "rollover.cap"
        raise MeasuresContradict("there is no allowance that could roll over (R15)", field=field)


def _check_overage(terms: Terms) -> None:
    kind, overage = kind_of(terms), terms.overage
    if kind is TermsKind.BANK and overage.policy is OveragePolicy.BORROW:
        raise OverageInvalid(
            "nothing can be borrowed from a bank: use bill, approve or stop (R20)", field="overage.policy"
        )
    if kind is TermsKind.AMOUNT and overage.rate is not None:
        raise OverageInvalid(
            "what is beyond an amount is charged at its value: take the overage rate away (R21)", field="overage.rate"
        )
    if kind is TermsKind.UNITS and overage.rate is None and overage.policy is not OveragePolicy.STOP:
        raise OverageInvalid(
            "name the price of a unit beyond the allowance, or the policy stop (R18)", field="overage.rate"
        )


def _check_tax(terms: Terms, patch: TermsPatch | None) -> None:
    tax = terms.tax
    if not 0 <= tax.rate_ppm <= _MILLION:
        raise TaxInvalid("a tax rate lies between 0 and 100 percent", field="tax.rate")
    if tax.category in TAXED and tax.rate_ppm == 0:
        raise TaxInvalid(f"the category {tax.category} needs a rate in percent (R31)", field="tax.rate")
    if tax.category not in TAXED and tax.rate_ppm != 0 and _names(patch, "tax", "rate_ppm"):
        raise TaxInvalid(f"the category {tax.category} has no rate: take it away (R31)", field="tax.rate")

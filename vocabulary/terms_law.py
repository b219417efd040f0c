"""Which terms contradict themselves, and which kind of retainer the others make (R14).

    Refused
    ├── AgreementFlawed
    │   ├── CurrencyUnknown, TimeZoneUnknown, RegionUnknown
    │   ├── EndsBeforeItStarts
    │   ├── TrialUnfit              a trial is one period with one fee, no rollover, no renewal (R26)
    │   └── RenewalUnfit            R25
    └── TermsContradict             `field` is the path of the part at fault, in the words of the terms
        ├── AnchorOutOfRange        1 to 31, for a week 1 to 7 (R5)
        ├── NumberOutOfRange        a number below zero, or where it makes no sense
        ├── BankBesideAllowance     a bank has no other allowance (R14)
        ├── MinimumWithoutHourly    only hourly terms are topped up to a minimum (R14)
        ├── RolloverWithoutAllowance  there is nothing that could roll over (R15)
        ├── BankCannotBorrow        R20
        ├── OverageRateMissing      units beyond the allowance have no price (R18)
        ├── OverageRateForbidden    beyond an amount the value itself is charged (R21)
        ├── FeeSpanUnfit            a fee's span is no whole multiple of the cycle, or due in arrears (R29)
        └── TaxRateUnfit            standard and reduced tax have a rate, the others none (R31)

A part that earlier terms left behind and that has no place any more (a minimum after a change to hours) is passed over;
one that the change itself names is refused. That is what `named` is for.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from vocabulary.calendar import Calendar, zone
from vocabulary.money import digits
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import (
    Agreement,
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


class AgreementFlawed(Refused, kind=Kind.INVALID):
    """What was agreed on cannot stand as it is."""


class CurrencyUnknown(AgreementFlawed):
    """Not a currency of ISO 4217 with a minor unit (R1)."""


class TimeZoneUnknown(AgreementFlawed):
    """Not an IANA time zone (R4)."""


class RegionUnknown(AgreementFlawed):
    """Not a region whose public holidays are known (R35)."""


class EndsBeforeItStarts(AgreementFlawed):
    """The first date no longer covered lies after the first that is (R6)."""


class TrialUnfit(AgreementFlawed):
    """A trial is one period with one fee, nothing rolls over and nothing renews (R26)."""


class RenewalUnfit(AgreementFlawed):
    """A renewal needs an end, and lasts at least a month (R25)."""


class TermsContradict(Refused, kind=Kind.INVALID):
    """The parts of the terms do not fit together."""


class AnchorOutOfRange(TermsContradict):
    """R5."""


class NumberOutOfRange(TermsContradict):
    """Amounts, hours and counts are not below zero."""


class BankBesideAllowance(TermsContradict):
    """R14: blocks are bought instead of an allowance."""


class MinimumWithoutHourly(TermsContradict):
    """R14."""


class RolloverWithoutAllowance(TermsContradict):
    """R15."""


class BankCannotBorrow(TermsContradict):
    """R20."""


class OverageRateMissing(TermsContradict):
    """R18."""


class OverageRateForbidden(TermsContradict):
    """R21."""


class FeeSpanUnfit(TermsContradict):
    """R29."""


class TaxRateUnfit(TermsContradict):
    """R31."""


class TermsKind(StrEnum):
    FLAT = "flat"
    HOURLY = "hourly"
    HOURS = "hours"
    AMOUNT = "amount"
    UNITS = "units"
    BANK = "bank"


TAXED_BY_RATE = frozenset({TaxCategory.STANDARD, TaxCategory.REDUCED})
_SPANS = {
    Cycle.WEEK: {"week": 1},
    Cycle.MONTH: {"month": 1, "quarter": 3, "year": 12},
    Cycle.QUARTER: {"quarter": 1, "year": 4},
    Cycle.YEAR: {"year": 1},
}


def kind_of(terms: Terms) -> TermsKind:
    """An allowance decides the kind; else `bank`; else a fee, or an access fee where no rate is named, makes it flat;
    else it is hourly (R14)."""
    match terms.allowance:
        case Hours():
            return TermsKind.HOURS
        case Amount():
            return TermsKind.AMOUNT
        case Units():
            return TermsKind.UNITS
        case None:
            pass
    if terms.bank:
        return TermsKind.BANK
    names_a_rate = terms.rate is not None or bool(terms.rates.tasks or terms.rates.people or terms.rates.roles)
    if terms.fee is not None or (terms.access_fee is not None and not names_a_rate):
        return TermsKind.FLAT
    return TermsKind.HOURLY


def measures_alike(one: Terms, other: Terms) -> bool:
    """Whether unused allowance of the one can be used under the other (R15)."""
    if kind_of(one) is not kind_of(other):
        return False
    if isinstance(one.allowance, Units) and isinstance(other.allowance, Units):
        return one.allowance.of == other.allowance.of or not one.allowance.of or not other.allowance.of
    return True


def span_periods(terms: Terms) -> int:
    """How many periods one fee spans (R29); 1 for a fee of each cycle and for a `once` fee."""
    every = terms.fee.every if terms.fee is not None else None
    return 1 if every is None or every == "once" else _SPANS[terms.cycle][every]


def needs_rates(terms: Terms) -> bool:
    """Whether a billable entry must have a rate: hourly, of an amount, or overage at the entries' own rates (R9)."""
    match kind_of(terms):
        case TermsKind.HOURLY | TermsKind.AMOUNT:
            return True
        case TermsKind.HOURS | TermsKind.BANK:
            return terms.overage.policy is not OveragePolicy.STOP and terms.overage.rate is None
        case TermsKind.FLAT | TermsKind.UNITS:
            return False


def check_terms(terms: Terms, named: TermsPatch | None = None) -> None:
    """Refuses terms whose parts contradict each other; `named` is the patch that made them, None for first terms."""
    _check_numbers(terms)
    kind = kind_of(terms)
    if terms.bank and terms.allowance is not None:
        raise BankBesideAllowance("a bank has no allowance beside the blocks that are bought: drop one", field="bank")
    if terms.minimum is not None and kind is not TermsKind.HOURLY and _names(named, "minimum"):
        raise MinimumWithoutHourly(f"a minimum tops up hourly terms, and these are {kind}", field="minimum")
    if terms.rollover is not None and terms.allowance is None and _names(named, "rollover"):
        field = "rollover" if terms.rollover.cap is None else "rollover.cap"
        raise RolloverWithoutAllowance("there is no allowance that could roll over", field=field)
    _check_overage(terms, kind)
    if terms.fee is not None:
        _check_fee(terms.cycle, terms.fee, named)
    if terms.tax.category in TAXED_BY_RATE:
        if terms.tax.rate_ppm == 0:
            raise TaxRateUnfit(f"tax of category {terms.tax.category} needs its rate in percent", field="tax.rate")
    elif terms.tax.rate_ppm and _names(named, "tax", "rate_ppm"):
        raise TaxRateUnfit(f"tax of category {terms.tax.category} has no rate", field="tax.rate")


def check_agreement(agreement: Agreement) -> None:
    """Refuses an agreement that cannot stand, its first terms with it (`field` then begins with `terms.`)."""
    try:
        digits(agreement.currency)
    except ValueError as error:
        raise CurrencyUnknown(str(error), field="currency") from None
    try:
        zone(agreement.time_zone)
    except ValueError as error:
        raise TimeZoneUnknown(str(error), field="time_zone") from None
    try:
        check_terms(agreement.terms)
    except TermsContradict as refused:
        raise type(refused)(refused.message, field=f"terms.{refused.field}") from None
    starts_on = _date(agreement.starts_on, "starts_on")
    ends_on = None if agreement.ends_on is None else _date(agreement.ends_on, "ends_on")
    if ends_on is not None and ends_on <= starts_on:
        raise EndsBeforeItStarts(f"the contract ends on {ends_on}, before it covers a day", field="ends_on")
    if agreement.notice_days < 0:
        raise NumberOutOfRange("notice is given days ahead, not after", field="notice_days")
    if agreement.trial:
        _check_trial(agreement, starts_on, ends_on)
    if agreement.renews is not None:
        if ends_on is None:
            raise RenewalUnfit("what renews must have an end", field="renews")
        if agreement.renews.months < 1:
            raise RenewalUnfit("a renewal lasts at least a month", field="renews.for")
        if agreement.renews.notice_days < 0:
            raise RenewalUnfit("notice is given days ahead, not after", field="renews.notice.days")


def end_agreed(agreement: Agreement) -> date | None:
    """The first date no longer covered by what was agreed; a trial without one ends with its one period (R26)."""
    if agreement.ends_on is not None:
        return date.fromisoformat(agreement.ends_on)
    if agreement.trial:
        return calendar_of(agreement).nominal_start(1)
    return None


def calendar_of(agreement: Agreement) -> Calendar:
    """Cycle and anchor stay for the contract's life (R5)."""
    return Calendar(date.fromisoformat(agreement.starts_on), agreement.terms.cycle, agreement.terms.anchor)


def _check_trial(agreement: Agreement, starts_on: date, ends_on: date | None) -> None:
    terms = agreement.terms
    if terms.fee is None or terms.fee.amount <= 0:
        raise TrialUnfit("a trial has one fee and is never free", field="terms.fee")
    if terms.fee.every not in (None, "once", terms.cycle.value):
        raise TrialUnfit("a trial's fee is charged once", field="terms.fee.every")
    if terms.rollover is not None:
        raise TrialUnfit("nothing rolls over from a trial", field="terms.rollover")
    if agreement.renews is not None:
        raise TrialUnfit("a trial does not renew", field="renews")
    if ends_on is not None and ends_on > calendar_of(agreement).nominal_start(1):
        raise TrialUnfit("a trial lasts one period at most", field="ends_on")


def _check_numbers(terms: Terms) -> None:
    low, high = (1, 7) if terms.cycle is Cycle.WEEK else (1, 31)
    if terms.anchor is not None and not low <= terms.anchor <= high:
        raise AnchorOutOfRange(f"anchor {terms.anchor} is not between {low} and {high}", field="anchor")
    for field, value in _amounts(terms):
        if value is not None and value < 0:
            raise NumberOutOfRange(f"{field} is below zero", field=field)
    if not 1 <= terms.rounding.minutes <= 24 * 60:
        raise NumberOutOfRange("time is rounded to between one minute and a day", field="rounding.minutes")
    if terms.rollover is not None and terms.rollover.expires_after == 0:
        raise NumberOutOfRange("what expires after no period does not roll over", field="rollover.expires_after")
    if terms.tax.rate_ppm > 1_000_000:
        raise NumberOutOfRange("a tax is no more than what is taxed", field="tax.rate")


def _amounts(terms: Terms) -> Iterator[tuple[str, int | None]]:
    """Every number of the terms that may not be below zero, with the path that a person knows it by."""
    yield "fee.amount", terms.fee.amount if terms.fee else None
    yield "access_fee", terms.access_fee
    match terms.allowance:
        case Hours(minutes):
            yield "allowance.hours", minutes
        case Amount(amount):
            yield "allowance.amount", amount
        case Units(units):
            yield "allowance.units", units
        case None:
            pass
    yield "rate", terms.rate
    for name, rates in (("tasks", terms.rates.tasks), ("people", terms.rates.people), ("roles", terms.rates.roles)):
        for key, rate in rates.items():
            yield f"rates.{name}.{key}", rate
    yield "minimum", terms.minimum
    if terms.rollover is not None:
        yield "rollover.cap", terms.rollover.cap
        yield "rollover.expires_after", terms.rollover.expires_after
    yield "overage.rate", terms.overage.rate
    yield "tax.rate", terms.tax.rate_ppm
    yield "net_days", terms.net_days
    yield "invoicing.after_days", terms.invoicing.after_days


def _check_overage(terms: Terms, kind: TermsKind) -> None:
    overage = terms.overage
    if kind is TermsKind.BANK and overage.policy is OveragePolicy.BORROW:
        raise BankCannotBorrow("a bank has no later allowance to borrow from", field="overage.policy")
    if kind is TermsKind.AMOUNT and overage.rate is not None:
        raise OverageRateForbidden("what goes beyond an amount is charged at its own value", field="overage.rate")
    if kind is TermsKind.UNITS and overage.rate is None and overage.policy is not OveragePolicy.STOP:
        raise OverageRateMissing("units beyond the allowance need a price: name overage.rate", field="overage.rate")


def _check_fee(cycle: Cycle, fee: Fee, named: TermsPatch | None) -> None:
    if fee.every is None or fee.every == cycle.value:
        return
    if fee.every != "once" and fee.every not in _SPANS[cycle]:
        raise FeeSpanUnfit(f"a {fee.every} is no whole number of {cycle}s", field="fee.every")
    if fee.billed is Billed.IN_ARREARS and (_names(named, "fee", "billed") or _names(named, "fee", "every")):
        raise FeeSpanUnfit(f"a fee for every {fee.every} is due in advance", field="fee.billed")


def _names(named: TermsPatch | None, *path: str) -> bool:
    """Whether the patch itself sets what lies at the path; first terms name all that they hold."""
    value: Any = named
    for key in path:
        if value is None:
            break
        if not isinstance(value, Mapping) or key not in value:
            return False
        value = value[key]
        if value is None:
            return False
    return True


def _date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AgreementFlawed(f"{text!r} is no date: write it like 2026-01-31", field=field) from None

"""What kind of retainer a set of terms makes, and in what its figures are measured (R14)."""

from enum import StrEnum
from typing import Literal

from vocabulary.terms import Amount, Hours, OveragePolicy, Terms, Units

Measure = Literal["minutes", "money", "units"]


class TermsKind(StrEnum):
    FLAT = "flat"
    HOURLY = "hourly"
    HOURS = "hours"
    AMOUNT = "amount"
    UNITS = "units"
    BANK = "bank"


def kind_of(terms: Terms) -> TermsKind:
    """An allowance decides; else the bank; else a fee, or an access fee where no rate is named, makes it flat (R14)."""
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
    if terms.fee is not None or (terms.access_fee is not None and not names_a_rate(terms)):
        return TermsKind.FLAT
    return TermsKind.HOURLY


def measure_of(terms: Terms) -> Measure:
    """Without an allowance a period's figures are in hours (R14)."""
    match kind_of(terms):
        case TermsKind.AMOUNT:
            return "money"
        case TermsKind.UNITS:
            return "units"
        case TermsKind.FLAT | TermsKind.HOURLY | TermsKind.HOURS | TermsKind.BANK:
            return "minutes"


def measures_the_same(one: Terms, other: Terms) -> bool:
    """Whether what is left under one can be used under the other (R15): the same kind, of the same thing.

    Units that name nothing are of what was named before."""
    if kind_of(one) is not kind_of(other):
        return False
    if isinstance(one.allowance, Units) and isinstance(other.allowance, Units):
        return one.allowance.of == other.allowance.of or not (one.allowance.of and other.allowance.of)
    return True


def names_a_rate(terms: Terms) -> bool:
    rates = terms.rates
    return terms.rate is not None or bool(rates.tasks or rates.people or rates.roles)


def needs_rates(terms: Terms) -> bool:
    """Whether an entry without a rate has no place under these terms (R9)."""
    match kind_of(terms):
        case TermsKind.HOURLY | TermsKind.AMOUNT:
            return True
        case TermsKind.HOURS | TermsKind.BANK:
            return terms.overage.policy is not OveragePolicy.STOP and terms.overage.rate is None
        case TermsKind.FLAT | TermsKind.UNITS:
            return False

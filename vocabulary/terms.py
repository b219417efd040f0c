"""The terms of a contract (R14): what is sold and for how much, all kinds out of the same parts.

Amounts are minor units of the contract's currency, hours are minutes, units are whole numbers. The shape here is what
events carry and what every service reads; `docs/case-format.md` shows the same terms as a person writes them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

import msgspec

from vocabulary.duration import Minutes
from vocabulary.money import Minor


class Cycle(StrEnum):
    """One turn of the contract (R5)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Billed(StrEnum):
    IN_ADVANCE = "in_advance"
    IN_ARREARS = "in_arrears"


class OveragePolicy(StrEnum):
    """What becomes of use beyond what is available (R18)."""

    BILL = "bill"
    APPROVE = "approve"
    STOP = "stop"
    BORROW = "borrow"


class RoundingMode(StrEnum):
    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class TaxCategory(StrEnum):
    """R31."""

    STANDARD = "standard"
    REDUCED = "reduced"
    REVERSE_CHARGE = "reverse_charge"
    SMALL_BUSINESS = "small_business"
    OUTSIDE_SCOPE = "outside_scope"


class Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of terms; unknown keys are an error, so that a misspelt one is never silently ignored."""


class Fee(Part, frozen=True):
    """`every`: None is the cycle; else a span of whole cycles, or once (R29)."""

    amount: Minor
    billed: Billed = Billed.IN_ADVANCE
    every: Literal["week", "month", "quarter", "year", "once"] | None = None


class Hours(Part, frozen=True, tag="hours", tag_field="measure"):
    """An allowance of time."""

    minutes: Minutes


class Amount(Part, frozen=True, tag="amount", tag_field="measure"):
    """An allowance of money, used up by the value of entries (R21)."""

    amount: Minor


class Units(Part, frozen=True, tag="units", tag_field="measure"):
    """An allowance of deliverables; `of` names them: `blog post`."""

    units: int
    of: str = ""


Allowance = Hours | Amount | Units


class Rates(Part, frozen=True):
    """Rates per hour by task, person and role, looked up in the order of R9."""

    tasks: dict[str, Minor] = {}
    people: dict[str, Minor] = {}
    roles: dict[str, Minor] = {}


class Rollover(Part, frozen=True):
    """R15. `cap` is in the allowance's own measure (minutes, minor units, units); None is no limit."""

    cap: int | None = None
    expires_after: int | None = None


class Overage(Part, frozen=True):
    """R18. `rate` is per hour, or per unit with an allowance of units."""

    policy: OveragePolicy = OveragePolicy.BILL
    rate: Minor | None = None


class Rounding(Part, frozen=True):
    """R10."""

    minutes: int = 1
    mode: RoundingMode = RoundingMode.UP
    per: Literal["entry", "day"] = "entry"


class Tax(Part, frozen=True):
    """R31. `rate_ppm` is the rate in millionths: 19 % is 190000."""

    category: TaxCategory = TaxCategory.OUTSIDE_SCOPE
    rate_ppm: int = 0


class Invoicing(Part, frozen=True):
    """R28: how many days after the boundary the invoice is drawn up, and whether it waits for its release."""

    after_days: int = 0
    release: Literal["automatic", "manual"] = "automatic"


class Terms(Part, frozen=True):
    """Everything that terms can hold. `check_terms` in vocabulary.check_terms says whether the parts fit together."""

    cycle: Cycle
    anchor: int | None = None
    fee: Fee | None = None
    access_fee: Minor | None = None
    allowance: Allowance | None = None
    bank: bool = False
    rate: Minor | None = None
    rates: Rates = Rates()
    minimum: Minor | None = None
    rollover: Rollover | None = None
    overage: Overage = Overage()
    rounding: Rounding = Rounding()
    tax: Tax = Tax()
    net_days: int = 14
    approval: Literal["none", "required"] = "none"
    invoicing: Invoicing = Invoicing()


class Renewal(Part, frozen=True):
    """R25: `renews: {for: months, notice: {days: 30}}`; `months` is how long each renewal lasts."""

    months: int
    notice_days: int = 30
    remind_days: tuple[int, ...] = (60, 30, 7)


class Agreement(Part, frozen=True):
    """What agency and client agreed on when the contract began; later terms come as patches (R22).

    `starts_on` is the first date covered, `ends_on` the first date no longer covered (ISO dates of `time_zone`).
    `region` is ISO 3166, with a subdivision where holidays need one (`DE-BE`). `trial`: R26. `notice_days`: R23.
    `taken_over_on` is the boundary on which the books of a running retainer begin (R38): they wait for what it brings.
    """

    currency: str
    time_zone: str
    starts_on: str
    terms: Terms
    ends_on: str | None = None
    region: str = ""
    renews: Renewal | None = None
    trial: bool = False
    notice_days: int = 30
    taken_over_on: str | None = None


TermsPatch = Mapping[str, Any]
"""New terms as a merge patch (RFC 7386) over the JSON of `Terms`; an allowance as a whole, null takes away (R22)."""


def merged(terms: Terms, patch: TermsPatch) -> Terms:
    """The terms with the patch merged in; msgspec.ValidationError where the outcome has not the shape of terms."""
    before = msgspec.to_builtins(terms)
    return msgspec.convert(_merge(before, patch, path=""), Terms)


def _merge(before: Mapping[str, Any], patch: TermsPatch, path: str) -> dict[str, Any]:
    after = dict(before)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, Mapping) and key != "allowance":
            after[key] = _merge(before.get(key) or {}, value, f"{path}{key}.")
        else:
            after[key] = value
    return after

"""Money in whole minor units of one currency (R1), divided with one rounding, half away from zero (R2)."""

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NewType

import msgspec
from iso4217 import Currency as _Iso4217

Minor = NewType("Minor", int)
"""An amount in minor units of a currency that is clear from where it stands (a contract's, an invoice's)."""


@cache
def digits(currency: str) -> int:
    """Digits behind the point of an ISO 4217 currency: EUR 2, JPY 0, TND 3; ValueError for an unknown one."""
    try:
        exponent = _Iso4217(currency).exponent
    except ValueError:
        raise ValueError(f"{currency!r} is no currency of ISO 4217: write a code like EUR") from None
    if exponent is None:
        raise ValueError(f"{currency} has no minor unit and cannot be invoiced")
    return int(exponent)


class Money(msgspec.Struct, frozen=True):
    """An amount with its currency; two currencies never add up (R1)."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        assert self.currency == other.currency, "two currencies never add up (R1)"
        return Money(self.minor + other.minor, self.currency)

    def __str__(self) -> str:
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"


def divide(numerator: int, denominator: int) -> int:
    """The quotient rounded half away from zero (R2); `denominator` is above zero."""
    assert denominator > 0
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def parse_minor(text: str, currency: str) -> Minor:
    """A decimal like `3000.00` as minor units; ValueError where it is no number or finer than the currency."""
    try:
        scaled = Decimal(text).scaleb(digits(currency))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount: write digits with a point, like 3000.00") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{text} has more digits than {currency} has ({digits(currency)})")
    return Minor(int(scaled))


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as a plain decimal with the currency's digits: 164516 EUR is `1645.16`."""
    places = digits(currency)
    if places == 0:
        return str(minor)
    whole, part = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{places}}"

"""google.type.Money <-> minor units of one currency, exactly; never by way of a float (R1).

Refused
├── AmountMalformed     units and nanos of different signs, nanos that are a whole unit, or more than can be charged
├── AmountTooFine       more digits than the currency has
├── CurrencyUnknown     no currency of ISO 4217
└── CurrencyDiffers     another currency than the contract's
"""

from google.type.money_pb2 import Money

from vocabulary.agreement import CurrencyUnknown
from vocabulary.money import Minor, digits
from vocabulary.refusal import Kind, Refused

NANOS = 1_000_000_000
LARGEST = 10**15
"""Minor units; sums of many amounts then stay within what databases hold."""


class AmountMalformed(Refused, kind=Kind.INVALID):
    """Units and nanos of different signs, nanos that are a whole unit or more, or more than can be charged."""


class AmountTooFine(Refused, kind=Kind.INVALID):
    """More digits than the currency has: nothing is rounded silently."""


class CurrencyDiffers(Refused, kind=Kind.INVALID):
    """Money in another currency than the one that counts here; two currencies never add up (R1)."""


def minor_of(money: Money, currency: str, field: str) -> Minor:
    """The amount in minor units of `currency`; refused, with the field, where it is of another or finer than it."""
    if money.currency_code != currency:
        given = money.currency_code or "no currency"
        raise CurrencyDiffers(f"{field} is in {given}, and {currency} counts here", field=field, currency=currency)
    places = digits_of(currency, field)
    units, nanos = int(money.units), int(money.nanos)
    if abs(nanos) >= NANOS or units * nanos < 0:
        raise AmountMalformed(
            f"{field}: units and nanos have the same sign, and nanos lie within one unit", field=field
        )
    scaled, finer = divmod(nanos, NANOS // 10**places)
    if finer:
        raise AmountTooFine(f"{field} has more digits than {currency} has ({places})", field=field)
    minor: int = units * 10**places + scaled
    if abs(minor) > LARGEST:
        raise AmountMalformed(f"{field} is more than can be charged", field=field)
    return Minor(minor)


def money_of(minor: int, currency: str) -> Money:
    """The amount as google.type.Money; units and nanos have the amount's sign."""
    sign = -1 if minor < 0 else 1
    scale: int = 10 ** digits(currency)
    units, part = divmod(abs(minor), scale)
    return Money(currency_code=currency, units=sign * units, nanos=sign * part * (NANOS // scale))


def digits_of(currency: str, field: str) -> int:
    """Digits behind the point, or `CurrencyUnknown` with the field."""
    try:
        return digits(currency)
    except ValueError as error:
        raise CurrencyUnknown(str(error), field=field) from None

"""What billing's messages need beyond `messages/`: quantities in a contract's measure, and percentages.

Refused
├── WrongMeasure      the quantity is in another measure than the contract's allowance
├── QuantityTooSmall  zero or less where something is needed
└── PercentInvalid    no percentage between 0 and 100 with at most four decimals
"""

from decimal import Decimal, InvalidOperation

from messages.amounts import minor_of, money_of
from messages.dates import minutes_message, minutes_of
from services.billing.events import Measure
from vocabulary.refusal import Kind, Refused
from wire.retainer.billing.v1.figures_pb2 import Measured

PPM_OF_PERCENT = 10_000
_FIELDS = {"minutes": "time", "money": "amount", "units": "units"}


class WrongMeasure(Refused, kind=Kind.INVALID):
    """The quantity is in another measure than the contract's allowance."""


class QuantityTooSmall(Refused, kind=Kind.INVALID):
    """Zero or less where something is needed."""


class PercentInvalid(Refused, kind=Kind.INVALID):
    """No percentage between 0 and 100 with at most four decimals."""


def measured(quantity: int, measure: Measure, currency: str) -> Measured:
    match measure:
        case "minutes":
            return Measured(time=minutes_message(quantity))
        case "money":
            return Measured(amount=money_of(quantity, currency))
        case "units":
            return Measured(units=quantity)


def measure_of(message: Measured) -> Measure:
    """The measure in which the caller gave a quantity; in hours where he gave none."""
    match message.WhichOneof("measured"):
        case "amount":
            return "money"
        case "units":
            return "units"
        case _:
            return "minutes"


def quantity_of(message: Measured, measure: Measure, currency: str, field: str, *, least: int = 1) -> int:
    """In the contract's own measure."""
    which, wanted = message.WhichOneof("measured"), _FIELDS[measure]
    if which != wanted:
        raise WrongMeasure(f"the contract is measured in {wanted}: give the quantity as {wanted}", field=field)
    if which == "time":
        quantity = int(minutes_of(message.time, field))
    else:
        quantity = int(minor_of(message.amount, currency, field)) if which == "amount" else message.units
    if quantity < least:
        raise QuantityTooSmall(f"{field} must be {'above zero' if least else 'zero or more'}", field=field)
    return quantity


def percent_text(rate_ppm: int) -> str:
    """19 % is `19`, 8.1 % is `8.1`."""
    text = f"{Decimal(rate_ppm) / PPM_OF_PERCENT:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate_ppm_of(text: str, field: str) -> int:
    try:
        ppm = Decimal(text or "0") * PPM_OF_PERCENT
    except InvalidOperation:
        ppm = Decimal(-1)
    if not ppm.is_finite() or ppm != ppm.to_integral_value() or not 0 <= ppm <= 100 * PPM_OF_PERCENT:
        raise PercentInvalid(f"{text!r} is no percentage: write digits with a point, like 19 or 8.1", field=field)
    return int(ppm)

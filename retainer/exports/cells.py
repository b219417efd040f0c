"""What a cell can hold. Amounts stay integers of the minor unit until they are written (R1)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from vocabulary.money import decimal_text, digits

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""


@dataclass(frozen=True, slots=True)
class Amount:
    """`minor` units of `currency`."""

    minor: int
    currency: str

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def __str__(self) -> str:
        return decimal_text(self.minor, self.currency)


Cell = str | int | bool | date | datetime | Amount | None
"""None is an empty cell, an instant is in UTC. Durations are two columns: the clock as a text, and whole seconds."""


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that could be."""
    return f"'{text}" if text.startswith(DANGEROUS) else text

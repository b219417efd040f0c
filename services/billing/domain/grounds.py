"""What amounts are made of: the values that they are reckoned from, kept beside them (R27).

A charge's amount is the sum of its grounds' amounts and is reckoned nowhere else; `explaining` reads the same grounds
out. Each is a handful of references to values that the fold holds anyway, so keeping them costs next to nothing.
"""

from collections.abc import Iterator

import msgspec

from services.billing.domain.allowance import Loan
from services.billing.domain.consumption import Beyond, Consumption
from services.billing.domain.course import Part
from services.billing.domain.overage import Decision, approved, approved_pieces, at_own_rates, price
from vocabulary.kind import TermsKind
from vocabulary.terms import Terms


class Given(msgspec.Struct, frozen=True):
    """An amount that stands in the terms or in a fact as it is; `subject` says which (`terms`, `block/b1`)."""

    amount: int
    subject: str


class Settled(msgspec.Struct, frozen=True):
    """A part of a fee that was paid to the system before (R38)."""

    part: Part

    @property
    def amount(self) -> int:
        return -self.part.amount


class TimeValue(msgspec.Struct, frozen=True):
    """Every minute at its entry's rate (R9)."""

    entries: Consumption

    @property
    def amount(self) -> int:
        return self.entries.value


class Shortfall(msgspec.Struct, frozen=True):
    """What the time's value lacks of the minimum (R14)."""

    minimum: Part
    entries: Consumption

    @property
    def amount(self) -> int:
        return self.minimum.amount - self.entries.value


class Excess(msgspec.Struct, frozen=True):
    """What was used beyond the available: `quantity` in the measure of the kind. `decisions` say how much of it the
    client approved; None where he is not asked (R18, R19)."""

    kind: TermsKind
    terms: Terms
    entries: Consumption
    available: int
    quantity: int
    decisions: tuple[Decision, ...] | None = None

    @property
    def charged(self) -> int:
        return self.quantity if self.decisions is None else approved(self.decisions, 0, self.quantity)

    @property
    def at_own_rates(self) -> bool:
        return self.kind in (TermsKind.HOURS, TermsKind.BANK) and self.terms.overage.rate is None

    @property
    def amount(self) -> int:
        """At the overage rate, rounded once; or each entry's minutes at its own (R18)."""
        if not self.at_own_rates:
            return price(self.kind, self.terms, self.charged)
        if self.decisions is None:
            return self.entries.value_beyond(self.available)
        return at_own_rates((minutes, part.entry.rate or 0) for part, minutes in self.pieces())

    def pieces(self) -> Iterator[tuple[Beyond, int]]:
        """The minutes of each entry beyond that are charged; of hours and banks."""
        beyond = self.entries.beyond(self.available)
        if self.decisions is None:
            return ((part, part.minutes) for part in beyond)
        return approved_pieces(beyond, self.decisions)


class CalledIn(msgspec.Struct, frozen=True):
    """Loans that nobody gives back are charged as `bill` in the last period that had such an allowance (R18)."""

    kind: TermsKind
    terms: Terms
    loans: tuple[Loan, ...]

    @property
    def charged(self) -> int:
        return sum(loan.quantity for loan in self.loans)

    @property
    def apart(self) -> list[tuple[Loan, int, int]] | None:
        """Quantities that are priced one by one, each with its rate: minutes at their entries' own, units that were
        stopped since at what they were lent at. None where the whole is priced at once."""
        if self.terms.overage.rate is not None:
            return None
        match self.kind:
            case TermsKind.HOURS:
                return [(loan, minutes, rate) for loan in self.loans for minutes, rate in loan.pieces]
            case TermsKind.UNITS:
                return [(loan, loan.quantity, loan.terms.overage.rate or 0) for loan in self.loans]
            case _:
                return None

    @property
    def amount(self) -> int:
        pieces = self.apart
        if pieces is None:
            return price(self.kind, self.terms, self.charged)
        if self.kind is TermsKind.UNITS:
            return sum(units * rate for _, units, rate in pieces)
        return at_own_rates((minutes, rate) for _, minutes, rate in pieces)


Ground = Part | Given | Settled | TimeValue | Shortfall | Excess | CalledIn

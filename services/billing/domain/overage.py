"""What use beyond the available is charged at (R18, R19, R21)."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.billing.domain.consumption import Beyond
from vocabulary.kind import TermsKind
from vocabulary.money import divide
from vocabulary.terms import Terms


class Decision(msgspec.Struct, frozen=True):
    """What the client decided about `[from_, to)` of a period's overage, in order (R18)."""

    from_: int
    to: int
    approved: bool


def decided_up_to(decisions: Sequence[Decision]) -> int:
    """How far the period's overage is decided."""
    return decisions[-1].to if decisions else 0


def with_approval(decisions: tuple[Decision, ...], quantity: int) -> tuple[Decision, ...]:
    """An approval takes the next that is undecided, also ahead of time."""
    start = decided_up_to(decisions)
    return (*decisions, Decision(start, start + quantity, approved=True))


def with_decline(decisions: tuple[Decision, ...], overage: int) -> tuple[Decision, ...]:
    """A decline takes all that is undecided when it is given, and writes it off."""
    start = decided_up_to(decisions)
    return decisions if overage <= start else (*decisions, Decision(start, overage, approved=False))


def approved(decisions: Sequence[Decision], from_: int, to: int) -> int:
    """How much of `[from_, to)` of the overage is approved."""
    return sum(max(0, min(decision.to, to) - max(decision.from_, from_)) for decision in decisions if decision.approved)


def price(kind: TermsKind, terms: Terms, quantity: int) -> int:
    """A quantity beyond, at the overage rate per hour or unit, rounded once; an amount is its own price (R18, R21)."""
    rate = terms.overage.rate or 0
    match kind:
        case TermsKind.AMOUNT:
            return quantity
        case TermsKind.UNITS:
            return quantity * rate
        case TermsKind.HOURS | TermsKind.BANK:
            return divide(quantity * rate, 60)
        case TermsKind.FLAT | TermsKind.HOURLY:
            return 0


def at_own_rates(pieces: Iterable[tuple[int, int]]) -> int:
    """Minutes each at the rate of their entry, each rounded (R9, R18)."""
    return sum(divide(minutes * rate, 60) for minutes, rate in pieces)


def approved_pieces(beyond: Iterable[Beyond], decisions: Sequence[Decision]) -> Iterator[tuple[Beyond, int]]:
    """Each entry beyond of which minutes are approved, and how many."""
    reached = 0
    for part in beyond:
        minutes = approved(decisions, reached, reached + part.minutes)
        reached += part.minutes
        if minutes:
            yield part, minutes

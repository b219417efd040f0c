"""Why a number is what it is: a tree whose every node follows from those below it by a law that can be checked.

`flaws` tells where one does not; `proven` is our own promise that there is none.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from services.billing.domain.rating import rounded
from vocabulary.money import divide
from vocabulary.terms import Rounding

PPM = 1_000_000

Unit = Literal["money", "minutes", "units"]
Law = Literal["fact", "sum", "less", "priced", "prorated", "rounded", "shared", "part", "taxed"]
"""
fact       it stands in a fact or in the terms
sum        what the reasons come to together
less       the one reason, taken off
priced     the one reason times `rate` (per hour, or per unit), rounded once                     R2, R9, R18
prorated   `whole · days / of_days`, rounded                                                     R8
rounded    `worked` seconds, rounded by themselves                                               R10
shared     a share of one person's day: `together` seconds rounded to `together_minutes`         R10
part       at most `whole`: the rest of it was inside                                            R19, R21
taxed      the one reason times `rate_ppm`, rounded                                              R31
"""


class Reason(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`value` in its unit. `subject` is a resource (`entries/e1`, `invoices/2026-0001`), `versions` the events of the
    account's stream that say it. Where `reasons` stand under a fact, a rounded or a shared value, they add up too."""

    word: str
    unit: Unit
    value: int
    law: Law = "fact"
    reasons: tuple["Reason", ...] = ()
    subject: str = ""
    versions: tuple[int, ...] = ()
    from_on: date | None = None
    to_on: date | None = None
    rate: int | None = None
    rate_source: str = ""
    """`entry`, `task`, `person`, `role`, `contract` (R9), or `overage` (R18)."""
    whole: int = 0
    days: int = 0
    of_days: int = 0
    worked: int = 0
    rounding: Rounding | None = None
    together: int = 0
    together_minutes: int = 0
    rate_ppm: int = 0
    person: str = ""
    text: str = ""


class Unproven(AssertionError):
    """An explanation does not come to what it explains: a mistake of ours."""


def proven(reason: Reason) -> Reason:
    """The same; `Unproven` where a node does not follow from those below it."""
    for flaw in flaws(reason):
        raise Unproven(flaw)
    return reason


def flaws(reason: Reason, path: str = "") -> Iterator[str]:
    """What does not follow, in words."""
    here = f"{path}/{reason.word}"
    if not _follows(reason):
        yield f"{here}: {reason.value} does not follow by `{reason.law}` from {[one.value for one in reason.reasons]}"
    for one in reason.reasons:
        yield from flaws(one, here)


def _follows(reason: Reason) -> bool:
    match reason.law:
        case "sum":
            return _adds_up(reason)
        case "less":
            return [-one.value for one in reason.reasons] == [reason.value]
        case "priced":
            return [_priced(one, reason.rate or 0) for one in reason.reasons] == [reason.value]
        case "prorated":
            return reason.value == divide(reason.whole * reason.days, reason.of_days)
        case "taxed":
            return [divide(one.value * reason.rate_ppm, PPM) for one in reason.reasons] == [reason.value]
        case "part":
            return 0 <= reason.value <= reason.whole
        case "rounded":
            assert reason.rounding is not None
            return reason.value == rounded(reason.worked, reason.rounding) and _adds_up_if_any(reason)
        case "shared":
            assert reason.rounding is not None
            return reason.together_minutes == rounded(reason.together, reason.rounding) and _adds_up_if_any(reason)
        case "fact":
            return _adds_up_if_any(reason)


def _priced(quantity: Reason, rate: int) -> int:
    match quantity.unit:
        case "minutes":
            return divide(quantity.value * rate, 60)
        case "units":
            return quantity.value * rate
        case "money":
            return quantity.value


def _adds_up(reason: Reason) -> bool:
    if any(one.unit != reason.unit for one in reason.reasons):
        return False
    return sum(one.value for one in reason.reasons) == reason.value


def _adds_up_if_any(reason: Reason) -> bool:
    return not reason.reasons or _adds_up(reason)

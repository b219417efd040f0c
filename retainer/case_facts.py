"""The facts of a case file's log, each with its place in the file and the date on which it was recorded."""

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from retainer.case_terms import Measure
from vocabulary.duration import Seconds
from vocabulary.money import Minor


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the log: where it stands, and when it was recorded."""

    index: int
    known: date

    @property
    def place(self) -> str:
        return f"log[{self.index}]"


class Entry(Told, frozen=True):
    """Time: by its start instant or by its date."""

    id: str
    person: str
    worked: Seconds
    at: datetime | None = None
    on: date | None = None
    task: str = ""
    billable: bool = True
    rate: Minor | None = None


class Correction(Told, frozen=True):
    """What of an entry is different; the rest stays."""

    id: str
    at: datetime | UnsetType = UNSET
    on: date | UnsetType = UNSET
    worked: Seconds | UnsetType = UNSET
    person: str | UnsetType = UNSET
    task: str | UnsetType = UNSET
    billable: bool | UnsetType = UNSET
    rate: Minor | UnsetType | None = UNSET


class Deletion(Told, frozen=True):
    """`kind`: entry, delivery, block or credit."""

    id: str
    kind: str


class Approval(Told, frozen=True):
    """Of time (R13)."""

    id: str


class OverageApproval(Told, frozen=True):
    """`quantity` in minutes, minor units or units, as `measure` says (R18)."""

    period: date
    quantity: int
    measure: Measure


class OverageDecline(Told, frozen=True):
    period: date


class Terms(Told, frozen=True):
    """New terms from a date (R22), as a merge patch over the JSON of terms."""

    patch: dict[str, Any]
    from_on: date
    immediately: bool = False


class Pause(Told, frozen=True):
    from_on: date
    to_on: date


class End(Told, frozen=True):
    on: date


class Block(Told, frozen=True):
    """A block of hours bought ahead (R20)."""

    id: str
    minutes: int
    price: Minor
    on: date
    expires_on: date | None = None


class Delivery(Told, frozen=True):
    id: str
    units: int
    on: date


class Credit(Told, frozen=True):
    id: str
    amount: Minor
    on: date
    why: str = ""


class Payment(Told, frozen=True):
    id: str
    amount: Minor
    on: date
    invoice: str | None = None


CaseFact = (
    Entry
    | Correction
    | Deletion
    | Approval
    | OverageApproval
    | OverageDecline
    | Terms
    | Pause
    | End
    | Block
    | Delivery
    | Credit
    | Payment
)

"""What a case file tells, fact by fact: each with its place in the file and the date on which it was recorded."""

from datetime import date, datetime
from typing import Any

import msgspec

from vocabulary.terms import Agreement, Tax


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the log: where it stands, and the date on which it was recorded."""

    place: str
    known: date


class EntryTold(Told, frozen=True):
    """Exactly one of `at` and `on` is set; `worked` is in seconds, `rate` in minor units per hour."""

    id: str
    worked: int
    person: str
    at: datetime | None = None
    on: date | None = None
    task: str = ""
    billable: bool = True
    rate: int | None = None


class CorrectTold(Told, frozen=True):
    """`changes` holds the keys that were given, of at, on, worked, person, task, billable, rate."""

    id: str
    changes: dict[str, Any]


class DeleteTold(Told, frozen=True):
    """An entry, a delivery, a block, a credit or an extra, by its id."""

    id: str


class ApproveTimeTold(Told, frozen=True):
    id: str


class ApproveOverageTold(Told, frozen=True):
    """`measure` is `minutes`, `amount` or `units`, as it was written."""

    period: date
    quantity: int
    measure: str


class DeclineOverageTold(Told, frozen=True):
    period: date


class TermsTold(Told, frozen=True):
    patch: dict[str, Any]
    from_on: date
    immediately: bool = False


class PauseTold(Told, frozen=True):
    from_on: date
    to_on: date


class EndTold(Told, frozen=True):
    ends_on: date


class NoticeTold(Told, frozen=True):
    """Either side will not renew (R25)."""


class BuyTold(Told, frozen=True):
    id: str
    minutes: int
    price: int
    on: date
    expires_on: date | None = None


class DeliverTold(Told, frozen=True):
    id: str
    units: int
    on: date


class CreditTold(Told, frozen=True):
    id: str
    amount: int
    on: date
    why: str = ""


class ExtraTold(Told, frozen=True):
    id: str
    amount: int
    on: date
    why: str = ""
    each_period: bool = False
    until: date | None = None
    tax: Tax | None = None


class PayTold(Told, frozen=True):
    id: str
    amount: int
    on: date
    invoice: str | None = None


class RefundTold(Told, frozen=True):
    id: str
    amount: int
    on: date


class ReleaseTold(Told, frozen=True):
    """The draft of a boundary is issued (R28)."""

    boundary: date


class CancelTold(Told, frozen=True):
    """An invoice is taken back by a credit note, and replaced unless it is written off (R30)."""

    invoice: str
    write_off: bool = False


class StopRemindersTold(Told, frozen=True):
    """For one invoice, or for all (R33)."""

    invoice: str | None = None


Fact = (
    EntryTold
    | CorrectTold
    | DeleteTold
    | ApproveTimeTold
    | ApproveOverageTold
    | DeclineOverageTold
    | TermsTold
    | PauseTold
    | EndTold
    | NoticeTold
    | BuyTold
    | DeliverTold
    | CreditTold
    | ExtraTold
    | PayTold
    | RefundTold
    | ReleaseTold
    | CancelTold
    | StopRemindersTold
)


class BucketTaken(msgspec.Struct, frozen=True):
    period: date
    left: int
    periods_left: int | None = None


class BlockTaken(msgspec.Struct, frozen=True):
    id: str
    left: int
    bought_on: date
    expires_on: date | None = None


class OpenTaken(msgspec.Struct, frozen=True):
    number: str
    issued_on: date
    due_on: date
    amount: int


class TakenOver(msgspec.Struct, frozen=True):
    """What a running retainer brings along (R38)."""

    on: date
    buckets: tuple[BucketTaken, ...] = ()
    borrowed: int = 0
    blocks: tuple[BlockTaken, ...] = ()
    fee_paid_until: date | None = None
    open: tuple[OpenTaken, ...] = ()


class Reminders(msgspec.Struct, frozen=True):
    """Days after the due date, and the late fee of each step in minor units (R33)."""

    days: tuple[int, ...] = (3, 14, 28)
    late_fees: tuple[int, ...] = ()


THRESHOLDS = (50, 75, 90, 100)
"""Unless the file has its own (R36)."""


class Case(msgspec.Struct, frozen=True):
    """`facts` stand in the order of the file. `expect` is as it was written; None where the file expects nothing."""

    title: str
    currency: str
    time_zone: str
    agreement: Agreement
    until: date
    people: dict[str, str] = {}
    facts: tuple[Fact, ...] = ()
    taken_over: TakenOver | None = None
    next_numbers: dict[str, int] = {}
    thresholds: tuple[int, ...] = THRESHOLDS
    reminders: Reminders | None = None
    expect: Any = None

    @property
    def books_begin_on(self) -> date:
        """The first boundary of the books: the contract's first date, or that of the take-over (R38)."""
        return self.taken_over.on if self.taken_over is not None else date.fromisoformat(self.agreement.starts_on)

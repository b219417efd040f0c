"""What the fold knows of one contract: the business content of facts, without who said it or where it is stored."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from services.billing.events import CountedWork
from vocabulary.calendar import first_instant, local_date
from vocabulary.terms import Tax
from vocabulary.terms_in_force import Change

__all__ = ["Block", "Change", "Credit", "Decision", "Delivery", "Entry", "Extra", "Pause", "TakenOver", "entry_of"]


class Entry(msgspec.Struct, frozen=True):
    """A time entry on its local date (R7); `order` is R11's: start instant in seconds of the epoch, then id."""

    entry_id: str
    day: date
    order: tuple[int, str]
    seconds: int
    person: str
    role: str = ""
    task: str = ""
    billable: bool = True
    rate: int | None = None
    approved: bool = False


def entry_of(entry_id: str, work: CountedWork, time_zone: str) -> Entry:
    """The entry as it counts in a contract's zone; a date-only one counts as 00:00 local (R11)."""
    if work.started_at is not None:
        day, start = local_date(work.started_at, time_zone), work.started_at
    else:
        assert work.worked_on is not None, "an entry has a start or a date"
        day, start = work.worked_on, first_instant(work.worked_on, time_zone)
    return Entry(
        entry_id=entry_id,
        day=day,
        order=(_seconds(start), entry_id),
        seconds=work.worked,
        person=work.person_id,
        role=work.role,
        task=work.task,
        billable=work.billable,
        rate=work.rate,
        approved=work.approved,
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _seconds(instant: datetime) -> int:
    between = instant - _EPOCH
    return between.days * 86_400 + between.seconds


class Delivery(msgspec.Struct, frozen=True):
    delivery_id: str
    units: int
    day: date


class Block(msgspec.Struct, frozen=True):
    """Hours bought ahead (R20); `place` is the order in which blocks were made known."""

    block_id: str
    minutes: int
    price: int
    bought_on: date
    expires_on: date
    place: int
    charged: bool = True
    """False where it was taken over: another system has charged it (R38)."""


class Credit(msgspec.Struct, frozen=True):
    credit_id: str
    amount: int
    on: date


class Extra(msgspec.Struct, frozen=True):
    """R39. Once on its date, or with each period that begins from then on, before `until`."""

    extra_id: str
    kind: str
    """`extra`, or `late_fee` (R33)."""
    amount: int
    on: date
    description: str = ""
    each_period: bool = False
    until: date | None = None
    tax: Tax | None = None


class Decision(msgspec.Struct, frozen=True):
    """What the client said of a period's overage (R18): `[start, end)` of it, in its order, is approved or written off."""

    period: date
    start: int
    end: int
    approved: bool


class Pause(msgspec.Struct, frozen=True):
    from_on: date
    to_on: date


class TakenOver(msgspec.Struct, frozen=True):
    """R38: what was there at the boundary `on`. `buckets` are quantities with the periods that they still last (None:
    as long as the contract), the one that begins at `on` counted."""

    on: date
    buckets: tuple[tuple[int, int | None], ...] = ()
    borrowed: int = 0
    fee_paid_until: date | None = None


Patch = dict[str, Any]

"""What moved a period between two states of the same books: the facts that one has and the other has not (R27)."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from services.billing.domain.facts import (
    BlockNoted,
    BlockWithdrawn,
    ContractFact,
    CreditNoted,
    CreditWithdrawn,
    DeliveryNoted,
    DeliveryWithdrawn,
    EndNoted,
    EntryNoted,
    EntryWithdrawn,
    ExtraNoted,
    ExtraWithdrawn,
    LateFeeNoted,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    RenewalNoted,
    TakeOverNoted,
    TermsNoted,
    WriteOffNoted,
)
from services.billing.domain.kept import Books
from services.billing.domain.usage import placed

MOST = 1_000


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact that came in between. `then` and `now` are the minutes, or units, that its subject counts for in the
    period; None: in none."""

    word: str
    subject: str
    version: int
    known_at: datetime
    then: int | None = None
    now: int | None = None


def changes(before: Books, after: Books, start: date, end: date, use_from: date) -> tuple[Change, ...]:
    """The facts that bear on `[start, end)`, oldest first, with time and deliveries from `use_from` on; the latest
    thousand of them. Of an entry that was corrected more than once every fact is told."""
    found = []
    for fact in _between(before, after):
        change = _change(fact, before, after, start, end, use_from)
        if change is not None:
            found.append(change)
    return tuple(found[-MOST:])


def _between(before: Books, after: Books) -> Iterator[ContractFact]:
    """Both saw the facts in the same order; the one before perhaps not those that were known too late for it."""
    noted = len(before.history)
    for place, fact in enumerate(after.history.since(0)):
        if (place >= noted or fact.known_at > before.latest) and fact.known_at <= after.latest:
            yield fact


def _change(fact: ContractFact, before: Books, after: Books, start: date, end: date, use_from: date) -> Change | None:
    match fact:
        case EntryNoted(entry_id=name):
            return _of_entry("entry counted", name, fact, before, after, use_from, end)
        case EntryWithdrawn(entry_id=name):
            return _of_entry("entry taken off", name, fact, before, after, use_from, end)
        case DeliveryNoted(delivery_id=name) | DeliveryWithdrawn(delivery_id=name):
            word = "delivery counted" if isinstance(fact, DeliveryNoted) else "delivery taken off"
            then, now = _units(before, name, use_from, end), _units(after, name, use_from, end)
            return None if then is now is None else _told(fact, word, f"deliveries/{name}", then, now)
        case OverageApproved() | OverageDeclined():
            word = "overage approved" if isinstance(fact, OverageApproved) else "overage declined"
            return _told(fact, word, f"periods/{fact.period}") if fact.period == start else None
        case TermsNoted():
            return _told(fact, "terms", f"terms/{fact.effective_on}") if fact.effective_on < end else None
        case PauseNoted():
            return _told(fact, "pause", f"pauses/{fact.from_on}") if fact.from_on < end else None
        case EndNoted() | RenewalNoted():
            return _told(fact, "end", f"ends/{fact.ends_on}")
        case TakeOverNoted():
            return _told(fact, "taken over", f"boundaries/{fact.on}")
        case _:
            return _of_dated(fact, start, end)


def _of_dated(fact: ContractFact, start: date, end: date) -> Change | None:
    match fact:
        case BlockNoted(block_id=name, bought_on=on):
            return _told(fact, "block bought", f"blocks/{name}") if on < end else None
        case BlockWithdrawn(block_id=name):
            return _told(fact, "block withdrawn", f"blocks/{name}")
        case CreditNoted(credit_id=name, on=on):
            return _told(fact, "credit given", f"credits/{name}") if start <= on < end else None
        case CreditWithdrawn(credit_id=name):
            return _told(fact, "credit withdrawn", f"credits/{name}")
        case ExtraNoted(extra_id=name, on=on):
            return _told(fact, "extra added", f"extras/{name}") if on < end else None
        case ExtraWithdrawn(extra_id=name):
            return _told(fact, "extra withdrawn", f"extras/{name}")
        case WriteOffNoted(number=number):
            return _told(fact, "written off", f"invoices/{number}")
        case LateFeeNoted(number=number, on=on):
            return _told(fact, "late fee", f"invoices/{number}") if start <= on < end else None
    return None


def _of_entry(
    word: str, name: str, fact: ContractFact, before: Books, after: Books, start: date, end: date
) -> Change | None:
    then, now = _minutes(before, name, start, end), _minutes(after, name, start, end)
    return None if then is now is None else _told(fact, word, f"entries/{name}", then, now)


def _minutes(books: Books, name: str, start: date, end: date) -> int | None:
    """What an entry counts for in these dates; None where it does not."""
    noted = books.entries.get(name)
    if noted is None or not noted.work.billable:
        return None
    entry = placed(name, noted.work, books.course)
    if not start <= entry.day < end:
        return None
    counted = books.usages[books.course.index_at(entry.day)].entries.find((entry.at, name))
    return counted.minutes if counted is not None else 0


def _units(books: Books, name: str, start: date, end: date) -> int | None:
    noted = books.deliveries.get(name)
    return noted.units if noted is not None and start <= noted.on < end else None


def _told(fact: ContractFact, word: str, subject: str, then: int | None = None, now: int | None = None) -> Change:
    return Change(word, subject, fact.version, fact.known_at, then, now)

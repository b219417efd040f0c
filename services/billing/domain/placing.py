"""Where entries and deliveries lie."""

from collections.abc import Iterator
from datetime import date

from services.billing.domain.facts import DeliveryNoted, EntryNoted
from services.billing.domain.kept import Books
from services.billing.domain.usage import placed


def day_of(books: Books, fact: EntryNoted | DeliveryNoted) -> date:
    """The local date to which an entry or a delivery belongs (R7)."""
    if isinstance(fact, DeliveryNoted):
        return fact.on
    return placed(fact.entry_id, fact.work, books.course).day


def from_day(books: Books, day: date) -> Iterator[EntryNoted | DeliveryNoted]:
    """Entries and deliveries as they count now, dated on or after a local day, in no order; O(entries)."""
    for fact in (*books.entries.values(), *books.deliveries.values()):
        if day_of(books, fact) >= day:
            yield fact

"""An account proved from its first event on: every figure and total that was told follows from the events before it."""

from collections.abc import Iterator
from datetime import date

import msgspec

from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account import Account
from services.billing.domain.account.evolving import AccountEvent
from services.billing.domain.auditing import AccountAudit
from services.billing.events import (
    DeliveryCounted,
    DeliveryUncounted,
    EntryCounted,
    EntryRecounted,
    EntryUncounted,
    Figures,
    FiguresRestated,
    InvoiceDrafted,
    InvoiceIssued,
    PeriodSettled,
)


class AccountProof:
    """Told event by event. `flaws_of` says what of an event does not follow."""

    def __init__(self, audit: AccountAudit | None = None) -> None:
        self._audit = audit or AccountAudit()

    @property
    def account(self) -> Account:
        return self._audit.account

    def flaws_of(self, event: AccountEvent) -> Iterator[str]:
        known = len(self._audit.flaws)
        self._audit.take(event)
        yield from self._audit.flaws[known:]
        match event:
            case EntryCounted() | EntryRecounted() | EntryUncounted() | DeliveryCounted() | DeliveryUncounted():
                if event.figures is not None:
                    on = fold.local_date(self.account.opened_books, event.known_at)
                    yield from self._figures(event.figures, on)
            case FiguresRestated() | PeriodSettled():
                for figures in event.figures:
                    yield from self._figures(figures, None)
            case InvoiceIssued() | InvoiceDrafted():
                yield from _totals(event)
            case _:
                return

    def end(self) -> Iterator[str]:
        known = len(self._audit.flaws)
        self._audit.end()
        yield from self._audit.flaws[known:]

    def _figures(self, told: Figures, on: date | None) -> Iterator[str]:
        """As they were told, and as they follow. Where the day on which they were told is not on record, what depends
        on it is not compared: what has expired by then, and what will."""
        books = self.account.opened_books
        follows = fold.figures(books, told.start, on or told.end)
        if on is None:
            follows = msgspec.structs.replace(follows, expired=told.expired, expiring_next=told.expiring_next)
        if told == follows:
            return
        for name in told.__struct_fields__:
            one, other = getattr(told, name), getattr(follows, name)
            if one != other:
                yield f"tells {name} {one} of the period from {told.start}, and {other} follows"


def _totals(document: InvoiceIssued | InvoiceDrafted) -> Iterator[str]:
    sums = invoice.totals(document.lines)
    for name in ("taxes", "net", "tax", "gross"):
        if getattr(sums, name) != getattr(document, name):
            yield f"has {name} {getattr(document, name)}, and its lines come to {getattr(sums, name)}"

"""What came of a case: documents with what they were drawn up from, periods, reminders, the budget."""

from datetime import date

import msgspec

from services.billing.domain import invoice, pace
from services.billing.domain.books import Books
from services.billing.domain.explaining import Earlier, Explained, Source, explain, reversed_document
from services.billing.events import Figures, InvoiceLine


class Drawn(msgspec.Struct, frozen=True):
    """What a document was drawn up from, and what had asked before it."""

    draft: invoice.Draft
    boundary: date
    books: Books
    earlier: tuple[Earlier, ...]

    def explained(self) -> Explained:
        return explain(Source(self.books), self.draft, self.boundary, self.earlier)


class Issued(msgspec.Struct, frozen=True):
    """A document with its number."""

    number: str
    issued_on: date
    due_on: date
    lines: tuple[InvoiceLine, ...]
    net: int
    tax: int
    gross: int
    cancels: str | None = None
    drawn: Drawn | None = None

    def explained(self) -> Explained:
        """Why it asks what it asks."""
        if self.drawn is not None:
            return self.drawn.explained()
        assert self.cancels is not None
        sums = invoice.totals(self.lines)
        return reversed_document(invoice.Draft(self.lines, sums.taxes, self.net, self.tax, self.gross), self.cancels)


class Reminded(msgspec.Struct, frozen=True):
    """A reminder that went out (R33)."""

    number: str
    step: int
    on: date
    open: int


class Budget(msgspec.Struct, frozen=True):
    """The budget as it is seen at the end of a day (R35, R36)."""

    on: date
    figures: Figures
    pace: pace.Pace
    thresholds: tuple[int, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What came of a case. `open` is by number, of every document and of those taken over."""

    currency: str
    periods: tuple[Figures, ...]
    invoices: tuple[Issued, ...]
    open: dict[str, int]
    credit: int
    drafts: tuple[date, ...] = ()
    reminders: tuple[Reminded, ...] = ()
    budget: Budget | None = None

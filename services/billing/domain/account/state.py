"""What an account knows: the books of its contract, what was asked so far, what was told, what waits."""

from datetime import date, datetime

import msgspec
from immutables import Map

from services.billing.domain import invoice
from services.billing.domain.books import Books
from services.billing.events import BoundaryAwaited, Figures, Heard, InvoiceDrafted, InvoiceIssued
from vocabulary.identity import ClientId, ContractId
from vocabulary.refusal import Kind, Refused
from vocabulary.terms import Agreement

THRESHOLDS = (50, 75, 90, 100)
"""Percent of what is available, unless the contract has its own (R36)."""


class AccountNotOpen(Refused, kind=Kind.NOT_FOUND):
    """No such contract, or its terms have not arrived yet."""


class Drawn(msgspec.Struct, frozen=True):
    """What a document or draft was drawn up from, by the event with a version: the first `noted` facts of the books,
    those of them that were known before an instant (None: all), and what had been asked by then."""

    version: int
    boundary: date
    noted: int
    known_before: datetime | None
    asked: invoice.Asked


class Account(msgspec.Struct, frozen=True):
    """Frozen: every fact makes a new one, which shares what it did not move."""

    contract_id: ContractId = ContractId("")
    client_id: ClientId = ClientId("")
    title: str = ""
    version: int = 0
    """Of its stream: how many events made it."""
    opened_by: int = 0
    """The version of the event that opened it."""
    agreement: Agreement | None = None
    books: Books | None = None
    asked: invoice.Asked = invoice.NOTHING_ASKED
    """What earlier documents and drafts asked, line by line (R27)."""
    settled: date | None = None
    """The last boundary that was settled."""
    cut_off: datetime | None = None
    """By which facts it was settled (R27)."""
    drawn: Map[str, Drawn] = Map()
    """Document number, or boundary of a draft -> what it was drawn up from."""
    pasts: tuple[Books, ...] = ()
    """What the books were at some boundaries, where many facts lie between: asking for a past need not begin anew."""
    drafts: Map[date, InvoiceDrafted] = Map()
    documents: Map[str, InvoiceIssued] = Map()
    cancelled: Map[str, str] = Map()
    """Number -> the credit note that cancelled it (R30)."""
    stated: Map[date, Figures] = Map()
    """The figures of each period as they were told last."""
    thresholds: tuple[int, ...] = THRESHOLDS
    told: Map[date, tuple[int, ...]] = Map()
    """Percentages told in each period (R36)."""
    warned: frozenset[date] = frozenset()
    """Periods in which a pace was warned of (R36)."""
    lapses: Map[str, date] = Map()
    """Block -> when it lapses: figures move by themselves then."""
    waiting: tuple[Heard, ...] = ()
    """What came before the contract."""
    left_out: Map[str, Heard] = Map()
    """Subject -> what could not be counted; tried again when the contract changes."""
    awaited: BoundaryAwaited | None = None

    @property
    def opened_books(self) -> Books:
        if self.books is None:
            raise AccountNotOpen("there is no such contract, or its terms have not arrived yet", field="contract")
        return self.books

    @property
    def awaits_take_over(self) -> bool:
        """Whether the books wait for what a running retainer brings along (R38)."""
        is_to_be = self.agreement is not None and self.agreement.taken_over_on is not None
        return is_to_be and self.opened_books.course.taken_over is None

    @property
    def terms_of_contract(self) -> Agreement:
        if self.agreement is None:
            raise AccountNotOpen("there is no such contract, or its terms have not arrived yet", field="contract")
        return self.agreement


UNOPENED = Account()


def subject_of(heard: Heard) -> str:
    """What a fact of another service is about: `entries/e1`, `deliveries/d1`, or a change of the contract."""
    if heard.entry_id is not None:
        return f"entries/{heard.entry_id}"
    if heard.delivery_id is not None:
        return f"deliveries/{heard.delivery_id}"
    return f"{heard.change}/{heard.known_at.isoformat()}"

"""At a boundary: what is owed less what was asked is the new invoice (R27, R28); and what becomes of a document later.

    Refused
    ├── NotDueYet            the boundary's cut-off lies ahead
    ├── TakeOverAwaited      what a running retainer brings along was not said yet (R38)
    ├── DraftUnknown         there is no such draft
    ├── DocumentUnknown      no such document was issued on this contract
    ├── InvoiceCancelled     it was cancelled before (R30)
    └── CreditNoteNotCancelled  a credit note is no invoice

The number comes from outside: it is taken from the series in the same append (services.billing.settling).
"""

from datetime import date, datetime

import msgspec

from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account import posting
from services.billing.domain.account.commands import WriteOff
from services.billing.domain.account.evolving import AccountEvent, evolve, evolved
from services.billing.domain.account.state import Account
from services.billing.domain.account.telling import alerts, awaited, stated_by
from services.billing.domain.invoice import Draft
from services.billing.events import InvoiceDrafted, InvoiceIssued, InvoiceLine, PeriodSettled
from vocabulary.identity import DocumentNumber
from vocabulary.money import Minor
from vocabulary.refusal import Kind, Refused


class NotDueYet(Refused, kind=Kind.CONFLICT):
    """Books are settled at the boundary's first instant plus the days that the terms say (R28)."""


class TakeOverAwaited(Refused, kind=Kind.CONFLICT):
    """The books of a running retainer begin when it has been taken over (R38)."""


class DraftUnknown(Refused, kind=Kind.NOT_FOUND):
    """There is no such draft (any more)."""


class DocumentUnknown(Refused, kind=Kind.NOT_FOUND):
    """No such document was issued on this contract."""


class InvoiceCancelled(Refused, kind=Kind.CONFLICT):
    """A document is cancelled once."""


class CreditNoteNotCancelled(Refused, kind=Kind.CONFLICT):
    """A credit note is no invoice: what it credited too much follows at the next boundary (R27)."""


class Settlement(msgspec.Struct, frozen=True):
    """What settling a boundary comes to. `draft` is to be issued or kept; None where there is nothing to ask."""

    boundary: date
    facts: tuple[AccountEvent, ...]
    draft: Draft | None
    waits_for_release: bool


def next_boundary(account: Account) -> date:
    return fold.boundary_after(account.opened_books, account.settled)


def settle(account: Account, now: datetime) -> Settlement:
    """The next boundary, by the facts known before its cut-off: a late run asks what a punctual one did (R27)."""
    books = account.opened_books
    boundary = next_boundary(account)
    cut_off = fold.cut_off(books, boundary)
    if now < cut_off:
        raise NotDueYet(f"the books of {boundary} are settled at {cut_off.isoformat()}", field="through")
    draft = invoice.draft(fold.as_known(books, cut_off), account.asked, boundary)
    on = max(boundary, fold.local_date(books, cut_off))
    told = stated_by(account, books, on)
    figures = tuple(one for fact in told for one in fact.figures)
    settled = PeriodSettled(contract_id=account.contract_id, boundary=boundary, cut_off=cut_off, figures=figures)
    after = evolve(account, settled)
    return Settlement(
        boundary=boundary,
        facts=(settled, *alerts(after, figures, on)),
        draft=draft,
        waits_for_release=fold.waits_for_release(books, boundary),
    )


def calendar_after(account: Account, now: datetime) -> list[AccountEvent]:
    """What is awaited next, stated last: it depends on what was asked."""
    return list(awaited(account, fold.local_date(account.opened_books, now)))


def drafted(account: Account, settlement: Settlement) -> InvoiceDrafted:
    draft = settlement.draft
    assert draft is not None
    return InvoiceDrafted(
        contract_id=account.contract_id,
        client_id=account.client_id,
        currency=account.terms_of_contract.currency,
        boundary=settlement.boundary,
        lines=draft.lines,
        taxes=draft.taxes,
        net=Minor(draft.net),
        tax=Minor(draft.tax),
        gross=Minor(draft.gross),
        title=account.title,
    )


def issued(account: Account, draft: InvoiceDrafted, number: DocumentNumber, issued_on: date) -> InvoiceIssued:
    """Due follows the day of issue, by the terms in force then (R32)."""
    return InvoiceIssued(
        number=number,
        contract_id=draft.contract_id,
        client_id=draft.client_id,
        currency=draft.currency,
        boundary=draft.boundary,
        issued_on=issued_on,
        due_on=fold.due_on(account.opened_books, issued_on),
        lines=draft.lines,
        taxes=draft.taxes,
        net=draft.net,
        tax=draft.tax,
        gross=draft.gross,
        title=draft.title,
    )


def released(account: Account, boundary: date) -> InvoiceDrafted:
    draft = account.drafts.get(boundary)
    if draft is None:
        raise DraftUnknown(f"there is no draft of {boundary}: it was released, or never drawn up", field="name")
    return draft


def cancellable(account: Account, number: str) -> InvoiceIssued:
    document = account.documents.get(number)
    if document is None:
        raise DocumentUnknown(f"{number} was not issued on this contract", field="name")
    if number in account.cancelled:
        raise InvoiceCancelled(f"{number} was cancelled by {account.cancelled[number]}", field="name")
    if document.gross < 0 or document.cancels is not None:
        raise CreditNoteNotCancelled(f"{number} is a credit note and cannot be cancelled", field="name")
    return document


def reversal(account: Account, document: InvoiceIssued) -> InvoiceDrafted:
    """The document's own lines with the sign turned (R30)."""
    lines = tuple(_turned(line) for line in document.lines)
    return _of_lines(account, document, lines)


def replacement(account: Account, document: InvoiceIssued) -> InvoiceDrafted | None:
    """What is owed now at the last settled boundary, with the reversal on the books; None where nothing is (R30)."""
    assert account.settled is not None, "a document was issued at a boundary"
    draft = invoice.draft(account.opened_books, account.asked, account.settled)
    return None if draft is None else _of_draft(account, document, draft)


def write_off(account: Account, document: InvoiceIssued, on: date, now: datetime) -> tuple[list[AccountEvent], Account]:
    """What it asked enters the statement as a credit (R30); the credit note follows from the books."""
    command = WriteOff(
        contract_id=account.contract_id,
        number=document.number,
        lines=document.lines,
        on=on,
        now=now,
    )
    facts = list(posting.post(account, command))
    return facts, evolved(account, facts)


def _turned(line: InvoiceLine) -> InvoiceLine:
    quantity = None if line.quantity is None else -line.quantity
    return msgspec.structs.replace(line, amount=Minor(-line.amount), quantity=quantity, correction=True)


def _of_lines(account: Account, document: InvoiceIssued, lines: tuple[InvoiceLine, ...]) -> InvoiceDrafted:
    totals = invoice.totals(lines)
    return InvoiceDrafted(
        contract_id=document.contract_id,
        client_id=document.client_id,
        currency=document.currency,
        boundary=account.settled or document.boundary,
        lines=lines,
        taxes=totals.taxes,
        net=Minor(totals.net),
        tax=Minor(totals.tax),
        gross=Minor(totals.gross),
        title=document.title,
    )


def _of_draft(account: Account, document: InvoiceIssued, draft: Draft) -> InvoiceDrafted:
    return msgspec.structs.replace(
        _of_lines(account, document, draft.lines),
        taxes=draft.taxes,
        net=Minor(draft.net),
        tax=Minor(draft.tax),
        gross=Minor(draft.gross),
    )

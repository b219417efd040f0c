"""What each fact makes of an account. Never refuses, never asks the clock."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from typing import assert_never

import msgspec

from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account import notes
from services.billing.domain.account.state import Account, Drawn, subject_of
from services.billing.domain.books import Books
from services.billing.events import (
    AccountOpened,
    AmountWrittenOff,
    BlockBought,
    BlockWithdrawn,
    BoundaryAwaited,
    CreditGiven,
    CreditWithdrawn,
    DeliveryCounted,
    DeliveryUncounted,
    EndNoted,
    EntryCounted,
    EntryRecounted,
    EntryUncounted,
    ExtraAdded,
    ExtraWithdrawn,
    FactLeftOut,
    FactWaits,
    Figures,
    FiguresRestated,
    InvoiceDrafted,
    InvoiceIssued,
    LateFeeCharged,
    OverageApproved,
    OverageDeclined,
    PaceWarned,
    PauseNoted,
    PeriodSettled,
    PlanNoted,
    RenewalNoted,
    RetainerTakenOver,
    TermsNoted,
    ThresholdReached,
    ThresholdsSet,
)

AccountEvent = (
    notes.Noted
    | AccountOpened
    | FactWaits
    | FactLeftOut
    | FiguresRestated
    | BoundaryAwaited
    | ThresholdsSet
    | ThresholdReached
    | PaceWarned
    | PlanNoted
    | PeriodSettled
    | InvoiceDrafted
    | InvoiceIssued
)

_DAY = timedelta(days=1)
FACTS_BETWEEN_PASTS = 2_000
"""Noting so many takes a few hundredths of a second."""


def evolved(account: Account, events: Sequence[AccountEvent]) -> Account:
    return reduce(evolve, events, account)


def evolve(account: Account, event: AccountEvent) -> Account:
    match event:
        case EntryCounted() | EntryRecounted() | EntryUncounted():
            return _counted(account, event, f"entries/{event.entry_id}")
        case DeliveryCounted() | DeliveryUncounted():
            return _counted(account, event, f"deliveries/{event.delivery_id}")
        case FiguresRestated():
            return _changed(account, stated=_stated(account, event.figures, event.gone))
        case ThresholdReached():
            start = event.figures.start
            percents = (*account.told.get(start, ()), event.percent)
            return _changed(account, told=account.told.set(start, percents))
        case PaceWarned():
            return _changed(account, warned=account.warned | {event.figures.start})
        case BoundaryAwaited():
            return _changed(account, awaited=event)
        case PlanNoted():
            return _changed(account)  # shown by the budget view; nothing is reckoned from a plan
        case ThresholdsSet():
            return _changed(account, thresholds=event.percents)
        case AccountOpened():
            return _changed(
                account,
                contract_id=event.contract_id,
                client_id=event.client_id,
                title=event.title,
                agreement=event.agreement,
                books=fold.opened(event.agreement),
                opened_by=account.version + 1,
                waiting=(),
            )
        case FactWaits():
            waiting = (*account.waiting, event.heard)
            return _changed(account, contract_id=event.contract_id, waiting=waiting)
        case FactLeftOut():
            return _changed(account, left_out=account.left_out.set(subject_of(event.heard), event.heard))
        case PeriodSettled():
            stated = _stated(account, event.figures, ())
            return _changed(
                account, settled=event.boundary, cut_off=event.cut_off, stated=stated, pasts=_pasts(account)
            )
        case InvoiceDrafted() | InvoiceIssued():
            return _asked(account, event)
        case _:
            return _noted(account, event)


def _counted(
    account: Account,
    event: EntryCounted | EntryRecounted | EntryUncounted | DeliveryCounted | DeliveryUncounted,
    subject: str,
) -> Account:
    books = fold.note(account.opened_books, notes.fact_of(event, account.version + 1))
    left_out = account.left_out.delete(subject) if subject in account.left_out else account.left_out
    if event.figures is None:
        return _changed(account, books=books, left_out=left_out)
    stated = account.stated.set(event.figures.start, event.figures)
    return _changed(account, books=books, left_out=left_out, stated=stated)


def _noted(account: Account, event: notes.Noted) -> Account:
    books = fold.note(account.opened_books, notes.fact_of(event, account.version + 1))
    match event:
        case BlockBought():
            lapses = account.lapses.set(event.block_id, event.expires_on) if event.expires_on else account.lapses
            return _changed(account, books=books, lapses=lapses)
        case BlockWithdrawn():
            known = event.block_id in account.lapses
            lapses = account.lapses.delete(event.block_id) if known else account.lapses
            return _changed(account, books=books, lapses=lapses)
        case RetainerTakenOver():
            lapses = account.lapses.update({b.block_id: b.expires_on for b in event.blocks if b.expires_on})
            return _changed(account, books=books, lapses=lapses, settled=event.on - _DAY)
        case (
            TermsNoted()
            | PauseNoted()
            | EndNoted()
            | RenewalNoted()
            | CreditGiven()
            | CreditWithdrawn()
            | ExtraAdded()
            | ExtraWithdrawn()
            | OverageApproved()
            | OverageDeclined()
            | LateFeeCharged()
            | AmountWrittenOff()
            | EntryCounted()
            | EntryRecounted()
            | EntryUncounted()
            | DeliveryCounted()
            | DeliveryUncounted()
        ):
            return _changed(account, books=books)
    assert_never(event)


def _asked(account: Account, event: InvoiceDrafted | InvoiceIssued) -> Account:
    """Drafts and documents ask alike, each once: a released draft has asked already (R27)."""
    match event:
        case InvoiceDrafted():
            asked = invoice.after(account.asked, event.lines)
            drawn = account.drawn.set(event.boundary.isoformat(), _drawn(account, event))
            return _changed(account, asked=asked, drawn=drawn, drafts=account.drafts.set(event.boundary, event))
        case InvoiceIssued(released=True):
            drafts, documents = account.drafts.delete(event.boundary), account.documents.set(event.number, event)
            drawn = account.drawn.set(event.number, account.drawn[event.boundary.isoformat()])
            return _changed(account, drafts=drafts, documents=documents, drawn=drawn)
        case InvoiceIssued():
            asked = invoice.after(account.asked, event.lines)
            cancelled = account.cancelled.set(event.cancels, event.number) if event.cancels else account.cancelled
            documents = account.documents.set(event.number, event)
            drawn = account.drawn.set(event.number, _drawn(account, event))
            return _changed(account, asked=asked, documents=documents, cancelled=cancelled, drawn=drawn)


def _drawn(account: Account, event: InvoiceDrafted | InvoiceIssued) -> Drawn:
    """A cancellation and what replaces it follow from all that is known; a boundary's document from its cut-off."""
    later = isinstance(event, InvoiceIssued) and (event.cancels is not None or event.replaces is not None)
    noted = len(account.opened_books.history)
    return Drawn(account.version + 1, event.boundary, noted, None if later else account.cut_off, account.asked)


def _pasts(account: Account) -> tuple[Books, ...]:
    books = account.opened_books
    since = len(account.pasts[-1].history) if account.pasts else 0
    return account.pasts if len(books.history) - since < FACTS_BETWEEN_PASTS else (*account.pasts, books)


def _stated(account: Account, figures: Sequence[Figures], gone: Sequence[date]) -> object:
    stated = account.stated.update({one.start: one for one in figures})
    for start in gone:
        if start in stated:
            stated = stated.delete(start)
    return stated


def _changed(account: Account, **changes: object) -> Account:
    return msgspec.structs.replace(account, version=account.version + 1, **changes)

"""Facts of other services on the account. They are history: none is refused.

An entry, a delivery or a change that came before its contract waits. What the rules have no place for is left out, with
the refusal's name, and tried again whenever the contract changes: whatever the order in which facts of two services
arrive, the same is counted in the end.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from services.billing.domain import books as fold
from services.billing.domain.account import notes
from services.billing.domain.account.commands import OpenAccount
from services.billing.domain.account.evolving import AccountEvent, evolve, evolved
from services.billing.domain.account.state import Account, subject_of
from services.billing.domain.account.telling import alerts, awaited, restated, stated_by
from services.billing.domain.books import Books
from services.billing.domain.refusals import EndBeforeTime, PauseOverTime, PlaceTaken, RateMissing
from services.billing.events import (
    AccountOpened,
    DeliveryCounted,
    DeliveryUncounted,
    EndNoted,
    EntryCounted,
    EntryRecounted,
    EntryUncounted,
    FactLeftOut,
    FactWaits,
    Figures,
    Heard,
    PauseNoted,
    RenewalNoted,
    TermsNoted,
)
from vocabulary.identity import ContractId
from vocabulary.refusal import Refused

PUSHES_TIME_OUT = (PauseOverTime, EndBeforeTime, RateMissing, PlaceTaken)
"""The contract's fact stands, and the entries that crossed it on the way are left out."""


def open_account(account: Account, command: OpenAccount) -> list[AccountEvent]:
    """The account begins, and all that waited for it is taken in, in the order in which it was known."""
    if account.books is not None:
        return []
    opened = AccountOpened(
        contract_id=command.contract_id,
        client_id=command.client_id,
        title=command.title,
        agreement=command.agreement,
        known_at=command.known_at,
    )
    events: list[AccountEvent] = [opened]
    after = evolve(account, opened)
    on = fold.local_date(after.opened_books, command.known_at)
    events += (first := stated_by(after, after.opened_books, on))
    after = evolved(after, first)
    for heard in account.waiting:
        counted = hear(after, command.contract_id, heard)
        events += counted
        after = evolved(after, counted)
    events += [event for event in awaited(after, on) if event not in events]
    return events


def hear(account: Account, contract_id: ContractId, heard: Heard) -> list[AccountEvent]:
    if account.books is None:
        return [FactWaits(contract_id=contract_id, heard=heard)]
    match heard.change:
        case "logged" | "corrected" | "approved":
            return _count_entry(account, heard)
        case "deleted":
            return _uncount_entry(account, heard)
        case "delivered":
            return _count_delivery(account, heard)
        case "withdrawn":
            return _uncount_delivery(account, heard)
        case "terms" | "pause" | "end" | "renewal":
            return _change_contract(account, heard)


def _count_entry(account: Account, heard: Heard) -> list[AccountEvent]:
    entry_id = heard.entry_id
    assert entry_id is not None
    books = account.opened_books
    before = fold.entry(books, entry_id)
    heard = _with_work(account, heard, before)
    if heard.work is None or (before is not None and before.work == heard.work):
        return []  # approved and unknown here, or nothing new
    fact = notes.entry(heard, account.version + 1)
    try:
        fold.check(books, fact)
    except Refused as refusal:
        return [*_take_away(account, heard, before is not None), _left_out(account, heard, refusal)]
    after = fold.note(books, fact)
    kind = EntryCounted if before is None else EntryRecounted
    told = _told(account, after, heard, fold.touched(after, fact))
    counted = kind(
        contract_id=account.contract_id,
        entry_id=entry_id,
        work=heard.work,
        known_at=heard.known_at,
        fact_hash=heard.fact_hash,
        figures=told,
    )
    return [counted, *_consequences(account, after, told, heard)]


def _with_work(account: Account, heard: Heard, before: notes.EntryNoted | None) -> Heard:
    """An approval says no more than that; what it approves is known here, or was left out."""
    if heard.change != "approved" or heard.entry_id is None:
        return heard
    left_out = account.left_out.get(subject_of(heard))
    work = before.work if before is not None else left_out.work if left_out is not None else None
    if work is None:
        return heard
    return msgspec.structs.replace(heard, work=msgspec.structs.replace(work, approved=True))


def _uncount_entry(account: Account, heard: Heard) -> list[AccountEvent]:
    assert heard.entry_id is not None
    is_known = fold.entry(account.opened_books, heard.entry_id) is not None
    if not is_known and subject_of(heard) not in account.left_out:
        return []
    return _take_away(account, heard, is_known) or [
        EntryUncounted(
            contract_id=account.contract_id,
            entry_id=heard.entry_id,
            known_at=heard.known_at,
            fact_hash=heard.fact_hash,
        )
    ]


def _take_away(account: Account, heard: Heard, is_known: bool) -> list[AccountEvent]:
    """Off the account, if it is on it."""
    if not is_known or heard.entry_id is None:
        return []
    books = account.opened_books
    fact = notes.entry_withdrawn(heard, account.version + 1)
    start = fold.touched(books, fact)
    after = fold.note(books, fact)
    told = _told(account, after, heard, start)
    uncounted = EntryUncounted(
        contract_id=account.contract_id,
        entry_id=heard.entry_id,
        known_at=heard.known_at,
        fact_hash=heard.fact_hash,
        figures=told,
    )
    return [uncounted, *_consequences(account, after, told, heard)]


def _count_delivery(account: Account, heard: Heard) -> list[AccountEvent]:
    assert heard.delivery_id is not None
    assert heard.delivered_on is not None
    books = account.opened_books
    if fold.delivery(books, heard.delivery_id) is not None:
        return []
    fact = notes.delivery(heard, account.version + 1)
    try:
        fold.check(books, fact)
    except Refused as refusal:
        return [_left_out(account, heard, refusal)]
    after = fold.note(books, fact)
    told = _told(account, after, heard, fold.touched(after, fact))
    counted = DeliveryCounted(
        contract_id=account.contract_id,
        delivery_id=heard.delivery_id,
        units=heard.units,
        delivered_on=heard.delivered_on,
        known_at=heard.known_at,
        fact_hash=heard.fact_hash,
        figures=told,
    )
    return [counted, *_consequences(account, after, told, heard)]


def _uncount_delivery(account: Account, heard: Heard) -> list[AccountEvent]:
    assert heard.delivery_id is not None
    books = account.opened_books
    is_known = fold.delivery(books, heard.delivery_id) is not None
    if not is_known and subject_of(heard) not in account.left_out:
        return []
    told, consequences = None, list[AccountEvent]()
    if is_known:
        fact = notes.delivery_withdrawn(heard, account.version + 1)
        start = fold.touched(books, fact)
        after = fold.note(books, fact)
        told = _told(account, after, heard, start)
        consequences = _consequences(account, after, told, heard)
    uncounted = DeliveryUncounted(
        contract_id=account.contract_id,
        delivery_id=heard.delivery_id,
        known_at=heard.known_at,
        fact_hash=heard.fact_hash,
        figures=told,
    )
    return [uncounted, *consequences]


def _change_contract(account: Account, heard: Heard) -> list[AccountEvent]:
    """The contract's fact stands; entries that it leaves without a place are left out, and those that were left out and
    have one now are counted."""
    assert heard.from_on is not None
    try:
        fold.check(account.opened_books, notes.contract_change(heard))
    except PUSHES_TIME_OUT:
        pass
    except Refused as refusal:
        return [_left_out(account, heard, refusal)]
    changed = _contract_event(account.contract_id, heard)
    on = fold.local_date(account.opened_books, heard.known_at)
    events: list[AccountEvent] = [changed]
    after = evolve(account, changed)
    for pushed, reason in list(_pushed_out(after.opened_books, heard.from_on)):
        gone = _as_heard(pushed, heard)
        taken = _take_away(after, gone, True) if gone.entry_id else _uncount_delivery(after, gone)
        after = evolved(after, taken)
        events += [*taken, left := _left_out(account, gone, reason)]
        after = evolve(after, left)
    told = restated(account, after.opened_books, on)
    events += told
    after = evolved(after, told)
    for subject in sorted(account.left_out):
        counted = _once_more(after, account.left_out[subject])
        events += counted
        after = evolved(after, counted)
    events += alerts(after, list(after.stated.values())[-1:], on)
    return [*events, *awaited(after, on)]


def _pushed_out(books: Books, from_on: date) -> Iterator[tuple[notes.Placed, Refused]]:
    for fact in fold.placed(books, from_on):
        try:
            fold.check(books, fact)
        except Refused as refusal:
            yield fact, refusal


def _as_heard(fact: notes.Placed, cause: Heard) -> Heard:
    """What was counted, as if it had come now; known when the change was that pushed it out."""
    if isinstance(fact, notes.EntryNoted):
        return Heard(
            change="logged",
            known_at=max(fact.known_at, cause.known_at),
            fact_hash=cause.fact_hash,
            entry_id=notes.entry_id(fact),
            work=fact.work,
        )
    return Heard(
        change="delivered",
        known_at=max(fact.known_at, cause.known_at),
        fact_hash=cause.fact_hash,
        delivery_id=notes.delivery_id(fact),
        units=fact.units,
        delivered_on=fact.on,
    )


def _once_more(account: Account, heard: Heard) -> list[AccountEvent]:
    """Counted if it has a place now; nothing is told again where it still has none."""
    counted = hear(account, account.contract_id, heard)
    return [] if any(isinstance(event, FactLeftOut) for event in counted) else counted


def _contract_event(contract_id: ContractId, heard: Heard) -> TermsNoted | PauseNoted | EndNoted | RenewalNoted:
    assert heard.from_on is not None
    known_at = heard.known_at
    match heard.change:
        case "terms":
            return TermsNoted(
                contract_id=contract_id,
                patch=heard.patch,
                effective_on=heard.from_on,
                immediately=heard.immediately,
                known_at=known_at,
            )
        case "pause":
            assert heard.to_on is not None
            return PauseNoted(contract_id=contract_id, from_on=heard.from_on, to_on=heard.to_on, known_at=known_at)
        case "end":
            return EndNoted(contract_id=contract_id, ends_on=heard.from_on, known_at=known_at)
        case _:
            return RenewalNoted(contract_id=contract_id, ends_on=heard.from_on, known_at=known_at)


def _left_out(account: Account, heard: Heard, refusal: Refused) -> FactLeftOut:
    return FactLeftOut(
        contract_id=account.contract_id,
        heard=heard,
        reason=refusal.name,
        message=refusal.message,
        field=refusal.field,
    )


def _told(account: Account, after: Books, heard: Heard, start: date | None) -> Figures | None:
    if start is None:
        return None
    return fold.figures(after, start, fold.local_date(after, heard.known_at))


def _consequences(account: Account, after: Books, told: Figures | None, heard: Heard) -> list[AccountEvent]:
    on = fold.local_date(after, heard.known_at)
    others = restated(account, after, on, besides=told.start if told else None)
    figures = [*([told] if told else []), *(one for fact in others for one in fact.figures)]
    events: list[AccountEvent] = [*others, *alerts(account, figures, on)]
    if account.awaited is not None and account.awaited.settles_at is None:
        # The contract is over and its books were at rest: is there something to ask again?
        events += awaited(msgspec.structs.replace(account, books=after), on)
    return events

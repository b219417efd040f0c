"""Appends across streams: a boundary, a release, a cancellation, a payment, a reminder. All of one, or nothing.

An invoice is one append of its account (PeriodSettled, InvoiceIssued), its number's series (NumberTaken) and the
client's ledger (InvoiceBooked). Where two take a number at once, the store lets one through and the other decides again
on what it finds then: no gap, no repeat (R30).
"""

import re
import time
from asyncio import gather
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import heapify, heappop, heappush

import msgspec

from chassis.metrics import Metrics
from chassis.store import Context, Ledger, Store, StoreFull, StoreUnavailable
from services.billing import streams
from services.billing.deciders import ACCOUNT, PAYMENT, RECEIVABLES, SERIES
from services.billing.domain import books as fold
from services.billing.domain.account import settling
from services.billing.domain.account.commands import BeginPeriod, ChargeLateFee, TakeOver
from services.billing.domain.account.state import Account
from services.billing.domain.payment import NotePayment
from services.billing.domain.receivables import BookInvoice, ReceivePayment, RefundBalance, RemindOverdue
from services.billing.domain.series import Series, TakeNumber, series_of
from services.billing.events import InvoiceDrafted, InvoiceIssued, NumberTaken, ReminderDue
from vocabulary.identity import ContractId, DocumentNumber, PaymentId
from vocabulary.money import Minor
from vocabulary.refusal import Kind, Refused

_NUMBER = re.compile(r"(CN-)?(\d{4})-(\d{4,9})")
SETTLEMENT_SECONDS = ("retainer_settlement_seconds", "How long settling one boundary of one contract takes")
IN_FLIGHT = 16
"""Contracts with the same boundary that are settled together: their appends share a commit."""
TRANSIENT = (StoreUnavailable, StoreFull)


class NumberComesAgain(Refused, kind=Kind.CONFLICT):
    """A number that was given by the system before stays unique (R30, R38)."""


@dataclass(frozen=True, slots=True)
class Closed:
    """One boundary that was settled, and the document or draft that came of it."""

    contract_id: str
    boundary: date
    invoice_id: str = ""


@dataclass(slots=True)
class Caught:
    """What catching up came to; `failed` holds up nobody else."""

    closed: list[Closed] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)
    position: int = 0


class Settling:
    def __init__(self, store: Store, metrics: Metrics | None = None) -> None:
        self._store = store
        self._seconds = metrics.histogram(*SETTLEMENT_SECONDS) if metrics is not None else None

    async def catch_up(
        self,
        context: Context,
        contracts: Iterable[tuple[str, str]],
        now: datetime,
        through: date | None = None,
        *,
        punctual: bool = False,
    ) -> Caught:
        """All that is due by `now` (and lies on or before `through`), oldest boundary first, so that numbers follow the
        dates. `contracts` are next boundary (ISO) and id. `punctual`: the issue date is the boundary's own day, as a
        rehearsal tells it."""
        caught = Caught()
        waiting = list(contracts)
        heapify(waiting)
        while waiting:
            together = [heappop(waiting)]
            while waiting and waiting[0][0] == together[0][0] and len(together) < IN_FLIGHT:
                together.append(heappop(waiting))
            turns = [self._turn(context, contract_id, now, through, punctual, caught) for _, contract_id in together]
            for (_, contract_id), outcome in zip(together, await gather(*turns, return_exceptions=True), strict=True):
                if isinstance(outcome, date):
                    heappush(waiting, (outcome.isoformat(), contract_id))
                elif isinstance(outcome, Exception) and not isinstance(outcome, TRANSIENT):
                    caught.failed.append((contract_id, outcome))
                elif isinstance(outcome, BaseException):
                    raise outcome
        return caught

    async def _turn(
        self, context: Context, contract_id: str, now: datetime, through: date | None, punctual: bool, caught: Caught
    ) -> date | None:
        """One boundary in one append; returns the next one if that is due as well. Where none is, what the passing of
        days has moved is stated."""
        stream = streams.account(context.agency, contract_id)
        closed: list[Closed] = []
        following: list[date] = []

        async def turn(ledger: Ledger) -> None:
            closed.clear()
            following.clear()
            found = await close_next(ledger, stream, now, through, punctual=punctual)
            if found is not None:
                closed.append(found)
            account = await ledger.state(ACCOUNT, stream)
            if found is not None and is_due(account, now, through):
                following.append(settling.next_boundary(account))
            else:
                await ledger.decide(ACCOUNT, stream, BeginPeriod(contract_id=ContractId(contract_id), now=now))

        began = time.perf_counter()
        receipt = await self._store.transact(turn, context=context, stream=stream)
        if self._seconds is not None and closed:
            self._seconds.observe(time.perf_counter() - began)
        caught.closed += closed
        caught.position = max(caught.position, receipt.position)
        return following[0] if following else None


def is_due(account: Account, now: datetime, through: date | None) -> bool:
    """Whether the next boundary lies on or before `through`, and its cut-off has passed."""
    boundary = settling.next_boundary(account)
    return (through is None or boundary <= through) and now >= fold.cut_off(account.opened_books, boundary)


async def close_next(
    ledger: Ledger, stream: str, now: datetime, through: date | None, *, punctual: bool
) -> Closed | None:
    """The next boundary that is due; None where none is. By command (`through`), `TakeOverAwaited` where the books wait
    for what a running retainer brings along (R38); the scheduler lets them wait."""
    account = await ledger.state(ACCOUNT, stream)
    if not is_due(account, now, through):
        return None
    if account.awaits_take_over and through is None:
        return None
    if account.awaits_take_over:
        raise settling.TakeOverAwaited(
            f"it is to be taken over on {account.terms_of_contract.taken_over_on}: say what it brings along (TakeOver)"
        )
    books = account.opened_books
    boundary = settling.next_boundary(account)
    settlement = settling.settle(account, now)
    await ledger.record(stream, settlement.facts)
    invoice_id = ""
    if settlement.draft is not None:
        draft = settling.drafted(account, settlement)
        if settlement.waits_for_release:
            await ledger.record(stream, [draft])
            invoice_id = streams.draft_id(account.contract_id, boundary)
        else:
            issued_on = fold.issue_day(books, boundary) if punctual else fold.local_date(books, now)
            invoice_id = (await issue(ledger, stream, draft, issued_on)).number
        ledger.names.append(f"invoices/{invoice_id}")
    await _state_calendar(ledger, stream, now)
    return Closed(str(account.contract_id), boundary, str(invoice_id))


async def issue(
    ledger: Ledger,
    stream: str,
    draft: InvoiceDrafted,
    issued_on: date,
    *,
    released: bool = False,
    cancels: DocumentNumber | None = None,
    replaces: DocumentNumber | None = None,
) -> InvoiceIssued:
    """Number, document and booking."""
    agency = ledger.context.agency
    account = await ledger.state(ACCOUNT, stream)
    series = series_of(draft.gross)
    taken = await ledger.decide(
        SERIES,
        streams.series(agency, series, issued_on.year),
        TakeNumber(series, issued_on.year, draft.contract_id),
    )
    [number] = [fact.number for fact in taken if isinstance(fact, NumberTaken)]
    document = msgspec.structs.replace(
        settling.issued(account, draft, number, issued_on), released=released, cancels=cancels, replaces=replaces
    )
    await ledger.record(stream, [document])
    await book(ledger, account, document)
    return document


async def book(ledger: Ledger, account: Account, document: InvoiceIssued) -> None:
    booking = BookInvoice(
        client_id=document.client_id,
        currency=document.currency,
        number=document.number,
        contract_id=document.contract_id,
        gross=document.gross,
        issued_on=document.issued_on,
        due_on=document.due_on,
        time_zone=account.terms_of_contract.time_zone,
        cancels=document.cancels,
    )
    stream = streams.receivables(ledger.context.agency, document.client_id, document.currency)
    await ledger.decide(RECEIVABLES, stream, booking)


async def release(ledger: Ledger, stream: str, boundary: date, now: datetime) -> InvoiceIssued:
    """A draft gets its number today (R28)."""
    account = await ledger.state(ACCOUNT, stream)
    draft = settling.released(account, boundary)
    document = await issue(ledger, stream, draft, fold.local_date(account.opened_books, now), released=True)
    ledger.names.append(f"invoices/{document.number}")
    return document


async def cancel(ledger: Ledger, stream: str, number: str, now: datetime, *, write_off: bool) -> None:
    """A credit note that names the document; in the same step its replacement, or nothing more (R30)."""
    account = await ledger.state(ACCOUNT, stream)
    document = settling.cancellable(account, number)
    today = fold.local_date(account.opened_books, now)
    if write_off:
        facts, account = settling.write_off(account, document, today, now)
        await ledger.record(stream, facts)
        reversal = settling.replacement(account, document) or settling.reversal(account, document)
    else:
        reversal = settling.reversal(account, document)
    credit_note = await issue(ledger, stream, reversal, today, cancels=document.number)
    ledger.names.append(f"invoices/{credit_note.number}")
    if not write_off:
        replacement = settling.replacement(await ledger.state(ACCOUNT, stream), document)
        if replacement is not None:
            replacing = await issue(ledger, stream, replacement, today, replaces=document.number)
            ledger.names.append(f"invoices/{replacing.number}")
    await _state_calendar(ledger, stream, now)


async def receive(ledger: Ledger, command: ReceivePayment) -> None:
    """Money comes in, once by its external id (R32)."""
    agency = ledger.context.agency
    noted = await ledger.decide(
        PAYMENT,
        streams.payment(agency, command.payment_id),
        NotePayment(
            payment_id=command.payment_id,
            client_id=command.client_id,
            currency=command.currency,
            amount=command.amount,
        ),
    )
    if noted:
        await ledger.decide(RECEIVABLES, streams.receivables(agency, command.client_id, command.currency), command)


async def refund(ledger: Ledger, command: RefundBalance) -> None:
    agency = ledger.context.agency
    noted = await ledger.decide(
        PAYMENT,
        streams.payment(agency, command.refund_id),
        NotePayment(
            payment_id=PaymentId(command.refund_id),
            client_id=command.client_id,
            currency=command.currency,
            amount=Minor(-command.amount),
        ),
    )
    if noted:
        await ledger.decide(RECEIVABLES, streams.receivables(agency, command.client_id, command.currency), command)


async def remind(ledger: Ledger, command: RemindOverdue) -> Sequence[ReminderDue]:
    """Reminders that are due; what they cost goes onto the account of the contract (R33)."""
    agency = ledger.context.agency
    stream = streams.receivables(agency, command.client_id, command.currency)
    owed = await ledger.state(RECEIVABLES, stream)
    decided = await ledger.decide(RECEIVABLES, stream, command)
    reminders = [fact for fact in decided if isinstance(fact, ReminderDue)]
    for reminder in reminders:
        if reminder.late_fee:
            contract_id = owed.dues[reminder.number].booked.contract_id
            fee = ChargeLateFee(
                contract_id=contract_id,
                number=reminder.number,
                step=reminder.step,
                amount=reminder.late_fee,
                on=reminder.on,
                now=command.now,
            )
            await ledger.decide(ACCOUNT, streams.account(agency, contract_id), fee)
    return reminders


async def _state_calendar(ledger: Ledger, stream: str, now: datetime) -> None:
    account = await ledger.state(ACCOUNT, stream)
    await ledger.record(stream, settling.calendar_after(account, now))


async def take_over(ledger: Ledger, stream: str, command: TakeOver) -> None:
    """R38: what was left goes onto the account, what is open into the client's ledger."""
    agency = ledger.context.agency
    account = await ledger.state(ACCOUNT, stream)
    for place, document in enumerate(command.open):
        await _never_given_again(ledger, document.number, f"open[{place}].number")
    await ledger.decide(ACCOUNT, stream, command)
    agreement = account.terms_of_contract
    for document in command.open:
        booking = BookInvoice(
            client_id=account.client_id,
            currency=agreement.currency,
            number=document.number,
            contract_id=account.contract_id,
            gross=document.open,
            issued_on=document.issued_on,
            due_on=document.due_on,
            time_zone=agreement.time_zone,
            taken_over=True,
        )
        ledger_stream = streams.receivables(agency, account.client_id, agreement.currency)
        await ledger.decide(RECEIVABLES, ledger_stream, booking)
    await _state_calendar(ledger, stream, command.now)


async def _never_given_again(ledger: Ledger, number: str, field: str) -> None:
    """A number of the system before must not come again here: the series goes on behind it first (SetNextNumber)."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return
    kind = Series.CREDIT_NOTES if found[1] else Series.INVOICES
    numbering = await ledger.state(SERIES, streams.series(ledger.context.agency, kind, int(found[2])))
    if numbering.next <= int(found[3]):
        raise NumberComesAgain(
            f"{number} would be given here once more: set the next number of {found[2]} first (SetNextNumber)",
            field=field,
        )

"""Boundaries on the real store: one append across account, series and ledger; exactly one document, and no gap."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest

from chassis.auth import Role
from chassis.call import Call
from chassis.store import TrackingMoved
from services.billing.domain.account.settling import CreditNoteNotCancelled, InvoiceCancelled
from services.billing.domain.account.state import AccountNotOpen
from services.billing.domain.receivables import RemindOverdue
from services.billing.events import (
    AmountWrittenOff,
    InvoiceBooked,
    InvoiceDrafted,
    InvoiceIssued,
    LateFeeCharged,
    NumberTaken,
    PeriodSettled,
    ReminderStep,
    ThresholdReached,
    ThresholdsSet,
)
from services.billing.settling import NumberComesAgain, Settling, remind
from services.contracts import events as contracts
from services.timelog import events as timelog
from tests.billing.account.sentences import agreement, hours
from tests.billing.rehearsal import ACME, WEB, Office, at
from vocabulary.identity import ClientId, EntryId, PersonId
from vocabulary.money import Minor
from vocabulary.terms import Agreement
from wire.retainer.billing.v1 import account_pb2, boundary_pb2, invoice_pb2, payment_pb2

STANDARD = {"category": "standard", "rate_ppm": 190_000}


async def close(office: Office, through: date, now: datetime | None = None, contract: str = WEB, **call: Any) -> Any:
    await office.seen()
    request = boundary_pb2.CloseBoundariesRequest(
        through={"year": through.year, "month": through.month, "day": through.day},  # type: ignore[arg-type]  # as dict
        contract=f"contracts/{contract}" if contract else "",
    )
    reply = await office.boundaries.CloseBoundaries(request, office.call(now or at(through, 0), **call))
    await office.seen()
    return reply


async def log(office: Office, entry_id: str, on: date, worked: int, known_at: datetime | None = None) -> None:
    work = timelog.Work(
        contract_id=WEB,
        person_id=PersonId("anna"),
        worked=worked * 60,  # type: ignore[arg-type]  # seconds
        worked_on=on,
    )
    await office.hear(timelog.TimeLogged(entry_id=EntryId(entry_id), work=work, approved=True), known_at or at(on))


async def issued(office: Office) -> list[InvoiceIssued]:
    return await office.facts(InvoiceIssued)


async def test_a_boundary_is_one_append_of_account_series_and_ledger(nord: Office):
    await nord.activate(hours(10, tax=STANDARD))
    await close(nord, date(2026, 1, 1))
    page = await nord.store.read_log(0, 500)
    of_boundary = [
        fact for fact in page if isinstance(fact.event, PeriodSettled | NumberTaken | InvoiceIssued | InvoiceBooked)
    ]
    assert [type(fact.event) for fact in of_boundary] == [PeriodSettled, NumberTaken, InvoiceIssued, InvoiceBooked]
    assert len({fact.recorded_at for fact in of_boundary}) == 1
    [invoice] = await issued(nord)
    assert (invoice.number, invoice.gross, invoice.due_on) == ("2026-0001", 119_000, date(2026, 1, 15))


async def test_closing_again_changes_nothing(nord: Office):
    await nord.activate(hours(10))
    first = await close(nord, date(2026, 2, 1))
    assert [one.invoice for one in first.settled] == ["invoices/2026-0001", "invoices/2026-0002"]
    position = nord.store.position
    assert list((await close(nord, date(2026, 2, 1))).settled) == []
    assert nord.store.position == position


async def test_a_late_run_asks_what_a_punctual_one_did(nord: Office):  # R27
    # January 12:00 of 10:00: 200.00 over; two hours more, known on 02-03 when Feb 1 should have been settled: +200.00
    await nord.activate(hours(10))
    await log(nord, "e1", date(2026, 1, 10), 12 * 60)
    await log(nord, "e2", date(2026, 1, 20), 2 * 60, known_at=at(date(2026, 2, 3)))
    await close(nord, date(2026, 3, 1))
    overage = [[line.amount for line in one.lines if line.kind == "overage"] for one in await issued(nord)]
    assert overage == [[], [20_000], [20_000]]


async def test_out_of_a_rehearsal_the_issue_date_is_the_day_of_issue(nord: Office):  # R28
    await nord.activate(hours(10))
    await close(nord, date(2026, 1, 1), now=at(date(2026, 1, 9)), rehearsed=False)
    [invoice] = await issued(nord)
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 1, 9), date(2026, 1, 23))


async def test_what_is_not_due_yet_is_left_alone(nord: Office):
    await nord.activate(hours(10))
    assert list((await close(nord, date(2026, 3, 1), now=at(date(2025, 12, 31)))).settled) == []


async def test_eight_issuers_at_once_leave_no_gap_and_no_repeat(nord: Office):  # R30
    agreed = hours(10)
    for number in range(24):
        await nord.activate(agreed, f"web-{number}", f"client-{number % 5}")
    now = at(date(2026, 4, 1), 0)
    settling = Settling(nord.store)

    async def issue(part: int) -> None:
        mine = [("2026-01-01", f"web-{number}") for number in range(24) if number % 8 in (part, (part + 1) % 8)]
        await settling.catch_up(nord.call(now).context, mine, now)

    await asyncio.gather(*(issue(part) for part in range(8)))
    numbers = [one.number for one in await issued(nord)]
    assert sorted(numbers) == [f"2026-{place:04}" for place in range(1, 24 * 4 + 1)]
    assert len({(one.contract_id, one.boundary) for one in await issued(nord)}) == 24 * 4


async def test_numbers_follow_the_dates_across_contracts(nord: Office):
    for contract_id in ("b", "a"):
        await nord.activate(hours(10), contract_id)
    await close(nord, date(2026, 2, 1), contract="")
    assert [(one.number, one.contract_id, one.boundary.month) for one in await issued(nord)] == [
        ("2026-0001", "a", 1),
        ("2026-0002", "b", 1),
        ("2026-0003", "a", 2),
        ("2026-0004", "b", 2),
    ]


async def test_a_new_year_begins_at_one(nord: Office):  # R30
    await nord.activate(hours(10, starts_on="2026-12-01"))
    await close(nord, date(2027, 1, 1))
    assert [one.number for one in await issued(nord)] == ["2026-0001", "2027-0001"]


async def test_a_draft_has_no_number_until_it_is_released(nord: Office):  # R28
    await nord.activate(hours(10, invoicing={"after_days": 5, "release": "manual"}))
    await close(nord, date(2026, 1, 1), now=at(date(2026, 1, 6), 0))
    assert await issued(nord) == []
    [drafted] = await nord.facts(InvoiceDrafted)
    assert drafted.gross == 100_000
    name = "invoices/draft.web.2026-01-01"
    shown = await nord.invoices.GetInvoice(invoice_pb2.GetInvoiceRequest(name=name), nord.call(at(date(2026, 1, 6))))
    assert (shown.number, shown.state) == ("", invoice_pb2.Invoice.STATE_DRAFT)
    request = invoice_pb2.ReleaseInvoiceRequest(name=name, request_id="r1")
    reply = await nord.invoices.ReleaseInvoice(request, nord.call(at(date(2026, 1, 20)), request_id="r1"))
    await nord.seen()
    assert list(reply.receipt.created) == ["invoices/2026-0001"]
    [invoice] = await issued(nord)
    assert (invoice.issued_on, invoice.boundary, invoice.lines) == (date(2026, 1, 20), date(2026, 1, 1), drafted.lines)
    # What the draft asked is not asked again at the next boundary (R27): February's fee alone.
    await close(nord, date(2026, 2, 1), now=at(date(2026, 2, 6), 0))
    assert [line.period.month for one in await nord.facts(InvoiceDrafted) for line in one.lines] == [1, 2]


async def cancelled(office: Office, number: str, call: Call, write_off: bool = False) -> list[str]:
    request = invoice_pb2.CancelInvoiceRequest(name=f"invoices/{number}", write_off=write_off)
    reply = await office.invoices.CancelInvoice(request, call)
    await office.seen()
    return list(reply.receipt.created)


async def test_a_cancelled_invoice_is_replaced_in_the_same_step(nord: Office):  # R30
    await nord.activate(hours(10, tax=STANDARD))
    await close(nord, date(2026, 1, 1))
    created = await cancelled(nord, "2026-0001", nord.call(at(date(2026, 1, 5))))
    assert created == ["invoices/CN-2026-0001", "invoices/2026-0002"]
    first, note, second = await issued(nord)
    assert (note.cancels, note.gross, note.net, note.tax) == ("2026-0001", -119_000, -100_000, -19_000)
    assert (second.replaces, second.gross) == ("2026-0001", 119_000)
    assert first.lines[0].amount == -note.lines[0].amount
    balance = await nord.payments.GetBalance(
        payment_pb2.GetBalanceRequest(client="clients/acme", currency="EUR"), nord.call(at(date(2026, 1, 5)))
    )
    assert (balance.open.units, balance.credit.units) == (1190, 0)
    with pytest.raises(InvoiceCancelled):
        await cancelled(nord, "2026-0001", nord.call(at(date(2026, 1, 5))))
    with pytest.raises(CreditNoteNotCancelled):
        await cancelled(nord, "CN-2026-0001", nord.call(at(date(2026, 1, 5))))


async def test_an_amount_written_off_enters_the_statement_as_a_credit(nord: Office):  # R30
    await nord.activate(hours(10, tax=STANDARD))
    await close(nord, date(2026, 1, 1))
    created = await cancelled(nord, "2026-0001", nord.call(at(date(2026, 1, 5))), write_off=True)
    assert created == ["invoices/CN-2026-0001"]
    _, note = await issued(nord)
    assert [(line.kind, line.amount) for line in note.lines] == [("credit", -100_000)]
    assert (note.cancels, note.gross) == ("2026-0001", -119_000)
    assert len(await nord.facts(AmountWrittenOff)) == 1
    # Nothing of it comes again: February's fee alone (R27).
    await close(nord, date(2026, 2, 1))
    assert [line.kind for line in (await issued(nord))[-1].lines] == ["fee"]
    # R27: 1000.00 - 1000.00 + 1000.00 is the sum of the statements' charges
    assert sum(one.net for one in await issued(nord)) == 100_000


async def test_after_the_end_books_rest_until_something_changes(nord: Office):  # R27
    await nord.activate(hours(10, ends_on="2026-02-01"))
    await log(nord, "e1", date(2026, 1, 10), 11 * 60)
    await close(nord, date(2026, 2, 1))
    assert [row["settles_at"] for row in await nord.parts.views.query("SELECT settles_at FROM {calendar}")] == ["9999"]
    await log(nord, "e2", date(2026, 1, 11), 60, known_at=at(date(2026, 2, 10)))
    await nord.seen()
    rows = await nord.parts.views.query("SELECT settles_at, settles_on FROM {calendar}")
    assert [(row["settles_on"], row["settles_at"][:10]) for row in rows] == [("2026-03-01", "2026-02-28")]
    await close(nord, date(2026, 3, 1))
    assert [(line.kind, line.amount, line.correction) for line in (await issued(nord))[-1].lines] == [
        ("overage", 10_000, True)
    ]


async def test_a_late_fee_is_a_line_of_the_next_invoice(nord: Office):  # R33: 5.00, outside the scope of tax
    await nord.activate(hours(10, tax=STANDARD))
    await close(nord, date(2026, 1, 1))
    now = at(date(2026, 1, 18))
    command = RemindOverdue(
        client_id=ClientId(ACME),
        currency="EUR",
        now=now,
        steps=(ReminderStep(days=3, late_fee=Minor(500), currency="EUR"),),
    )
    stream = f"{nord.agency}/receivables/acme-EUR"
    for _ in range(2):  # at least once
        await nord.store.transact(lambda ledger: remind(ledger, command), context=nord.call(now).context, stream=stream)
    assert len(await nord.facts(LateFeeCharged)) == 1
    await close(nord, date(2026, 2, 1))
    lines = {line.kind: line for line in (await issued(nord))[-1].lines}
    assert (lines["late_fee"].amount, lines["late_fee"].tax_category) == (500, "outside_scope")


async def take_over(office: Office, **more: Any) -> Any:
    request = account_pb2.TakeOverRequest(
        contract="contracts/web",
        on={"year": 2026, "month": 6, "day": 1},  # type: ignore[arg-type]  # as dict
        buckets=[
            {"period": {"year": 2026, "month": 5, "day": 1}, "left": {"time": {"seconds": 7200}}, "periods_left": 1}
        ],  # type: ignore[list-item]  # as dict
        **more,
    )
    reply = await office.accounts.TakeOver(request, office.call(at(date(2026, 5, 20))))
    await office.seen()
    return reply


OLD = {
    "number": "2026-0017",
    "issued_on": {"year": 2026, "month": 5, "day": 1},
    "due_on": {"year": 2026, "month": 5, "day": 15},
    "open": {"currency_code": "EUR", "units": 595},
}


async def test_a_running_retainer_is_taken_over_with_what_was_left_and_owed(nord: Office):  # R38
    await nord.activate(hours(10, rollover={"cap": 300}), known_at=at(date(2026, 5, 19)))
    with pytest.raises(NumberComesAgain):
        await take_over(nord, open=[OLD])
    await nord.accounts.SetNextNumber(
        account_pb2.SetNextNumberRequest(series=account_pb2.SetNextNumberRequest.SERIES_INVOICES, year=2026, next=18),
        nord.call(at(date(2026, 5, 20))),
    )
    await take_over(nord, open=[OLD])
    await close(nord, date(2026, 6, 1))
    [invoice] = await issued(nord)
    assert (invoice.number, [line.period.month for line in invoice.lines]) == ("2026-0018", [6])
    periods = await nord.parts.views.query("SELECT starts_on, figures FROM {budget_periods} ORDER BY starts_on")
    assert [row["starts_on"] for row in periods] == ["2026-06-01"]
    assert '"carried":120' in periods[0]["figures"]
    receivables = await nord.payments.ListReceivables(
        payment_pb2.ListReceivablesRequest(), nord.call(at(date(2026, 6, 20)))
    )
    [owed] = receivables.receivables
    assert (owed.balance.open.units, owed.days_31_to_60.units, owed.days_1_to_30.units) == (1595, 595, 1000)


async def test_a_guest_decides_on_overage_of_his_own_client_alone(nord: Office):  # R18
    await nord.activate(hours(10, overage={"policy": "approve", "rate": 10_000}))
    request = account_pb2.ApproveOverageRequest(
        contract="contracts/web",
        period={"year": 2026, "month": 1, "day": 1},  # type: ignore[arg-type]  # as dict
        approved={"time": {"seconds": 3600}},  # type: ignore[arg-type]  # as dict
    )
    guest = nord.call(at(date(2026, 1, 5)), role=Role.GUEST, client_id="acme")
    await nord.accounts.ApproveOverage(request, guest)
    stranger = nord.call(at(date(2026, 1, 5)), role=Role.GUEST, client_id="other")
    with pytest.raises(AccountNotOpen):  # as of a contract that is none
        await nord.accounts.ApproveOverage(request, stranger)


async def test_the_contract_heard_twice_is_one_account(nord: Office):  # at least once
    agreed: Agreement = agreement(fee={"amount": 1000})
    fact = nord.incoming(
        contracts.ContractActivated(contract_id=WEB, client_id=ACME, title="Website", agreement=agreed),
        at(date(2026, 1, 1), 0),
    )
    await nord.take_in(fact)
    position = nord.store.position
    with pytest.raises(TrackingMoved):
        await nord.take_in(fact)
    assert nord.store.position == position


async def test_reminders_by_command_are_told_once(nord: Office):  # R33: due 01-15, so 01-18
    await nord.activate(hours(10, tax=STANDARD))
    await nord.activate(hours(10), "app", "other")
    await close(nord, date(2026, 1, 1), contract="")
    call = nord.call(at(date(2026, 1, 18)), request_id="r1")
    request = payment_pb2.RemindOverdueRequest(request_id="r1")
    dry = await nord.payments.RemindOverdue(payment_pb2.RemindOverdueRequest(validate_only=True), call)
    reply = await nord.payments.RemindOverdue(request, call)
    told = [("invoices/2026-0001", 1), ("invoices/2026-0002", 1)]
    assert sorted((one.invoice, one.step) for one in dry.reminders) == told
    assert sorted((one.invoice, one.step) for one in reply.reminders) == told
    await nord.seen()
    again = await nord.payments.RemindOverdue(request, nord.call(at(date(2026, 1, 19))))
    assert list(again.reminders) == []


async def test_a_contract_may_have_thresholds_of_its_own(nord: Office):  # R36: 80 % of 10:00 is 8:00
    await nord.activate(hours(10))
    request = account_pb2.SetThresholdsRequest(contract="contracts/web", percents=[80])
    for _ in range(2):
        await nord.accounts.SetThresholds(request, nord.call(at(date(2026, 1, 2))))
    await log(nord, "e1", date(2026, 1, 5), 7 * 60 + 59)
    await log(nord, "e2", date(2026, 1, 6), 1)
    assert [fact.percent for fact in await nord.facts(ThresholdReached)] == [80]
    assert len(await nord.facts(ThresholdsSet)) == 1

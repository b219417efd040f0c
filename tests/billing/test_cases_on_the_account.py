"""Every case file through billing's own store, reactions, settlement and views: what GetBudget and ListInvoices answer
must be what the file expects."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from google.type.date_pb2 import Date
from msgspec import UNSET

from messages.amounts import minor_of, money_of
from messages.dates import date_of
from retainer.case_facts import (
    Approval,
    Block,
    CaseFact,
    Correction,
    Credit,
    Deletion,
    Delivery,
    End,
    Entry,
    OverageApproval,
    OverageDecline,
    Pause,
    Payment,
    Terms,
)
from retainer.case_file import Case, read
from services.contracts import events as contracts
from services.timelog import events as timelog
from tests.billing.rehearsal import ACME, WEB, Office, office
from vocabulary.calendar import first_instant, zone
from vocabulary.duration import clock
from vocabulary.money import decimal_text, digits
from wire.retainer.billing.v1 import account_pb2, boundary_pb2, budget_pb2, invoice_pb2, payment_pb2
from wire.retainer.billing.v1.figures_pb2 import Measured

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "tests" / "cases", ROOT.parent / "shared" / "cases")
FILES = sorted(
    path
    for folder in FOLDERS
    if folder.is_dir()
    for path in folder.glob("*.yaml")
    if "refused:" not in path.read_text()  # what must be refused is no story for billing
)
DAY = timedelta(days=1)


class Story:
    """One case file told to billing, fact by fact, in the order in which they became known."""

    def __init__(self, case: Case, told_to: Office) -> None:
        self.case, self.office = case, told_to
        self.zone = zone(case.time_zone)
        self.works: dict[str, timelog.Work] = {}
        self.next: date | None = None

    async def tell(self) -> None:
        starts_on = date.fromisoformat(self.case.agreement.starts_on)
        first = min([starts_on, self.case.until, *(fact.known for fact in self.case.facts)]) - DAY
        self.now = first_instant(first, self.zone)
        await self.office.activate(self.case.agreement, known_at=self.now)
        early = [fact for fact in self.case.in_order() if fact.known < self.case.until]
        for fact in early:
            await self.settle(fact.known)
            await self.note(fact)
        await self.settle(self.case.until + DAY)
        self.rows = await self.periods()
        for fact in self.case.in_order()[len(early) :]:
            await self.note(fact)

    async def settle(self, known: date) -> None:
        await self.look_ahead()
        while self.next is not None and self.next <= min(known, self.case.until):
            self.now = first_instant(self.next, self.zone)
            request = boundary_pb2.CloseBoundariesRequest(through=_date(self.next), contract="contracts/web")
            reply = await self.office.boundaries.CloseBoundaries(request, self.office.call(self.now))
            assert not reply.unsettled, reply.unsettled
            before = self.next
            await self.look_ahead()
            assert self.next is None or self.next > before

    async def look_ahead(self) -> None:
        budget = await self.budget(None)
        self.next = date_of(budget.next_boundary, "") if budget.HasField("next_boundary") else None

    async def budget(self, on: date | None) -> budget_pb2.Budget:
        await self.office.seen()
        request = budget_pb2.GetBudgetRequest(contract="contracts/web", on=_date(on) if on else None)
        return await self.office.budgets.GetBudget(request, self.office.call(self.now))

    async def periods(self) -> list[dict[str, Any]]:
        budget = await self.budget(self.case.until)
        return [
            {
                "start": date_of(period.start, "").isoformat(),
                "end": date_of(period.end, "").isoformat(),
                **{name: _text(getattr(period, name), self.case.currency) for name in FIGURES},
            }
            for period in budget.periods
        ]

    async def invoices(self) -> list[dict[str, Any]]:
        await self.office.seen()
        reply = await self.office.invoices.ListInvoices(
            invoice_pb2.ListInvoicesRequest(page_size=1000), self.office.call(self.now)
        )
        return [
            {
                "number": invoice.number,
                "issued_on": date_of(invoice.issued_on, "").isoformat(),
                "due_on": date_of(invoice.due_on, "").isoformat(),
                "lines": [
                    {
                        "kind": line.kind,
                        "period": date_of(line.period, "").isoformat(),
                        "amount": _money(line.amount, self.case.currency),
                    }
                    for line in invoice.lines
                ],
                **{
                    name: _money(getattr(invoice, name), self.case.currency) for name in ("net", "tax", "gross", "open")
                },
            }
            for invoice in reply.invoices
        ]

    async def note(self, fact: CaseFact) -> None:
        self.now = first_instant(fact.known + DAY, self.zone) - timedelta(seconds=1)
        event = self.event(fact)
        if event is not None:
            await self.office.hear(event, self.now)
        else:
            await self.call(fact)
        left_out = await self.office.accounts.ListLeftOut(
            account_pb2.ListLeftOutRequest(contract="contracts/web"), self.office.call(self.now)
        )
        assert not left_out.left_out, left_out

    def event(self, fact: CaseFact) -> Any:
        contract = {"contract_id": WEB, "client_id": ACME}
        match fact:
            case Entry():
                work = self.works[fact.id] = timelog.Work(
                    contract_id=WEB,
                    person_id=fact.person,  # type: ignore[arg-type]  # the file's own name
                    worked=fact.worked,
                    started_at=fact.at,
                    worked_on=fact.on,
                    role=self.case.people.get(fact.person, ""),
                    task=fact.task,
                    billable=fact.billable,
                    rate=fact.rate,
                )
                return timelog.TimeLogged(entry_id=fact.id, work=work, approved=True)  # type: ignore[arg-type]
            case Correction():
                work = self.works[fact.id] = _corrected(self.works[fact.id], fact, self.case)
                return timelog.TimeCorrected(entry_id=fact.id, work=work, approved=True)  # type: ignore[arg-type]
            case Deletion(kind="entry"):
                return timelog.TimeDeleted(entry_id=fact.id, contract_id=WEB)  # type: ignore[arg-type]
            case Approval():
                return timelog.TimeApproved(entry_id=fact.id, contract_id=WEB)  # type: ignore[arg-type]
            case Delivery():
                return timelog.Delivered(
                    delivery_id=fact.id,
                    contract_id=WEB,
                    units=fact.units,
                    delivered_on=fact.on,  # type: ignore[arg-type]
                )
            case Deletion(kind="delivery"):
                return timelog.DeliveryWithdrawn(delivery_id=fact.id, contract_id=WEB)  # type: ignore[arg-type]
            case Terms():
                return contracts.TermsChanged(
                    **contract, patch=fact.patch, effective_on=fact.from_on, immediately=fact.immediately
                )
            case Pause():
                return contracts.ContractPaused(**contract, from_on=fact.from_on, to_on=fact.to_on)
            case End():
                return contracts.EndAgreed(**contract, ends_on=fact.on)
        return None

    async def call(self, fact: CaseFact) -> None:
        call, currency = self.office.call(self.now), self.case.currency
        accounts, payments = self.office.accounts, self.office.payments
        match fact:
            case Block():
                await accounts.BuyBlock(
                    account_pb2.BuyBlockRequest(
                        block_id=fact.id,
                        contract="contracts/web",
                        hours={"seconds": fact.minutes * 60},
                        price=_amount(fact.price, currency),
                        bought_on=_date(fact.on),
                        expires_on=_date(fact.expires_on) if fact.expires_on else None,
                    ),
                    call,
                )
            case Credit():
                await accounts.GiveCredit(
                    account_pb2.GiveCreditRequest(
                        credit_id=fact.id,
                        contract="contracts/web",
                        amount=_amount(fact.amount, currency),
                        on=_date(fact.on),
                        why=fact.why,
                    ),
                    call,
                )
            case Deletion(kind="block"):
                name = f"contracts/web/blocks/{fact.id}"
                await accounts.WithdrawBlock(account_pb2.WithdrawBlockRequest(name=name), call)
            case Deletion(kind="credit"):
                name = f"contracts/web/credits/{fact.id}"
                await accounts.WithdrawCredit(account_pb2.WithdrawCreditRequest(name=name), call)
            case OverageApproval():
                approved = {
                    "hours": lambda: Measured(time={"seconds": fact.quantity * 60}),
                    "amount": lambda: Measured(amount=_amount(fact.quantity, currency)),
                    "units": lambda: Measured(units=fact.quantity),
                }[fact.measure]()
                request = account_pb2.ApproveOverageRequest(
                    contract="contracts/web", period=_date(fact.period), approved=approved
                )
                await accounts.ApproveOverage(request, call)
            case OverageDecline():
                declined = account_pb2.DeclineOverageRequest(contract="contracts/web", period=_date(fact.period))
                await accounts.DeclineOverage(declined, call)
            case Payment():
                await self.office.seen()
                await payments.RecordPayment(
                    payment_pb2.RecordPaymentRequest(
                        payment_id=fact.id,
                        client="clients/acme",
                        amount=_amount(fact.amount, currency),
                        paid_on=_date(fact.on),
                        invoice=f"invoices/{fact.invoice}" if fact.invoice else "",
                    ),
                    call,
                )
            case _:
                raise AssertionError(f"{fact} was not told")


FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_service_answers_what_the_file_expects(path: Path):
    case = read(path)
    async with office() as told_to:
        story = Story(case, told_to)
        await story.tell()
        _same(story.rows, case.expect.get("periods"), case.currency)
        _same(await story.invoices(), case.expect.get("invoices"), case.currency)


def _same(found: list[dict[str, Any]], expected: Any, currency: str) -> None:
    if expected is None:
        return
    assert len(found) == len(expected), [found, expected]
    for one, wanted in zip(found, expected, strict=True):
        for key, value in wanted.items():
            if key == "lines":
                _same(one["lines"], value, currency)
            else:
                assert one[key] == _wanted(value, currency), (key, one, wanted)


def _wanted(value: Any, currency: str) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _corrected(work: timelog.Work, fact: Correction, case: Case) -> timelog.Work:
    changes: dict[str, Any] = {
        "worked": fact.worked,
        "task": fact.task,
        "billable": fact.billable,
        "rate": fact.rate,
        "person_id": fact.person,
    }
    if fact.person is not UNSET:
        changes["role"] = case.people.get(str(fact.person), "")
    if fact.at is not UNSET:
        changes |= {"started_at": fact.at, "worked_on": None}
    if fact.on is not UNSET:
        changes |= {"worked_on": fact.on, "started_at": None}
    return msgspec.structs.replace(work, **{key: value for key, value in changes.items() if value is not UNSET})


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)


def _amount(minor: int, currency: str) -> Any:
    return money_of(minor, currency)


def _money(message: Any, currency: str) -> str:
    return decimal_text(minor_of(message, currency, ""), currency)


def _text(message: Measured, currency: str) -> str:
    match message.WhichOneof("measured"):
        case "time":
            return clock(message.time.seconds // 60)
        case "amount":
            return _money(message.amount, currency)
        case _:
            assert digits(currency) >= 0
            return str(message.units)

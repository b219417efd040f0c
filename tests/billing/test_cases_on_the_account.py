"""Every case file through billing's own store, reactions, settlement and views: what GetBudget and ListInvoices answer
must be what the file expects."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from google.type.date_pb2 import Date

from messages.amounts import minor_of, money_of
from messages.dates import date_of
from retainer import case_told as told
from retainer.case_check import differences
from retainer.case_file import Case, read
from retainer.case_requests import in_order
from services.contracts import events as contracts
from services.timelog import events as timelog
from tests.billing.rehearsal import ACME, WEB, Office, office
from vocabulary.calendar import first_instant, zone
from vocabulary.duration import clock
from vocabulary.money import decimal_text
from wire.retainer.billing.v1 import account_pb2, boundary_pb2, budget_pb2, invoice_pb2, payment_pb2
from wire.retainer.billing.v1.figures_pb2 import Measured

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "tests" / "cases", ROOT.parent / "shared" / "cases")
ELSEWHERE = ("refused:", "renews:", "budget:", "reminders:", "taken_over:", "trial:", "invoicing:")
"""What must be refused is no story for billing; renewals are decided by contracts; the rest has tests of its own."""
FILES = sorted(
    path
    for folder in FOLDERS
    if folder.is_dir()
    for path in folder.glob("*.yaml")
    if not any(key in path.read_text() for key in ELSEWHERE)
)
DAY = timedelta(days=1)


class Story:
    """One case file told to billing, fact by fact, in the order in which they became known."""

    def __init__(self, case: Case, told_to: Office) -> None:
        self.case, self.office = case, told_to
        self.zone = zone(case.time_zone)
        self.works: dict[str, timelog.Work] = {}
        self.deliveries: set[str] = set()
        self.kinds: dict[str, str] = {}
        self.next: date | None = None

    async def tell(self) -> None:
        starts_on = date.fromisoformat(self.case.agreement.starts_on)
        first = min([starts_on, self.case.until, *(fact.known for fact in self.case.facts)]) - DAY
        self.now = first_instant(first, self.zone)
        await self.office.activate(self.case.agreement, known_at=self.now)
        early = [fact for fact in in_order(self.case) if fact.known < self.case.until]
        for fact in early:
            await self.settle(fact.known)
            await self.note(fact)
        await self.settle(self.case.until + DAY)
        self.rows = await self.periods()
        for fact in in_order(self.case)[len(early) :]:
            await self.note(fact)

    async def settle(self, known: date) -> None:
        await self.look_ahead()
        while self.next is not None and self.next <= min(known, self.case.until):
            self.now = first_instant(self.next, self.zone)
            request = boundary_pb2.CloseBoundariesRequest(through=_date(self.next), contract=CONTRACT)
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
        request = budget_pb2.GetBudgetRequest(contract=CONTRACT, on=_date(on) if on else None)
        return await self.office.budgets.GetBudget(request, self.office.call(self.now))

    async def periods(self) -> list[dict[str, Any]]:
        budget = await self.budget(self.case.until)
        return [
            {
                "start": date_of(period.start, "").isoformat(),
                "end": date_of(period.end, "").isoformat(),
                **{name: _text(getattr(period, name), self.case.currency) for name in FIGURES},
                "waiting": clock(period.waiting.seconds // 60),
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
                "cancels": invoice.cancels.removeprefix("invoices/") or None,
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

    async def credit(self) -> str:
        """The client's balance, by what ListReceivables says of his one ledger."""
        request = payment_pb2.ListReceivablesRequest()
        reply = await self.office.payments.ListReceivables(request, self.office.call(self.now))
        return _money(reply.receivables[0].balance.credit, self.case.currency) if reply.receivables else "0"

    async def note(self, fact: told.Fact) -> None:
        self.now = first_instant(fact.known + DAY, self.zone) - timedelta(seconds=1)
        event = self.event(fact)
        if event is not None:
            await self.office.hear(event, self.now)
        else:
            await self.call(fact)
        left_out = await self.office.accounts.ListLeftOut(
            account_pb2.ListLeftOutRequest(contract=CONTRACT), self.office.call(self.now)
        )
        assert not left_out.left_out, left_out

    def event(self, fact: told.Fact) -> Any:
        """What contracts or timelog would have said; None for what is billing's own."""
        contract = {"contract_id": WEB, "client_id": ACME}
        match fact:
            case told.EntryTold():
                return timelog.TimeLogged(entry_id=fact.id, work=self.work(fact), approved=self.approves())
            case told.CorrectTold():
                work = self.works[fact.id] = _corrected(self.works[fact.id], fact, self.case)
                return timelog.TimeCorrected(entry_id=fact.id, work=work, approved=self.approves())
            case told.DeleteTold() if fact.id in self.works:
                return timelog.TimeDeleted(entry_id=fact.id, contract_id=WEB)
            case told.ApproveTimeTold():
                return timelog.TimeApproved(entry_id=fact.id, contract_id=WEB)
            case told.DeliverTold():
                self.deliveries.add(fact.id)
                return timelog.Delivered(delivery_id=fact.id, contract_id=WEB, units=fact.units, delivered_on=fact.on)
            case told.DeleteTold() if fact.id in self.deliveries:
                return timelog.DeliveryWithdrawn(delivery_id=fact.id, contract_id=WEB)
            case told.TermsTold():
                return contracts.TermsChanged(
                    **contract, patch=fact.patch, effective_on=fact.from_on, immediately=fact.immediately
                )
            case told.PauseTold():
                return contracts.ContractPaused(**contract, from_on=fact.from_on, to_on=fact.to_on)
            case told.EndTold():
                return contracts.EndAgreed(**contract, ends_on=fact.ends_on)
        return None

    def work(self, fact: told.EntryTold) -> timelog.Work:
        work = self.works[fact.id] = timelog.Work(
            contract_id=WEB,
            person_id=fact.person,
            worked=fact.worked,
            started_at=fact.at,
            worked_on=fact.on,
            role=self.case.people.get(fact.person, ""),
            task=fact.task,
            billable=fact.billable,
            rate=fact.rate,
        )
        return work

    def approves(self) -> bool:
        """Where no fact of the file approves time, all of it counts as approved (R13)."""
        return not any(isinstance(fact, told.ApproveTimeTold) for fact in self.case.facts)

    async def call(self, fact: told.Fact) -> None:
        call, currency = self.office.call(self.now), self.case.currency
        accounts, payments, invoices = self.office.accounts, self.office.payments, self.office.invoices
        await self.office.seen()
        match fact:
            case told.BuyTold():
                self.kinds[fact.id] = "blocks"
                request = account_pb2.BuyBlockRequest(
                    block_id=fact.id.translate(NO_BRACKETS),
                    contract=CONTRACT,
                    hours={"seconds": fact.minutes * 60},
                    price=money_of(fact.price, currency),
                    bought_on=_date(fact.on),
                    expires_on=_date(fact.expires_on) if fact.expires_on else None,
                )
                await accounts.BuyBlock(request, call)
            case told.CreditTold():
                self.kinds[fact.id] = "credits"
                amount = money_of(fact.amount, currency)
                given = account_pb2.GiveCreditRequest(
                    credit_id=fact.id.translate(NO_BRACKETS),
                    contract=CONTRACT,
                    amount=amount,
                    on=_date(fact.on),
                    why=fact.why,
                )
                await accounts.GiveCredit(given, call)
            case told.DeleteTold() if self.kinds[fact.id] == "blocks":
                name = f"{CONTRACT}/blocks/{fact.id}"
                await accounts.WithdrawBlock(account_pb2.WithdrawBlockRequest(name=name), call)
            case told.DeleteTold() if self.kinds[fact.id] == "extras":
                name = f"{CONTRACT}/extras/{fact.id}"
                await accounts.WithdrawExtra(account_pb2.WithdrawExtraRequest(name=name), call)
            case told.DeleteTold() if self.kinds[fact.id] == "extras":
                name = f"{CONTRACT}/extras/{fact.id}"
                await accounts.WithdrawExtra(account_pb2.WithdrawExtraRequest(name=name), call)
            case told.DeleteTold():
                name = f"{CONTRACT}/credits/{fact.id}"
                await accounts.WithdrawCredit(account_pb2.WithdrawCreditRequest(name=name), call)
            case told.ApproveOverageTold():
                approved = _measured(fact.quantity, fact.measure, currency)
                approval = account_pb2.ApproveOverageRequest(
                    contract=CONTRACT, period=_date(fact.period), approved=approved
                )
                await accounts.ApproveOverage(approval, call)
            case told.DeclineOverageTold():
                declined = account_pb2.DeclineOverageRequest(contract=CONTRACT, period=_date(fact.period))
                await accounts.DeclineOverage(declined, call)
            case told.PayTold():
                payment = payment_pb2.RecordPaymentRequest(
                    payment_id=fact.id,
                    client="clients/acme",
                    amount=money_of(fact.amount, currency),
                    paid_on=_date(fact.on),
                    invoice=f"invoices/{fact.invoice}" if fact.invoice else "",
                )
                await payments.RecordPayment(payment, call)
            case told.RefundTold():
                refund = payment_pb2.RefundBalanceRequest(
                    refund_id=fact.id,
                    client="clients/acme",
                    amount=money_of(fact.amount, currency),
                    refunded_on=_date(fact.on),
                )
                await payments.RefundBalance(refund, call)
            case told.CancelTold():
                name = f"invoices/{fact.invoice}"
                cancel = invoice_pb2.CancelInvoiceRequest(name=name, write_off=fact.write_off)
                await invoices.CancelInvoice(cancel, call)
            case told.ReleaseTold():
                name = f"invoices/draft.web.{fact.boundary.isoformat()}"
                await invoices.ReleaseInvoice(invoice_pb2.ReleaseInvoiceRequest(name=name), call)
            case told.ExtraTold():
                self.kinds[fact.id] = "extras"
                extra = account_pb2.AddExtraRequest(
                    extra_id=fact.id.translate(NO_BRACKETS),
                    contract=CONTRACT,
                    amount=money_of(fact.amount, currency),
                    description=fact.why or "extra",
                    on=_date(fact.on),
                    each_period=fact.each_period,
                    until=_date(fact.until) if fact.until else None,
                    tax_category=fact.tax.category if fact.tax else "",
                    tax_rate_percent=str(Decimal(fact.tax.rate_ppm) / 10_000) if fact.tax else "",
                )
                await accounts.AddExtra(extra, call)
            case _:
                pytest.fail(f"{fact} was not told")


CONTRACT = "contracts/web"
NO_BRACKETS = str.maketrans("", "", "[]")
"""A fact without an id is called by its place: `block-log[0]`."""
FIGURES = ("allowance", "carried", "borrowed", "used", "remaining", "overage", "expired")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_service_answers_what_the_file_expects(path: Path):
    case = read(path)
    async with office() as opened:
        story = Story(case, opened)
        await story.tell()
        answered = {"periods": story.rows, "invoices": await story.invoices(), "credit": await story.credit()}
    assert case.expect is not None
    assert not differences(case.expect, answered)


def _corrected(work: timelog.Work, fact: told.CorrectTold, case: Case) -> timelog.Work:
    changes = dict(fact.changes)
    if "person" in changes:
        changes["person_id"] = changes.pop("person")
        changes["role"] = case.people.get(changes["person_id"], "")
    if "at" in changes:
        changes |= {"started_at": changes.pop("at"), "worked_on": None}
    if "on" in changes:
        changes |= {"worked_on": changes.pop("on"), "started_at": None}
    return msgspec.structs.replace(work, **changes)


def _measured(quantity: int, measure: str, currency: str) -> Measured:
    if measure == "amount":
        return Measured(amount=money_of(quantity, currency))
    return Measured(units=quantity) if measure == "units" else Measured(time={"seconds": quantity * 60})


def _date(day: date) -> Date:
    return Date(year=day.year, month=day.month, day=day.day)


def _money(message: Any, currency: str) -> str:
    return decimal_text(minor_of(message, currency, ""), currency)


def _text(message: Measured, currency: str) -> str:
    match message.WhichOneof("measured"):
        case "time":
            return clock(message.time.seconds // 60)
        case "amount":
            return _money(message.amount, currency)
        case _:
            return str(message.units)

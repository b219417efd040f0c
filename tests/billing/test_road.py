"""The whole road, over real gRPC and the real bus: agreed in contracts, logged in timelog, seen, invoiced and paid in
billing, with the tokens of the answers as the only thing that is waited for."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from chassis.auth import Role
from messages.amounts import money_of
from messages.dates import date_message
from messages.terms import agreement_message
from tests.billing.account.sentences import hours
from tests.house import RunningHouse
from wire.retainer.billing.v1 import (
    account_pb2,
    account_pb2_grpc,
    boundary_pb2,
    boundary_pb2_grpc,
    budget_pb2,
    budget_pb2_grpc,
    invoice_pb2,
    invoice_pb2_grpc,
    payment_pb2,
    payment_pb2_grpc,
)
from wire.retainer.contracts.v1 import client_pb2, client_pb2_grpc, contract_pb2, contract_pb2_grpc
from wire.retainer.timelog.v1 import person_pb2, person_pb2_grpc, time_entry_pb2, time_entry_pb2_grpc

WEB = "contracts/web"


class Caller:
    """One agency's owner; each call has its own time."""

    def __init__(self, house: RunningHouse) -> None:
        self.house = house
        self.agency = f"road-{uuid4().hex[:8]}"
        self.channels = {name: house.channel(name) for name in ("contracts", "timelog", "billing")}

    def at(self, day: date, hour: int = 12, **identity: Any) -> dict[str, Any]:
        now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        return {"metadata": self.house.metadata(self.agency, now, **identity), "timeout": 20}

    def stub(self, service: str, kind: Callable[[grpc.aio.Channel], Any]) -> Any:
        return kind(self.channels[service])

    async def close(self) -> None:
        for channel in self.channels.values():
            await channel.close()


@pytest.fixture
async def caller(house: RunningHouse) -> Any:
    caller = Caller(house)
    yield caller
    await caller.close()


def reason(error: grpc.aio.AioRpcError) -> tuple[str, list[str]]:
    """The refusal's name, and the fields at fault."""
    trailing = dict(error.trailing_metadata() or ())
    status = Status.FromString(trailing["grpc-status-details-bin"])  # type: ignore[arg-type]  # bytes by its suffix
    info, bad = ErrorInfo(), BadRequest()
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(bad)
    return info.reason, [violation.field for violation in bad.field_violations]


async def agree(caller: Caller) -> str:
    december = caller.at(date(2025, 12, 20))
    clients = caller.stub("contracts", client_pb2_grpc.ClientServiceStub)
    client = client_pb2.Client(display_name="Acme AG", currency_code="EUR", time_zone="Europe/Berlin")
    await clients.AddClient(client_pb2.AddClientRequest(client_id="acme", client=client), **december)
    people = caller.stub("timelog", person_pb2_grpc.PersonServiceStub)
    person = person_pb2.Person(display_name="Anna", time_zone="Europe/Berlin")
    await people.AddPerson(person_pb2.AddPersonRequest(person_id="anna", person=person), **december)
    contracts = caller.stub("contracts", contract_pb2_grpc.ContractServiceStub)
    draft = contract_pb2.DraftContractRequest(
        contract_id="web",
        client="clients/acme",
        title="Website",
        agreement=agreement_message(hours(10)),
        activate=True,
    )
    return str((await contracts.DraftContract(draft, **december)).receipt.consistency_token)


async def log(caller: Caller, entry_id: str, day: date, minutes: int, token: str = "") -> str:
    """`token`: of what it is about, so that timelog has heard of it."""
    entries = caller.stub("timelog", time_entry_pb2_grpc.TimeEntryServiceStub)
    entry = time_entry_pb2.TimeEntry(
        contract=WEB, person="people/anna", work_date=date_message(day), worked={"seconds": minutes * 60}
    )
    request = time_entry_pb2.LogTimeRequest(entry_id=entry_id, entry=entry, consistency_token=token)
    return str((await entries.LogTime(request, **caller.at(day))).receipt.consistency_token)


async def test_from_an_agreement_to_a_paid_invoice(caller: Caller):
    agreed = await agree(caller)
    token = await log(caller, "e1", date(2026, 1, 8), 11 * 60, agreed)
    budgets = caller.stub("billing", budget_pb2_grpc.BudgetServiceStub)
    await budgets.ListBudgets(  # an entry may be there before its contract
        budget_pb2.ListBudgetsRequest(consistency_token=agreed), **caller.at(date(2026, 1, 9))
    )
    seen = await budgets.GetBudget(
        budget_pb2.GetBudgetRequest(contract=WEB, consistency_token=token), **caller.at(date(2026, 1, 9))
    )
    assert (seen.current.used.time.seconds, seen.current.overage.time.seconds) == (39_600, 3_600)

    watch = budgets.WatchBudget(budget_pb2.WatchBudgetRequest(contract=WEB), **caller.at(date(2026, 1, 9)))
    assert (await watch.read()).budget.current.used.time.seconds == 39_600
    await log(caller, "e2", date(2026, 1, 9), 60)
    assert (await asyncio.wait_for(watch.read(), 10)).budget.current.used.time.seconds == 43_200
    watch.cancel()

    boundaries = caller.stub("billing", boundary_pb2_grpc.BoundaryServiceStub)
    through = boundary_pb2.CloseBoundariesRequest(through=date_message(date(2026, 2, 1)))
    closed = await boundaries.CloseBoundaries(through, **caller.at(date(2026, 2, 1)))
    assert list(closed.receipt.created) == ["invoices/2026-0001", "invoices/2026-0002"]

    invoices = caller.stub("billing", invoice_pb2_grpc.InvoiceServiceStub)
    second = invoice_pb2.GetInvoiceRequest(
        name="invoices/2026-0002", consistency_token=closed.receipt.consistency_token
    )
    invoice = await invoices.GetInvoice(second, **caller.at(date(2026, 2, 1)))
    assert [(line.kind, line.amount.units) for line in invoice.lines] == [("overage", 200), ("fee", 1000)]
    document = await invoices.GetInvoiceDocument(
        invoice_pb2.GetInvoiceDocumentRequest(name=invoice.name), **caller.at(date(2026, 2, 1))
    )
    assert document.content.startswith(b"%PDF")

    payments = caller.stub("billing", payment_pb2_grpc.PaymentServiceStub)
    pay = payment_pb2.RecordPaymentRequest(
        payment_id="p1",
        client="clients/acme",
        amount=money_of(120_000, "EUR"),
        paid_on=date_message(date(2026, 2, 3)),
        invoice=invoice.name,
        request_id="once",
    )
    paid = await payments.RecordPayment(pay, **caller.at(date(2026, 2, 3)))
    again = await payments.RecordPayment(pay, **caller.at(date(2026, 2, 3)))
    assert (again.receipt.name, again.receipt.repeated_request) == (paid.receipt.name, True)
    second.consistency_token = paid.receipt.consistency_token
    settled = await invoices.GetInvoice(second, **caller.at(date(2026, 2, 3)))
    assert (settled.open.units, settled.state) == (0, invoice_pb2.Invoice.STATE_PAID)


async def test_refusals_name_their_reason_and_field(caller: Caller):
    token = await log(caller, "e1", date(2026, 1, 8), 60, await agree(caller))
    accounts = caller.stub("billing", account_pb2_grpc.AccountServiceStub)
    payments = caller.stub("billing", payment_pb2_grpc.PaymentServiceStub)
    january = caller.at(date(2026, 1, 9))
    block = account_pb2.BuyBlockRequest(
        contract=WEB,
        hours={"seconds": 3600},
        price=money_of(100, "EUR"),
        bought_on=date_message(date(2026, 1, 9)),
        consistency_token=token,
    )
    foreign = account_pb2.BuyBlockRequest()
    foreign.CopyFrom(block)
    foreign.price.CopyFrom(money_of(100, "CHF"))
    nobody = account_pb2.BuyBlockRequest()
    nobody.CopyFrom(block)
    nobody.contract = "contracts/nobody"
    stale = account_pb2.BuyBlockRequest()
    stale.CopyFrom(block)
    stale.etag = "1"
    pay = payment_pb2.RecordPaymentRequest(
        payment_id="p1",
        client="clients/acme",
        amount=money_of(100, "USD"),
        paid_on=date_message(date(2026, 1, 9)),
    )
    for call, status, name, fields in (
        (accounts.BuyBlock(block, **january), grpc.StatusCode.FAILED_PRECONDITION, None, None),
        (accounts.BuyBlock(foreign, **january), grpc.StatusCode.INVALID_ARGUMENT, "CurrencyDiffers", ["price"]),
        (accounts.BuyBlock(nobody, **january), grpc.StatusCode.NOT_FOUND, "AccountNotOpen", ["contract"]),
        (accounts.BuyBlock(stale, **january), grpc.StatusCode.ABORTED, "EtagStale", ["etag"]),
        (payments.RecordPayment(pay, **january), grpc.StatusCode.INVALID_ARGUMENT, "CurrencyDiffers", ["amount"]),
        (
            accounts.BuyBlock(block, **caller.at(date(2026, 1, 9), role=Role.MEMBER)),
            grpc.StatusCode.PERMISSION_DENIED,
            "NotAllowed",
            [],
        ),
        (
            accounts.BuyBlock(block, metadata=(), timeout=20),
            grpc.StatusCode.UNAUTHENTICATED,
            "TokenInvalid",
            [],
        ),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
        assert refused.value.code() is status, refused.value.details()
        if name is not None:
            assert reason(refused.value) == (name, fields)

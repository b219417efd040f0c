"""AccountService: what is put on a contract's account besides time."""

from chassis.call import Call
from chassis.store import Ledger
from messages import pages
from messages.amounts import minor_of
from messages.dates import date_of, minutes_of, optional_date
from messages.names import id_in, ids_in
from services.billing import streams
from services.billing.api.account_shapes import (
    currency,
    left_out_message,
    posting,
    step_of,
    taken_over,
    tax_of,
)
from services.billing.api.desk import Desk, chosen
from services.billing.api.shapes import measure_of, quantity_of
from services.billing.deciders import SERIES
from services.billing.domain.account import commands
from services.billing.domain.account.state import Account
from services.billing.domain.series import Series, SetNextNumber
from services.billing.events import RemindersSet
from services.billing.settling import take_over
from services.billing.views.left_out import left_out
from services.billing.views.postings import postings
from vocabulary.identity import BlockId, ContractId, CreditId, ExtraId
from wire.retainer.billing.v1 import account_pb2 as wire
from wire.retainer.billing.v1.account_pb2_grpc import AccountServiceServicer


class Accounts(AccountServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def BuyBlock(self, request: wire.BuyBlockRequest, call: Call) -> wire.BuyBlockResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        block_id = BlockId(chosen(request.block_id, "block_id"))

        def command(account: Account) -> commands.BuyBlock:
            return commands.BuyBlock(
                contract_id=contract_id,
                block_id=block_id,
                minutes=minutes_of(request.hours, "hours"),
                price=minor_of(request.price, currency(account), "price"),
                bought_on=date_of(request.bought_on, "bought_on"),
                expires_on=optional_date(request, "expires_on", "expires_on"),
                now=call.now,
            )

        name = f"contracts/{contract_id}/blocks/{block_id}"
        receipt = await self._desk.order_account(call, request, contract_id, name, command, etag=request.etag)
        return wire.BuyBlockResponse(receipt=receipt)

    async def WithdrawBlock(self, request: wire.WithdrawBlockRequest, call: Call) -> wire.WithdrawBlockResponse:
        contract_id, block_id = ids_in(request.name, ("contracts", "blocks"), "name")

        def command(_: Account) -> commands.WithdrawBlock:
            return commands.WithdrawBlock(contract_id=ContractId(contract_id), block_id=BlockId(block_id), now=call.now)

        receipt = await self._desk.order_account(call, request, contract_id, request.name, command, etag=request.etag)
        return wire.WithdrawBlockResponse(receipt=receipt)

    async def GiveCredit(self, request: wire.GiveCreditRequest, call: Call) -> wire.GiveCreditResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        credit_id = CreditId(chosen(request.credit_id, "credit_id"))

        def command(account: Account) -> commands.GiveCredit:
            return commands.GiveCredit(
                contract_id=contract_id,
                credit_id=credit_id,
                amount=minor_of(request.amount, currency(account), "amount"),
                on=date_of(request.on, "on"),
                why=request.why,
                now=call.now,
            )

        name = f"contracts/{contract_id}/credits/{credit_id}"
        receipt = await self._desk.order_account(call, request, contract_id, name, command, etag=request.etag)
        return wire.GiveCreditResponse(receipt=receipt)

    async def WithdrawCredit(self, request: wire.WithdrawCreditRequest, call: Call) -> wire.WithdrawCreditResponse:
        contract_id, credit_id = ids_in(request.name, ("contracts", "credits"), "name")

        def command(_: Account) -> commands.WithdrawCredit:
            return commands.WithdrawCredit(
                contract_id=ContractId(contract_id), credit_id=CreditId(credit_id), now=call.now
            )

        receipt = await self._desk.order_account(call, request, contract_id, request.name, command, etag=request.etag)
        return wire.WithdrawCreditResponse(receipt=receipt)

    async def AddExtra(self, request: wire.AddExtraRequest, call: Call) -> wire.AddExtraResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        extra_id = ExtraId(chosen(request.extra_id, "extra_id"))

        def command(account: Account) -> commands.AddExtra:
            return commands.AddExtra(
                contract_id=contract_id,
                extra_id=extra_id,
                amount=minor_of(request.amount, currency(account), "amount"),
                description=request.description,
                on=date_of(request.on, "on"),
                each_period=request.each_period,
                until=optional_date(request, "until", "until"),
                tax=tax_of(request),
                now=call.now,
            )

        name = f"contracts/{contract_id}/extras/{extra_id}"
        receipt = await self._desk.order_account(call, request, contract_id, name, command, etag=request.etag)
        return wire.AddExtraResponse(receipt=receipt)

    async def WithdrawExtra(self, request: wire.WithdrawExtraRequest, call: Call) -> wire.WithdrawExtraResponse:
        contract_id, extra_id = ids_in(request.name, ("contracts", "extras"), "name")

        def command(_: Account) -> commands.WithdrawExtra:
            return commands.WithdrawExtra(contract_id=ContractId(contract_id), extra_id=ExtraId(extra_id), now=call.now)

        receipt = await self._desk.order_account(call, request, contract_id, request.name, command, etag=request.etag)
        return wire.WithdrawExtraResponse(receipt=receipt)

    async def ApproveOverage(self, request: wire.ApproveOverageRequest, call: Call) -> wire.ApproveOverageResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        period = date_of(request.period, "period")

        def command(account: Account) -> commands.ApproveOverage:
            measure = measure_of(request.approved)
            quantity = quantity_of(request.approved, measure, currency(account), "approved")
            return commands.ApproveOverage(
                contract_id=contract_id, period=period, measure=measure, quantity=quantity, now=call.now
            )

        receipt = await self._desk.order_account(
            call, request, contract_id, request.contract, command, etag=request.etag
        )
        return wire.ApproveOverageResponse(receipt=receipt)

    async def DeclineOverage(self, request: wire.DeclineOverageRequest, call: Call) -> wire.DeclineOverageResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        period = date_of(request.period, "period")

        def command(_: Account) -> commands.DeclineOverage:
            return commands.DeclineOverage(contract_id=contract_id, period=period, now=call.now)

        receipt = await self._desk.order_account(
            call, request, contract_id, request.contract, command, etag=request.etag
        )
        return wire.DeclineOverageResponse(receipt=receipt)

    async def TakeOver(self, request: wire.TakeOverRequest, call: Call) -> wire.TakeOverResponse:
        contract_id = id_in(request.contract, "contracts", "contract")
        stream = streams.account(call.agency, contract_id)

        async def work(ledger: Ledger) -> None:
            account = await self._desk.open_account(ledger, stream, contract_id)
            await take_over(ledger, stream, taken_over(request, account, call))

        receipt = await self._desk.order(call, request, stream, request.contract, work, etag=request.etag)
        return wire.TakeOverResponse(receipt=receipt)

    async def SetNextNumber(self, request: wire.SetNextNumberRequest, call: Call) -> wire.SetNextNumberResponse:
        is_invoices = request.series == wire.SetNextNumberRequest.SERIES_INVOICES
        series = Series.INVOICES if is_invoices else Series.CREDIT_NOTES
        stream = streams.series(call.agency, series, request.year)

        async def work(ledger: Ledger) -> None:
            await ledger.decide(SERIES, stream, SetNextNumber(request.next))

        receipt = await self._desk.order(call, request, stream, f"series/{series.value}-{request.year}", work)
        return wire.SetNextNumberResponse(receipt=receipt)

    async def SetReminders(self, request: wire.SetRemindersRequest, call: Call) -> wire.SetRemindersResponse:
        steps = tuple(
            step_of(step, f"steps[{place}]")
            for place, step in enumerate(sorted(request.steps, key=lambda step: step.days))
        )
        stream = streams.reminders(call.agency)

        async def work(ledger: Ledger) -> None:
            await ledger.record(stream, [RemindersSet(steps=steps)])

        receipt = await self._desk.order(call, request, stream, "reminders/settings", work)
        return wire.SetRemindersResponse(receipt=receipt)

    async def SetThresholds(self, request: wire.SetThresholdsRequest, call: Call) -> wire.SetThresholdsResponse:
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))

        def command(_: Account) -> commands.SetThresholds:
            return commands.SetThresholds(contract_id=contract_id, percents=tuple(request.percents))

        receipt = await self._desk.order_account(
            call, request, contract_id, request.contract, command, etag=request.etag
        )
        return wire.SetThresholdsResponse(receipt=receipt)

    async def ListPostings(self, request: wire.ListPostingsRequest, call: Call) -> wire.ListPostingsResponse:
        contract_id = id_in(request.contract, "contracts", "contract")
        row = await self._desk.account_row(call, contract_id)
        query = (call.agency, "ListPostings", contract_id)
        after = pages.key_in(request.page_token, *query)
        size = pages.size_of(request.page_size)
        found = await postings(
            self._desk.parts.views, call.agency, contract_id, int(after[0]) if after else 0, size + 1
        )
        rows, last = pages.cut(found, size)
        return wire.ListPostingsResponse(
            postings=[posting(one, row["currency"]) for one in rows],
            next_page_token=pages.token_of((last["position"],), *query) if last else "",
        )

    async def ListLeftOut(self, request: wire.ListLeftOutRequest, call: Call) -> wire.ListLeftOutResponse:
        contract_id = id_in(request.contract, "contracts", "contract") if request.contract else ""
        query = (call.agency, "ListLeftOut", contract_id)
        after = pages.key_in(request.page_token, *query)
        size = pages.size_of(request.page_size)
        found = await left_out(
            self._desk.parts.views, call.agency, contract_id, int(after[0]) if after else 0, size + 1
        )
        rows, last = pages.cut(found, size)
        return wire.ListLeftOutResponse(
            left_out=[left_out_message(one) for one in rows],
            next_page_token=pages.token_of((last["position"],), *query) if last else "",
        )

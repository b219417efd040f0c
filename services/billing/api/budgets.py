"""BudgetService: what is left of each retainer, from kept rows."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta

from chassis.call import Call
from chassis.projector import Row, Views, Wanted
from messages.dates import instant_of, optional_date
from messages.filters import Condition, Order
from messages.names import id_in
from services.billing import streams
from services.billing.api.budget_shapes import STATES, Seen, budget_message, seen
from services.billing.api.desk import Desk
from services.billing.api.invoice_shapes import preview_message
from services.billing.api.lists import Field, Listing, page
from services.billing.api.past import replayed
from services.billing.api.watching import Watch
from services.billing.deciders import ACCOUNT
from services.billing.domain.account import AccountNotOpen
from services.billing.domain.invoice import preview
from services.billing.views import budget
from services.billing.views.invoices import asked_and_open
from vocabulary.calendar import local_date, zone
from wire.retainer.billing.v1 import budget_pb2 as wire
from wire.retainer.billing.v1.budget_pb2_grpc import BudgetServiceServicer

TOMORROW_SOMEWHERE = timedelta(hours=14)

LISTING: Listing[Seen] = Listing(
    {
        "contract": Field(lambda one: f"contracts/{one.row['contract_id']}", collection="contracts"),
        "client": Field(lambda one: f"clients/{one.row['client_id']}", collection="clients"),
        "state": Field(lambda one: STATES[one.state]),
        "measure": Field(lambda one: _measure(one)),
        "currency": Field(lambda one: str(one.row["currency"])),
        "used_percent": Field(lambda one: one.used_percent, is_number=True, ordered=True),
        "remaining_percent": Field(lambda one: _remaining_percent(one), is_number=True, ordered=True),
        "runs_out_on": Field(lambda one: _runs_out_on(one), ordered=True),
        "next_boundary": Field(lambda one: one.row["settles_on"] or None, ordered=True),
    },
    ("contract", "client", "used_percent", "remaining_percent", "runs_out_on", "next_boundary"),
    (Order("contract", False),),
)


def _measure(one: Seen) -> str:
    measure = one.current.figures.measure if one.current else "minutes"
    return {"minutes": "time", "money": "amount", "units": "units"}[measure]


def _remaining_percent(one: Seen) -> int | None:
    used = one.used_percent
    return None if used is None else max(0, 100 - used)


def _runs_out_on(one: Seen) -> str | None:
    return one.pace.runs_out_on.isoformat() if one.pace and one.pace.runs_out_on else None


class Budgets(BudgetServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = desk.parts.views

    async def GetBudget(self, request: wire.GetBudgetRequest, call: Call) -> wire.Budget:
        contract_id = id_in(request.contract, "contracts", "contract")
        on = optional_date(request, "on", "on")
        if request.HasField("as_of"):
            return await self._as_of(call, contract_id, instant_of(request.as_of, "as_of"), on)
        message = await self._whole(self._views, call, contract_id, on, call.now)
        if request.with_next_invoice:
            await self._add_preview(call, contract_id, message, on)
        return message

    async def ListBudgets(self, request: wire.ListBudgetsRequest, call: Call) -> wire.ListBudgetsResponse:
        conditions = LISTING.conditions(request.filter)
        on = optional_date(request, "on", "on")
        found = LISTING.ordered(LISTING.selected(await self._seen(call, conditions, on), conditions), request.order_by)
        query = (call.agency, call.identity.client_id, "ListBudgets", request.filter, request.order_by)
        rows, next_page_token = page(found, request.page_size, request.page_token, *query)
        sums = {row["contract_id"]: row for row in await asked_and_open(self._views, call.agency)}
        return wire.ListBudgetsResponse(
            budgets=[_with_sums(one, sums.get(one.row["contract_id"])) for one in rows],
            next_page_token=next_page_token,
            total_size=len(found),
        )

    async def WatchBudget(
        self, request: wire.WatchBudgetRequest, call: Call
    ) -> AsyncIterator[wire.WatchBudgetResponse]:
        contract_id = id_in(request.contract, "contracts", "contract")
        await self._desk.account_row(call, contract_id)
        watch = Watch(self._desk.parts, request.resume_token)
        async for beyond in watch.turns():
            row = await self._desk.account_row(call, contract_id)
            if row["position"] > beyond:
                message = await self._whole(self._views, call, contract_id, None, call.now)
                watch.sent()
                yield wire.WatchBudgetResponse(budget=message, resume_token=watch.token)
            elif watch.needs_heartbeat:
                watch.sent()
                yield wire.WatchBudgetResponse(resume_token=watch.token)

    async def WatchBudgets(
        self, request: wire.WatchBudgetsRequest, call: Call
    ) -> AsyncIterator[wire.WatchBudgetsResponse]:
        conditions = LISTING.conditions(request.filter)
        watch = Watch(self._desk.parts, request.resume_token)
        async for beyond in watch.turns():
            changed = LISTING.selected(await self._seen(call, conditions, None, beyond), conditions)
            for place, one in enumerate(changed):
                is_last = place == len(changed) - 1
                token = watch.token if is_last else watch.token_before
                watch.sent()
                yield wire.WatchBudgetsResponse(budget=budget_message(one), resume_token=token)
            if not changed and watch.needs_heartbeat:
                watch.sent()
                yield wire.WatchBudgetsResponse(resume_token=watch.token)

    async def _whole(self, views: Views, call: Call, contract_id: str, on: date | None, now: datetime) -> wire.Budget:
        row = await budget.account(views, call.agency, contract_id)
        if row is None or (call.identity.client_id and call.identity.client_id != row["client_id"]):
            raise AccountNotOpen(
                f"there is no contract {contract_id}, or its terms have not arrived yet", field="contract"
            )
        day = on if on is not None else local_date(now, zone(row["time_zone"]))
        first = date.fromisoformat(row["starts_on"])
        periods = await budget.periods(views, call.agency, contract_id, max(day, first))
        one = seen(row, periods, day)
        begun = [period for period in periods if period.figures.start <= day]
        sums = await asked_and_open(views, call.agency, contract_id)
        gross, open_amount = (sums[0]["gross"], sums[0]["open"]) if sums else (0, 0)
        return budget_message(one, begun, gross=gross, open_amount=open_amount)

    async def _as_of(self, call: Call, contract_id: str, instant: datetime, on: date | None) -> wire.Budget:
        """The view as it was known then: a replay of what was recorded up to the instant (R37)."""
        row = await self._desk.account_row(call, contract_id)
        ledger = streams.receivables(call.agency, row["client_id"], row["currency"])
        wanted = Wanted(streams=(streams.account(call.agency, contract_id), ledger))
        async with replayed(self._desk.parts, call.agency, instant, wanted) as then:
            return await self._whole(then, call, contract_id, on, instant)

    async def _add_preview(self, call: Call, contract_id: str, message: wire.Budget, on: date | None) -> None:
        """What the next invoice would be now (R34), by the fold that will draw it up."""
        stream = streams.account(call.agency, contract_id)
        account, _ = await self._desk.parts.store.state(ACCOUNT, stream)
        if account.books is None:
            return
        today = local_date(call.now, zone(account.terms_of_contract.time_zone))
        day = today if on is None else on
        if day < today:  # what was asked since would stand against what was owed then
            return
        draft = preview(account.books, account.asked, day)
        if draft is not None:
            message.next_invoice.CopyFrom(preview_message(draft, message.currency, message.next_boundary))

    async def _seen(
        self, call: Call, conditions: Sequence[Condition], on: date | None, beyond: int = 0
    ) -> Sequence[Seen]:
        client_id = call.identity.client_id or LISTING.fixed(conditions, "client", "clients")
        rows = await budget.accounts(self._views, call.agency, client_id=client_id, beyond=beyond)
        latest = on if on is not None else (call.now.astimezone(UTC) + TOMORROW_SOMEWHERE).date()
        only = rows[0]["contract_id"] if len(rows) == 1 else ""
        lately = await budget.lately(self._views, call.agency, latest, only)
        return [_seen_today(row, lately.get(row["contract_id"], ()), call.now, on) for row in rows]


def _seen_today(row: Row, periods: Sequence[budget.PeriodRow], now: datetime, on: date | None) -> Seen:
    return seen(row, periods, on if on is not None else local_date(now, zone(row["time_zone"])))


def _with_sums(one: Seen, sums: Row | None) -> wire.Budget:
    gross, open_amount = (sums["gross"], sums["open"]) if sums else (0, 0)
    return budget_message(one, gross=gross, open_amount=open_amount)

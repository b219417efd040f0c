"""GetBudget, ListBudgets and the watches: kept rows, and what depends on the day."""

import asyncio
from datetime import date
from typing import Any

import pytest

from chassis.auth import Role
from messages.dates import date_of, instant_message
from messages.filters import FilterInvalid, OrderInvalid
from messages.pages import PageTokenInvalid
from services.billing.api import watching
from services.billing.api.watching import Watch
from services.billing.domain.account import AccountNotOpen
from services.contracts import events as contracts
from services.timelog import events as timelog
from tests.billing.account.sentences import agreement, hours
from tests.billing.rehearsal import ACME, WEB, Office, at
from tests.billing.test_settling import close
from vocabulary.identity import ClientId, ContractId, EntryId, PersonId
from wire.retainer.billing.v1 import budget_pb2, figures_pb2

State = budget_pb2.Budget


async def log(office: Office, entry_id: str, on: date, minutes: int, contract_id: str = WEB) -> None:
    work = timelog.Work(
        contract_id=ContractId(contract_id),
        person_id=PersonId("anna"),
        worked=minutes * 60,  # type: ignore[arg-type]  # seconds
        worked_on=on,
    )
    await office.hear(timelog.TimeLogged(entry_id=EntryId(entry_id), work=work, approved=True), at(on))


async def budget(office: Office, on: date, **more: Any) -> budget_pb2.Budget:
    await office.seen()
    call = office.call(at(on), **{key: more.pop(key) for key in ("role", "client_id") if key in more})
    return await office.budgets.GetBudget(budget_pb2.GetBudgetRequest(contract="contracts/web", **more), call)


async def listed(office: Office, on: date, **request: Any) -> list[str]:
    await office.seen()
    reply = await office.budgets.ListBudgets(budget_pb2.ListBudgetsRequest(**request), office.call(at(on)))
    return [one.contract.removeprefix("contracts/") for one in reply.budgets]


async def test_the_budget_of_a_month(nord: Office):  # 10:00, 7:30 used
    await nord.activate(hours(10))
    await close(nord, date(2026, 1, 1))
    await log(nord, "e1", date(2026, 1, 8), 450)
    found = await budget(nord, date(2026, 1, 9))
    assert (found.state, found.measure) == (State.STATE_ACTIVE, figures_pb2.MEASURE_TIME)
    assert (found.current.used.time.seconds, found.current.remaining.time.seconds) == (27_000, 9_000)
    assert (found.used_percent, list(found.current.thresholds_reached)) == (75, [75])
    assert (found.invoiced.units, found.paid.units) == (1000, 0)
    assert date_of(found.next_boundary, "") == date(2026, 2, 1)
    # New Year is a holiday: 2, 5, 6, 7, 8, 9 January are six working days, 75 min each: 10:00 last for eight
    assert (found.pace.working_days_elapsed, found.pace.burn_per_working_day.time.seconds) == (6, 75 * 60)
    assert date_of(found.pace.runs_out_on, "") == date(2026, 1, 13)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2025, 12, 31), State.STATE_AHEAD),
        (date(2026, 1, 1), State.STATE_ACTIVE),
        (date(2026, 1, 12), State.STATE_PAUSED),
        (date(2026, 1, 15), State.STATE_ACTIVE),
        (date(2026, 3, 1), State.STATE_ENDED),
    ],
)
async def test_the_state_is_that_of_the_day(nord: Office, on: date, state: int):  # R24: [from, to)
    await nord.activate(hours(10, ends_on="2026-03-01"))
    paused = contracts.ContractPaused(
        contract_id=WEB, client_id=ACME, from_on=date(2026, 1, 12), to_on=date(2026, 1, 15)
    )
    await nord.hear(paused, at(date(2026, 1, 2)))
    assert (await budget(nord, on)).state == state


async def test_the_next_invoice_if_it_were_drawn_up_now(nord: Office):  # R34: 2:00 over at 100.00, and the fee
    await nord.activate(hours(10))
    await close(nord, date(2026, 1, 1))
    await log(nord, "e1", date(2026, 1, 8), 12 * 60)
    preview = (await budget(nord, date(2026, 1, 9), with_next_invoice=True)).next_invoice
    assert [(line.kind, line.amount.units) for line in preview.lines] == [("overage", 200), ("fee", 1000)]
    assert not (await budget(nord, date(2026, 1, 9))).HasField("next_invoice")


async def test_the_view_as_it_was_known_at_an_instant(nord: Office):  # R37
    await nord.activate(hours(10))
    await log(nord, "e1", date(2026, 1, 8), 60)
    await log(nord, "e2", date(2026, 1, 20), 60)
    then = await budget(nord, date(2026, 1, 31), as_of=instant_message(at(date(2026, 1, 10))))
    now = await budget(nord, date(2026, 1, 31))
    assert (then.current.used.time.seconds, now.current.used.time.seconds) == (3600, 7200)
    with pytest.raises(AccountNotOpen):
        await budget(nord, date(2026, 1, 31), as_of=instant_message(at(date(2025, 1, 1))))


async def test_unknown_contracts_and_those_of_others_are_not_found(nord: Office):
    with pytest.raises(AccountNotOpen):
        await budget(nord, date(2026, 1, 9))
    await nord.activate(hours(10))
    await budget(nord, date(2026, 1, 9), role=Role.GUEST, client_id="acme")
    with pytest.raises(AccountNotOpen):
        await budget(nord, date(2026, 1, 9), role=Role.GUEST, client_id="other")


async def four(office: Office) -> None:
    """half: 50 % used; full: 100 %; idle: nothing; flat: no allowance."""
    await office.activate(hours(10), "half", "acme")
    await office.activate(hours(10), "full", "acme")
    await office.activate(hours(10), "idle", "other")
    await office.activate(agreement(fee={"amount": 1000}, currency="CHF"), "flat", "other")
    await log(office, "e1", date(2026, 1, 8), 300, "half")
    await log(office, "e2", date(2026, 1, 8), 600, "full")


async def test_lists_are_filtered_and_ordered(nord: Office):
    await four(nord)
    on = date(2026, 1, 9)
    assert await listed(nord, on) == ["flat", "full", "half", "idle"]
    assert await listed(nord, on, order_by="used_percent desc") == ["full", "half", "idle", "flat"]
    assert await listed(nord, on, order_by="runs_out_on") == ["full", "half", "flat", "idle"]
    assert await listed(nord, on, filter='client = "clients/acme" AND used_percent >= 60') == ["full"]
    assert await listed(nord, on, filter="currency = CHF") == ["flat"]
    assert await listed(nord, on, filter="state = active AND used_percent < 50") == ["idle"]
    with pytest.raises(FilterInvalid):
        await listed(nord, on, filter="colour = red")
    with pytest.raises(OrderInvalid):
        await listed(nord, on, order_by="colour")


async def test_pages_follow_one_another_and_belong_to_their_query(nord: Office):
    await four(nord)
    call = nord.call(at(date(2026, 1, 9)))
    await nord.seen()
    names, token = [], ""
    for _ in range(4):
        reply = await nord.budgets.ListBudgets(budget_pb2.ListBudgetsRequest(page_size=1, page_token=token), call)
        assert reply.total_size == 4
        names += [one.contract for one in reply.budgets]
        token = reply.next_page_token
    assert (len(set(names)), token) == (4, "")
    first = await nord.budgets.ListBudgets(budget_pb2.ListBudgetsRequest(page_size=1), call)
    other = budget_pb2.ListBudgetsRequest(page_size=1, page_token=first.next_page_token, order_by="client")
    with pytest.raises(PageTokenInvalid):
        await nord.budgets.ListBudgets(other, call)


async def test_a_guest_lists_his_own_clients_budgets(nord: Office):
    await four(nord)
    await nord.seen()
    guest = nord.call(at(date(2026, 1, 9)), role=Role.GUEST, client_id="other")
    reply = await nord.budgets.ListBudgets(budget_pb2.ListBudgetsRequest(), guest)
    assert [one.contract for one in reply.budgets] == ["contracts/flat", "contracts/idle"]


async def test_a_watch_tells_the_budget_now_and_then_each_change(nord: Office):
    await nord.activate(hours(10))
    await nord.seen()
    call = nord.call(at(date(2026, 1, 9)))
    watch = nord.budgets.WatchBudget(budget_pb2.WatchBudgetRequest(contract="contracts/web"), call)
    first = await anext(watch)
    assert first.budget.current.used.time.seconds == 0
    await log(nord, "e1", date(2026, 1, 8), 60)
    second = await asyncio.wait_for(anext(watch), 5)
    assert second.budget.current.used.time.seconds == 3600
    await watch.aclose()
    # Another reader goes on after what the first one saw: nothing again, then the next change.
    request = budget_pb2.WatchBudgetRequest(contract="contracts/web", resume_token=second.resume_token)
    resumed = nord.budgets.WatchBudget(request, call)
    waiting = asyncio.ensure_future(anext(resumed))
    await log(nord, "e2", date(2026, 1, 9), 60)
    third = await asyncio.wait_for(waiting, 5)
    assert third.budget.current.used.time.seconds == 7200
    await resumed.aclose()


async def test_a_slow_reader_gets_the_latest_state_and_no_queue(nord: Office):
    await nord.activate(hours(10))
    await nord.seen()
    watch = nord.budgets.WatchBudget(
        budget_pb2.WatchBudgetRequest(contract="contracts/web"), nord.call(at(date(2026, 1, 9)))
    )
    await anext(watch)
    for number in range(5):
        await log(nord, f"e{number}", date(2026, 1, 8), 60)
    await nord.seen()
    latest = await asyncio.wait_for(anext(watch), 5)
    assert latest.budget.current.used.time.seconds == 5 * 3600
    await watch.aclose()


async def test_the_watch_of_all_tells_each_contract_and_then_what_changes(nord: Office):
    await four(nord)
    await nord.seen()
    request = budget_pb2.WatchBudgetsRequest(filter='client = "clients/acme"')
    watch = nord.budgets.WatchBudgets(request, nord.call(at(date(2026, 1, 9))))
    assert [(await anext(watch)).budget.contract for _ in range(2)] == ["contracts/full", "contracts/half"]
    await log(nord, "x", date(2026, 1, 9), 60, "idle")
    await log(nord, "y", date(2026, 1, 9), 60, "half")
    changed = await asyncio.wait_for(anext(watch), 5)
    assert changed.budget.contract == "contracts/half"
    await watch.aclose()


async def test_a_silent_watch_beats_and_a_foreign_token_is_refused(nord: Office):
    await nord.activate(hours(10))
    await nord.seen()
    beating = Watch(nord.parts, "", heartbeat_seconds=0.05)
    turns = beating.turns()
    await anext(turns)
    beating.sent()
    await anext(turns)
    assert beating.needs_heartbeat
    assert watching.HEARTBEAT_SECONDS == 15
    with pytest.raises(PageTokenInvalid):
        Watch(nord.parts, "nonsense")
    assert Watch(nord.parts, "another-epoch.17").token.endswith(".0")


async def test_a_client_with_two_contracts_is_one_client(nord: Office):
    await nord.activate(hours(10), "one", ClientId("acme"))
    await nord.activate(hours(10), "two", ClientId("acme"))
    assert await listed(nord, date(2026, 1, 9), filter='client = "clients/acme"') == ["one", "two"]

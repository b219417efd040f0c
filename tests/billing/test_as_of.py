"""`as_of`: the answer equals that of an agency to which nothing later ever happened (R37)."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.auth import Role
from messages.dates import date_message, instant_message
from services.billing.domain.account import AccountNotOpen
from services.contracts import events as contracts
from services.timelog import events as timelog
from tests.billing.account.sentences import hours
from tests.billing.rehearsal import ACME, WEB, Office, at, office
from vocabulary.identity import EntryId, PersonId
from wire.retainer.billing.v1 import account_pb2, boundary_pb2, budget_pb2, invoice_pb2, payment_pb2

Step = tuple[datetime, Callable[[Office], Awaitable[Any]]]
OFFSET = timedelta(minutes=1)


def story(luck: random.Random) -> list[Step]:
    """Half a year of one contract, and a second one beside it."""
    steps: list[Step] = []
    now = at(date(2026, 1, 1), 0)

    def then(act: Callable[[Office, datetime], Awaitable[Any]]) -> None:
        instant = now
        steps.append((instant, lambda of: act(of, instant)))

    then(lambda of, when: of.activate(hours(5, rollover={"cap": 120}), known_at=when))
    then(lambda of, when: of.activate(hours(3), "shop", known_at=when))
    then(_close)
    for number in range(40):
        now += timedelta(hours=luck.randint(1, 200))
        kind = luck.choice(["log"] * 6 + ["delete", "pay", "credit", "terms", "close", "close"])
        match kind:
            case "log":
                then(_logged(f"e{luck.randint(0, 15)}", now.date(), luck.randint(10, 400), luck.choice([WEB, "shop"])))
            case "delete":
                then(_deleted(f"e{luck.randint(0, 15)}"))
            case "pay":
                then(_paid(f"p{number}", luck.randint(1, 1500)))
            case "credit":
                then(_credited(f"c{number}", now.date()))
            case "terms":
                then(_terms(now.date(), luck.randint(100, 400)))
            case "close":
                then(_close)
    return steps


async def _close(of: Office, when: datetime) -> None:
    await of.seen()
    await of.boundaries.CloseBoundaries(
        boundary_pb2.CloseBoundariesRequest(through=date_message(when.date())), of.call(when)
    )
    await of.seen()


def _logged(entry_id: str, on: date, minutes: int, contract_id: str) -> Callable[[Office, datetime], Awaitable[Any]]:
    work = timelog.Work(contract_id=contract_id, person_id=PersonId("anna"), worked=minutes * 60, worked_on=on)  # type: ignore[arg-type]  # plain texts and seconds
    logged = timelog.TimeLogged(entry_id=EntryId(f"{contract_id}-{entry_id}"), work=work, approved=True)
    return lambda of, when: of.hear(logged, when)


def _deleted(entry_id: str) -> Callable[[Office, datetime], Awaitable[Any]]:
    gone = timelog.TimeDeleted(entry_id=EntryId(f"{WEB}-{entry_id}"), contract_id=WEB)
    return lambda of, when: of.hear(gone, when)


def _terms(on: date, minutes: int) -> Callable[[Office, datetime], Awaitable[Any]]:
    changed = contracts.TermsChanged(
        contract_id=WEB,
        client_id=ACME,
        patch={"allowance": {"measure": "hours", "minutes": minutes}},
        effective_on=on,
        immediately=True,
    )
    return lambda of, when: of.hear(changed, when)


def _paid(payment_id: str, units: int) -> Callable[[Office, datetime], Awaitable[Any]]:
    async def pay(of: Office, when: datetime) -> None:
        request = payment_pb2.RecordPaymentRequest(
            payment_id=payment_id,
            client="clients/acme",
            amount={"currency_code": "EUR", "units": units},  # type: ignore[arg-type]  # as dict
            paid_on=date_message(when.date()),
        )
        await of.seen()
        await of.payments.RecordPayment(request, of.call(when, request_id=payment_id))

    return pay


def _credited(credit_id: str, on: date) -> Callable[[Office, datetime], Awaitable[Any]]:
    async def credit(of: Office, when: datetime) -> None:
        request = account_pb2.GiveCreditRequest(
            credit_id=credit_id,
            contract="contracts/web",
            amount={"currency_code": "EUR", "units": 7},  # type: ignore[arg-type]  # as dict
            on=date_message(on),
        )
        await of.accounts.GiveCredit(request, of.call(when, request_id=credit_id))

    return credit


async def budget(of: Office, now: datetime, **more: Any) -> budget_pb2.Budget:
    return await of.budgets.GetBudget(budget_pb2.GetBudgetRequest(contract="contracts/web", **more), of.call(now))


async def invoices(of: Office, now: datetime, **more: Any) -> invoice_pb2.ListInvoicesResponse:
    return await of.invoices.ListInvoices(invoice_pb2.ListInvoicesRequest(**more), of.call(now))


@pytest.mark.parametrize("seed", range(3))
async def test_as_of_equals_an_agency_to_which_nothing_later_happened(seed: int) -> None:
    luck = random.Random(seed)
    steps = story(luck)
    async with office() as whole:
        for _, act in steps:
            await act(whole)
        await whole.seen()
        end = steps[-1][0] + timedelta(days=30)
        for place in sorted(luck.sample(range(len(steps)), 6)):
            instant = steps[place][0] + OFFSET
            on = instant.date() + timedelta(days=luck.randint(-20, 20))
            async with office() as cut:
                for known, act in steps:
                    if known <= instant:
                        await act(cut)
                await cut.seen()
                known_at = instant_message(instant)
                assert await budget(whole, end, as_of=known_at) == await budget(cut, instant)
                dated = date_message(max(on, date(2026, 1, 1)))
                there = await budget(whole, end, as_of=known_at, on=dated)
                assert there == await budget(cut, instant, on=dated)
                listed = list((await invoices(whole, end, as_of=known_at)).invoices)
                assert listed == list((await invoices(cut, instant)).invoices)


async def test_before_it_was_known_there_is_no_such_contract(nord: Office) -> None:
    await nord.activate(hours(5))
    await nord.seen()
    before = instant_message(datetime(2025, 6, 1, tzinfo=UTC))
    with pytest.raises(AccountNotOpen):
        await budget(nord, at(date(2026, 2, 1)), as_of=before)
    assert not (await invoices(nord, at(date(2026, 2, 1)), as_of=before)).invoices


async def test_a_guest_turns_back_the_clock_of_his_own_client_alone(nord: Office) -> None:
    await nord.activate(hours(5))
    await nord.seen()
    request = budget_pb2.GetBudgetRequest(contract="contracts/web", as_of=instant_message(at(date(2026, 1, 5))))
    own = nord.call(at(date(2026, 2, 1)), role=Role.GUEST, client_id="acme")
    assert (await nord.budgets.GetBudget(request, own)).contract == "contracts/web"
    with pytest.raises(AccountNotOpen):
        await nord.budgets.GetBudget(request, nord.call(at(date(2026, 2, 1)), role=Role.GUEST, client_id="x"))

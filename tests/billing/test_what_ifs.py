"""SimulateTerms and PreviewEffect: what would be, by the computation that bills; and nothing is recorded."""

import asyncio
from datetime import date
from typing import Any

import msgspec
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from hypothesis import given

from chassis.auth import Role
from chassis.turns import in_turns
from messages.dates import date_message, minutes_message
from messages.terms import terms_message
from services.billing.api.what_ifs import WhatIfs
from services.billing.domain import books, what_if
from services.billing.domain.account import AccountNotOpen
from services.billing.domain.facts import ContractFact, EntryNoted, TermsNoted
from services.billing.domain.steps import STEP, Steps, at_once
from services.billing.events import CountedWork, InvoiceIssued
from services.contracts import events as contracts
from tests.billing.account.sentences import agreement, hours
from tests.billing.domain.test_fold_properties import HORIZON, QUICK, START, accepted, agreed, histories
from tests.billing.rehearsal import ACME, WEB, Office, at
from tests.billing.test_settling import close, log
from tests.turns import turns_of_others
from vocabulary.check_terms import TermsContradict
from vocabulary.duration import Seconds
from vocabulary.identity import PersonId
from vocabulary.terms import Agreement
from wire.retainer.billing.v1 import what_if_pb2 as wire
from wire.retainer.contracts.v1 import contract_pb2
from wire.retainer.timelog.v1 import time_entry_pb2

TODAY = date(2026, 3, 10)


@pytest.fixture
async def office(nord: Office) -> Office:
    """Ten hours a month: 12:00 in January, 8:00 in February, 3:00 in March."""

    await nord.activate(hours(10))
    await close(nord, date(2026, 1, 1))
    for number in range(12):
        await log(nord, f"j{number}", date(2026, 1, 5 + number), 60)
    await close(nord, date(2026, 2, 1))
    for number in range(8):
        await log(nord, f"f{number}", date(2026, 2, 5 + number), 60)
    await close(nord, date(2026, 3, 1))
    await log(nord, "m0", date(2026, 3, 5), 180)
    return nord


def variant(name: str, agreed_on: Agreement) -> wire.TermsVariant:
    return wire.TermsVariant(name=name, terms=terms_message(agreed_on.terms, "EUR"))


def test_terms_without_an_anchor_are_priced_on_the_contracts_dates():  # R5
    agreed_on = msgspec.structs.replace(hours(10), starts_on="2026-01-15")
    agreed_on = msgspec.structs.replace(agreed_on, terms=msgspec.structs.replace(agreed_on.terms, anchor=1))
    past = what_if.Past(agreed_on, (), ())
    other = msgspec.structs.replace(hours(20).terms, anchor=None)
    found = at_once(what_if.priced(past, other, date(2026, 1, 15), date(2026, 3, 1)))
    assert [figures.start for figures in found.periods] == [date(2026, 1, 15), date(2026, 2, 1)]


async def simulated(office: Office, *variants: wire.TermsVariant, **more: Any) -> wire.SimulateTermsResponse:
    request = wire.SimulateTermsRequest(contract="contracts/web", variants=variants, **more)
    return await WhatIfs(office.desk).SimulateTerms(request, office.call(at(TODAY)))


async def effect(office: Office, **command: Any) -> wire.PreviewEffectResponse:
    request = wire.PreviewEffectRequest(contract="contracts/web", **command)
    return await WhatIfs(office.desk).PreviewEffect(request, office.call(at(TODAY)))


async def test_three_tiers_over_the_real_past(office: Office) -> None:
    small = hours(5, fee={"amount": 60_000})
    large = hours(20, fee={"amount": 180_000})
    hourly = agreement(rate=12_000)
    before = office.store.position
    tiers = (variant("small", small), variant("large", large), variant("hourly", hourly))
    found = await simulated(office, *tiers, to=date_message(date(2026, 4, 1)))
    # as agreed: 3 · 1000.00 + 2:00 over at 100.00
    assert (found.as_agreed.charged.units, found.billed.units) == (3200, 3200)
    assert [one.name for one in found.variants] == ["small", "large", "hourly"]
    # small: 3 · 600.00 + (7:00 + 3:00) at 100.00; large: 3 · 1800.00; hourly: 23:00 at 120.00
    assert [one.charged.units for one in found.variants] == [2800, 5400, 2760]
    assert [one.difference.units for one in found.variants] == [-400, 2200, -440]
    assert [one.overage.time.seconds // 3600 for one in found.variants] == [10, 0, 0]
    # large: 8:00 + 12:00 + 17:00 lapse
    assert [one.expired.time.seconds // 3600 for one in found.variants] == [2, 37, 0]
    assert {one.time.seconds // 3600 for one in (*found.variants, found.as_agreed)} == {23}
    assert office.store.position == before


async def test_only_the_months_that_are_asked_for(office: Office) -> None:
    dates = {"from": date_message(date(2026, 1, 1)), "to": date_message(date(2026, 2, 1))}
    found = await simulated(office, variant("same", hours(10)), **dates)
    assert [len(one.periods) for one in (found.as_agreed, *found.variants)] == [1, 1]
    assert (found.as_agreed.charged, found.variants[0].difference.units) == (found.variants[0].charged, 0)


async def test_terms_that_do_not_fit_together_name_the_variant(office: Office) -> None:
    with pytest.raises(TermsContradict) as refused:
        await simulated(office, variant("good", hours(10)), variant("bad", hours(10, minimum=5)))
    assert refused.value.field.startswith("variants[1].terms")


async def test_an_entry_without_a_rate_is_told_as_left_out(office: Office) -> None:
    unrated = agreement(rates={"people": {"ben": 12_000}})
    found = await simulated(office, variant("unrated", unrated))
    assert [len(one.periods) for one in (found.as_agreed, *found.variants)] == [2, 2]  # March is not over
    assert found.variants[0].left_out_count == 21
    assert {one.reason for one in found.variants[0].left_out} == {"RateMissing"}


async def test_nobody_simulates_anothers_contract(office: Office) -> None:
    request = wire.SimulateTermsRequest(contract="contracts/none", variants=[variant("a", hours(1))])
    with pytest.raises(AccountNotOpen):
        await WhatIfs(office.desk).SimulateTerms(request, office.call(at(TODAY)))
    request = wire.SimulateTermsRequest(contract="contracts/web", variants=[variant("a", hours(1))])
    with pytest.raises(AccountNotOpen):  # he is not told that there is one
        await WhatIfs(office.desk).SimulateTerms(request, office.call(at(TODAY), role=Role.GUEST, client_id="other"))


@QUICK
@given(histories())
def test_the_same_terms_come_to_what_was_charged(history: tuple[str, list[ContractFact]]) -> None:
    """Priced at once from where things stand, or fact by fact as they came: the same."""
    kind, facts = history
    told, _ = accepted(kind, [fact for fact in facts if not isinstance(fact, TermsNoted)])
    was = what_if.as_it_was(told, START, HORIZON)
    again = at_once(what_if.priced(at_once(what_if.past_of(told)), agreed(kind).terms, START, HORIZON))
    if told.declined_at == books.opened(agreed(kind)).declined_at:  # what a decline took depends on when it came
        assert again.periods == was.periods


async def test_what_a_command_would_move_before_it_is_given(office: Office) -> None:
    entry = time_entry_pb2.TimeEntry(
        contract="contracts/web",
        person="people/anna",
        work_date=date_message(date(2026, 3, 9)),
        worked=minutes_message(600),
    )
    before = office.store.position
    found = await effect(office, log_time=time_entry_pb2.LogTimeRequest(entry=entry))
    [then], [now] = found.after, found.before
    assert (now.used.time.seconds, then.used.time.seconds) == (3 * 3600, 13 * 3600)
    assert then.overage.time.seconds == 3 * 3600
    assert found.difference.units == 300  # 3:00 over at 100.00
    assert (found.next_invoice_before.gross.units, found.next_invoice_after.gross.units) == (1000, 1300)
    assert office.store.position == before


async def test_new_terms_are_previewed_as_they_would_be_settled(office: Office) -> None:
    message = terms_message(hours(10, fee={"amount": 150_000}).terms, "EUR")
    command = contract_pb2.ChangeTermsRequest(
        contract="contracts/web",
        terms=message,
        update_mask=FieldMask(paths=["fee.amount"]),
        effective_on=date_message(date(2026, 4, 1)),
    )
    found = await effect(office, change_terms=command)
    assert found.difference.units == 500
    await office.hear(
        contracts.TermsChanged(
            contract_id=WEB, client_id=ACME, patch={"fee": {"amount": 150_000}}, effective_on=date(2026, 4, 1)
        ),
        at(TODAY),
    )
    await close(office, date(2026, 4, 1))
    asked = await office.facts(InvoiceIssued)
    assert (asked[-1].number, asked[-1].gross) == ("2026-0004", found.next_invoice_after.gross.units * 100)


async def test_a_refusal_of_the_books_is_told_by_name(office: Office) -> None:
    command = contract_pb2.PauseContractRequest(contract="contracts/web", to=date_message(date(2026, 3, 8)))
    getattr(command, "from").CopyFrom(date_message(date(2026, 3, 1)))
    found = await effect(office, pause_contract=command)
    assert [one.reason for one in found.refusals] == ["PauseOverTime"]
    assert not found.HasField("difference")
    correction = time_entry_pb2.CorrectTimeRequest(entry=time_entry_pb2.TimeEntry(name="entries/none"))
    found = await effect(office, correct_time=correction)
    assert [(one.reason, one.field) for one in found.refusals] == [("EntryUnknown", "correct_time.entry.name")]


async def test_a_deletion_credits_what_was_asked(office: Office) -> None:
    found = await effect(office, delete_time=time_entry_pb2.DeleteTimeRequest(name="entries/j0"))
    assert found.difference.units == -100
    assert [line.kind for line in found.next_invoice_after.lines if line.correction] == ["overage"]


async def test_other_terms_over_many_entries_let_the_others_have_their_turn() -> None:
    """No step of it has more than so many entries, however they lie in the periods."""
    many = books.opened(agreed("hours"))
    work = CountedWork(person_id=PersonId("anna"), worked=Seconds(600), worked_on=date(2026, 2, 3))
    for number in range(4 * STEP):
        noted = EntryNoted(entry_id=f"e{number:05}", work=work, known_at=at(date(2026, 2, 4)))
        many = books.note(many, noted)
    past = at_once(what_if.past_of(many))
    assert len(list(what_if.past_of(many))) >= 8  # taken up, and put in order
    assert len(list(what_if.priced(past, agreed("own rates").terms, START, HORIZON))) >= 12
    async with turns_of_others() as turns:
        found = await in_turns(what_if.priced(past, agreed("own rates").terms, START, HORIZON))
    assert turns.count >= 12
    assert found.minutes == 4 * STEP * 10


async def test_nothing_more_is_reckoned_for_a_caller_who_is_gone() -> None:
    done = 0

    def work() -> Steps[int]:
        nonlocal done
        while done < 1_000:
            done += 1
            yield
        return done

    asked = asyncio.create_task(in_turns(work()))
    while done < 10:
        await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert done < 1_000

"""Time entries: what is accepted, what is refused, who may change it (R7, R9, R12, R13, R24)."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from chassis.testing import given
from services.timelog.deciders import TIME_ENTRY
from services.timelog.domain.known_contract import (
    ContractNotActive,
    ContractPausedThen,
    ContractUnknown,
    CurrencyDiffers,
    OutsideContract,
    RateMissing,
    evolve,
)
from services.timelog.domain.person import PersonIsErased, PersonUnknown
from services.timelog.domain.time_entry import (
    ApprovedEntryLocked,
    ApproveTime,
    CorrectTime,
    DeleteTime,
    EntryExists,
    EntryUnknown,
    LogTime,
)
from services.timelog.domain.work import (
    Author,
    DurationMissing,
    EndsBeforeStart,
    Ground,
    LongerThanADay,
    NotYourTime,
    RateNegative,
    Said,
    TagsTooMany,
    TextTooLong,
    WhenMissing,
)
from services.timelog.events import Pause, TimeApproved, TimeCorrected, TimeDeleted, TimeLogged, Work
from tests.timelog.samples import (
    ANNA,
    BEN,
    MEMBER,
    OWNER,
    WEB,
    clock,
    contract,
    ground,
    heard,
    instant,
    person,
    said,
    signed,
    terms,
)
from vocabulary.identity import ContractId, EntryId
from vocabulary.money import Minor, Money
from vocabulary.personal import of_person
from vocabulary.terms_in_force import Change

E1 = EntryId("e1")


def log(said: Said, ground: Ground) -> LogTime:
    return LogTime(E1, said, ground)


def correct(paths: str, said: Said, ground: Ground) -> CorrectTime:
    return CorrectTime(E1, said, frozenset(paths.split()), ground)


def work(**parts: Any) -> Work:
    """What `said()` comes to."""
    whole: dict[str, Any] = {
        "contract_id": WEB,
        "person_id": ANNA,
        "worked": clock("1:35"),
        "started_at": instant("2026-01-16T09:00:00+01:00"),
        "role": "senior",
        "counted_on": date(2026, 1, 16),
    }
    return Work(**{**whole, **parts})


def logged(**parts: Any) -> TimeLogged:
    return TimeLogged(entry_id=E1, work=work(**parts))


def refused(said: Said, ground: Ground, reason: Any, field: str) -> None:
    given(TIME_ENTRY).when(log(said, ground)).refused(reason, field=field)


def test_worked_time_is_logged_with_the_role_of_its_person() -> None:
    given(TIME_ENTRY).when(log(said(), ground())).then(logged())


def test_all_that_is_said_is_kept() -> None:
    told = said(task="seo", note="Kick-off", tags=("a", "b", "a"), rate=Money(9900, "EUR"))
    given(TIME_ENTRY).when(log(told, ground())).then(
        logged(task="seo", note=of_person(ANNA, "Kick-off"), tags=("a", "b"), rate=Minor(9900))
    )


def test_zero_stays_zero() -> None:  # R10
    given(TIME_ENTRY).when(log(said(worked="0:00"), ground())).then(logged(worked=0))


def test_an_entry_may_last_a_whole_day_and_not_a_second_more() -> None:  # R12
    given(TIME_ENTRY).when(log(said(worked="24:00"), ground())).then(logged(worked=86_400))
    refused(said(worked="24:00:01"), ground(), LongerThanADay, "worked")


def test_an_entry_does_not_end_before_it_starts() -> None:  # R12
    refused(said(worked="-0:01"), ground(), EndsBeforeStart, "worked")
    early = instant("2026-01-16T08:59:59+01:00")
    refused(said(worked="", ended_at=early), ground(), EndsBeforeStart, "end_time")


def test_a_duration_is_the_difference_of_instants_over_a_clock_change() -> None:  # R7
    night = said(
        "2026-10-25T01:30:00+02:00", worked="", ended_at=instant("2026-10-25T03:30:00+01:00")
    )  # 01:30 to 03:30 on the clock, and the hour from 2 to 3 comes twice
    given(TIME_ENTRY).when(log(night, ground())).then(
        logged(
            worked=clock("3:00"),
            started_at=instant("2026-10-25T01:30:00+02:00"),
            counted_on=date(2026, 10, 25),
        )
    )


def test_an_entry_belongs_to_the_local_date_of_its_start_in_the_contracts_zone() -> None:  # R7
    late = said("2026-01-31T23:30:00+00:00")  # 00:30 on 1 February in Berlin
    given(TIME_ENTRY).when(log(late, ground())).then(
        logged(started_at=instant("2026-01-31T23:30:00+00:00"), counted_on=date(2026, 2, 1))
    )


def test_an_entry_with_a_date_alone_belongs_to_that_date() -> None:  # R7
    given(TIME_ENTRY).when(log(said("", worked_on=date(2026, 1, 17)), ground())).then(
        logged(started_at=None, worked_on=date(2026, 1, 17), counted_on=date(2026, 1, 17))
    )


def test_an_entry_says_when_it_was_and_says_it_once() -> None:
    refused(said(""), ground(), WhenMissing, "start_time")
    refused(said(worked_on=date(2026, 1, 16)), ground(), WhenMissing, "start_time")


def test_an_entry_says_how_long_it_was_and_says_it_once() -> None:
    refused(said(worked=""), ground(), DurationMissing, "worked")
    refused(said(ended_at=instant("2026-01-16T10:00:00+01:00")), ground(), DurationMissing, "worked")
    refused(
        said("", worked="", worked_on=date(2026, 1, 16), ended_at=instant("2026-01-16T10:00:00+01:00")),
        ground(),
        DurationMissing,
        "end_time",
    )


def test_somebody_unknown_has_no_time() -> None:
    refused(said(), ground(who=None), PersonUnknown, "person")


def test_of_somebody_who_was_erased_no_time_is_written_down() -> None:
    gone = replace(person(BEN), erased=True)
    refused(said(person_id=BEN), ground(who=gone), PersonIsErased, "person")
    given(TIME_ENTRY, logged()).when(correct("person_id", said(person_id=BEN), ground(who=gone))).refused(
        PersonIsErased, field="person"
    )
    given(TIME_ENTRY, logged(person_id=BEN)).when(correct("worked", said(worked="1:00"), ground(who=gone))).then(
        TimeCorrected(entry_id=E1, work=work(person_id=BEN, worked=clock("1:00")))  # what stands can be put right
    )


def test_time_needs_a_contract_that_binds() -> None:
    refused(said(), ground(None), ContractUnknown, "contract")
    refused(said(), ground(contract("draft")), ContractNotActive, "contract")
    refused(said(), ground(contract("discarded")), ContractUnknown, "contract")


@pytest.mark.parametrize("at", ["2025-12-31T23:59:59+01:00", "2026-07-01T00:00:00+02:00"])
def test_billable_time_outside_the_contract_is_refused(at: str) -> None:  # R7
    refused(said(at), ground(contract(ends_on=date(2026, 7, 1))), OutsideContract, "start_time")


@pytest.mark.parametrize("at", ["2026-01-01T00:00:00+01:00", "2026-06-30T23:59:59+02:00"])
def test_the_first_and_the_last_date_of_a_contract_are_inside(at: str) -> None:  # R7
    outcome = given(TIME_ENTRY).when(log(said(at), ground(contract(ends_on=date(2026, 7, 1)))))
    assert outcome.refusal is None


def test_the_end_that_was_agreed_last_counts() -> None:  # R6
    as_signed = heard(agreement=signed(ends_on="2026-07-01"))
    earlier = msgspec.structs.replace(as_signed, ends_on=date(2026, 3, 1))
    april, july = said("", worked_on=date(2026, 4, 1)), said("", worked_on=date(2026, 7, 1))
    assert given(TIME_ENTRY).when(log(april, ground(evolve(None, as_signed)))).refusal is None
    refused(july, ground(evolve(None, as_signed)), OutsideContract, "work_date")
    refused(april, ground(evolve(None, earlier)), OutsideContract, "work_date")


def test_time_that_is_not_billable_is_kept_wherever_it_lies() -> None:  # R7
    before = said("2025-12-31T12:00:00+01:00", billable=False)
    given(TIME_ENTRY).when(log(before, ground())).then(
        logged(billable=False, started_at=instant("2025-12-31T12:00:00+01:00"), counted_on=date(2025, 12, 31))
    )


def test_billable_time_on_a_paused_day_is_refused() -> None:  # R24
    paused = contract(pauses=(Pause(date(2026, 4, 10), date(2026, 4, 20)),))
    for day, refusal in ((9, None), (10, ContractPausedThen), (19, ContractPausedThen), (20, None)):
        outcome = given(TIME_ENTRY).when(log(said("", worked_on=date(2026, 4, day)), ground(paused)))
        assert (outcome.refusal and type(outcome.refusal)) == refusal, day
    refused(said("2026-04-19T12:00:00+02:00"), ground(paused), ContractPausedThen, "start_time")
    spare = said("2026-04-19T12:00:00+02:00", billable=False)
    assert given(TIME_ENTRY).when(log(spare, ground(paused))).refusal is None


@pytest.mark.parametrize(
    "parts",
    [
        {"fee": None, "allowance": None, "rate": None},  # hourly
        {"allowance": {"measure": "amount", "amount": 250000}, "rate": None},
        {"rate": None},  # hours, overage at the entries' own rates
        {"rate": None, "overage": {"policy": "borrow"}},  # charged as bill in the end
        {"fee": None, "allowance": None, "bank": True, "rate": None},
    ],
    ids=["hourly", "amount", "hours", "borrow", "bank"],
)
def test_an_entry_without_a_rate_is_refused_where_its_terms_need_one(parts: dict[str, Any]) -> None:  # R9
    known = contract(terms=terms(**parts))
    refused(said(), ground(known), RateMissing, "rate")
    assert given(TIME_ENTRY).when(log(said(rate=Money(0, "EUR")), ground(known))).refusal is None
    assert given(TIME_ENTRY).when(log(said(billable=False), ground(known))).refusal is None


@pytest.mark.parametrize(
    "parts",
    [
        {"allowance": None, "rate": None},  # flat
        {"rate": None, "overage": {"policy": "stop"}},
        {"rate": None, "overage": {"rate": 13000}},
        {"allowance": {"measure": "units", "units": 4}, "rate": None, "overage": {"rate": 25000}},
        {"fee": None, "allowance": None, "rate": None, "rates": {"tasks": {"seo": 1}}},
        {"fee": None, "allowance": None, "rate": None, "rates": {"people": {"anna": 1}}},
        {"fee": None, "allowance": None, "rate": None, "rates": {"roles": {"senior": 1}}},
    ],
    ids=["flat", "stop", "overage rate", "units", "by task", "by person", "by role"],
)
def test_an_entry_needs_no_rate_of_its_own_where_terms_have_one_or_need_none(parts: dict[str, Any]) -> None:  # R9
    assert given(TIME_ENTRY).when(log(said(task="seo"), ground(contract(terms=terms(**parts))))).refusal is None


def test_the_terms_in_force_on_the_entrys_date_say_whether_it_needs_a_rate() -> None:  # R9, R22
    known = contract(changes=(Change(date(2026, 2, 1), {"rate": None}),))
    assert given(TIME_ENTRY).when(log(said("", worked_on=date(2026, 1, 31)), ground(known))).refusal is None
    refused(said("", worked_on=date(2026, 2, 1)), ground(known), RateMissing, "rate")


def test_an_immediate_change_moves_rates_at_once_and_overage_at_the_boundary() -> None:  # R22
    stop_later = Change(date(2026, 2, 10), {"rate": None, "overage": {"policy": "stop"}}, immediately=True)
    known = contract(changes=(stop_later,))
    assert given(TIME_ENTRY).when(log(said("", worked_on=date(2026, 2, 9)), ground(known))).refusal is None
    refused(said("", worked_on=date(2026, 2, 10)), ground(known), RateMissing, "rate")
    assert given(TIME_ENTRY).when(log(said("", worked_on=date(2026, 3, 1)), ground(known))).refusal is None


def test_a_rate_is_in_the_contracts_currency_and_not_below_zero() -> None:  # R1
    refused(said(rate=Money(9900, "CHF")), ground(), CurrencyDiffers, "rate")
    refused(said(rate=Money(-1, "EUR")), ground(), RateNegative, "rate")


def test_texts_have_bounds() -> None:
    refused(said(tags=tuple(str(number) for number in range(51))), ground(), TagsTooMany, "tags")
    refused(said(tags=("",)), ground(), TextTooLong, "tags")
    refused(said(task="x" * 101), ground(), TextTooLong, "task")
    refused(said(note="x" * 3001), ground(), TextTooLong, "note")


def test_an_id_is_taken_once() -> None:
    given(TIME_ENTRY, logged()).when(log(said(), ground())).refused(EntryExists, field="entry_id")
    deleted = TimeDeleted(entry_id=E1, contract_id=WEB)
    given(TIME_ENTRY, logged(), deleted).when(log(said(), ground())).refused(EntryExists, field="entry_id")


def test_a_member_touches_his_own_time_alone() -> None:
    mine, somebodys = ground(author=MEMBER), ground(author=Author(may_approve=False, person_id=BEN))
    assert given(TIME_ENTRY).when(log(said(), mine)).refusal is None
    refused(said(), somebodys, NotYourTime, "person")
    history = given(TIME_ENTRY, logged())
    history.when(correct("worked", said(worked="2:00"), somebodys)).refused(NotYourTime)
    history.when(DeleteTime(E1, somebodys.author)).refused(NotYourTime)
    to_ben = correct("person_id", said(person_id=BEN), ground(who=person(BEN), author=MEMBER))
    history.when(to_ben).refused(NotYourTime, field="person")


def test_a_correction_tells_the_whole_entry_as_it_is_now() -> None:
    given(TIME_ENTRY, logged(task="seo")).when(correct("worked", said(worked="2:00"), ground())).then(
        TimeCorrected(entry_id=E1, work=work(task="seo", worked=clock("2:00")))
    )


def test_a_correction_that_changes_nothing_is_no_fact() -> None:
    given(TIME_ENTRY, logged()).when(correct("worked billable", said(), ground())).then()


def test_a_correction_can_make_a_date_of_a_start_and_a_start_of_a_date() -> None:
    on = correct("worked_on", said(worked_on=date(2026, 1, 17)), ground())
    at = correct("started_at", said("2026-01-18T09:00:00+01:00"), ground())
    dated = work(started_at=None, worked_on=date(2026, 1, 17), counted_on=date(2026, 1, 17))
    started = work(started_at=instant("2026-01-18T09:00:00+01:00"), counted_on=date(2026, 1, 18))
    given(TIME_ENTRY, logged()).when(on).then(TimeCorrected(entry_id=E1, work=dated)).when(at).then(
        TimeCorrected(entry_id=E1, work=started)
    )
    nothing = correct("started_at", said(""), ground())
    given(TIME_ENTRY, logged()).when(nothing).refused(WhenMissing)


def test_a_correction_can_say_the_end() -> None:
    end = said(worked="", ended_at=instant("2026-01-16T11:00:00+01:00"))
    given(TIME_ENTRY, logged()).when(correct("ended_at", end, ground())).then(
        TimeCorrected(entry_id=E1, work=work(worked=clock("2:00")))
    )
    given(TIME_ENTRY, logged()).when(correct("worked", said(worked="25:00"), ground())).refused(LongerThanADay)


def test_a_corrected_entry_names_the_contract_that_it_leaves() -> None:
    given(TIME_ENTRY, logged()).when(correct("contract_id", said(contract_id=ContractId("seo-2026")), ground())).then(
        TimeCorrected(entry_id=E1, work=work(contract_id="seo-2026"), was=WEB)
    )


def test_an_entrys_own_rate_does_not_move_to_another_contract_unasked() -> None:  # R1
    moved = said(contract_id=ContractId("seo-2026"), rate=Money(5000, "EUR"))
    history = given(TIME_ENTRY, logged(rate=Minor(9900)))
    history.when(correct("contract_id", moved, ground())).refused(CurrencyDiffers, field="rate")
    history.when(correct("contract_id rate", moved, ground())).then(
        TimeCorrected(entry_id=E1, work=work(contract_id="seo-2026", rate=5000), was=WEB)
    )


def test_another_persons_entry_has_that_persons_role() -> None:  # R9
    to_ben = correct("person_id", said(person_id=BEN), ground(who=person(BEN, "junior")))
    given(TIME_ENTRY, logged()).when(to_ben).then(TimeCorrected(entry_id=E1, work=work(person_id=BEN, role="junior")))


def test_a_correction_is_refused_as_new_time_would_be() -> None:  # R24
    paused = ground(contract(pauses=(Pause(date(2026, 1, 10), date(2026, 1, 20)),)))
    history = given(TIME_ENTRY, logged())
    history.when(correct("worked", said(worked="2:00"), paused)).refused(ContractPausedThen, field="start_time")
    history.when(correct("billable", said(billable=False), paused)).then(
        TimeCorrected(entry_id=E1, work=work(billable=False))
    )


def test_a_note_and_tags_can_be_corrected_whatever_became_of_the_contract() -> None:
    gone = ground(contract("draft"))
    given(TIME_ENTRY, logged()).when(correct("note tags", said(note="Call", tags=("x",)), gone)).then(
        TimeCorrected(entry_id=E1, work=work(note=of_person(ANNA, "Call"), tags=("x",)))
    )


def test_approving_is_told_once() -> None:  # R13
    approved = TimeApproved(entry_id=E1, contract_id=WEB)
    given(TIME_ENTRY, logged()).when(ApproveTime(E1)).then(approved).when(ApproveTime(E1)).then()


def test_an_approved_entry_is_changed_by_who_may_approve_and_stays_approved() -> None:  # R13
    history = given(TIME_ENTRY, logged(), TimeApproved(entry_id=E1, contract_id=WEB))
    mine = ground(author=MEMBER)
    history.when(correct("worked", said(worked="2:00"), mine)).refused(ApprovedEntryLocked, field="name")
    history.when(DeleteTime(E1, MEMBER)).refused(ApprovedEntryLocked, field="name")
    history.when(correct("worked", said(worked="2:00"), ground())).then(
        TimeCorrected(entry_id=E1, work=work(worked=clock("2:00")), approved=True)
    ).when(DeleteTime(E1, OWNER)).then(TimeDeleted(entry_id=E1, contract_id=WEB))


def test_what_was_deleted_is_gone_for_every_command() -> None:
    deleted = given(TIME_ENTRY, logged()).when(DeleteTime(E1, MEMBER)).then(TimeDeleted(entry_id=E1, contract_id=WEB))
    for command in (correct("worked", said(), ground()), DeleteTime(E1, OWNER), ApproveTime(E1)):
        deleted.when(command).refused(EntryUnknown, field="name")
        given(TIME_ENTRY).when(command).refused(EntryUnknown, field="name")

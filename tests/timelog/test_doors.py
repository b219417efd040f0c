"""The doors of timelog, from end to end: real gRPC, store, views and bus."""

import asyncio
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from chassis.auth import Role
from services.contracts import events as contracts
from tests.timelog.samples import WEB, instant, signed, terms
from tests.timelog.studio import ACME, Studio, activated
from wire.retainer.timelog.v1.delivery_pb2 import (
    ListDeliveriesRequest,
    RecordDeliveryRequest,
    WithdrawDeliveryRequest,
)
from wire.retainer.timelog.v1.person_pb2 import (
    AddPersonRequest,
    DescribePersonRequest,
    GetPersonRequest,
    ListPeopleRequest,
    Person,
)
from wire.retainer.timelog.v1.time_entry_pb2 import (
    ApproveTimeRequest,
    BatchLogTimeRequest,
    CorrectTimeRequest,
    DeleteTimeRequest,
    GetTimeEntryRequest,
    ListTimeEntriesRequest,
    LogTimeRequest,
    TimeEntry,
)
from wire.retainer.timelog.v1.timer_pb2 import (
    DiscardTimerRequest,
    GetTimerRequest,
    ListTimersRequest,
    StartTimerRequest,
    StopTimerRequest,
)

NINE = "2026-01-16T09:00:00+01:00"


def stamp(text: str) -> Timestamp:
    message = Timestamp()
    message.FromDatetime(instant(text))
    return message


def entry(at: str = NINE, seconds: int = 5700, **parts: Any) -> TimeEntry:
    whole: dict[str, Any] = {
        "contract": "contracts/web-2026",
        "person": "people/anna",
        "start_time": stamp(at) if at else None,
        "worked": Duration(seconds=seconds),
    }
    return TimeEntry(**{**whole, **parts})


def log(entry_id: str = "e1", token: str = "", **parts: Any) -> LogTimeRequest:
    return LogTimeRequest(entry_id=entry_id, entry=entry(**parts), consistency_token=token)


pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def opened(studio: Studio) -> Studio:
    """Anna is known, and the contract binds."""
    await studio.ask(anna())
    token = await studio.activate()
    await studio.ask(ListPeopleRequest(consistency_token=token))
    return studio


def anna(person_id: str = "anna", email: str = "anna@example.com") -> AddPersonRequest:
    person = Person(display_name="Anna Köhler", email=email, role="senior", time_zone="Europe/Berlin")
    return AddPersonRequest(person_id=person_id, person=person)


async def test_time_is_logged_right_after_its_contract_was_made(studio: Studio) -> None:
    await studio.ask(anna())
    assert (await studio.refused(log())).reason == "ContractUnknown"
    token = await studio.activate()
    receipt = (await studio.ask(log(token=token))).receipt
    assert (receipt.name, receipt.etag) == ("entries/e1", "1")
    shown = await studio.ask(GetTimeEntryRequest(name="entries/e1", consistency_token=receipt.consistency_token))
    assert shown.contract == "contracts/web-2026"
    assert shown.worked.seconds == 5700
    assert shown.billable
    assert shown.role == "senior"
    assert (shown.counted_on.year, shown.counted_on.month, shown.counted_on.day) == (2026, 1, 16)


async def test_a_request_repeated_gives_the_same_receipt_and_logs_once(opened: Studio) -> None:
    request = LogTimeRequest(entry=entry(), request_id="r1")
    first = (await opened.ask(request)).receipt
    again = (await opened.ask(request)).receipt
    assert (first.name, first.etag) == (again.name, again.etag)
    assert again.repeated_request and not first.repeated_request
    other = await opened.refused(LogTimeRequest(entry=entry(seconds=60), request_id="r1"))
    assert (other.code, other.reason) == ("ALREADY_EXISTS", "RequestReused")
    listed = await opened.ask(ListTimeEntriesRequest(consistency_token=again.consistency_token))
    assert listed.total_size == 1


async def test_trying_out_records_nothing_and_refuses_alike(opened: Studio) -> None:
    trial = log()
    trial.validate_only = True
    position = opened.store.position
    assert (await opened.ask(trial)).receipt.consistency_token == ""
    assert opened.store.position == position
    wrong = log(seconds=90_000)
    wrong.validate_only = True
    assert (await opened.refused(wrong)).reason == "LongerThanADay"


REFUSED = {
    "LongerThanADay": ("INVALID_ARGUMENT", "entry.worked", {"seconds": 86_401}),
    "EndsBeforeStart": ("INVALID_ARGUMENT", "entry.worked", {"seconds": -1}),
    "WhenMissing": ("INVALID_ARGUMENT", "entry.start_time", {"at": ""}),
    "PersonUnknown": ("NOT_FOUND", "entry.person", {"person": "people/nobody"}),
    "ContractUnknown": ("NOT_FOUND", "entry.contract", {"contract": "contracts/none"}),
    "OutsideContract": ("FAILED_PRECONDITION", "entry.start_time", {"at": "2025-12-31T09:00:00+01:00"}),
    "CurrencyDiffers": ("INVALID_ARGUMENT", "entry.rate", {"rate": Money(currency_code="CHF", units=1)}),
    "RateNegative": ("INVALID_ARGUMENT", "entry.rate", {"rate": Money(currency_code="EUR", units=-1)}),
    "AmountTooFine": ("INVALID_ARGUMENT", "entry.rate", {"rate": Money(currency_code="EUR", nanos=1)}),
    "NameMalformed": ("INVALID_ARGUMENT", "entry.contract", {"contract": "web-2026"}),
    "TimeInvalid": ("INVALID_ARGUMENT", "entry.worked", {"worked": Duration(seconds=1, nanos=1)}),
    "DateInvalid": (
        "INVALID_ARGUMENT",
        "entry.work_date",
        {"at": "", "work_date": Date(year=2026, month=2, day=30)},
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
async def test_a_refusal_names_the_field_in_the_words_of_the_request(opened: Studio, reason: str) -> None:
    code, field, parts = REFUSED[reason]
    told = await opened.refused(log(**parts))
    assert (told.code, told.reason, told.field) == (code, reason, field)
    assert (await opened.ask(ListTimeEntriesRequest())).total_size == 0


async def test_a_pause_refuses_time_as_soon_as_it_was_heard(opened: Studio) -> None:  # R24
    token = await opened.tell(
        contracts.ContractPaused(contract_id=WEB, client_id=ACME, from_on=date(2026, 1, 10), to_on=date(2026, 1, 20))
    )
    told = await opened.refused(log(token=token))
    assert (told.code, told.reason) == ("FAILED_PRECONDITION", "ContractPausedThen")


async def test_a_contract_that_ended_early_takes_no_time_after_it(opened: Studio) -> None:  # R7
    token = await opened.tell(contracts.EndAgreed(contract_id=WEB, client_id=ACME, ends_on=date(2026, 1, 16)))
    assert (await opened.refused(log(token=token))).reason == "OutsideContract"


async def test_a_change_of_terms_can_make_a_rate_needed(opened: Studio) -> None:  # R9
    change = contracts.TermsChanged(
        contract_id=WEB, client_id=ACME, patch={"rate": None}, effective_on=date(2026, 2, 1)
    )
    token = await opened.tell(change)
    assert (await opened.ask(log(token=token))).receipt.name
    told = await opened.refused(log("e2", at="2026-02-01T09:00:00+01:00"))
    assert (told.reason, told.field) == ("RateMissing", "entry.rate")


async def test_a_draft_takes_no_time(studio: Studio) -> None:
    await studio.ask(anna())
    draft = contracts.ContractDrafted(contract_id=WEB, client_id=ACME, title="Web", agreement=signed())
    token = await studio.tell(draft)
    assert (await studio.refused(log(token=token))).reason == "ContractNotActive"
    token = await studio.tell(contracts.DraftDiscarded(contract_id=WEB))
    assert (await studio.refused(log(token=token))).reason == "ContractUnknown"


async def test_agencies_never_see_each_other(opened: Studio) -> None:
    await opened.ask(log())
    told = await opened.refused(log("e2"), agency="other")
    assert told.reason == "PersonUnknown"
    assert (await opened.refused(GetTimeEntryRequest(name="entries/e1"), agency="other")).code == "NOT_FOUND"
    assert (await opened.ask(ListTimeEntriesRequest(), agency="other")).total_size == 0
    assert (await opened.ask(ListPeopleRequest(), agency="other")).total_size == 0


async def test_a_member_logs_and_sees_his_own_time_alone(opened: Studio) -> None:
    await opened.ask(anna("ben", "ben@example.com"))
    member: dict[str, Any] = {"role": Role.MEMBER, "subject": "anna"}
    receipt = (await opened.ask(log(), **member)).receipt
    told = await opened.refused(log("e2", person="people/ben"), **member)
    assert (told.code, told.reason, told.field) == ("PERMISSION_DENIED", "NotYourTime", "entry.person")
    receipt = (await opened.ask(log("e2", person="people/ben"))).receipt
    listed = await opened.ask(ListTimeEntriesRequest(consistency_token=receipt.consistency_token), **member)
    assert [item.name for item in listed.entries] == ["entries/e1"]
    assert (await opened.refused(GetTimeEntryRequest(name="entries/e2"), **member)).reason == "NotYourTime"
    assert (await opened.refused(ApproveTimeRequest(names=["entries/e1"]), **member)).code == "PERMISSION_DENIED"
    assert (await opened.refused(log("e3"), role=Role.GUEST, subject="guest")).code == "PERMISSION_DENIED"


async def test_an_entry_is_corrected_by_its_mask_with_an_etag(opened: Studio) -> None:
    await opened.ask(log(note="Call", task="seo"))
    request = CorrectTimeRequest(
        entry=TimeEntry(name="entries/e1", worked=Duration(seconds=7200), task="ignored"),
        update_mask=FieldMask(paths=["worked", "note"]),
        etag="1",
    )
    receipt = (await opened.ask(request)).receipt
    assert receipt.etag == "2"
    shown = await opened.ask(GetTimeEntryRequest(name="entries/e1", consistency_token=receipt.consistency_token))
    assert (shown.worked.seconds, shown.note, shown.task, shown.etag) == (7200, "", "seo", "2")
    stale = CorrectTimeRequest(entry=TimeEntry(name="entries/e1", task="ads"), etag="1")
    told = await opened.refused(stale)
    assert (told.code, told.reason, told.field) == ("ABORTED", "EtagStale", "etag")
    stale.ClearField("request_id")
    stale.etag = "2"
    await opened.ask(stale)
    unknown = CorrectTimeRequest(entry=TimeEntry(name="entries/e9", task="ads"))
    told = await opened.refused(unknown)
    assert (told.code, told.reason, told.field) == ("NOT_FOUND", "EntryUnknown", "entry.name")
    wrong = CorrectTimeRequest(entry=TimeEntry(name="entries/e1"), update_mask=FieldMask(paths=["role"]))
    assert (await opened.refused(wrong)).field == "update_mask"


async def test_an_approved_entry_is_locked_for_its_member(opened: Studio) -> None:  # R13
    member: dict[str, Any] = {"role": Role.MEMBER, "subject": "anna"}
    for number in (1, 2):
        await opened.ask(log(f"e{number}"))
    approve = ApproveTimeRequest(names=["entries/e1", "entries/e2"])
    receipt = (await opened.ask(approve)).receipt
    assert list(receipt.created) == ["entries/e1", "entries/e2"]
    shown = await opened.ask(GetTimeEntryRequest(name="entries/e1", consistency_token=receipt.consistency_token))
    assert shown.approved
    told = await opened.refused(DeleteTimeRequest(name="entries/e1"), **member)
    assert (told.code, told.reason) == ("PERMISSION_DENIED", "ApprovedEntryLocked")
    again = ApproveTimeRequest(names=["entries/e1", "entries/e9"])
    assert (await opened.refused(again)).reason == "EntryUnknown"
    receipt = (await opened.ask(DeleteTimeRequest(name="entries/e1"))).receipt
    listed = await opened.ask(ListTimeEntriesRequest(consistency_token=receipt.consistency_token))
    assert [item.name for item in listed.entries] == ["entries/e2"]
    assert (await opened.refused(GetTimeEntryRequest(name="entries/e1"))).code == "NOT_FOUND"


async def test_a_batch_is_all_or_nothing_and_says_which_is_at_fault(opened: Studio) -> None:
    item = BatchLogTimeRequest.Item
    good = [item(entry_id=f"b{number}", entry=entry()) for number in range(3)]
    receipt = (await opened.ask(BatchLogTimeRequest(entries=good))).receipt
    assert list(receipt.created) == ["entries/b0", "entries/b1", "entries/b2"]
    bad = [item(entry_id="b3", entry=entry()), item(entry_id="b4", entry=entry(seconds=90_000))]
    told = await opened.refused(BatchLogTimeRequest(entries=bad))
    assert (told.reason, told.field) == ("LongerThanADay", "entries[1].entry.worked")
    twice = [item(entry_id="b5", entry=entry()), item(entry_id="b5", entry=entry())]
    assert (await opened.refused(BatchLogTimeRequest(entries=twice))).reason == "EntryExists"
    listed = await opened.ask(ListTimeEntriesRequest(consistency_token=receipt.consistency_token))
    assert listed.total_size == 3


async def test_overlapping_time_is_accepted_and_flagged_on_both_sides(opened: Studio) -> None:  # R12
    await opened.ask(log("e1"))
    await opened.ask(log("e2", at="2026-01-16T10:34:59+01:00"))
    receipt = (await opened.ask(log("e3", at="2026-01-16T12:09:59+01:00"))).receipt
    listed = await opened.ask(ListTimeEntriesRequest(consistency_token=receipt.consistency_token))
    flagged = {item.name: list(item.overlaps) for item in listed.entries}
    assert flagged == {"entries/e1": ["entries/e2"], "entries/e2": ["entries/e1"], "entries/e3": []}


async def test_of_many_entries_at_one_time_each_names_twenty(opened: Studio) -> None:  # R12
    for number in range(23):
        receipt = (await opened.ask(log(f"e{number:02}"))).receipt
    listed = await opened.ask(ListTimeEntriesRequest(consistency_token=receipt.consistency_token))
    first, *_, last = [list(item.overlaps) for item in listed.entries]
    assert first == [f"entries/e{number:02}" for number in range(1, 21)]
    assert last == [f"entries/e{number:02}" for number in range(20)]


async def test_lists_are_filtered_ordered_and_paged(opened: Studio) -> None:
    days = [("e1", "2026-02-02"), ("e2", "2026-01-31"), ("e3", "2026-02-01"), ("e4", "2026-02-01")]
    for entry_id, day in days:
        receipt = (await opened.ask(log(entry_id, at=f"{day}T09:00:00+01:00", billable=entry_id != "e4"))).receipt
    february = 'contract = "contracts/web-2026" AND counted_on >= 2026-02-01 AND counted_on < "2026-03-01"'
    request = ListTimeEntriesRequest(filter=february, page_size=2, consistency_token=receipt.consistency_token)
    first = await opened.ask(request)
    assert [item.name for item in first.entries] == ["entries/e3", "entries/e4"]
    assert first.total_size == 3
    request.page_token = first.next_page_token
    second = await opened.ask(request)
    assert [item.name for item in second.entries] == ["entries/e1"]
    assert second.next_page_token == ""
    request.filter = "billable = true"
    assert (await opened.refused(request)).field == "page_token"
    newest = await opened.ask(ListTimeEntriesRequest(order_by="counted_on desc", page_size=1))
    assert [item.name for item in newest.entries] == ["entries/e1"]
    unbilled = await opened.ask(ListTimeEntriesRequest(filter="billable = false"))
    assert [item.name for item in unbilled.entries] == ["entries/e4"]
    assert (await opened.refused(ListTimeEntriesRequest(filter="note = x"))).field == "filter"


async def test_a_rate_is_shown_in_the_contracts_currency(opened: Studio) -> None:
    receipt = (await opened.ask(log(rate=Money(currency_code="EUR", units=99, nanos=500_000_000)))).receipt
    shown = await opened.ask(GetTimeEntryRequest(name="entries/e1", consistency_token=receipt.consistency_token))
    assert (shown.rate.currency_code, shown.rate.units, shown.rate.nanos) == ("EUR", 99, 500_000_000)


async def test_personal_texts_are_sealed_in_store_and_views_and_opened_for_callers(
    opened: Studio,
) -> None:
    receipt = (await opened.ask(log(note="Sprach mit Frau Schmidt"))).receipt
    shown = await opened.ask(GetTimeEntryRequest(name="entries/e1", consistency_token=receipt.consistency_token))
    assert shown.note == "Sprach mit Frau Schmidt"
    for path in (opened.folder / "data" / "timelog").iterdir():
        content = path.read_bytes()
        assert b"Schmidt" not in content and b"hler" not in content and b"example.com" not in content, path
    owned = opened.running.parts.keyring.owned
    assert owned is not None
    owned.erase(opened.agency, "person/anna", "2026-02-01T00:00:00Z")
    assert (await opened.ask(GetTimeEntryRequest(name="entries/e1"))).note == ""
    assert (await opened.ask(GetPersonRequest(name="people/anna"))).display_name == ""


async def test_people_are_described_and_listed(opened: Studio) -> None:
    await opened.ask(anna("ben", "ben@example.com"))
    mask = FieldMask(paths=["role"])
    receipt = (
        await opened.ask(DescribePersonRequest(person=Person(name="people/ben", role="lead"), update_mask=mask))
    ).receipt
    shown = await opened.ask(GetPersonRequest(name="people/ben", consistency_token=receipt.consistency_token))
    assert (shown.display_name, shown.role, shown.email) == ("Anna Köhler", "lead", "ben@example.com")
    first = await opened.ask(ListPeopleRequest(page_size=1))
    assert ([one.name for one in first.people], first.total_size) == (["people/anna"], 2)
    second = await opened.ask(ListPeopleRequest(page_size=1, page_token=first.next_page_token))
    assert ([one.name for one in second.people], second.next_page_token) == (["people/ben"], "")
    assert (await opened.refused(GetPersonRequest(name="people/carl"))).code == "NOT_FOUND"
    assert (await opened.refused(anna())).reason == "PersonExists"


async def test_starting_a_timer_stops_the_one_that_runs_and_logs_its_time(opened: Studio) -> None:  # R12
    start = StartTimerRequest(person="people/anna", contract="contracts/web-2026", note="Call", entry_id="t1")
    await opened.ask(start, now="2026-01-16T09:00:00+01:00")
    other = StartTimerRequest(person="people/anna", contract="contracts/web-2026", entry_id="t2", billable=False)
    receipt = (await opened.ask(other, now="2026-01-16T10:35:00+01:00")).receipt
    assert list(receipt.created) == ["entries/t1"]
    logged = await opened.ask(GetTimeEntryRequest(name="entries/t1", consistency_token=receipt.consistency_token))
    assert (logged.worked.seconds, logged.note, logged.billable) == (5700, "Call", True)
    listed = await opened.ask(ListTimersRequest())
    assert [(timer.name, timer.entry) for timer in listed.timers] == [("people/anna/timer", "entries/t2")]
    receipt = (await opened.ask(StopTimerRequest(person="people/anna"), now="2026-01-16T11:00:00+01:00")).receipt
    assert list(receipt.created) == ["entries/t2"]
    logged = await opened.ask(GetTimeEntryRequest(name="entries/t2", consistency_token=receipt.consistency_token))
    assert (logged.worked.seconds, logged.billable) == (1500, False)
    assert (await opened.refused(GetTimerRequest(person="people/anna"))).code == "NOT_FOUND"
    assert (await opened.refused(StopTimerRequest(person="people/anna"))).reason == "NoTimerRuns"


async def test_a_timer_that_cannot_be_logged_runs_on(opened: Studio) -> None:  # R24
    start = StartTimerRequest(person="people/anna", contract="contracts/web-2026", entry_id="t1")
    await opened.ask(start, now=NINE)
    pause = contracts.ContractPaused(
        contract_id=WEB, client_id=ACME, from_on=date(2026, 1, 16), to_on=date(2026, 1, 17)
    )
    token = await opened.tell(pause)
    stop = StopTimerRequest(person="people/anna", consistency_token=token)
    assert (await opened.refused(stop, now="2026-01-16T10:00:00+01:00")).reason == "ContractPausedThen"
    assert (await opened.ask(GetTimerRequest(person="people/anna"))).entry == "entries/t1"
    stop = StopTimerRequest(person="people/anna", not_billable=True)
    receipt = (await opened.ask(stop, now="2026-01-16T10:00:00+01:00")).receipt
    assert list(receipt.created) == ["entries/t1"]
    again = StartTimerRequest(person="people/anna", contract="contracts/web-2026")
    assert (await opened.refused(again, now="2026-01-16T11:00:00+01:00")).reason == "ContractPausedThen"
    spare = StartTimerRequest(person="people/anna", contract="contracts/web-2026", billable=False)
    await opened.ask(spare, now="2026-01-16T11:00:00+01:00")
    await opened.ask(DiscardTimerRequest(person="people/anna"))


async def test_two_timers_started_at_once_leave_one_running(opened: Studio) -> None:  # R12
    starts = [
        StartTimerRequest(person="people/anna", contract="contracts/web-2026", entry_id=f"t{number}")
        for number in range(5)
    ]
    await asyncio.gather(*(opened.ask(start, now=NINE) for start in starts))
    position = opened.store.position
    await opened.running.parts.views.wait_for(position)
    assert (await opened.ask(ListTimersRequest())).total_size == 1
    assert (await opened.ask(ListTimeEntriesRequest())).total_size == 4


async def test_deliveries_are_recorded_listed_and_withdrawn(studio: Studio) -> None:  # R14
    units = terms(allowance={"measure": "units", "units": 4}, overage={"rate": 25000})
    token = await studio.activate(signed(terms=units))
    deliver = RecordDeliveryRequest(
        delivery_id="d1",
        contract="contracts/web-2026",
        units=2,
        delivered_on=Date(year=2026, month=1, day=20),
        consistency_token=token,
    )
    receipt = (await studio.ask(deliver)).receipt
    in_january = 'contract = "contracts/web-2026" AND delivered_on < 2026-02-01'
    listed = await studio.ask(ListDeliveriesRequest(filter=in_january, consistency_token=receipt.consistency_token))
    assert [(one.name, one.units) for one in listed.deliveries] == [("deliveries/d1", 2)]
    receipt = (await studio.ask(WithdrawDeliveryRequest(name="deliveries/d1"))).receipt
    listed = await studio.ask(ListDeliveriesRequest(consistency_token=receipt.consistency_token))
    assert listed.total_size == 0
    deliver.request_id, deliver.delivery_id, deliver.units = "", "d2", 0
    told = await studio.refused(deliver)
    assert (told.reason, told.field) == ("UnitsNotPositive", "units")


async def test_what_is_told_twice_is_noted_once(opened: Studio) -> None:
    stream = f"{opened.agency}/contract/{WEB}"
    heard = [fact.name async for fact in opened.store.read_stream(stream)]
    assert heard == ["timelog.ContractHeard"]
    await opened.tell(activated())  # told once more, as after a wiped bus
    token = await opened.tell(activated(contract_id="seo-2026"))
    await opened.ask(log("e2", token, contract="contracts/seo-2026"))
    heard = [fact.name async for fact in opened.store.read_stream(stream)]
    assert heard == ["timelog.ContractHeard"]

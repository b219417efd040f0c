"""ContractService from end to end: real gRPC, store, views and bus, timelog's facts told by a store of its own."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from chassis.auth import Role
from messages.amounts import money_of
from messages.dates import date_message, instant_message
from services.timelog.events import Delivered, DeliveryWithdrawn, TimeCorrected, TimeDeleted, TimeLogged, Work
from tests.contracts.domain.stories import HOURS, TRIAL, agreed, day
from tests.contracts.office import Office
from tests.contracts.requests import WEB, add_client, change, draft, end, hours, notice, pause
from vocabulary.duration import Seconds
from vocabulary.identity import ContractId, DeliveryId, EntryId, PersonId
from vocabulary.terms import Renewal
from wire.retainer.contracts.v1 import contract_pb2, terms_pb2
from wire.retainer.contracts.v1.contract_pb2 import (
    ActivateContractRequest,
    Contract,
    DiscardDraftRequest,
    GetContractRequest,
    KeepCalendarRequest,
    ListContractHistoryRequest,
    ListContractsRequest,
    ReviseDraftRequest,
)

NEW_YEAR = "2026-01-01T12:00:00Z"


def work(on: date, **parts: Any) -> Work:
    whole: dict[str, Any] = {"contract_id": ContractId("web-2026"), "person_id": PersonId("anna"), "counted_on": on}
    return Work(worked=Seconds(3600), worked_on=on, **(whole | parts))


def logged(on: date, entry_id: str = "e1", **parts: Any) -> TimeLogged:
    return TimeLogged(entry_id=EntryId(entry_id), work=work(on, **parts))


@pytest.fixture
async def signed(office: Office) -> Office:
    """With one contract that binds, from 2026-01-15 on."""
    await office.ask(add_client(), now=NEW_YEAR)
    await office.ask(draft(), now=NEW_YEAR)
    return office


async def shown(office: Office, now: str = "2026-02-10T12:00:00Z", name: str = WEB, **how: Any) -> Contract:
    await office.running.parts.views.wait_for(office.running.parts.store.position)
    contract: Contract = await office.ask(GetContractRequest(name=name), now=now, **how)
    return contract


async def test_a_contract_is_drafted_revised_and_binds(office: Office) -> None:
    await office.ask(add_client(), now=NEW_YEAR)
    receipt = (await office.ask(draft(activate=False), now=NEW_YEAR)).receipt
    assert (receipt.name, receipt.etag) == (WEB, "1")
    assert (await shown(office)).state == contract_pb2.CONTRACT_STATE_DRAFT
    revision = ReviseDraftRequest(contract=Contract(name=WEB, title="Shop"), etag="1")
    assert (await office.ask(revision)).receipt.etag == "2"
    receipt = (await office.ask(ActivateContractRequest(name=WEB, etag="2"))).receipt
    contract = await shown(office)
    assert (contract.title, contract.state, contract.etag) == ("Shop", contract_pb2.CONTRACT_STATE_ACTIVE, "3")
    assert contract.agreement.terms == contract.terms
    assert contract.terms.allowance.hours == hours(1800)
    assert receipt.consistency_token


async def test_a_draft_can_be_thrown_away(office: Office) -> None:
    await office.ask(add_client())
    await office.ask(draft(activate=False))
    await office.ask(DiscardDraftRequest(name=WEB))
    assert (await shown(office)).state == contract_pb2.CONTRACT_STATE_DISCARDED
    assert (await office.refused(ActivateContractRequest(name=WEB))).reason == "NoDraft"
    assert (await office.refused(draft())).reason == "ContractExists"


async def test_new_terms_count_from_their_date(signed: Office) -> None:
    cheaper = terms_pb2.Terms(fee=terms_pb2.Fee(amount=money_of(250000, "EUR")))
    immediate = terms_pb2.Terms(allowance=terms_pb2.Allowance(hours=hours(2400)), net_days=30)
    await signed.ask(change(day(3, 1), cheaper), now=NEW_YEAR)
    await signed.ask(change(day(3, 10), immediate, immediately=True), now=NEW_YEAR)

    async def at(instant: str) -> tuple[int, int, int]:
        terms = (await shown(signed, instant)).terms
        return terms.fee.amount.units, terms.allowance.hours.seconds // 60, terms.net_days

    assert await at("2026-02-28T22:59:00Z") == (3000, 1800, 14)
    assert await at("2026-02-28T23:00:00Z") == (2500, 1800, 14)  # it is March in Berlin
    assert await at("2026-03-10T12:00:00Z") == (2500, 2400, 14)  # payment moves at the boundary (R22)
    assert await at("2026-04-01T12:00:00Z") == (2500, 2400, 30)
    versions = (await shown(signed)).versions
    assert [(version.effective_on.month, version.effective_on.day) for version in versions] == [
        (1, 15),
        (3, 1),
        (3, 10),
    ]
    assert versions[2].terms.fee.amount.units == 2500


async def test_as_of_shows_the_contract_as_it_was_shown_then(signed: Office) -> None:
    """Whatever came later: the answer is the one that was given then (R37)."""
    cheaper = terms_pb2.Terms(fee=terms_pb2.Fee(amount=money_of(250000, "EUR")))
    steps = [
        ("2026-01-10T12:00:00Z", change(day(3, 1), cheaper)),
        ("2026-02-10T12:00:00Z", pause(day(4, 10), day(4, 20))),
        ("2026-03-10T12:00:00Z", end(day(6, 15))),
    ]
    was = {}
    for instant, order in steps:
        await signed.ask(order, now=instant)
        was[instant] = await shown(signed, instant)
    assert len({one.etag for one in was.values()}) == 3
    for instant, contract in was.items():
        as_of = instant_message(datetime.fromisoformat(instant))
        assert await signed.ask(GetContractRequest(name=WEB, as_of=as_of), now="2026-05-01T12:00:00Z") == contract
    before = instant_message(datetime(2020, 1, 1, tzinfo=UTC))
    refused = await signed.refused(GetContractRequest(name=WEB, as_of=before))
    assert (refused.reason, refused.field) == ("ContractUnknown", "as_of")


async def test_what_a_mask_names_and_the_terms_lack_goes(signed: Office) -> None:
    mask = FieldMask(paths=["overage.rate", "rate"])
    new = terms_pb2.Terms(rate=money_of(11000, "EUR"))
    await signed.ask(change(day(3, 1), new, update_mask=mask), now=NEW_YEAR)
    terms = (await shown(signed, "2026-03-01T12:00:00Z")).terms
    assert not terms.overage.HasField("rate")
    assert terms.rate.units == 110


async def test_a_pause_shows_on_its_days(signed: Office) -> None:
    await signed.ask(pause(day(4, 10), day(4, 20)), now=NEW_YEAR)
    states = [(await shown(signed, f"2026-04-{number:02}T12:00:00Z")).state for number in (9, 10, 19, 20)]
    active, paused = contract_pb2.CONTRACT_STATE_ACTIVE, contract_pb2.CONTRACT_STATE_PAUSED
    assert states == [active, paused, paused, active]


async def test_a_pause_heeds_the_time_that_timelog_took(signed: Office) -> None:  # R24
    token = await signed.tell(logged(day(4, 12)))
    refusal = await signed.refused(pause(day(4, 10), day(4, 20), consistency_token=token), now=NEW_YEAR)
    assert (refusal.code, refusal.reason, refusal.field) == ("FAILED_PRECONDITION", "BillableTimeInPause", "from")
    corrected = TimeCorrected(entry_id=EntryId("e1"), work=work(day(4, 20)))
    token = await signed.tell(corrected, logged(day(4, 11), "e2", billable=False))
    await signed.ask(pause(day(4, 10), day(4, 20), consistency_token=token), now=NEW_YEAR)


async def test_an_early_end_heeds_time_and_deliveries(signed: Office) -> None:  # R7
    delivery = DeliveryId("d1")
    contract = ContractId("web-2026")
    delivered = Delivered(delivery_id=delivery, contract_id=contract, units=1, delivered_on=day(7, 2))
    token = await signed.tell(logged(day(7, 1)), delivered)
    asked = end(day(7, 2), consistency_token=token)
    assert (await signed.refused(asked)).reason == "WorkAfterEnd"
    asked.consistency_token = await signed.tell(DeliveryWithdrawn(delivery_id=delivery, contract_id=contract))
    await signed.ask(asked)
    earlier = end(day(7, 1))
    assert (await signed.refused(earlier)).reason == "WorkAfterEnd"
    earlier.consistency_token = await signed.tell(TimeDeleted(entry_id=EntryId("e1"), contract_id=contract))
    await signed.ask(earlier)
    ended = await shown(signed, "2026-07-01T12:00:00Z")
    assert (ended.state, ended.ends_on.day) == (contract_pb2.CONTRACT_STATE_ENDED, 1)


async def test_new_terms_heed_the_time_that_timelog_took(signed: Office) -> None:  # R9
    token = await signed.tell(logged(day(3, 5), task="design"), logged(day(3, 6), "e2", rate=9900))
    hourly = terms_pb2.Terms(rates=terms_pb2.Rates(tasks={"seo": money_of(9000, "EUR")}))
    mask = FieldMask(paths=["fee", "allowance", "rate", "overage", "rates.tasks.seo"])
    asked = change(day(3, 1), hourly, update_mask=mask, client_consents=True, consistency_token=token)
    refusal = await signed.refused(asked, now=NEW_YEAR)
    assert (refusal.code, refusal.reason, refusal.field) == ("FAILED_PRECONDITION", "EntriesWithoutRate", "terms.rate")
    asked.consistency_token = await signed.tell(TimeCorrected(entry_id=EntryId("e1"), work=work(day(3, 5), task="seo")))
    await signed.ask(asked, now=NEW_YEAR)


async def test_a_contract_renews_by_its_calendar(office: Office) -> None:  # R25
    await office.ask(add_client(), now=NEW_YEAR)
    yearly = agreed(starts_on="2026-01-01", ends_on="2027-01-01", renews=Renewal(12))
    await office.ask(draft(yearly), now=NEW_YEAR)
    keep = KeepCalendarRequest()
    assert not (await office.ask(keep, now="2026-06-01T12:00:00Z")).receipt.created
    assert list((await office.ask(keep, now="2026-12-02T23:00:00Z")).receipt.created) == [WEB]
    assert not (await office.ask(keep, now="2026-12-02T23:00:00Z")).receipt.created  # safe to repeat
    contract = await shown(office, "2026-12-03T12:00:00Z")
    assert (contract.ends_on.year, contract.renews) == (2028, True)
    reply = await office.ask(notice(day(12, 1)), now="2026-12-04T12:00:00Z")  # it lay in the letter box
    assert reply.in_time
    contract = await shown(office, "2026-12-04T12:00:00Z")
    assert (contract.ends_on.year, contract.renews, contract.notice.in_time) == (2027, False, True)


async def test_a_late_notice_is_told_so_also_when_it_is_repeated(office: Office) -> None:
    await office.ask(add_client(), now=NEW_YEAR)
    yearly = agreed(starts_on="2026-01-01", ends_on="2027-01-01", renews=Renewal(12))
    await office.ask(draft(yearly), now=NEW_YEAR)
    request = notice(day(12, 3), request_id="n1")
    for _ in range(2):
        assert not (await office.ask(request, now="2026-12-03T12:00:00Z")).in_time


REFUSALS = {
    ("NOT_FOUND", "ClientUnknown", "client"): draft(contract_id="x", client="clients/nobody"),
    ("INVALID_ARGUMENT", "NameMalformed", "client"): draft(contract_id="x", client="clients/Ä"),
    ("ALREADY_EXISTS", "ContractExists", "contract_id"): draft(),
    ("INVALID_ARGUMENT", "EndBeforeStart", "agreement.ends_on"): draft(agreed(ends_on="2026-01-15"), contract_id="x"),
    ("INVALID_ARGUMENT", "TrialInvalid", "agreement.ends_on"): draft(
        agreed(TRIAL, trial=True, ends_on="2026-03-01"), contract_id="x"
    ),
    ("FAILED_PRECONDITION", "NoDraft", "name"): ActivateContractRequest(name=WEB),
    ("ABORTED", "EtagStale", "etag"): end(day(6, 1), etag="7"),
    ("INVALID_ARGUMENT", "NotABoundary", "effective_on"): change(day(3, 2)),
    ("FAILED_PRECONDITION", "OutsideContract", "effective_on"): change(day(1, 1)),
    ("FAILED_PRECONDITION", "PriceIncreaseUnannounced", "effective_on"): change(day(1, 15)),
    ("INVALID_ARGUMENT", "CurrencyDiffers", "terms.fee.amount"): change(
        day(3, 1), terms_pb2.Terms(fee=terms_pb2.Fee(amount=money_of(1, "USD")))
    ),
    ("INVALID_ARGUMENT", "CapNotMeasurable", "terms.rollover.cap"): change(
        day(3, 1), terms_pb2.Terms(rollover=terms_pb2.Rollover(units=2))
    ),
    ("INVALID_ARGUMENT", "MeasuresContradict", "terms.bank"): change(day(3, 1), terms_pb2.Terms(bank=True)),
    ("INVALID_ARGUMENT", "NothingChanges", "terms"): change(day(3, 1), terms_pb2.Terms()),
    ("INVALID_ARGUMENT", "CycleFixed", "terms.anchor"): change(day(3, 1), terms_pb2.Terms(anchor=15)),
    ("INVALID_ARGUMENT", "MaskInvalid", "update_mask"): change(day(3, 1), update_mask=FieldMask(paths=["price"])),
    ("INVALID_ARGUMENT", "PauseEmpty", "to"): pause(day(4, 2), day(4, 2)),
    ("INVALID_ARGUMENT", "DateInvalid", "to"): contract_pb2.PauseContractRequest(
        contract=WEB, **{"from": date_message(day(4, 2))}, to={"year": 2026, "month": 2, "day": 30}
    ),
    ("INVALID_ARGUMENT", "EndBeforeStart", "ends_on"): end(day(1, 15)),
    ("FAILED_PRECONDITION", "DoesNotRenew", "contract"): notice(),
    ("NOT_FOUND", "ContractUnknown", "name"): GetContractRequest(name="contracts/nothing"),
    ("NOT_FOUND", "ContractUnknown", "contract"): ListContractHistoryRequest(contract="contracts/nothing"),
    ("INVALID_ARGUMENT", "FilterInvalid", "filter"): ListContractsRequest(filter="state = lost"),
    ("INVALID_ARGUMENT", "FieldsInvalid", "contract"): contract_pb2.EndContractRequest(
        contract="web-2026", ends_on=date_message(day(6, 1))
    ),
}


async def test_bad_input_is_told_by_name_and_field_and_records_nothing(signed: Office) -> None:
    before = signed.running.parts.store.position
    for expected, request in REFUSALS.items():
        refusal = await signed.refused(request, now=NEW_YEAR)
        assert (refusal.code, refusal.reason, refusal.field) == expected, refusal.message
    assert signed.running.parts.store.position == before


async def test_a_try_out_records_nothing(signed: Office) -> None:
    before = signed.running.parts.store.position
    tried = await signed.ask(change(day(3, 1), validate_only=True, client_consents=True), now=NEW_YEAR)
    assert (tried.receipt.name, tried.receipt.etag) == (WEB, "2")
    assert (await signed.refused(change(day(3, 2), validate_only=True), now=NEW_YEAR)).reason == "NotABoundary"
    assert (await signed.ask(draft(contract_id="x", validate_only=True))).receipt.name == "contracts/x"
    assert signed.running.parts.store.position == before


async def test_history_tells_who_did_what(signed: Office) -> None:
    await signed.ask(change(day(3, 1), client_consents=True), now="2026-02-01T12:00:00Z")
    token = (await signed.ask(pause(day(4, 10), day(4, 20)), now="2026-02-02T12:00:00Z")).receipt.consistency_token
    asked = ListContractHistoryRequest(contract=WEB, page_size=3, consistency_token=token)
    first = await signed.ask(asked, role=Role.GUEST)
    assert [event.event for event in first.events] == ["ContractDrafted", "ContractActivated", "TermsChanged"]
    change_told = first.events[2]
    assert change_told.summary == ("new terms from 2026-03-01 on: fee amount 3500.00 EUR, with the client's consent")
    assert (change_told.actor, change_told.effective_on.month) == ("olga", 3)
    assert change_told.record_time.ToJsonString() == "2026-02-01T12:00:00Z"
    assert json.loads(change_told.content_json)["patch"] == {"fee": {"amount": 350000}}
    asked.page_token = first.next_page_token
    [last] = (await signed.ask(asked, role=Role.GUEST)).events
    assert last.summary == "paused from 2026-04-10 until 2026-04-20"


async def test_lists_are_filtered_by_what_holds_today(signed: Office) -> None:
    await signed.ask(add_client("umbrella"), now=NEW_YEAR)
    await signed.ask(draft(agreed(ends_on="2026-03-01"), contract_id="a"), now=NEW_YEAR)
    far_east = agreed(HOURS, time_zone="Pacific/Kiritimati", ends_on="2026-02-11")
    await signed.ask(draft(far_east, contract_id="b", client="clients/umbrella"), now=NEW_YEAR)
    await signed.ask(draft(contract_id="c", activate=False), now=NEW_YEAR)
    await signed.ask(pause(day(2, 10), day(2, 12)), now=NEW_YEAR)
    token = (await signed.ask(add_client("last"), now=NEW_YEAR)).receipt.consistency_token

    async def names(text: str, order_by: str = "", **how: Any) -> str:
        asked = ListContractsRequest(filter=text, order_by=order_by, consistency_token=token)
        reply = await signed.ask(asked, now="2026-02-10T12:00:00Z", **how)
        return " ".join(contract.name.removeprefix("contracts/") for contract in reply.contracts)

    assert await names("") == "a b c web-2026"
    assert await names("state = active") == "a"
    assert await names("state = paused") == "web-2026"
    assert await names("state = ended") == "b"  # it is the 11th there
    assert await names("state = draft") == "c"
    assert await names('client = "clients/umbrella" AND state = ended') == "b"
    assert await names("ends_on <= 2026-03-01", "ends_on desc") == "a b"
    assert await names("starts_on != 2026-01-15") == ""
    assert await names('name = "contracts/a"') == "a"
    assert await names("", role=Role.GUEST, client="umbrella") == "b"
    assert await names("state = active", agency="rival") == ""


async def test_lists_of_contracts_come_in_pages(signed: Office) -> None:
    for name in ("b", "a", "c"):
        await signed.ask(draft(agreed(starts_on=f"2026-0{ord(name) - 95}-01"), contract_id=name), now=NEW_YEAR)
    await shown(signed)
    asked = ListContractsRequest(page_size=3, order_by="starts_on desc", filter="state = active")
    first = await signed.ask(asked, now="2026-06-01T12:00:00Z")
    assert [contract.name[10:] for contract in first.contracts] == ["c", "b", "a"]
    asked.page_token = first.next_page_token
    rest = await signed.ask(asked, now="2026-06-01T12:00:00Z")
    assert ([contract.name[10:] for contract in rest.contracts], rest.next_page_token) == (["web-2026"], "")


async def test_a_guest_sees_his_own_clients_contracts_and_changes_nothing(signed: Office) -> None:
    assert (await shown(signed, role=Role.GUEST)).name == WEB
    with pytest.raises(Exception, match="there is no contract"):
        await shown(signed, role=Role.GUEST, client="umbrella")
    assert (await signed.refused(end(day(6, 1)), role=Role.GUEST)).code == "PERMISSION_DENIED"
    assert (await signed.refused(end(day(6, 1)), role=Role.MEMBER)).code == "PERMISSION_DENIED"


async def test_what_was_rebuilt_is_as_it_was(signed: Office) -> None:
    await signed.ask(change(day(3, 1), client_consents=True), now=NEW_YEAR)
    token = await signed.tell(logged(day(4, 12)))
    await signed.ask(pause(day(4, 20), day(4, 25), consistency_token=token), now=NEW_YEAR)
    parts = signed.running.parts

    async def everything() -> list[Any]:
        tables = ("agency_profile", "client", "contract", "contract_pause", "contract_history", "contract_work")
        return [await parts.views.query(f"SELECT * FROM {{{table}}} ORDER BY 1, 2, 3") for table in tables]

    await parts.views.wait_for(parts.store.position)
    before = await everything()
    for name in ("agency", "clients", "contracts", "history", "work"):
        await parts.projector.rebuild(name)
    assert await everything() == before


async def test_work_counts_by_the_contracts_zone_where_timelog_did_not_say(signed: Office) -> None:
    late = Work(
        contract_id=ContractId("web-2026"),
        person_id=PersonId("anna"),
        worked=Seconds(60),
        started_at=datetime(2026, 4, 9, 22, 30, tzinfo=UTC),  # 00:30 on the 10th in Berlin
    )
    token = await signed.tell(TimeLogged(entry_id=EntryId("e2"), work=late))
    refusal = await signed.refused(pause(day(4, 10), day(4, 11), consistency_token=token), now=NEW_YEAR)
    assert refusal.reason == "BillableTimeInPause"

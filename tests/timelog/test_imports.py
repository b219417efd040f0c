"""Imports from end to end: planned, applied whole, and nothing twice."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from chassis.auth import Role
from services.contracts import events as contracts
from tests.timelog.samples import WEB, signed
from tests.timelog.studio import ACME, Studio
from tests.timelog.test_doors import anna
from tests.timelog.test_toggl import GOOD, csv, fixture, with_cells
from wire.retainer.timelog.v1.import_pb2 import (
    BILLABLE_NO_BILLABLE,
    CLOCK_TWICE_EARLIER,
    CLOCK_TWICE_LATER,
    ApplyImportRequest,
    ContractMapping,
    GetImportRequest,
    ImportOptions,
    ImportPlan,
    ListImportsRequest,
    PersonMapping,
    PlanImportRequest,
)
from wire.retainer.timelog.v1.person_pb2 import ListPeopleRequest
from wire.retainer.timelog.v1.time_entry_pb2 import DeleteTimeRequest, ListTimeEntriesRequest, TimeEntry

ROWS = [with_cells(start_date=f"2026-02-{day:02}", end_date=f"2026-02-{day:02}") for day in range(1, 11)]


def mapped(**options: Any) -> ImportOptions:
    to_web = ContractMapping(client="acme", project="WEB", contract="contracts/web-2026")
    return ImportOptions(**{"contracts": [to_web], "time_zone": "Europe/Berlin", **options})


pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def opened(studio: Studio) -> Studio:
    """Anna is known by her e-mail address, and the contract binds."""
    await studio.ask(anna())
    token = await studio.activate()
    await studio.ask(ListPeopleRequest(consistency_token=token))
    return studio


async def plan(studio: Studio, content: bytes, options: ImportOptions | None = None) -> ImportPlan:
    request = PlanImportRequest(source="toggl", content=content, options=options or mapped())
    found: ImportPlan = (await studio.ask(request)).plan
    return found


async def apply(studio: Studio, content: bytes, options: ImportOptions | None = None, **parts: Any) -> ImportPlan:
    request = ApplyImportRequest(source="toggl", content=content, options=options or mapped(), **parts)
    reply = await studio.ask(request)
    await studio.running.parts.views.wait_for(studio.store.position)
    done: ImportPlan = reply.plan
    return done


async def entries(studio: Studio) -> Sequence[TimeEntry]:
    listed: Sequence[TimeEntry] = (await studio.ask(ListTimeEntriesRequest(page_size=1000))).entries
    return listed


def reasons(plan: ImportPlan) -> list[tuple[int, str]]:
    return [(note.line, note.reason) for note in plan.skipped]


async def test_a_plan_says_what_an_import_then_does(opened: Studio) -> None:
    content = csv(*ROWS)
    position = opened.store.position
    planned = await plan(opened, content)
    assert opened.store.position == position, "a plan records nothing"
    assert (planned.rows, planned.to_log, planned.known_already, planned.skipped_count) == (10, 10, 0, 0)
    (share,) = planned.shares
    assert (share.contract, share.rows, share.worked.seconds) == ("contracts/web-2026", 10, 57_000)
    assert (share.first_on.day, share.last_on.day) == (1, 10)
    assert await apply(opened, content) == planned
    logged = await entries(opened)
    assert len(logged) == 10
    assert logged[0].start_time.ToJsonString() == "2026-02-01T08:00:00Z"
    assert (logged[0].note, logged[0].person, logged[0].billable) == ("Call", "people/anna", True)


async def test_the_same_file_and_an_overlapping_one_add_nothing(opened: Studio) -> None:
    await apply(opened, csv(*ROWS))
    again = await apply(opened, csv(*ROWS))
    assert (again.to_log, again.known_already) == (0, 10)
    more = with_cells(start_date="2026-02-20", end_date="2026-02-20")
    overlapping = await apply(opened, csv(*reversed(ROWS[5:]), more))
    assert (overlapping.to_log, overlapping.known_already) == (1, 5)
    assert len(await entries(opened)) == 11


async def test_rows_equal_in_everything_stay_two_and_come_once(opened: Studio) -> None:
    assert (await apply(opened, csv(GOOD, GOOD))).to_log == 2
    assert (await apply(opened, csv(GOOD, GOOD))).known_already == 2
    third = await apply(opened, csv(GOOD, GOOD, GOOD))
    assert (third.to_log, third.known_already) == (1, 2)


async def test_another_mapping_does_not_log_a_row_twice(opened: Studio) -> None:
    token = await opened.activate(contract_id="seo-2026")
    await opened.ask(ListPeopleRequest(consistency_token=token))
    await apply(opened, csv(*ROWS))
    elsewhere = ImportOptions(contracts=[ContractMapping(contract="contracts/seo-2026")])
    assert (await apply(opened, csv(*ROWS), elsewhere)).known_already == 10


async def test_an_entry_that_was_deleted_here_does_not_come_back(opened: Studio) -> None:
    await apply(opened, csv(GOOD))
    (only,) = await entries(opened)
    await opened.ask(DeleteTimeRequest(name=only.name))
    assert (await apply(opened, csv(GOOD))).known_already == 1
    assert not await entries(opened)


async def test_two_imports_at_once_log_each_row_once(opened: Studio) -> None:
    done = await asyncio.gather(*(apply(opened, csv(*ROWS)) for _ in range(3)))
    assert sorted((each.to_log, each.known_already) for each in done) == [(0, 10), (0, 10), (10, 0)]
    assert len(await entries(opened)) == 10


async def test_a_repeated_request_says_that_it_was_known(opened: Studio) -> None:
    request = ApplyImportRequest(source="toggl", content=csv(*ROWS), options=mapped(), request_id="i1")
    first, again = (await opened.ask(request)).receipt, (await opened.ask(request)).receipt
    assert first.name == again.name
    assert again.repeated_request
    listed = await opened.ask(ListImportsRequest(consistency_token=first.consistency_token))
    assert [(one.name, one.logged, one.actor) for one in listed.imports] == [(first.name, 10, "olga")]
    assert (await opened.ask(GetImportRequest(name=first.name))).source == "toggl"
    assert (await opened.refused(GetImportRequest(name="imports/none"))).code == "NOT_FOUND"


async def test_rows_that_rules_refuse_are_told_with_line_and_name(opened: Studio) -> None:
    await opened.ask(
        ListPeopleRequest(
            consistency_token=await opened.tell(
                contracts.ContractPaused(
                    contract_id=WEB,
                    client_id=ACME,
                    from_on=date(2026, 2, 10),
                    to_on=date(2026, 2, 12),
                )
            )
        )
    )
    paused, before = (with_cells(start_date=on, end_date=on) for on in ("2026-02-10", "2025-12-31"))
    spare = with_cells(start_date="2025-12-30", end_date="2025-12-30", billable="No")
    content = csv(GOOD, paused, before, with_cells(duration="26:00:00"), spare, "Anna,too,few")
    planned = await plan(opened, content)
    assert reasons(planned) == [
        (3, "ContractPausedThen"),
        (4, "OutsideContract"),
        (5, "LongerThanADay"),
        (7, "FieldsMiscounted"),
    ]
    assert (planned.rows, planned.to_log) == (6, 2)
    whole = ApplyImportRequest(source="toggl", content=content, options=mapped(), only_if_whole=True)
    told = await opened.refused(whole)
    assert (told.code, told.reason) == ("FAILED_PRECONDITION", "RowsSkipped")
    assert "line 3" in told.message
    assert not await entries(opened), "nothing is half imported"
    assert await apply(opened, content) == planned
    assert len(await entries(opened)) == 2


async def test_who_and_what_is_unknown_is_told_once_with_its_rows(opened: Studio) -> None:
    stranger = with_cells(user="Zoe", email="zoe@example.com", project="Shop")
    planned = await plan(opened, csv(GOOD, stranger, stranger, with_cells(user="Zoe", email="zoe@example.com")))
    assert reasons(planned) == [(3, "ContractUnmapped"), (4, "ContractUnmapped"), (5, "PersonUnmapped")]
    found = [(one.client, one.project, one.user, one.rows, one.first_line) for one in planned.unknown]
    assert found == [("Acme", "Shop", "", 2, 3), ("", "", "zoe@example.com", 3, 3)]
    nothing = ApplyImportRequest(source="toggl", content=csv(stranger), options=mapped())
    assert (await opened.refused(nothing)).reason == "NothingToImport"


async def test_the_mapping_that_names_more_goes_first(opened: Studio) -> None:
    for contract_id in ("seo-2026", "rest"):
        token = await opened.activate(contract_id=contract_id)
    await opened.ask(ListPeopleRequest(consistency_token=token))
    options = mapped(
        contracts=[
            ContractMapping(contract="contracts/rest"),
            ContractMapping(project="SEO", contract="contracts/seo-2026"),
            ContractMapping(client="Acme", contract="contracts/web-2026"),
        ]
    )
    rows = [with_cells(), with_cells(project="Seo"), with_cells(client="Other", project="Shop")]
    planned = await plan(opened, csv(*rows), options)
    assert [share.contract for share in planned.shares] == [
        "contracts/rest",
        "contracts/seo-2026",
        "contracts/web-2026",
    ]


async def test_each_users_times_are_read_in_his_own_zone(opened: Studio) -> None:
    await opened.ask(anna("ben", "ben@example.com"))
    people = [PersonMapping(user="BEN", person="people/ben", time_zone="America/New_York")]
    rows = [GOOD, with_cells(user="Ben", email="")]
    await apply(opened, csv(*rows), mapped(people=people, time_zone=""))
    starts = {one.person: one.start_time.ToJsonString() for one in await entries(opened)}
    assert starts == {
        "people/anna": "2026-02-03T08:00:00Z",  # 09:00 in Berlin, the zone of her profile here
        "people/ben": "2026-02-03T14:00:00Z",  # 09:00 in New York
    }


async def test_an_hour_that_the_clock_skips_or_shows_twice_is_told_and_not_guessed(opened: Studio) -> None:
    skipped = with_cells(start_date="2026-03-29", start_time="02:30:00", end_date="2026-03-29", end_time="04:05:00")
    twice = with_cells(start_date="2026-10-25", start_time="02:30:00", end_date="2026-10-25", end_time="03:05:00")
    planned = await plan(opened, csv(GOOD, skipped, twice))
    assert reasons(planned) == [(3, "TimeSkippedByClock"), (4, "TimeShownTwice")]
    for choice, start in ((CLOCK_TWICE_EARLIER, "00:30"), (CLOCK_TWICE_LATER, "01:30")):
        row = csv(with_cells(start_date="2026-10-25", start_time="02:30:00", end_date="2026-10-25", task=start))
        await apply(opened, row, mapped(clock_twice=choice))
    shown = {one.task: one.start_time.ToJsonString() for one in await entries(opened)}
    assert shown == {"00:30": "2026-10-25T00:30:00Z", "01:30": "2026-10-25T01:30:00Z"}


async def test_the_stated_duration_counts_and_a_difference_is_told(opened: Studio) -> None:
    done = await apply(opened, csv(GOOD, with_cells(duration="01:30:00")))
    assert [(note.line, note.reason) for note in done.warnings] == [(3, "DurationDisagrees")]
    assert sorted(one.worked.seconds for one in await entries(opened)) == [5400, 5700]


async def test_a_clock_change_within_a_row_is_no_difference(opened: Studio) -> None:
    night = with_cells(
        start_date="2026-03-29", start_time="01:30:00", end_date="2026-03-29", end_time="03:30:00", duration="01:00:00"
    )
    assert (await plan(opened, csv(night))).warning_count == 0


async def test_no_can_mean_unknown(opened: Studio) -> None:
    row = csv(with_cells(billable="No"))
    await apply(opened, row, mapped(billable_no=BILLABLE_NO_BILLABLE))
    assert [one.billable for one in await entries(opened)] == [True]


@pytest.mark.parametrize(
    ("parts", "reason", "field"),
    [
        ({"source": "harvest"}, "SourceUnknown", "source"),
        ({"options": mapped(time_zone="Mars/Olympus")}, "TimeZoneUnknown", "options.time_zone"),
        (
            {"options": mapped(people=[PersonMapping(user="x", person="people/anna", time_zone="CET/x")])},
            "TimeZoneUnknown",
            "options.people[0].time_zone",
        ),
        ({"content": b""}, "FileEmpty", "content"),
        ({"content": csv(with_cells(start_date="03/04/2026"))}, "DatesAmbiguous", "options.date_order"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_field(
    opened: Studio, parts: dict[str, Any], reason: str, field: str
) -> None:
    whole = {"source": "toggl", "content": csv(GOOD), "options": mapped(), **parts}
    for request in (PlanImportRequest(**whole), ApplyImportRequest(**whole)):
        told = await opened.refused(request)
        assert (told.code, told.reason, told.field) == ("INVALID_ARGUMENT", reason, field)
    assert (await opened.refused(PlanImportRequest(**whole), role=Role.MEMBER)).code == "PERMISSION_DENIED"


async def test_trying_out_an_import_says_the_plan_and_records_nothing(opened: Studio) -> None:
    position = opened.store.position
    request = ApplyImportRequest(source="toggl", content=csv(*ROWS), options=mapped(), validate_only=True)
    assert (await opened.ask(request)).plan.to_log == 10
    assert opened.store.position == position


@pytest.mark.parametrize(
    ("name", "count"),
    [("detailed_csv_49rows_zoho.csv", 49), ("detailed_csv_kimai_demo.csv", 4), ("detailed_csv_solidtime_1.csv", 2)],
)
async def test_real_exports_are_imported_once(opened: Studio, name: str, count: int) -> None:
    token = await opened.activate(signed(starts_on="2024-01-01"), "old")
    await opened.ask(ListPeopleRequest(consistency_token=token))
    content = fixture(name)
    users = ("john.doe@example.com", "bob@example.com", "johnsmith@example.com", "peter.test@email.test")
    options = ImportOptions(
        contracts=[ContractMapping(contract="contracts/old")],
        people=[PersonMapping(user=user, person="people/anna") for user in users],
        time_zone="Europe/Berlin",
    )
    done = await apply(opened, content, options)
    assert (done.rows, done.to_log, done.skipped_count) == (count, count, 0), done.skipped
    assert (await apply(opened, content, options)).known_already == count
    assert len(await entries(opened)) == count

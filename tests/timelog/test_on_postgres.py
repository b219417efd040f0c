"""Timelog on PostgreSQL: the same questions, the same answers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from chassis.testing import nats_server, postgres_server
from tests.timelog.studio import Studio, studio_at
from tests.timelog.test_doors import anna, log
from tests.timelog.test_imports import ROWS, apply, entries
from tests.timelog.test_toggl import csv
from wire.retainer.timelog.v1.import_pb2 import ListImportsRequest
from wire.retainer.timelog.v1.person_pb2 import GetPersonRequest, ListPeopleRequest
from wire.retainer.timelog.v1.time_entry_pb2 import (
    ApproveTimeRequest,
    CorrectTimeRequest,
    DeleteTimeRequest,
    GetTimeEntryRequest,
    ListTimeEntriesRequest,
    TimeEntry,
)
from wire.retainer.timelog.v1.timer_pb2 import ListTimersRequest, StartTimerRequest, StopTimerRequest

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("timelog on PostgreSQL")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    folder = tmp_path_factory.mktemp("timelog")
    with nats_server(folder) as nats, postgres_server() as server:
        async with studio_at(folder, nats, store_url=server.url, keys_url=server.url) as opened:
            yield opened


@pytest.fixture
def studio(on_postgres: Studio, request: pytest.FixtureRequest) -> Studio:
    return on_postgres.of(request.node.name.replace("_", "-")[:40])


async def test_views_answer_alike_on_postgresql(studio: Studio) -> None:
    await studio.ask(anna())
    token = await studio.activate()
    await studio.ask(log("e1", token, note="Call"))
    await studio.ask(log("e2", at="2026-01-16T10:30:00+01:00", billable=False))
    await studio.ask(log("e3", at="2026-02-01T09:00:00+01:00"))
    await studio.ask(CorrectTimeRequest(entry=TimeEntry(name="entries/e3", task="seo")))
    receipt = (await studio.ask(ApproveTimeRequest(names=["entries/e1", "entries/e3"]))).receipt
    shown = await studio.ask(GetTimeEntryRequest(name="entries/e1", consistency_token=receipt.consistency_token))
    assert (shown.note, shown.approved, list(shown.overlaps)) == ("Call", True, ["entries/e2"])

    async def names(text: str, order_by: str = "") -> list[str]:
        asked = ListTimeEntriesRequest(filter=text, order_by=order_by, page_size=1)
        found = []
        while True:
            reply = await studio.ask(asked)
            found += [one.name for one in reply.entries]
            if not reply.next_page_token:
                assert len(found) == reply.total_size
                return found
            asked.page_token = reply.next_page_token

    assert await names("", "counted_on desc") == ["entries/e3", "entries/e2", "entries/e1"]
    assert await names('contract = "contracts/web-2026" AND counted_on < 2026-02-01') == ["entries/e1", "entries/e2"]
    assert await names("billable = true AND approved = true AND task = seo") == ["entries/e3"]
    receipt = (await studio.ask(DeleteTimeRequest(name="entries/e2"))).receipt
    await studio.ask(GetPersonRequest(name="people/anna", consistency_token=receipt.consistency_token))
    assert await names("") == ["entries/e1", "entries/e3"]


async def test_timers_and_imports_work_alike_on_postgresql(studio: Studio) -> None:
    await studio.ask(anna())
    await studio.ask(ListPeopleRequest(consistency_token=await studio.activate()))
    start = StartTimerRequest(person="people/anna", contract="contracts/web-2026", entry_id="t1")
    receipt = (await studio.ask(start, now="2026-01-16T09:00:00+01:00")).receipt
    listed = await studio.ask(ListTimersRequest(consistency_token=receipt.consistency_token))
    assert [timer.entry for timer in listed.timers] == ["entries/t1"]
    await studio.ask(StopTimerRequest(person="people/anna"), now="2026-01-16T10:00:00+01:00")
    assert (await apply(studio, csv(*ROWS))).to_log == 10
    assert (await apply(studio, csv(*ROWS))).known_already == 10
    assert len(await entries(studio)) == 11
    imports = (await studio.ask(ListImportsRequest(page_size=1))).imports
    assert [(one.logged, one.known_already) for one in imports] == [(0, 10)]

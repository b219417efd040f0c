"""Views: live, rebuilt beside, and as of a position; on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.projector import Projector, Wanted
from chassis.store import Recorded, Store
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, BOLT, COUNTER, ENDLESS, Count, Counted, Totals, counter

OpenProjector = Callable[..., Awaitable[Projector]]


@pytest.fixture
def views_url(store_url: str, tmp_path: Path) -> str:
    if store_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/views.db"
    return f"{store_url.rpartition('=')[0]}=v_{uuid4().hex}"


@pytest.fixture
async def project(views_url: str, open_store: OpenStore) -> AsyncIterator[OpenProjector]:
    """Opens projectors at one place."""
    async with AsyncExitStack() as stack:

        async def open_one(store: Store, *views: Any, run: bool = True, follow: bool = False) -> Projector:
            projector = Projector(store, views_url, views or (Totals(),))
            stack.push_async_callback(projector.close)
            await projector.open(follow=follow)
            if run:
                stack.push_async_callback(_stopped, asyncio.create_task(projector.run()))
            return projector

        yield open_one


async def _stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def totals(projector: Projector) -> dict[str, int]:
    rows = await projector.views.query(
        "SELECT counter_id, total FROM {totals} WHERE agency = :agency", {"agency": "acme"}
    )
    return {row["counter_id"]: row["total"] for row in rows}


async def fill(store: Store, count: int = 20) -> int:
    await asyncio.gather(
        *(
            store.execute(ENDLESS, counter(f"c{number % 4}"), Count(f"c{number % 4}"), context=ACME)
            for number in range(count)
        )
    )
    return store.position


async def test_a_view_shows_what_was_recorded(store: Store, project: OpenProjector) -> None:
    projector = await project(store)
    receipt = await store.execute(COUNTER, counter("a"), Count("a", 3), context=ACME)
    await projector.views.wait_for(receipt.position)
    assert await totals(projector) == {"a": 3}
    assert projector.views.position == 1


async def test_a_rebuilt_view_equals_the_live_one(store: Store, project: OpenProjector) -> None:
    projector = await project(store)
    await projector.views.wait_for(await fill(store))
    live = await projector.hashes()
    assert await projector.rebuild("totals") == 20
    assert await projector.hashes() == live
    await projector.views.wait_for(await fill(store))
    assert await totals(projector) == {f"c{number}": 10 for number in range(4)}


async def test_a_view_is_rebuilt_while_facts_flow(store: Store, project: OpenProjector) -> None:
    projector = await project(store)
    await fill(store, 1500)
    filling = asyncio.create_task(fill(store, 400))
    await projector.rebuild("totals")
    await filling
    await projector.views.wait_for(store.position)
    assert sum((await totals(projector)).values()) == 1900
    live = await projector.hashes()
    await projector.rebuild("totals")
    assert await projector.hashes() == live


async def test_a_view_goes_on_where_it_was(open_store: OpenStore, project: OpenProjector) -> None:
    store = await open_store()
    first = await project(store)
    await first.views.wait_for(await fill(store))
    again = await project(await open_store(), run=False)
    assert again.views.position == 20
    assert sum((await totals(again)).values()) == 20


class WiderTotals(Totals):
    tables = {"totals": "agency TEXT, counter_id TEXT, total INTEGER, note TEXT, PRIMARY KEY (agency, counter_id)"}  # noqa: RUF012

    def project(self, tables: Any, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            tables.execute(
                "INSERT INTO {totals} VALUES (:agency, :counter, 1, 'wide') ON CONFLICT (agency, counter_id)"
                " DO UPDATE SET total = {totals}.total + 1",
                {"agency": fact.agency, "counter": fact.stream.rpartition("/")[2]},
            )


async def test_a_view_whose_shape_has_changed_is_built_anew(open_store: OpenStore, project: OpenProjector) -> None:
    store = await open_store()
    await (await project(store)).views.wait_for(await fill(store, 8))
    wider = await project(await open_store(), WiderTotals(), run=False)
    rows = await wider.views.query("SELECT total, note FROM {totals}")
    assert {(row["total"], row["note"]) for row in rows} == {(2, "wide")}


async def test_a_new_view_beside_an_old_one_catches_up(open_store: OpenStore, project: OpenProjector) -> None:
    class Others(WiderTotals):
        name = "others"
        tables = {"others": WiderTotals.tables["totals"]}  # noqa: RUF012
        indexes = ()

        def project(self, tables: Any, facts: Sequence[Recorded]) -> None:
            tables.execute_many(
                "INSERT INTO {others} VALUES ('x', :id, 1, '')", [{"id": str(f.position)} for f in facts]
            )

    store = await open_store()
    await (await project(store)).views.wait_for(await fill(store, 8))
    both = await project(await open_store(), Totals(), Others(), run=False)
    assert len(await both.views.query("SELECT * FROM {others}")) == 8
    assert sum((await totals(both)).values()) == 8


async def test_a_view_as_it_was_known_at_a_position(store: Store, project: OpenProjector) -> None:
    projector = await project(store)
    for _ in range(6):
        await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
        await store.execute(COUNTER, counter("b", "bolt"), Count("b"), context=BOLT)
    streams = (counter("a"), counter("b", "bolt"))
    for wanted in (Wanted(), Wanted("acme"), Wanted("acme", kinds=(Counted,)), Wanted(streams=streams)):
        then = await projector.replay_until(["totals"], 5, wanted)
        (row,) = await then.query("SELECT total FROM {totals} WHERE agency = 'acme'")
        assert row["total"] == 3
        assert then.position == 5
        then.close()


async def test_watchers_are_woken_by_each_change(store: Store, project: OpenProjector) -> None:
    projector = await project(store)
    seen = projector.views.position
    for _ in range(3):
        waiting = asyncio.create_task(projector.views.wait_beyond(seen))
        await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
        async with asyncio.timeout(30):
            seen = await waiting
    assert (await totals(projector))["a"] == 3


async def test_a_view_that_fails_does_not_hold_up_the_others(
    store: Store, project: OpenProjector, caplog: pytest.LogCaptureFixture
) -> None:
    class Fragile(Totals):
        name = "fragile"
        tables = {"fragile": "id TEXT PRIMARY KEY"}  # noqa: RUF012
        indexes = ()
        broken = True

        def project(self, tables: Any, facts: Sequence[Recorded]) -> None:
            if self.broken:
                raise ZeroDivisionError
            tables.execute_many("INSERT INTO {fragile} VALUES (:id)", [{"id": str(fact.position)} for fact in facts])

    fragile = Fragile()
    fragile.broken = False
    projector = await project(store, Totals(), fragile, run=False)
    fragile.broken = True
    running = asyncio.create_task(projector.run())
    await fill(store, 4)
    async with asyncio.timeout(30):
        while sum((await totals(projector)).values()) < 4 or "the view fragile cannot take in" not in caplog.text:
            await asyncio.sleep(0.01)
    assert projector.views.position == 0  # not all views are there
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    fragile.broken = False
    assert await projector.rebuild("fragile") == 4
    assert projector.views.position == 4


async def test_a_follower_sees_what_another_process_projects(open_store: OpenStore, project: OpenProjector) -> None:
    leader_store, follower_store = await open_store(), await open_store()
    await project(leader_store)
    follower = await project(follower_store, follow=True, run=False)
    receipt = await follower_store.execute(COUNTER, counter("a"), Count("a", 2), context=ACME)
    async with asyncio.timeout(30):
        await follower.views.wait_for(receipt.position)
    assert await totals(follower) == {"a": 2}


async def test_a_follower_gets_ready_while_another_process_goes_on(
    open_store: OpenStore, project: OpenProjector
) -> None:
    leader_store, follower_store = await open_store(), await open_store()
    leader = await project(leader_store)
    follower = await project(follower_store, follow=True, run=False)
    await leader.views.wait_for(await fill(leader_store, 40))
    async with asyncio.timeout(10):
        await follower.all_made()
        await follower.views.wait_for(follower_store.position)
    assert await totals(follower) == await totals(leader)


async def test_two_processes_that_keep_one_view_count_each_fact_once(
    open_store: OpenStore, project: OpenProjector
) -> None:
    """For a moment two replicas may both think that they lead."""
    stores = [await open_store(), await open_store()]
    both = [await project(store) for store in stores]
    for _ in range(5):
        await asyncio.gather(*(fill(store, 20) for store in stores))
    position = await stores[0].newest_position()
    async with asyncio.timeout(30):
        for projector in both:
            await projector.views.wait_for(position)
    assert await totals(both[0]) == {f"c{number}": 50 for number in range(4)}
    live = await both[0].hashes()
    await both[1].rebuild("totals")
    assert await both[0].hashes() == live


async def test_a_view_rebuilt_by_another_process_is_gone_on_with(open_store: OpenStore, project: OpenProjector) -> None:
    leader_store, other_store = await open_store(), await open_store()
    leader = await project(leader_store)
    other = await project(other_store, follow=True, run=False)
    await leader.views.wait_for(await fill(leader_store, 40))
    assert await other.rebuild("totals") == 40
    await leader.views.wait_for(await fill(leader_store, 40))
    assert await totals(leader) == {f"c{number}": 20 for number in range(4)}


async def test_both_databases_have_the_same_hashes(store: Store, project: OpenProjector, tmp_path: Path) -> None:
    projector = await project(store)
    await projector.views.wait_for(await fill(store))
    elsewhere = Projector(store, f"sqlite:///{tmp_path}/other.db", [Totals()])
    await elsewhere.open()
    assert await elsewhere.hashes() == await projector.hashes()
    await elsewhere.close()

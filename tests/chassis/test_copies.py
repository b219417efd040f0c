"""Stores and keyrings copied whole: between databases, into a backup, out of one as a new epoch."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.copies.backup import KEYRINGS, BackupWrong, back_up, back_up_keys, backups_in, let_go, read_manifest
from chassis.copies.copying import copy_keys, copy_store
from chassis.copies.restore import MARGIN, Heard, checked, heard_of, note_lost, restore_keys, restore_store
from chassis.copies.standing import HouseRuns, standing_still
from chassis.copies.tables import KeyTables, NotEmpty, Nothing, StoreTables
from chassis.house import StoreRestored, Withdrawn
from chassis.keyring import OwnedKeys, SubjectErased
from chassis.leadership import Leadership
from chassis.settings import Settings
from chassis.store import Request, Store, Tracking
from chassis.testing import FixedKeys, PostgresServer
from chassis.verify import flaws
from tests.chassis.conftest import OpenStore
from tests.chassis.road import OpenBus, Road
from tests.chassis.tally import ACME, BOLT, CATALOG, ENDLESS, NOTES, Count, counter
from vocabulary.personal import Personal

MASTER = bytes(range(32))
Place = Callable[[str], str]


@pytest.fixture
def place(postgres: PostgresServer, tmp_path: Path) -> Place:
    """A URL of a place that is empty, by the name of a database."""

    def at(database: str) -> str:
        if database == "sqlite":
            return f"sqlite:///{tmp_path}/{uuid4().hex}.db"
        return f"{postgres.url}&schema=c_{uuid4().hex}"

    return at


async def fill(store: Store, count: int = 30) -> None:
    """Facts of two agencies, request ids, marks, a note that is sealed."""
    for number in range(count):
        context, agency = (ACME, "acme") if number % 3 else (BOLT, "bolt")
        note = Personal("person/anna", text=f"note {number}") if number % 5 == 0 else None
        await store.execute(
            ENDLESS,
            counter(f"c{number % 4}", agency),
            Count("c", 1, note),
            context=context,
            request=Request(f"r{number}", "h"),
            names=[f"counters/c{number % 4}"],
        )

    async def nothing(ledger: object) -> None:
        return None

    before = await store.tracked("elsewhere")
    mark = Tracking("elsewhere", before + 77, after=before)
    await store.transact(nothing, context=ACME, stream="", tracking=mark)


async def opened(url: str) -> Store:
    return await Store.open(url, CATALOG, FixedKeys())


@pytest.mark.parametrize(("here", "there"), [("sqlite", "postgres"), ("postgres", "sqlite"), ("sqlite", "sqlite")])
async def test_a_moved_store_is_the_same_store(place: Place, here: str, there: str) -> None:
    urls = place(here), place(there)
    before = await opened(urls[0])
    await fill(before)
    await before.close()
    with closing(StoreTables(urls[0], "tally")) as source, closing(StoreTables(urls[1], "tally")) as target:
        figures = copy_store(source, target)
    assert (figures.facts, figures.requests, figures.marks) == (30, 30, {"elsewhere": 77})
    after = await opened(urls[1])
    assert (after.epoch, after.position) == (before.epoch, 30)
    assert await flaws(after) == []
    assert await after.tracked("elsewhere") == 77
    again = await after.execute(ENDLESS, counter("c1"), Count("c", 1), context=ACME, request=Request("r1", "h"))
    assert (again.repeated, again.position, again.names) == (True, 2, ("counters/c1",))
    new = await after.execute(ENDLESS, counter("c1"), Count("c", 1), context=ACME)
    assert new.position == 31
    assert await flaws(after) == []
    await after.close()


async def test_a_copy_goes_to_an_empty_place_and_from_one_that_is_there(place: Place) -> None:
    urls = place("sqlite"), place("postgres")
    for url in urls:
        store = await opened(url)
        await fill(store, 3)
        await store.close()
    with closing(StoreTables(urls[0], "tally")) as source, closing(StoreTables(urls[1], "tally")) as target:
        with pytest.raises(NotEmpty, match="already"):
            copy_store(source, target)
        assert target.count() == 3
    with (
        closing(StoreTables(place("sqlite"), "tally")) as nothing,
        closing(StoreTables(place("sqlite"), "tally")) as empty,
        pytest.raises(Nothing, match="no store of tally"),
    ):
        copy_store(nothing, empty)


@pytest.mark.parametrize(("here", "there"), [("sqlite", "postgres"), ("postgres", "sqlite")])
def test_a_moved_keyring_is_the_same_keyring(place: Place, here: str, there: str) -> None:
    urls = place(here), place(there)
    before = OwnedKeys(urls[0], MASTER)
    key = before.key("acme", "person/anna")
    before.key("acme", "person/bert")
    before.erase("acme", "person/bert", "2026-03-01")
    before.close()
    with closing(KeyTables(urls[0], "tally")) as source, closing(KeyTables(urls[1], "tally")) as target:
        assert copy_keys(source, target) == 2
    after = OwnedKeys(urls[1], MASTER)
    assert after.identity == before.identity
    assert after.key("acme", "person/anna") == key
    with pytest.raises(SubjectErased):
        after.key("acme", "person/bert")
    after.close()


@pytest.mark.parametrize("here", ["sqlite", "postgres"])
async def test_a_backup_of_a_store_in_use_is_one_picture(place: Place, tmp_path: Path, here: str) -> None:
    url = place(here)
    store = await opened(url)
    await fill(store)
    writing = asyncio.create_task(fill(store, 300))
    await asyncio.sleep(0)
    made = await asyncio.to_thread(back_up, {"tally": url}, tmp_path / "backups", "0.0")
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    copy = checked(made).copies["tally"]
    assert copy.store is not None
    assert copy.store.facts == copy.store.position >= 30
    assert not list(made.glob("*-wal"))
    await store.close()


async def test_only_the_newest_backups_are_kept(place: Place, tmp_path: Path) -> None:
    url = place("sqlite")
    await (await opened(url)).close()
    made = [back_up({"tally": url}, tmp_path / "b", "0.0") for _ in range(4)]
    assert let_go(tmp_path / "b", keep=2) == made[:2]
    assert backups_in(tmp_path / "b") == made[2:]


async def test_a_spoiled_backup_is_refused(place: Place, tmp_path: Path) -> None:
    url = place("sqlite")
    store = await opened(url)
    await fill(store)
    await store.close()
    made = back_up({"tally": url}, tmp_path / "b", "0.0")
    whole = (made / "tally.db").read_bytes()
    (made / "tally.db").write_bytes(whole[:-1] + b"x")
    with pytest.raises(BackupWrong, match="its hash is another one"):
        checked(made)
    (made / "tally.db").unlink()
    with pytest.raises(BackupWrong, match="is missing"):
        checked(made)
    with pytest.raises(BackupWrong, match="is no backup"):
        checked(tmp_path)


async def test_a_backup_of_a_store_that_was_tampered_with_is_refused(place: Place, tmp_path: Path) -> None:
    url = place("sqlite")
    store = await opened(url)
    await fill(store)
    await store.close()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE stored_events SET actor = 'eve' WHERE position = 7")
    made = back_up({"tally": url}, tmp_path / "b", "0.0")
    with pytest.raises(BackupWrong, match="position 7 does not fit the chain"):
        checked(made)


@pytest.mark.parametrize("there", ["sqlite", "postgres"])
async def test_a_restored_store_is_a_new_epoch_past_all_that_was_published(
    place: Place, tmp_path: Path, there: str
) -> None:
    url = place(there)
    store = await opened(url)
    await fill(store)
    made = back_up({"tally": url}, tmp_path / "b", "0.0")
    await fill(store, 40)
    await store.close()
    heard = heard_of({"tally": url})["tally"]
    assert heard == Heard(40, True, store.epoch)
    done = await restore_store(made, checked(made), CATALOG, url, heard=heard, stamp="then")
    assert (done.restored_up_to, done.goes_on_after, done.lost_epoch) == (30, 40, store.epoch)
    assert done.aside
    restored = await opened(url)
    told = [fact for fact in await restored.read_house() if isinstance(fact.event, StoreRestored)]
    assert {fact.agency: fact.position for fact in told} == {"acme": 41, "bolt": 42}
    assert restored.epoch == done.epoch != store.epoch
    assert await flaws(restored) == []
    again = await restored.execute(ENDLESS, counter("c1"), Count("c", 1), context=ACME, request=Request("r1", "h"))
    assert again.repeated
    await restored.close()


async def test_where_the_lost_store_is_gone_a_margin_is_left(place: Place, tmp_path: Path) -> None:
    url = place("sqlite")
    store = await opened(url)
    await fill(store)
    made = back_up({"tally": url}, tmp_path / "b", "0.0")
    await store.close()
    elsewhere = place("postgres")
    heard = heard_of({"tally": elsewhere})["tally"]
    done = await restore_store(made, checked(made), CATALOG, elsewhere, heard=heard, stamp="then")
    assert done.goes_on_after == 30 + MARGIN
    assert not done.aside


@pytest.mark.parametrize("there", ["sqlite", "postgres"])
def test_who_was_erased_since_a_backup_of_keys_stays_erased(place: Place, tmp_path: Path, there: str) -> None:
    url = place(there)
    keys = OwnedKeys(url, MASTER)
    anna = keys.key("acme", "person/anna")
    keys.key("acme", "person/bert")
    made = back_up_keys({"tally": url}, tmp_path / "k", "0.0")
    keys.erase("acme", "person/bert", "2026-03-01")
    keys.close()
    assert restore_keys(made, {"tally": url}, "then") == {"tally": 1}
    again = OwnedKeys(url, MASTER)
    assert again.identity == keys.identity == read_manifest(made, KEYRINGS).copies["tally"].keyring
    assert again.key("acme", "person/anna") == anna
    with pytest.raises(SubjectErased):
        again.key("acme", "person/bert")
    again.close()


async def test_nothing_is_changed_from_outside_while_a_replica_leads(postgres: PostgresServer, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, store_url=f"{postgres.url}&schema=n_{uuid4().hex}")
    leader = Leadership(settings.store_of("tally"), "tally")
    term = asyncio.create_task(leader.run())
    async with asyncio.timeout(30):
        while not leader.held:
            await asyncio.sleep(0.02)
    with pytest.raises(HouseRuns, match="stop all of its replicas"), standing_still(settings, ["tally"]):
        raise AssertionError("it runs")
    term.cancel()
    await asyncio.gather(term, return_exceptions=True)


async def test_the_bus_holds_nothing_of_the_lost_epoch_and_who_heard_it_says_so(
    road: Road, open_bus: OpenBus, tmp_path: Path
) -> None:
    """Yesterday's store in the place of today's: three facts are lost, which were on the bus and taken in."""
    url = f"sqlite:///{tmp_path}/tally.db"
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(60):
        await inbox.wait_for(await road.count(*"ab"))
        made = back_up({"tally": url}, tmp_path / "b", "0.0")
        await inbox.wait_for(await road.count(*"cde"))
        await road.stop()
        await road.tally.close()
        heard = heard_of({"tally": url, "notes": f"sqlite:///{tmp_path}/notes.db"})["tally"]
        done = await restore_store(made, checked(made), CATALOG, url, heard=heard, stamp="then")
        road.tally = await opened(url)
        relay = await road.relay()
        inbox = await road.inbox()
        await inbox.wait_for(await road.count("f"))
        await relay.wait_published(7)
    positions = [fact.position for fact in await road.tally.read_log(0, 100)]
    assert positions == [1, 2, 6, 7]
    assert [message.headers["Retainer-Position"] for message in await road.on_the_bus() if message.headers] == [
        str(position) for position in positions
    ]
    (withdrawn,) = [fact.event for fact in await road.notes.read_house()]
    assert withdrawn == Withdrawn(source="tally", lost_epoch=done.lost_epoch, epoch=done.epoch, after=2, up_to=5)
    assert [position for _, position in await road.noted()] == [1, 2, 3, 4, 5, 7]
    await road.stop()
    await road.tally.close()


async def test_what_the_bus_still_holds_of_a_lost_epoch_is_not_taken_in(
    road: Road, open_bus: OpenBus, tmp_path: Path
) -> None:
    """Both stores go back to one moment; the inbox looks at the bus before the relay has made the stream anew."""
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("tally", "notes")}
    relay = await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(60):
        await inbox.wait_for(await road.count(*"ab"))
        made = back_up(urls, tmp_path / "b", "0.0")
        await inbox.wait_for(await road.count(*"cde"))
        await road.stop()
        await road.tally.close()
        await road.notes.close()
        heard, manifest = heard_of(urls), checked(made)
        catalogs = {"tally": CATALOG, "notes": NOTES}
        done = [
            await restore_store(made, manifest, catalogs[name], urls[name], heard=heard[name], stamp="then")
            for name in urls
        ]
        note_lost(urls, manifest, done)
        road.tally = await opened(urls["tally"])
        road.notes = await Store.open(urls["notes"], NOTES, FixedKeys())
        inbox = await road.inbox()
        assert len(await road.on_the_bus()) == 5
        while "was restored" not in inbox.problem:
            await asyncio.sleep(0.02)
        relay = await road.relay()
        await inbox.wait_for(await road.count("f"))
        await relay.wait_published(7)
    assert {type(fact.event) for fact in await road.notes.read_house()} == {StoreRestored}
    assert [position for _, position in await road.noted()] == [1, 2, 7]
    await road.stop()
    await road.tally.close()
    await road.notes.close()


async def test_a_backup_holds_no_fact_that_another_store_of_it_has_not(
    open_store: OpenStore, tmp_path: Path, place: Place
) -> None:
    """`notes` is always one fact ahead of what a careless backup has seen of `tally`."""
    urls = {"notes": place("sqlite"), "tally": place("sqlite")}
    notes = await Store.open(urls["notes"], NOTES, FixedKeys())
    tally = await Store.open(urls["tally"], CATALOG, FixedKeys())
    done = asyncio.Event()

    async def follow() -> None:
        mark = 0
        while not done.is_set():
            receipt = await tally.execute(ENDLESS, counter("a"), Count("a"), context=ACME)

            async def nothing(ledger: object) -> None:
                return None

            track = Tracking("tally", receipt.position, after=mark)
            await notes.transact(nothing, context=ACME, stream="", tracking=track)
            mark = receipt.position
            await asyncio.sleep(0)

    following = asyncio.create_task(follow())
    for _ in range(5):
        made = await asyncio.to_thread(back_up, urls, tmp_path / "b", "0.0")
        copies = checked(made).copies
        assert copies["notes"].store is not None
        assert copies["tally"].store is not None
        assert copies["notes"].store.marks.get("tally", 0) <= copies["tally"].store.position
    done.set()
    await following
    await notes.close()
    await tally.close()

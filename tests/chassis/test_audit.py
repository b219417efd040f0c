"""What `retainer verify` says of views and keys, and of what one service took in of another; on both databases."""

import asyncio
from pathlib import Path

import pytest

from chassis.audit import hearing_flaws, key_flaws, sealed_subjects, view_flaws
from chassis.keyring import OwnedKeys
from chassis.projector import Projector
from chassis.sql import Address, open_database
from chassis.sql.database import transaction
from chassis.store import Context, Store, Tracking
from chassis.testing import FixedKeys
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, CATALOG, COUNTER, ENDLESS, NOTES, Count, Noted, Totals, counter
from vocabulary.personal import Personal

MASTER = bytes(range(32))


async def filled(store: Store, url: str) -> None:
    """Some facts, and a view that is somewhere in the middle of them."""
    projector = Projector(store, url, [Totals()])
    for number in range(20):
        await store.execute(ENDLESS, counter(f"c{number % 3}"), Count("c"), context=ACME)
    await projector.open()
    await projector.close()
    await store.execute(ENDLESS, counter("c1"), Count("c"), context=ACME)


async def test_a_view_that_follows_from_the_facts_is_whole_and_one_that_does_not_is_found(
    store_url: str, open_store: OpenStore
) -> None:
    store = await open_store()
    await filled(store, store_url)
    assert [flaw async for flaw in view_flaws(store, store_url, [Totals()])] == []
    database = open_database(Address.parse(store_url, "tally_views"), durable=False)
    with transaction(database) as session:
        session.execute("UPDATE totals SET total = total + 1 WHERE counter_id = 'c'")
    database.close()
    (flaw,) = [flaw async for flaw in view_flaws(store, store_url, [Totals()])]
    assert "the view totals is not what follows from the facts up to position 20" in flaw
    assert "retainer rebuild tally totals" in flaw


async def test_a_text_whose_key_is_not_there_is_found(store_url: str, open_store: OpenStore, tmp_path: Path) -> None:
    store = await open_store()
    for name in ("anna", "bert"):
        note = Personal(f"person/{name}", text=name)
        await store.execute(COUNTER, counter("a"), Count("a", 1, note), context=ACME)
    sealed = await sealed_subjects(store)
    assert sealed == {("acme", "person/anna"), ("acme", "person/bert")}
    url = f"sqlite:///{tmp_path}/keys.db"
    assert "there are no keys" in key_flaws(url, "tally", MASTER, sealed, "")[0]
    keys = OwnedKeys(url, MASTER)
    keys.key("acme", "person/anna")
    assert "the first person/bert of acme" in key_flaws(url, "tally", MASTER, sealed, keys.identity)[0]
    keys.key("acme", "person/bert")
    keys.erase("acme", "person/bert", "2026-03-01")
    assert key_flaws(url, "tally", MASTER, sealed, keys.identity) == []  # an erased one has its tombstone
    assert "was not wrapped by this master key" in key_flaws(url, "tally", bytes(32), sealed, keys.identity)[0]
    assert "its store needs another" in key_flaws(url, "tally", MASTER, sealed, "another")[0]
    keys.close()


async def test_what_was_taken_in_of_facts_that_are_no_more_is_found(tmp_path: Path) -> None:
    tally = await Store.open(f"sqlite:///{tmp_path}/tally.db", CATALOG, FixedKeys())
    notes = await Store.open(f"sqlite:///{tmp_path}/notes.db", NOTES, FixedKeys())
    await tally.execute(ENDLESS, counter("a"), Count("a"), context=ACME)
    for position in (1, 7):
        await take_in(notes, tally.epoch, position)
    stores, hears = {"tally": tally, "notes": notes}, {"notes": ["tally"]}
    told = [flaw async for flaw in hearing_flaws(stores, hears)]
    assert told == [
        "notes has taken in tally up to 7, and the store of tally ends at 1",
        "notes has facts that followed from 1 facts of tally (position 7 to 7), which the store of tally does not have:"
        " they were lost before a restore",
    ]
    await asyncio.gather(tally.close(), notes.close())


async def take_in(notes: Store, epoch: str, position: int) -> None:
    context = Context("acme", "anna", "c", causation_id=f"tally:{epoch}:{position}")

    async def work(ledger: object) -> None:
        await ledger.record(  # type: ignore[attr-defined]  # a ledger
            "acme/note/a", [Noted(counter_id="a", amount=1, position=position)]
        )

    mark = Tracking("tally", position, after=await notes.tracked("tally"))
    await notes.transact(work, context=context, stream="", tracking=mark)


@pytest.mark.parametrize("store_url", ["postgres"], indirect=True)
async def test_views_of_another_shape_lie_beside_those_of_a_version_at_work(
    store_url: str, open_store: OpenStore
) -> None:
    """Each version keeps its own views, and home is where the first one's are."""
    from chassis.projector.shelf import schema_for

    class Wider(Totals):
        tables = {name: f"more TEXT NOT NULL DEFAULT '', {columns}" for name, columns in Totals.tables.items()}  # noqa: RUF012

        def project(self, tables: object, facts: object) -> None:
            return None

    store = await open_store()
    await filled(store, store_url)
    home = Address.parse(store_url, "tally_views")
    assert schema_for(home, [Totals()]) == home.schema
    beside = schema_for(home, [Wider()])
    assert beside.startswith(f"{home.schema}_")
    newer = Projector(store, store_url, [Wider()], schema=beside)
    await newer.open()
    older = Projector(store, store_url, [Totals()])
    await older.open(follow=True)
    assert older.places == {"totals": 20}  # untouched
    await newer.bring_home()
    assert schema_for(home, [Wider()]) == home.schema
    await newer.close()
    await older.close()

"""A backup into its place, as a new epoch: positions go on past every one that was ever published, and the store says
that it was restored. What stood there before is moved aside, never removed.

Who listened to the lost epoch notes its facts as withdrawn (chassis.inbox); the relay makes the stream anew, because
what the bus holds of the lost epoch is no fact any more; views are built anew, because their epoch is another one.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from chassis.catalog import Catalog
from chassis.copies.backup import KEYRINGS, STORES, BackupWrong, Manifest, read_manifest, tombstones_of
from chassis.copies.copying import copy_keys, copy_store
from chassis.copies.tables import KeyTables, StoreTables
from chassis.house import StoreRestored
from chassis.keyring import HouseKeyring
from chassis.sql import Address, open_database
from chassis.sql.database import transaction
from chassis.store import Context, Ledger, Store
from chassis.verify import flaws_in

MARGIN = 1_000_000
"""Positions left out where nobody can say how far the lost store had come."""


class Restored(msgspec.Struct, frozen=True):
    """What became of one store. `goes_on_after` is the highest position that may ever have been published."""

    service: str
    facts: int
    restored_up_to: int
    goes_on_after: int
    lost_epoch: str
    epoch: str
    aside: str = ""
    """Where the store lies that stood there before; empty where there was none."""


def checked(folder: Path) -> Manifest:
    """The manifest of a backup whose files, positions, streams and chains are whole; `BackupWrong`."""
    manifest = read_manifest(folder, STORES)
    for service, copy in manifest.copies.items():
        with closing(_read_only(folder / copy.file, service)) as tables:
            rehearsed = bool(tables.book().get("rehearsed"))
            for flaw in flaws_in(tables.rows(), rehearsed=rehearsed):
                raise BackupWrong(f"{folder / copy.file}: {flaw}")
            if tables.figures() != copy.store:
                raise BackupWrong(f"{folder / copy.file} does not hold what the manifest says")
    return manifest


class Heard(NamedTuple):
    """How far a service is known to have come; `certain` where its own store says so."""

    position: int = 0
    certain: bool = False
    epoch: str = ""


def heard_of(urls: Mapping[str, str]) -> dict[str, Heard]:
    """Of each service: the highest position that its own store, or an inbox of another one, knows of."""
    own: dict[str, tuple[int, str]] = {}
    marks: dict[str, int] = {}
    for service, url in urls.items():
        with closing(StoreTables(url, service)) as tables:
            if not tables.is_there():
                continue
            own[service] = tables.position(), tables.book().get("epoch", "")
            for source, mark in tables.marks().items():
                marks[source] = max(mark, marks.get(source, 0))
    heard = {}
    for service in {*urls, *marks}:
        position, epoch = own.get(service, (0, ""))
        heard[service] = Heard(max(position, marks.get(service, 0)), service in own, epoch)
    return heard


async def restore_store(
    folder: Path,
    manifest: Manifest,
    catalog: Catalog,
    url: str,
    *,
    heard: Heard,
    stamp: str,
    rehearsal: bool = False,
) -> Restored:
    """One store out of a checked backup. Where nobody can say for certain how far the lost one had come, a margin of
    positions is left out."""
    service = catalog.service
    copy = manifest.copies[service]
    assert copy.store is not None
    aside = move_aside(Address.parse(url, service), stamp)
    with (
        closing(_read_only(folder / copy.file, service)) as source,
        closing(StoreTables(url, service)) as target,
    ):
        copy_store(source, target, begun=True)
        agencies = target.agencies()
    store = await Store.open(url, catalog, HouseKeyring(None, ()), rehearsal=rehearsal)
    try:
        goes_on_after = max(copy.store.position, heard.position) + (0 if heard.certain else MARGIN)
        lost = await store.restored(goes_on_after)
        lost = heard.epoch or lost
        said = StoreRestored(
            lost_epoch=lost,
            epoch=store.epoch,
            restored_up_to=copy.store.position,
            published_up_to=goes_on_after,
        )
        await _record(store, agencies, said)
    finally:
        await store.close()
    return Restored(service, copy.store.facts, copy.store.position, goes_on_after, lost, said.epoch, aside)


def note_lost(urls: Mapping[str, str], manifest: Manifest, restored: Sequence[Restored]) -> None:
    """Every store of the house is told what is lost, so that none takes in what the bus holds of it until the relays
    have made their streams anew: the epoch of the store that stood there, and that of the backup."""
    epochs: dict[str, str] = {}
    for one in restored:
        copy = manifest.copies[one.service].store
        assert copy is not None
        epochs |= {one.lost_epoch: one.service, copy.epoch: one.service}
    for service, url in urls.items():
        with closing(StoreTables(url, service)) as tables:
            if tables.is_there():
                tables.note_lost(epochs)


def restore_keys(folder: Path, urls: Mapping[str, str], stamp: str) -> dict[str, int]:
    """The keyrings of a backup of keys into their places; who is erased there by now stays erased. Returns how many
    tombstones each was given that the backup did not have."""
    manifest = read_manifest(folder, KEYRINGS)
    buried = {}
    for service, copy in manifest.copies.items():
        url = urls[service]
        tombstones = tombstones_of(url, service)
        move_aside(Address.parse(url, f"{service}_keys"), stamp)
        with (
            closing(KeyTables(f"sqlite:///{folder / copy.file}", service, frozen=True)) as source,
            closing(KeyTables(url, service)) as target,
        ):
            copy_keys(source, target)
            buried[service] = target.bury(tombstones)
    return buried


def move_aside(address: Address, stamp: str) -> str:
    """What stands at a place, out of the way: a file gets another name, a schema too. Where to; empty for nothing."""
    if address.is_postgres:
        with closing(open_database(address, durable=True)) as database:
            if not database.tables():
                return ""
            aside = f"{address.schema}_before_{stamp}"[:63]
            with transaction(database) as session:
                session.execute(f'ALTER SCHEMA "{address.schema}" RENAME TO "{aside}"')
            return f"the schema {aside}"
    path = Path(address.path)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ""
    with closing(open_database(address, durable=True)) as database, suppress(Exception):
        database.scrub()  # what stands in the log beside it goes into the file
    folder = path.with_name(f"before-{stamp}")
    folder.mkdir(mode=0o700, exist_ok=True)
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if part.exists():
            part.rename(folder / part.name)
    return str(folder / path.name)


async def _record(store: Store, agencies: Sequence[str], said: StoreRestored) -> None:
    """Each agency is told, in one append: a subscriber may read one agency only."""
    service = store.catalog.service
    contexts = [Context(agency, "restore", f"restore/{said.epoch}") for agency in agencies]
    if not contexts:
        return

    async def work(ledger: Ledger) -> None:
        for context in contexts:
            ledger.context = context
            await ledger.record(f"{context.agency}/restored/{service}", [said])

    await store.transact(work, context=contexts[0], stream="")


def _read_only(path: Path, service: str) -> StoreTables:
    """A store of a backup, which nothing may change."""
    return StoreTables(f"sqlite:///{path}", service, frozen=True)


def stamp_of(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%S}"

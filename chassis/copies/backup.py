"""A backup: one SQLite store for each service in one folder, with a manifest; keys in another folder, never beside.

The pictures of the four stores are taken so that none has taken in a fact that another's picture does not have: then a
restore of all of them fits together. The manifest is written last, and the folder gets its name then: what is not
finished is no backup.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from uuid import uuid4

import msgspec

from chassis.copies.copying import copy_keys, copy_store
from chassis.copies.tables import KeyTables, StoreFigures, StoreTables, key_hash
from chassis.key_table import KEYS
from chassis.sql.sqlite import SqliteDatabase

MANIFEST = "manifest.json"
STORES, KEYRINGS = "stores", "keys"
PICTURES = 50
"""How often a picture is taken again that another one is ahead of."""

Said = Callable[[str, int, int], None]
"""Told a service, how many of its facts are copied, and how many there are."""


class BackupWrong(Exception):
    """This is no backup, or it is not whole; the message says what does not fit."""


class Copy(msgspec.Struct, frozen=True):
    """One store in a backup, or one keyring."""

    file: str
    sha256: str
    store: StoreFigures | None = None
    keys: int = 0
    keyring: str = ""


class Manifest(msgspec.Struct, frozen=True):
    what: str
    retainer: str
    made_at: datetime
    copies: dict[str, Copy]


def back_up(urls: Mapping[str, str], folder: Path, version: str, said: Said = lambda service, copied, of: None) -> Path:
    """All stores by service, running or not, into a new folder inside `folder`; returns it."""
    with ExitStack() as stack:
        stores = {service: StoreTables(url, service) for service, url in urls.items()}
        for store in stores.values():
            stack.callback(store.close)
            store.must_be_there()
        _take_pictures(stores)
        for store in stores.values():
            stack.callback(store.end)
        partial, made_at = _begin(folder)
        stack.callback(shutil.rmtree, partial, ignore_errors=True)
        copies = {}
        for service, store in stores.items():
            of = store.count()
            path = partial / f"{service}.db"
            figures = _copy(store, path, _told(said, service, of))
            copies[service] = Copy(path.name, sha256_of(path), figures)
        return _finish(partial, Manifest(STORES, version, made_at, copies))


def back_up_keys(urls: Mapping[str, str], folder: Path, version: str) -> Path:
    """All keyrings by service, wrapped as they are, into a new folder inside `folder`; returns it."""
    partial, made_at = _begin(folder)
    copies = {}
    try:
        for service, url in urls.items():
            path = partial / f"{service}.db"
            with closing(KeyTables(url, service)) as source, closing(KeyTables(f"sqlite:///{path}", service)) as target:
                count = copy_keys(source, target)
                rows = target.rows()
            _settle(path)
            identity = str(next(iter(rows["keyring"]))["identity"])
            copies[service] = Copy(path.name, sha256_of(path), keys=count, keyring=identity)
        return _finish(partial, Manifest(KEYRINGS, version, made_at, copies))
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def read_manifest(folder: Path, what: str) -> Manifest:
    """The manifest, every file's hash checked; `BackupWrong`."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupWrong(f"{folder} is no backup: it has no {MANIFEST}") from None
    except msgspec.MsgspecError as error:
        raise BackupWrong(f"the {MANIFEST} of {folder} cannot be read: {error}") from None
    if manifest.what != what:
        raise BackupWrong(f"{folder} is a backup of {manifest.what}, not of {what}")
    for service, copy in manifest.copies.items():
        path = folder / copy.file
        if not path.is_file():
            raise BackupWrong(f"{path} is missing")
        if sha256_of(path) != copy.sha256:
            raise BackupWrong(f"{path} of {service} is not what was backed up: its hash is another one")
    return manifest


def backups_in(folder: Path) -> list[Path]:
    """Finished backups, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def let_go(folder: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest `keep`; returns what was removed."""
    old = backups_in(folder)[:-keep]
    for path in old:
        shutil.rmtree(path)
    return old


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def tombstones_of(url: str, service: str) -> Sequence[Mapping[str, object]]:
    """Who is erased in a key table, as it stands."""
    with closing(KeyTables(url, service)) as keys:
        return [row for row in keys.rows()[KEYS] if row["erased_at"]] if keys.is_there() else []


def keys_hash(url: str, service: str) -> str:
    with closing(KeyTables(url, service)) as keys:
        return key_hash(keys.rows())


def _told(said: Said, service: str, of: int) -> Callable[[int], None]:
    return lambda copied: said(service, copied, of)


def _take_pictures(stores: Mapping[str, StoreTables]) -> None:
    """Again for a source whose picture is behind what another one's has taken in of it."""
    for store in stores.values():
        store.begin()
    for _ in range(PICTURES):
        positions = {service: store.position() for service, store in stores.items()}
        behind = {
            source
            for store in stores.values()
            for source, mark in store.marks().items()
            if source in positions and mark > positions[source]
        }
        if not behind:
            return
        for source in behind:
            stores[source].end()
            stores[source].begin()


def _copy(store: StoreTables, path: Path, moved: Callable[[int], None]) -> StoreFigures:
    """SQLite by its own backup, PostgreSQL row by row; both from the picture that was taken."""
    if store.address.is_postgres:
        with closing(StoreTables(f"sqlite:///{path}", store.service)) as target:
            target.make()
            figures = copy_store(store, target, moved, begun=True)
    else:
        assert isinstance(store.database, SqliteDatabase)
        store.database.copy_into(path)
        with closing(StoreTables(f"sqlite:///{path}", store.service)) as copied:
            figures = copied.figures()
        moved(figures.facts)
    _settle(path)
    return figures


def _settle(path: Path) -> None:
    """All of it in the one file, and on the disk."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _begin(folder: Path) -> tuple[Path, datetime]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = folder / f".partial-{uuid4().hex[:8]}"
    partial.mkdir(mode=0o700)
    return partial, datetime.now(UTC)


def _finish(partial: Path, manifest: Manifest) -> Path:
    (partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    finished = partial.with_name(f"{manifest.made_at:%Y-%m-%dT%H-%M-%S.%f}Z")
    partial.rename(finished)
    return finished

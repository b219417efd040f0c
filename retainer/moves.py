"""`retainer backup`, `restore` and `migrate`: whole stores from one place to another, told in the house's words."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from chassis.alone import DataFolderHeld
from chassis.bus import Bus, stream_of
from chassis.copies import backup as backups
from chassis.copies.backup import BackupWrong
from chassis.copies.copying import CopyDiffers, copy_keys, copy_store
from chassis.copies.restore import (
    Heard,
    Restored,
    checked,
    heard_of,
    note_lost,
    restore_keys,
    restore_store,
    stamp_of,
)
from chassis.copies.standing import HouseRuns, standing_still
from chassis.copies.tables import KeyTables, NotEmpty, Nothing, StoreFigures, StoreTables
from chassis.message import POSITION
from chassis.settings import Settings
from chassis.sql import AddressWrong, DatabaseFull, DatabaseUnavailable
from chassis.store import StoreUnavailable
from chassis.upkeep import BACKUP
from retainer.failures import ExitStatus, Failure
from retainer.verification import SERVICES, key_urls_of, urls_of, wiring_of

Said = Callable[[str, int, int], None]
"""Told a service, how many of its facts are through, and how many there are."""
SQLITE = "sqlite"
BUS_SECONDS = 3.0


def back_up(settings: Settings, folder: Path, keys: Path | None, keep: int, version: str, said: Said) -> list[Path]:
    """The new folders: of the stores, and of the keys where they are wanted."""
    if keys is not None and _inside(keys, folder):
        raise Failure(f"keys are never kept with the stores: name a folder apart from {folder} with --keys")
    with in_words():
        made = [backups.back_up(urls_of(settings), folder, version, said)]
        if keys is not None:
            made.append(backups.back_up_keys(key_urls_of(settings), keys, version))
        if keep:
            for place in (folder, keys):
                if place is not None:
                    backups.let_go(place, keep)
    settings.say_running(BACKUP, {"finished_at": datetime.now(UTC).timestamp(), "folder": str(made[0])})
    return made


def restore(
    settings: Settings, folder: Path, keys: Path | None, services: Sequence[str], rehearsed: Callable[[str], None]
) -> tuple[list[Restored], dict[str, int]]:
    """What became of each store, and how many who were erased since were erased again in each keyring."""
    settings.folder()  # an empty machine is where one restores to
    urls = urls_of(settings)
    stamp = stamp_of(datetime.now(UTC))
    with in_words(), standing_still(settings, SERVICES):
        rehearsed("checking the backup")
        manifest = checked(folder)
        missing = [service for service in services if service not in manifest.copies]
        if missing:
            raise Failure(f"{folder} holds no store of {', '.join(missing)}")
        heard = heard_of(urls)
        heard = asyncio.run(_heard_on_the_bus(settings, heard))
        buried = restore_keys(keys, key_urls_of(settings), stamp) if keys is not None else {}
        restored = []
        for service in services or list(manifest.copies):
            rehearsed(service)
            work = restore_store(
                folder,
                manifest,
                wiring_of(service).catalog,
                urls[service],
                heard=heard.get(service, Heard()),
                stamp=stamp,
                rehearsal=settings.rehearsal,
            )
            restored.append(asyncio.run(work))
        note_lost(urls, manifest, restored)
    return restored, buried


def migrate(
    settings: Settings, to: str, keys_to: str, said: Said, *, dry_run: bool
) -> tuple[dict[str, StoreFigures], dict[str, int]]:
    """All stores to `to`, a URL or the word sqlite; keys too where `keys_to` says where."""
    target = _at(settings, to)
    sources, targets = urls_of(settings), urls_of(target)
    if sources == targets and not keys_to:
        raise Failure("the stores lie there already")
    moved: dict[str, StoreFigures] = {}
    with in_words(), standing_still(settings, SERVICES):
        for service in SERVICES:
            if sources[service] != targets[service]:
                moved[service] = _move(service, sources[service], targets[service], said, dry_run=dry_run)
        keys = _move_keys(settings, keys_to, dry_run=dry_run) if keys_to else {}
    return moved, keys


def _move(service: str, source_url: str, target_url: str, said: Said, *, dry_run: bool) -> StoreFigures:
    with closing(StoreTables(source_url, service)) as source, closing(StoreTables(target_url, service)) as target:
        source.must_be_there()
        if target.is_there() and target.count():
            raise NotEmpty(f"{target.place} holds a store of {service} already: a copy goes to an empty place only")
        if dry_run:
            return source.figures()
        of = source.count()
        figures = copy_store(source, target, lambda copied: said(service, copied, of))
        if source.position() != figures.position:
            raise Failure(f"{service} was written to meanwhile: stop all of its replicas, empty {target.place}, repeat")
        return figures


def _move_keys(settings: Settings, to: str, *, dry_run: bool) -> dict[str, int]:
    target_urls = key_urls_of(settings.model_copy(update={"keys_url": "" if to == SQLITE else to}))
    moved = {}
    for service, url in key_urls_of(settings).items():
        if url == target_urls[service]:
            continue
        with closing(KeyTables(url, service)) as source, closing(KeyTables(target_urls[service], service)) as target:
            if not source.is_there():
                continue
            moved[service] = len(source.rows()["subject_keys"]) if dry_run else copy_keys(source, target)
    return moved


def _at(settings: Settings, to: str) -> Settings:
    """The same house with all its stores elsewhere."""
    services = {
        name: own.model_copy(update={"store_url": "", "views_url": ""}) for name, own in settings.services.items()
    }
    return settings.model_copy(update={"store_url": "" if to == SQLITE else to, "services": services})


async def _heard_on_the_bus(settings: Settings, heard: Mapping[str, Heard]) -> dict[str, Heard]:
    """What the bus holds last of each service, where it answers: it may be ahead of what the stores know."""
    found = dict(heard)
    url = settings.nats_url
    if not url:
        return found  # the house's own nats-server stands still with it; its relays look at its streams at the start
    bus = Bus(url, name="restore", user=settings.nats_user, password=settings.nats_password.get_secret_value())
    await bus.start()
    try:
        async with asyncio.timeout(BUS_SECONDS):
            jetstream = await bus.jetstream()
            for service in SERVICES:
                position = await _last_on(jetstream, service)
                known = found.get(service, Heard())
                found[service] = known._replace(position=max(known.position, position))
    except (TimeoutError, OSError):
        pass  # it is away: a margin is left where nobody else knows
    finally:
        await bus.stop()
    return found


async def _last_on(jetstream: object, service: str) -> int:
    from nats.js import JetStreamContext
    from nats.js.errors import NotFoundError

    assert isinstance(jetstream, JetStreamContext)
    try:
        state = (await jetstream.stream_info(stream_of(service))).state
        if not state.messages:
            return 0
        last = await jetstream.get_msg(stream_of(service), seq=state.last_seq)
    except NotFoundError:
        return 0
    return int((last.headers or {}).get(POSITION, "0"))


def _inside(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one == other or one in other.parents or other in one.parents


@contextmanager
def in_words() -> Iterator[None]:
    """What can go wrong, as one line with the remedy."""
    try:
        yield
    except (DataFolderHeld, HouseRuns) as error:
        raise Failure(f"it runs: {error}", ExitStatus.REFUSED) from None
    except Nothing as error:
        raise Failure(str(error), ExitStatus.NOT_FOUND) from None
    except AddressWrong as error:
        raise Failure(str(error)) from None
    except NotEmpty as error:
        raise Failure(str(error), ExitStatus.REFUSED) from None
    except (BackupWrong, CopyDiffers) as error:
        raise Failure(str(error), ExitStatus.DIFFERS) from None
    except (DatabaseUnavailable, StoreUnavailable) as error:
        raise Failure(f"the database does not answer: {error}", ExitStatus.UNAVAILABLE) from None
    except DatabaseFull as error:
        raise Failure(f"the disk is full: {error}", ExitStatus.UNAVAILABLE) from None

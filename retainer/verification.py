"""`retainer verify`: the whole house read from outside, offline or beside a running one."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Final

import msgspec

from chassis.audit import hearing_flaws, key_flaws, sealed_subjects, view_flaws
from chassis.copies.tables import StoreTables
from chassis.keyring import HouseKeyring
from chassis.parts import Wiring
from chassis.settings import Settings
from chassis.store import Store
from chassis.verify import flaws
from retainer.failures import ExitStatus, Failure
from services import KEEPERS, PORTS

SERVICES: Final = tuple(PORTS)
Say = Callable[[str], None]


class Verified(msgspec.Struct):
    """One service's store and what was found in it."""

    service: str
    epoch: str
    position: int
    flaws: list[str]


def wiring_of(service: str) -> Wiring:
    """What the service consists of, as it says itself; imported when it is needed."""
    wiring: Wiring = import_module(f"services.{service}.__main__").WIRING
    return wiring


def urls_of(settings: Settings) -> dict[str, str]:
    """Each service's store; `Failure` where they lie in a data folder that is not there."""
    elsewhere = all(settings.of(service).store_url or settings.store_url for service in SERVICES)
    if not elsewhere and not settings.data_dir.is_dir():
        raise Failure(
            f"there is no data folder {settings.data_dir.absolute()}: name it with --data, or set RETAINER_STORE_URL",
            ExitStatus.NOT_FOUND,
        )
    return {service: settings.store_of(service) for service in SERVICES}


def key_urls_of(settings: Settings) -> dict[str, str]:
    """The keyrings, by the service that keeps them."""
    return {service: settings.keys_of(service) for service in sorted(set(KEEPERS.values()))}


async def verify(settings: Settings, say: Say, *, views: bool = True) -> list[Verified]:
    """Every store, its views, its own books, the keys, and what the services took in of each other."""
    for service, url in urls_of(settings).items():
        store_must_be_there(url, service)
    wirings = {service: wiring_of(service) for service in SERVICES}
    found: dict[str, Verified] = {}
    async with AsyncExitStack() as stack:
        stores = {}
        for service, wiring in wirings.items():
            url = settings.store_of(service)
            stores[service] = store = await Store.open(url, wiring.catalog, HouseKeyring(None, ()), hot_streams=1)
            stack.push_async_callback(store.close)
        for service, store in stores.items():
            say(f"{service}: positions, streams, chains")
            found[service] = Verified(service, store.epoch, await store.newest_position(), list(await flaws(store)))
        for service, store in stores.items():
            if found[service].flaws:
                continue  # what is built on these facts says nothing more
            if (audit := wirings[service].audit) is not None:
                say(f"{service}: contracts, invoices, numbers")
                found[service].flaws += [flaw async for flaw in audit(store)]
            if views:
                say(f"{service}: views")
                found[service].flaws += [
                    flaw async for flaw in view_flaws(store, settings.views_of(service), wirings[service].views)
                ]
        say("what the services took in of each other")
        async for flaw in _hearing(stores, wirings):
            found[flaw.partition(" ")[0]].flaws.append(flaw)
        say("keys")
        for service, flaws_of_keys in (await _keys(settings, stores)).items():
            found[service].flaws += flaws_of_keys
    return list(found.values())


def store_must_be_there(url: str, service: str) -> None:
    tables = StoreTables(url, service)
    try:
        if not tables.is_there():
            raise Failure(
                f"there is no store of {service} at {tables.place}: name the data folder with --data, or set"
                " RETAINER_STORE_URL",
                ExitStatus.NOT_FOUND,
            )
    finally:
        tables.close()


async def _hearing(stores: Mapping[str, Store], wirings: Mapping[str, Wiring]) -> AsyncIterator[str]:
    subscriptions = {
        service: [subscription.source.service for subscription in wiring.subscriptions]
        for service, wiring in wirings.items()
    }
    async for flaw in hearing_flaws(stores, subscriptions):
        yield flaw


async def _keys(settings: Settings, stores: Mapping[str, Store]) -> dict[str, list[str]]:
    sealed: dict[str, set[tuple[str, str]]] = {keeper: set() for keeper in key_urls_of(settings)}
    for store in stores.values():
        for agency, subject in await sealed_subjects(store):
            sealed[KEEPERS[subject.partition("/")[0]]].add((agency, subject))
    there = settings.master_key.get_secret_value() or (settings.data_dir / "secrets" / "master.key").exists()
    master = settings.master_key_bytes() if there else None
    return {
        keeper: list(key_flaws(url, keeper, master, sealed[keeper], await stores[keeper].noted("keyring")))
        for keeper, url in key_urls_of(settings).items()
        if sealed[keeper]
    }

"""What a service is made of: its wiring as it says of itself, and its parts once they are open."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from chassis.auth import Rules
from chassis.bus import Bus
from chassis.bus_users import login_of
from chassis.catalog import Catalog
from chassis.freshness import Freshness
from chassis.grpc_server import Door
from chassis.inbox import Inbox, Subscription
from chassis.key_table import KeyringWrong
from chassis.keyring import BorrowedKeys, HouseKeyring, OwnedKeys
from chassis.keys_api import fetch_from
from chassis.leadership import Leadership
from chassis.loops import kept_running
from chassis.metrics import Metrics
from chassis.neighbours import Neighbours
from chassis.projector import PATIENCE_SECONDS, Projector, View, Views
from chassis.projector.shelf import schema_for
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.sql import Address
from chassis.store import Store, utc_now
from chassis.store.kept import KeptStates
from chassis.tls import bus_context_of
from chassis.tokens import Tokens, tokens_of
from chassis.traces import Traces, traces_of
from chassis.upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running service is made of, as its api, loops and channels get it."""

    settings: Settings
    store: Store
    views: Views
    projector: Projector
    freshness: Freshness
    keyring: HouseKeyring
    inboxes: Mapping[str, Inbox]
    relay: Relay
    leadership: Leadership
    neighbours: Neighbours
    tokens: Tokens
    metrics: Metrics
    clock: Callable[[], datetime]
    traces: Traces | None


Loop = Callable[[Parts], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Wiring:
    service: str
    catalog: Catalog
    doors: Callable[[Parts], Sequence[Door]]
    rules: Rules
    views: Sequence[View] = ()
    subscriptions: Sequence[Subscription] = ()
    loops: Sequence[Loop] = ()
    audit: Callable[[Store], AsyncIterator[str]] | None = None
    """The service's own part of `retainer verify`: what does not fit in its store, in words."""
    hot_streams: int = 10_000
    """How many streams' states are kept in memory: fewer where they are big."""
    kept: Callable[[Settings], KeptStates] | None = None
    """Where states of big streams are kept across starts."""
    views_patience_seconds: float = PATIENCE_SECONDS
    """How long facts may wait for company on their way into the views, where nobody waits for them by a token."""
    owns_keys_of: tuple[str, ...] = ()
    """Kinds of subjects whose keys this service keeps."""
    keepers: Mapping[str, str] = field(default_factory=dict)
    """Kind of subject -> the service that keeps its keys."""


async def open_parts(wiring: Wiring, settings: Settings, stack: AsyncExitStack) -> Parts:
    """Open everything behind the door; the stack closes it in the reverse order."""
    service = wiring.service
    metrics = Metrics()
    traces = _traces(settings, service, stack)
    clock = clock_of(settings)
    tokens = tokens_of(settings)
    if tokens.outside is not None:
        await stack.enter_async_context(kept_running("keys of others", tokens.outside.run))
    neighbours = Neighbours(settings, tokens, service)
    stack.push_async_callback(neighbours.close)
    keyring = _keyring(wiring, settings, neighbours, stack)
    store = await Store.open(
        settings.store_of(service),
        wiring.catalog,
        keyring,
        clock=clock,
        measures=metrics,
        rehearsal=settings.rehearsal,
        hot_streams=wiring.hot_streams,
        kept=None if wiring.kept is None else wiring.kept(settings),
    )
    stack.push_async_callback(store.close)
    await _must_be_its_keyring(store, keyring)
    leadership = Leadership(settings.store_of(service), service)
    projector = await _projector(wiring, settings, store, metrics, stack, led=await leadership.somebody_leads())
    bus = await _bus(settings, service, stack)
    relay = Relay(
        store, bus, measures=metrics, stream_bytes=settings.nats_stream_bytes, replicas=settings.nats_replicas
    )
    inboxes = {
        subscription.source.service: Inbox(store, bus, subscription, measures=metrics, traces=traces)
        for subscription in wiring.subscriptions
    }
    keeping = Leadership(settings.views_of(service), projector.schema or service)
    works = {"relay": relay.run, **{f"inbox for {source}": inbox.run for source, inbox in inboxes.items()}}
    for name, work in works.items():
        await stack.enter_async_context(kept_running(name, partial(leadership.while_held, work)))
    await stack.enter_async_context(kept_running("projector", partial(keeping.while_held, projector.run)))
    for name, led in (("leadership", leadership), ("leadership of views", keeping)):
        await stack.enter_async_context(kept_running(name, led.run))
    upkeep = Upkeep(metrics, settings, bus, service)
    await stack.enter_async_context(kept_running("upkeep", upkeep.run))
    freshness = Freshness(service, store, projector.views, inboxes)
    return Parts(
        settings=settings,
        store=store,
        views=projector.views,
        projector=projector,
        freshness=freshness,
        keyring=keyring,
        inboxes=inboxes,
        relay=relay,
        leadership=leadership,
        neighbours=neighbours,
        tokens=tokens,
        metrics=metrics,
        clock=clock,
        traces=traces,
    )


def _traces(settings: Settings, service: str, stack: AsyncExitStack) -> Traces | None:
    traces = traces_of(settings, service)
    if traces is not None:
        stack.callback(traces.close)
    return traces


async def _bus(settings: Settings, service: str, stack: AsyncExitStack) -> Bus:
    user, password = login_of(settings, service)
    url = settings.nats_url or str(settings.running("nats").get("url", "nats://127.0.0.1:4222"))
    bus = Bus(url, name=service, user=user, password=password, tls=bus_context_of(settings, url))
    await bus.start()
    stack.push_async_callback(bus.stop)
    return bus


async def _projector(
    wiring: Wiring, settings: Settings, store: Store, metrics: Metrics, stack: AsyncExitStack, *, led: bool
) -> Projector:
    """The views; beside those of another version where that is at work (`led`) and has them in another shape."""
    url = settings.views_of(wiring.service)
    home = Address.parse(url, f"{wiring.service}_views")
    schema = await asyncio.to_thread(schema_for, home, wiring.views) if led and home.is_postgres else ""
    projector = Projector(
        store,
        url,
        wiring.views,
        measures=metrics,
        patience_seconds=wiring.views_patience_seconds,
        schema=schema,
    )
    await projector.open(follow=is_shared(url))
    stack.push_async_callback(projector.close)
    return projector


def _keyring(wiring: Wiring, settings: Settings, neighbours: Neighbours, stack: AsyncExitStack) -> HouseKeyring:
    owned = None
    if wiring.owns_keys_of:
        schema = f"{wiring.service}_keys"
        owned = OwnedKeys(settings.keys_of(wiring.service), settings.master_key_bytes(), schema=schema)
        stack.callback(owned.close)
    lenders = {
        keeper: BorrowedKeys(fetch_from(neighbours, keeper))
        for keeper in set(wiring.keepers.values())
        if keeper != wiring.service
    }
    borrowed = {kind: lenders[keeper] for kind, keeper in wiring.keepers.items() if keeper in lenders}
    return HouseKeyring(owned, wiring.owns_keys_of, borrowed)


async def _must_be_its_keyring(store: Store, keyring: HouseKeyring) -> None:
    """A store is opened with the keys that it was written with: a replica with keys of its own would seal what nobody
    else can open."""
    if keyring.owned is None:
        return
    bound = await store.note_once("keyring", keyring.owned.identity)
    if bound != keyring.owned.identity:
        raise KeyringWrong(
            f"this store was written with the keyring {bound}, and RETAINER_KEYS_URL leads to {keyring.owned.identity}:"
            " all replicas need the same keys (set it to postgresql://…), and a restored store the keys of its time"
        )


def is_shared(store_url: str) -> bool:
    """Whether several processes may work on one store: on PostgreSQL; a SQLite store is one process's own."""
    return not store_url.startswith("sqlite:")


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """The clock of the process: the machine's, or in a rehearsal one that begins where the settings say."""
    if settings.clock is None:
        return utc_now
    shift = settings.clock - utc_now()
    return lambda: utc_now() + shift

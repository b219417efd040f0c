"""One service as a process: open the parts, run them, stop them in order.

`services/<name>/__main__.py` says what the service consists of and nothing else:

    def main() -> None:
        run(Wiring(
            service="timelog",
            catalog=CATALOG,
            views=[TimeEntriesView(), …],
            subscriptions=[Subscription(contracts.CATALOG, react, partition)],
            doors=doors,            # Callable[[Parts], Sequence[Door]]
            rules=RULES,
            loops=[…],              # Callable[[Parts], Coroutine]: schedulers, senders; begun again when they fail
            owns_keys_of=("person",),
            keepers=KEEPERS,
        ))

Order of starting: settings, logs, metrics, keyring, store, views, bus, relay, inboxes, projector, loops, door. Health
says SERVING when the views have caught up. SIGTERM: health NOT_SERVING, door drains, loops, projector, inboxes, relay,
bus, store.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from chassis import crash, logs
from chassis.alone import DataFolderHeld, alone
from chassis.auth import Rules, Tokens
from chassis.bus import Bus
from chassis.catalog import Catalog
from chassis.freshness import Freshness
from chassis.grpc_server import Bounds, Door, GrpcServer, House, PortTaken
from chassis.inbox import Inbox, Subscription
from chassis.keyring import BorrowedKeys, HouseKeyring, OwnedKeys
from chassis.keys_api import KEY_RULES, fetch_from, keys_door
from chassis.leadership import Leadership
from chassis.loops import kept_running
from chassis.metrics import Metrics, MetricsPage
from chassis.neighbours import Neighbours
from chassis.operations import OPERATIONS_RULES, Operations, operations_door
from chassis.projector import Projector, View, Views
from chassis.relay import Relay
from chassis.settings import Settings, SettingsWrong, load
from chassis.store import Store, utc_now

log = logging.getLogger(__name__)
LOCK_WAIT_SECONDS = 30.0


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
    hot_streams: int = 10_000
    """How many streams' states are kept in memory: fewer where they are big."""
    owns_keys_of: tuple[str, ...] = ()
    """Kinds of subjects whose keys this service keeps."""
    keepers: Mapping[str, str] = field(default_factory=dict)
    """Kind of subject -> the service that keeps its keys."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service whose door is open; `ready` is set when health says SERVING."""

    address: str
    metrics_address: str
    parts: Parts
    ready: asyncio.Event


def run(wiring: Wiring) -> None:
    """Run the service until SIGTERM or SIGINT; exit status 0 after an orderly stop, 2 where the settings are wrong."""
    try:
        settings = load()
    except SettingsWrong as error:
        print(f"{wiring.service}: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    logs.set_up(wiring.service, settings.log_format, settings.log_level)
    crash.arm(settings.of(wiring.service).crash_at)
    try:
        with asyncio.Runner(loop_factory=_event_loop) as runner:
            runner.run(_until_signalled(wiring, settings))
    except (SettingsWrong, PortTaken, DataFolderHeld) as error:
        log.error("%s", error)
        raise SystemExit(2) from None


async def _until_signalled(wiring: Wiring, settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(wiring, settings) as running:
        log.info("%s serves at %s, metrics at %s", wiring.service, running.address, running.metrics_address)
        await stop.wait()
        log.info("%s stops", wiring.service)


@asynccontextmanager
async def serving(wiring: Wiring, settings: Settings) -> AsyncIterator[Running]:
    """The service, from its opened door to its orderly stop."""
    service = wiring.service
    async with AsyncExitStack() as stack:
        if not is_shared(settings.store_of(service)):
            await stack.enter_async_context(alone(settings.folder(service) / "lock", service, LOCK_WAIT_SECONDS))
        last = settings.running(service)
        parts = await _open(wiring, settings, stack)
        page = MetricsPage(parts.metrics, settings.of(service).metrics_listen)
        await page.start(_port(last.get("metrics", "")))
        stack.push_async_callback(page.stop)
        for loop in wiring.loops:
            work = partial(parts.leadership.while_held, partial(loop, parts))
            await stack.enter_async_context(kept_running(getattr(loop, "__name__", "loop"), work))
        door = _door(wiring, parts, _port(last.get("address", "")))
        await door.start()
        stack.push_async_callback(door.stop, settings.grace_seconds)
        running = Running(
            _reached_at(settings.of(service).listen, door.port),
            _reached_at(settings.of(service).metrics_listen, page.port),
            parts,
            asyncio.Event(),
        )
        said = {"pid": os.getpid(), "address": running.address, "metrics": running.metrics_address}
        settings.say_running(service, {**said, "ready": False})
        stack.callback(settings.say_running, service, {**said, "pid": 0, "ready": False})

        async def catch_up() -> None:
            await parts.views.wait_for(parts.store.position)
            await door.serving()
            settings.say_running(service, {**said, "ready": True})
            running.ready.set()

        await stack.enter_async_context(kept_running("catching up", catch_up))
        yield running


async def _open(wiring: Wiring, settings: Settings, stack: AsyncExitStack) -> Parts:
    """Open everything behind the door; the stack closes it in the reverse order."""
    service = wiring.service
    metrics = Metrics()
    clock = clock_of(settings)
    tokens = Tokens(settings.token_secret_bytes())
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
    )
    stack.push_async_callback(store.close)
    projector = Projector(store, settings.views_of(service), wiring.views, measures=metrics)
    await projector.open(follow=is_shared(settings.store_of(service)))
    stack.push_async_callback(projector.close)
    bus = Bus(
        settings.nats_url or str(settings.running("nats").get("url", "nats://127.0.0.1:4222")),
        name=service,
        user=settings.nats_user,
        password=settings.nats_password.get_secret_value(),
    )
    await bus.start()
    stack.push_async_callback(bus.stop)
    relay = Relay(store, bus, measures=metrics)
    inboxes = {
        subscription.source.service: Inbox(store, bus, subscription, measures=metrics)
        for subscription in wiring.subscriptions
    }
    leadership = Leadership(settings.store_of(service), service)
    works = {"relay": relay.run, **{f"inbox for {source}": inbox.run for source, inbox in inboxes.items()}}
    for name, work in {**works, "projector": projector.run}.items():
        await stack.enter_async_context(kept_running(name, partial(leadership.while_held, work)))
    await stack.enter_async_context(kept_running("leadership", leadership.run))
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
    )


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


def _door(wiring: Wiring, parts: Parts, last_port: int) -> GrpcServer:
    settings = parts.settings
    operations = Operations(
        parts.store, parts.projector, parts.relay, parts.inboxes, parts.clock, rehearsal=settings.rehearsal
    )
    doors = [*wiring.doors(parts), operations_door(operations)]
    if parts.keyring.owned is not None:
        doors.append(keys_door(parts.keyring.owned))
    house = House(
        service=wiring.service,
        tokens=parts.tokens,
        request_key=settings.request_key(),
        clock=parts.clock,
        rehearsal=settings.rehearsal,
        fresh=parts.freshness.wait,
        bounds=Bounds(settings.deadline_seconds, settings.longest_deadline_seconds),
    )
    return GrpcServer(
        settings.of(wiring.service).listen,
        doors,
        {**wiring.rules, **KEY_RULES, **OPERATIONS_RULES},
        house=house,
        metrics=parts.metrics,
        message_bytes=settings.message_bytes,
        last_port=last_port,
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


def _reached_at(listen: str, port: int) -> str:
    host = listen.rpartition(":")[0]
    return f"{'127.0.0.1' if host in ('', '0.0.0.0', '[::]') else host}:{port}"


def _port(address: object) -> int:
    port = str(address).rpartition(":")[2]
    return int(port) if port.isdigit() else 0


def _event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()

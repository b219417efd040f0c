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
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from chassis import crash, logs
from chassis.alone import DataFolderHeld, alone
from chassis.bearers import Bearers
from chassis.grpc_server import Bounds, GrpcServer, House, PortTaken
from chassis.key_table import KeyringWrong
from chassis.keys_api import KEY_RULES, keys_door
from chassis.limits import Allowed, Limits
from chassis.loops import kept_running
from chassis.metrics import Metrics, MetricsPage
from chassis.operations import OPERATIONS_RULES, Operations, operations_door
from chassis.parts import Loop, Parts, Wiring, clock_of, is_shared, open_parts
from chassis.settings import Settings, SettingsWrong, load
from chassis.sql import AddressWrong, DatabaseUnavailable
from chassis.store import StoreUnavailable
from chassis.tls import doorplate_of

__all__ = ["Loop", "Parts", "Running", "Wiring", "clock_of", "run", "serving"]

log = logging.getLogger(__name__)
LOCK_WAIT_SECONDS = 30.0
DATABASE_RETRY_SECONDS = 1.0


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
    _let_others_finish()
    try:
        with asyncio.Runner(loop_factory=_event_loop) as runner:
            runner.run(_until_signalled(wiring, settings))
    except (SettingsWrong, PortTaken, DataFolderHeld, KeyringWrong, AddressWrong) as error:
        log.error("%s", error)
        raise SystemExit(2) from None


async def _until_signalled(wiring: Wiring, settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    while not stop.is_set():
        try:
            async with serving(wiring, settings) as running:
                _spare_the_collector()
                log.info("%s serves at %s, metrics at %s", wiring.service, running.address, running.metrics_address)
                await stop.wait()
                log.info("%s stops", wiring.service)
        except (StoreUnavailable, DatabaseUnavailable) as error:
            log.warning("%s waits for its database: %s", wiring.service, error)
            with suppress(TimeoutError):
                async with asyncio.timeout(DATABASE_RETRY_SECONDS):
                    await stop.wait()


@asynccontextmanager
async def serving(wiring: Wiring, settings: Settings) -> AsyncIterator[Running]:
    """The service, from its opened door to its orderly stop."""
    service = wiring.service
    async with AsyncExitStack() as stack:
        if not is_shared(settings.store_of(service)):
            await stack.enter_async_context(alone(settings.folder(service) / "lock", service, LOCK_WAIT_SECONDS))
        last = settings.running(service)
        parts = await open_parts(wiring, settings, stack)
        page = MetricsPage(parts.metrics, settings.of(service).metrics_listen)
        await page.start(_port(last.get("metrics", "")))
        stack.push_async_callback(page.stop)
        for loop in wiring.loops:
            work = partial(parts.leadership.while_held, partial(_on_whole_views, loop, parts))
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
            await parts.projector.all_made()
            await parts.views.wait_for(parts.store.position)
            await door.serving()
            settings.say_running(service, {**said, "ready": True})
            running.ready.set()

        await stack.enter_async_context(kept_running("catching up", catch_up))
        yield running


async def _on_whole_views(loop: Loop, parts: Parts) -> None:
    """A loop asks the views, which at the first start are being made still."""
    await parts.projector.all_made()
    await loop(parts)


def _door(wiring: Wiring, parts: Parts, last_port: int) -> GrpcServer:
    settings = parts.settings
    operations = Operations(
        parts.store,
        parts.projector,
        parts.relay,
        parts.inboxes,
        parts.leadership,
        parts.clock,
        rehearsal=settings.rehearsal,
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
        traces=parts.traces,
        limits=_limits(settings, parts.metrics),
        bearers=Bearers(parts.keyring.is_erased),
    )
    return GrpcServer(
        settings.of(wiring.service).listen,
        doors,
        {**wiring.rules, **KEY_RULES, **OPERATIONS_RULES},
        house=house,
        metrics=parts.metrics,
        message_bytes=settings.message_bytes,
        last_port=last_port,
        doorplate=doorplate_of(settings),
        health_listen=settings.of(wiring.service).health_listen,
    )


def _limits(settings: Settings, metrics: Metrics) -> Limits:
    refused = metrics.counter("retainer_refused_by_limit", "Calls that asked for too much", ("limit",))
    allowed = Allowed(
        calls_per_second=settings.calls_per_second,
        calls_at_once=settings.calls_at_once,
        streams=settings.streams_per_token,
        page_rows=settings.page_rows,
    )
    return Limits(allowed, refused=lambda limit: refused.labels(limit).inc())


def _let_others_finish() -> None:
    """Who is woken waits for a processor instead of taking it from another of us. The threads of gRPC, the services and
    the bus wake each other several times a call, each for some microseconds. Called before there are threads, so that
    all have it; systems without it, and sandboxes that forbid it, go without, and what an operator chose stays."""
    with suppress(AttributeError, OSError):
        if os.sched_getscheduler(0) == os.SCHED_OTHER:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _spare_the_collector() -> None:
    """What has been loaded by now stays for good: the collector need not look at it again, nor come so often. It takes
    a fifth of a command's time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _reached_at(listen: str, port: int) -> str:
    host = listen.rpartition(":")[0]
    return f"{'127.0.0.1' if host in ('', '0.0.0.0', '[::]') else host}:{port}"  # nosec B104 - it is compared


def _port(address: object) -> int:
    port = str(address).rpartition(":")[2]
    return int(port) if port.isdigit() else 0


def _event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()

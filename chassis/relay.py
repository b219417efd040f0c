"""Recorded facts -> JetStream: in order, without gap or duplicate, also with two relays and after any crash.

One stream for each service (`retainer-timelog`), subjects `retainer.<agency>.<service>.<EventName>`, kept for ever.
Messages are CloudEvents 1.0 in binary mode (chassis.message). The relay keeps no books: it finds its place from the
stream's last message. Order and uniqueness are held by the server, not by us: each message of a window expects the one
before it to be the last (`Nats-Expected-Last-Msg-Id`, `Nats-Expected-Last-Sequence`), so that after one that fails all
that follow fail too, and the window's last acknowledgement speaks for all of it.

JetStream acknowledges before it syncs, and its data may be wiped: so the relay looks at the stream's end again after
every reconnect, every error and now and then, and publishes what is missing.
"""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from typing import NamedTuple

import nats.errors
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from chassis import crash
from chassis.bus import Bus, stream_of, subject_of
from chassis.catalog import parse_tag
from chassis.house import StoreRestored
from chassis.measures import UNMEASURED, Measures
from chassis.message import MESSAGE_ID, POSITION, headers_of, written
from chassis.store import Recorded, Store, StoreUnavailable
from chassis.store.plan import Row
from chassis.tide import Tide

OVERTAKEN = (10070, 10071)
"""Error codes of what the server expected to be last."""
WINDOW = 500
"""Messages in flight before an acknowledgement is awaited."""
ACK_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 5.0
"""How often the stream's end is compared with the store while nothing happens."""
LINGER_SECONDS = 0.008
"""The least between two windows while facts follow each other; the first one after a pause goes at once. Each window
costs every subscriber a transaction, so a few together arrive sooner than one by one where the machine is busy."""
RETRY_SECONDS = (0.05, 0.2, 0.5, 1.0)
DUPLICATE_WINDOW_SECONDS = 120.0

log = logging.getLogger(__name__)


class BusAhead(Exception):
    """The bus holds facts that the store does not have: the store was restored, or it is another one."""


class WindowLost(Exception):
    """The window was not acknowledged; some of it may be on the bus."""


class NotTaken(Exception):
    """The server refused the window for a reason of its own: the stream is full, or the disk is."""


class Place(NamedTuple):
    """The stream's last message."""

    sequence: int
    message_id: str
    position: int


class Relay:
    """`stream_bytes` bounds the stream; a full one refuses what is new and loses nothing."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        *,
        measures: Measures = UNMEASURED,
        stream_bytes: int = -1,
        replicas: int = 1,
        duplicate_window_seconds: float = DUPLICATE_WINDOW_SECONDS,
    ) -> None:
        self._store = store
        self._bus = bus
        self._measures = measures
        self._service = store.catalog.service
        self._config = StreamConfig(
            name=stream_of(self._service),
            subjects=[f"retainer.*.{self._service}.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            max_bytes=stream_bytes,
            num_replicas=replicas,
            duplicate_window=duplicate_window_seconds,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
        )
        self._published = Tide()
        self._behind_since: float | None = None
        self._got_on = False
        self._window = WINDOW
        self.problem = ""
        """Why nothing is published, in words for an operator; empty while all is well."""

    @property
    def published(self) -> int:
        """The store position of the last message known to be on the bus."""
        return self._published.value

    async def wait_published(self, position: int) -> None:
        await self._published.at_least(position)

    async def run(self) -> None:
        """Publish until cancelled; reconnects, re-reads its place after any error, counts its lag."""
        failures = 0
        while True:
            try:
                self._measure()
                await self._follow()
            except WindowLost as error:
                self._window = 1  # alone, a message tells why it is not taken
                log.debug("a window was not acknowledged, looking where the stream ends: %s", error)
            except BusAhead as error:
                self._report(str(error), logging.ERROR)
            except NotTaken as error:
                self._report(f"NATS refuses facts: {error}", logging.ERROR)
            except (nats.errors.Error, APIError, OSError, TimeoutError) as error:
                self._report(f"NATS does not take facts: {error or type(error).__name__}", logging.WARNING)
            except StoreUnavailable as error:
                self._report(f"the store cannot be read: {error}", logging.WARNING)
            failures = 0 if self._got_on else failures + 1
            self._got_on = False
            await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])

    async def republish(self) -> None:
        """Delete the stream; `run` makes it again, whole. (A purged stream would remember the ids and take nothing.)"""
        jetstream = await self._bus.jetstream()
        try:
            await jetstream.delete_stream(stream_of(self._service))
        except NotFoundError:
            log.info("there was no stream to delete")

    async def _follow(self) -> None:
        """Find the place, then publish from there until something is not as expected."""
        client = await self._bus.client()
        connection = self._bus.connections.value
        place = await self._find_place()
        looked_at = time.monotonic()
        published_at = 0.0
        while True:
            if place.position < self.published:
                self._published.fall(place.position)  # the bus lost its end
            self._published.reach(place.position)
            if (rest := published_at + LINGER_SECONDS - time.monotonic()) > 0 and self._store.position > place.position:
                await asyncio.sleep(rest)
            facts = await self._store.read_rows(place.position, self._window)
            self._note_lag(bool(facts))
            if facts:
                crash.here("publish.before")
                place = await self._publish(client, place, facts)
                crash.here("publish.after")
                self._got_on = True
                self._window = WINDOW
                self.problem = ""
                published_at = time.monotonic()
            elif self._bus.connections.value != connection or time.monotonic() - looked_at > LOOK_AGAIN_SECONDS:
                found = await self._find_place()
                if found != place:
                    raise WindowLost(f"the stream ends at {found.position}, not at {place.position}")
                connection, looked_at = self._bus.connections.value, time.monotonic()
                self.problem = ""
            else:
                await self._wait_for_facts(place.position)

    async def _wait_for_facts(self, position: int) -> None:
        try:
            async with asyncio.timeout(LOOK_AGAIN_SECONDS / 5):
                await self._store.wait_beyond(position)
        except TimeoutError:
            return

    async def _find_place(self) -> Place:
        """Where the stream ends; makes it where there is none, and makes it anew where it was emptied."""
        jetstream = await self._bus.jetstream()
        name = stream_of(self._service)
        try:
            info = await jetstream.stream_info(name)
        except NotFoundError:
            info = await jetstream.add_stream(self._config)
        if (info.config.max_bytes, info.config.num_replicas) != (self._config.max_bytes, self._config.num_replicas):
            info = await jetstream.update_stream(self._config)  # the settings have changed
        state = info.state
        if state.messages == 0:
            if state.last_seq > 0:
                log.warning("the stream %s was emptied: it is made anew", name)
                await jetstream.delete_stream(name)
                await jetstream.add_stream(self._config)
            return Place(0, "", 0)
        last = await jetstream.get_msg(name, seq=state.last_seq)
        headers = last.headers or {}
        if await self._is_of_a_lost_epoch(headers.get(MESSAGE_ID, "")):
            log.warning("the store was restored: the stream %s holds facts of the lost epoch and is made anew", name)
            await jetstream.delete_stream(name)
            await jetstream.add_stream(self._config)
            return Place(0, "", 0)
        place = Place(state.last_seq, headers.get(MESSAGE_ID, ""), int(headers.get(POSITION, "0")))
        if place.position > await self._newest_position(place.position):
            raise BusAhead(
                f"the bus has facts of {self._service} up to position {place.position}, the store only up to"
                f" {self._store.position}: restore the store by `retainer restore`, which begins a new epoch"
            )
        return place

    async def _is_of_a_lost_epoch(self, identity: str) -> bool:
        """Whether a message is from before a restore of this store: what is on the bus may be no fact any more."""
        if not identity or identity.split(":")[1] == self._store.epoch:
            return False
        return any(isinstance(fact.event, StoreRestored) for fact in await self._store.read_house())

    async def _newest_position(self, at_least: int) -> int:
        """The store's end; asked of the database where what this process knows of may be old."""
        if self._store.position >= at_least:
            return self._store.position
        return await self._store.newest_position()

    async def _publish(self, client: Client, place: Place, facts: Sequence[Row | Recorded]) -> Place:
        """One window; the place after it, or `WindowLost`."""
        service, epoch = self._service, self._store.epoch
        sequence, before = place.sequence, place.message_id
        last = len(facts) - 1
        for number, fact in enumerate(facts):
            name = fact.name if isinstance(fact, Recorded) else parse_tag(fact.tag).name
            subject = subject_of(fact.agency, service, name)
            headers = headers_of(fact, service, epoch)
            headers["Nats-Expected-Last-Sequence"] = str(sequence)
            if before:
                headers["Nats-Expected-Last-Msg-Id"] = before
            before = headers[MESSAGE_ID]
            sequence += 1
            if number < last:
                await client.publish(subject, fact.payload, headers=written(headers))
            else:
                answer = await client.request(subject, fact.payload, timeout=ACK_SECONDS, headers=written(headers))
        acknowledged = json.loads(answer.data)
        error = acknowledged.get("error", {})
        if error and error.get("err_code") not in OVERTAKEN:
            raise NotTaken(error.get("description", str(error)))
        if error or acknowledged.get("duplicate") or acknowledged.get("seq") != sequence:
            raise WindowLost(str(acknowledged))
        return Place(sequence, before, facts[-1].position)

    def _note_lag(self, behind: bool) -> None:
        if not behind:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = time.monotonic()
        self._measure()

    def _measure(self) -> None:
        lag = max(0, self._store.position - self.published)
        if lag and self._behind_since is None:
            self._behind_since = time.monotonic()
        seconds = time.monotonic() - self._behind_since if self._behind_since is not None else 0.0
        self._measures.relay_lag(lag, seconds)

    def _report(self, problem: str, level: int) -> None:
        if problem != self.problem:
            log.log(level, problem)
        self.problem = problem

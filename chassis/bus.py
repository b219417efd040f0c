"""The connection to NATS: hosted by a faststream broker, which keeps it alive and hears of what befalls consumers.

The relay and the inboxes use the broker's own client: where order and latency count, they publish and fetch themselves.
A service starts also while NATS is down, and goes on when it comes: `start` does not wait, `client` does.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

from faststream.nats import NatsBroker
from faststream.nats.security import NatsSecurity, NatsUserPassword
from nats.aio.client import Client
from nats.js import JetStreamContext

from chassis.bus_users import inbox_prefix, subject_word
from chassis.bus_users import stream_name as stream_of
from chassis.loops import ended
from chassis.tide import Tide
from chassis.tls import BusTls

__all__ = ["Bus", "header_text", "header_value", "headers_in", "stream_of", "subject_of"]

log = logging.getLogger(__name__)
RECONNECT_SECONDS = 0.25
CONSUMER_GONE = "$JS.EVENT.ADVISORY.CONSUMER.DELETED.>"


class Bus:
    """One connection for a process. `connections` rises with every connection made: who finds it changed looks anew."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        tls: BusTls | None = None,
        user: str = "",
        password: str = "",
    ) -> None:
        """`url` may name several servers, with commas between."""
        self.connections = Tide()
        self.disturbances = Tide()
        """Rises when a consumer was deleted: inboxes look whether it was theirs."""
        self.listeners: set[Callable[[], None]] = set()
        """Called when either of them has risen."""
        self._stopping = False
        self._tls = tls
        shorter_than_declared: dict[str, Any] = {"reconnect_time_wait": RECONNECT_SECONDS}
        self._broker = NatsBroker(
            url.split(","),
            name=name,
            max_reconnect_attempts=-1,
            connect_timeout=2,
            ping_interval=5,
            max_outstanding_pings=2,
            reconnected_cb=self._reconnected,
            disconnected_cb=self._disconnected,
            error_cb=self._failed,
            logger=None,
            inbox_prefix=inbox_prefix(user or name),
            security=_security(tls, user, password),
            **shorter_than_declared,
        )
        self._broker.subscriber(CONSUMER_GONE)(self._consumer_gone)
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        self._starting = asyncio.create_task(self._connect())

    async def stop(self) -> None:
        self._stopping = True
        if self._starting is not None:
            await ended(self._starting)
        client = self._connection if self.connections.value else None  # a stopped broker gives it out no more
        with suppress(Exception):
            async with asyncio.timeout(5):
                await self._broker.stop()
        if client is not None and (reconnecting := client._reconnection_task) is not None:
            # Its cancellation can be lost (chassis.loops), and then it would try for ever, and hold up our end.
            await ended(reconnecting)

    @property
    def connected(self) -> bool:
        return self.connections.value > 0 and self._connection.is_connected

    async def client(self) -> Client:
        """The client, once there is a connection."""
        await self.connections.beyond(0)
        return self._connection

    async def jetstream(self, timeout_seconds: float = 2.0) -> JetStreamContext:
        return (await self.client()).jetstream(timeout=timeout_seconds)

    async def _connect(self) -> None:
        while True:
            try:
                await self._broker.start()
            except Exception as error:
                log.warning("no connection to NATS yet: %s", error or type(error).__name__)
                await asyncio.sleep(1)
            else:
                _read_headers_faster(self._connection)
                self.connections.reach(1)
                return

    @property
    def _connection(self) -> Client:
        return self._broker.connection

    async def _reconnected(self) -> None:
        log.info("connected to NATS again")
        self.connections.reach(self.connections.value + 1)
        self._tell()

    async def _disconnected(self) -> None:
        if self._stopping:
            return
        log.warning("the connection to NATS is lost")
        if self._tls is not None:
            try:
                self._tls.renew()
            except OSError as error:
                log.error("our certificate for NATS cannot be read again: %s", error)

    async def _failed(self, error: Exception) -> None:
        log.debug("NATS: %s", error)

    async def _consumer_gone(self, body: Any) -> None:
        self.disturbances.reach(self.disturbances.value + 1)
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()


def _security(tls: BusTls | None, user: str, password: str) -> NatsSecurity | None:
    secured: dict[str, Any] = {"ssl_context": tls.context, "tls_hostname": tls.name or None} if tls else {}
    if user:
        return NatsUserPassword(user, password, **secured)
    return NatsSecurity(**secured) if secured else None


def _read_headers_faster(client: Client) -> None:
    """The client reads header lines one by one, each byte by byte: most of what it costs to receive a message. Where a
    newer client has no such method of its own, this does nothing."""
    client._parse_header_lines = headers_in  # type: ignore[method-assign]


def headers_in(raw: bytes) -> dict[str, str]:
    """The headers of a message, from lines as servers and relays write them; others are left to the client."""
    try:
        text = raw.decode("ascii")
        if ":  " not in text and ":\t" not in text:
            return dict([line.split(": ", 1) for line in text.split("\r\n") if line])
    except ValueError:
        pass
    read: dict[str, str] = Client._parse_header_lines(raw)
    return read


def subject_of(agency: str, service: str, event_name: str) -> str:
    """`retainer.<agency>.<service>.<EventName>`; a dot in an agency's id is escaped."""
    return f"retainer.{subject_word(agency)}.{service}.{event_name.rpartition('.')[2]}"


def header_text(value: str) -> str:
    """A header's value as CloudEvents wants it: what is not printable ASCII is percent-encoded."""
    return value if value.isascii() and value.isprintable() and "%" not in value else quote(value, safe=_PRINTABLE)


def header_value(text: str) -> str:
    return unquote(text) if "%" in text else text


_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%') + " "

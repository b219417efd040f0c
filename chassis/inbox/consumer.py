"""Messages of a stream from a position on, in order, by a pull consumer of our own.

An inbox owns its place: it makes its consumer from the position in its database whenever it begins, after a reconnect,
after a gap, and when the consumer does not answer any more (it may have been deleted, which nobody tells). So nothing
hangs on what the server remembers of us; the consumer goes away by itself when nobody asks it.
"""

import json
import logging
from collections import deque
from contextlib import suppress
from uuid import uuid4

import nats.errors
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as NatsSubscription
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamState
from nats.js.errors import APIError, NotFoundError

from chassis.bus import Bus, stream_of
from chassis.inbox.incoming import Letter
from chassis.message import POSITION, Malformed, envelope_of
from chassis.tide import Tide

PULL = 500
"""Messages asked for at once; as many again when half of them have come and been taken: so memory is bounded."""
PULL_BYTES = 16 * 1024 * 1024
"""And no more than that, for a document is as big as hundreds of entries. A bigger message would never come; the bus
takes half of it at most."""
EXPIRES_SECONDS = 30
HEARTBEAT_SECONDS = 1
SILENCE_SECONDS = 3.5
"""Without a message or a heartbeat for so long, the consumer is taken for lost."""
INACTIVE_SECONDS = 60
ANSWERED = ("Batch Completed", "Message Size Exceeds MaxBytes")
"""What the server says with status 409 where it gave what was asked for, or the next message would be more."""

log = logging.getLogger(__name__)


class ConsumerLost(Exception):
    """The consumer does not deliver any more; make it anew from the position in the database."""


class Consumer:
    """One life of a consumer; `begin`, then `take` until it raises `ConsumerLost`."""

    def __init__(self, bus: Bus, source: str, reader: str) -> None:
        self._bus = bus
        self._stream = stream_of(source)
        self._name = f"{reader}-{uuid4().hex[:8]}"
        self._arrived: deque[Letter] = deque()
        self._asked = 0
        self._signal = Tide()
        self._lost = ""
        self._subscription: NatsSubscription | None = None
        self._connection = 0
        self._disturbances = 0

    async def begin(self, position: int) -> None:
        """From the first message after `position` on; `NotFoundError` where there is no such stream yet."""
        self._connection = self._bus.connections.value
        self._disturbances = self._bus.disturbances.value
        client = await self._bus.client()
        self._bus.listeners.add(self._signal.nudge)
        jetstream = client.jetstream(timeout=2.0)
        stream = await jetstream.stream_info(self._stream)
        sequence = await _sequence_after(jetstream, self._stream, stream.state, position)
        await jetstream.add_consumer(
            self._stream,
            ConsumerConfig(
                name=self._name,
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=sequence,
                ack_policy=AckPolicy.NONE,
                inactive_threshold=INACTIVE_SECONDS,
            ),
        )
        if (await jetstream.stream_info(self._stream)).created != stream.created:
            raise ConsumerLost("the stream was made anew meanwhile: the sequence is one of the old stream")
        self._deliver = client.new_inbox()
        self._subscription = await client.subscribe(self._deliver, cb=self._message)
        await self._ask()

    async def take(self, most: int) -> list[Letter]:
        """What has arrived, at least one letter; waits for it."""
        while not self._arrived:
            if self._lost:
                raise ConsumerLost(self._lost)
            if self._bus.connections.value != self._connection:
                raise ConsumerLost("the connection was lost meanwhile")
            if self._bus.disturbances.value != self._disturbances:
                self._disturbances = self._bus.disturbances.value
                if not await self._exists():
                    raise ConsumerLost("the consumer was deleted")
            if self._asked <= 0:
                await self._ask()
            if not await self._signal.next_nudge(SILENCE_SECONDS) and not self._arrived:
                raise ConsumerLost("the consumer is silent")
        letters = [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]
        if self._asked < PULL // 2 and len(self._arrived) < PULL // 2 and not self._lost:
            await self._ask()
        return letters

    async def end(self) -> None:
        self._bus.listeners.discard(self._signal.nudge)
        with suppress(nats.errors.Error, APIError, OSError, TimeoutError):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
            if self._bus.connected:
                await (await self._bus.jetstream(1.0)).delete_consumer(self._stream, self._name)

    async def _ask(self) -> None:
        client = await self._bus.client()
        wish = {
            "batch": PULL,
            "max_bytes": PULL_BYTES,
            "expires": EXPIRES_SECONDS * 10**9,
            "idle_heartbeat": HEARTBEAT_SECONDS * 10**9,
        }
        self._asked += PULL
        await client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._name}", json.dumps(wish).encode(), self._deliver
        )

    async def _exists(self) -> bool:
        try:
            await (await self._bus.jetstream()).consumer_info(self._stream, self._name)
        except NotFoundError:
            return False
        return True

    async def _message(self, message: Msg) -> None:
        headers = message.headers or {}
        status = headers.get("Status", "")
        if status == "100":
            pass  # a heartbeat: it is there, and there is nothing
        elif status in ("404", "408") or (status == "409" and headers.get("Description") in ANSWERED):
            self._asked = max(0, self._asked - int(headers.get("Nats-Pending-Messages", PULL)))
        elif status:
            self._lost = f"{status} {headers.get('Description', '')}"
        else:
            self._asked -= 1
            self._arrive(message, headers)
        self._signal.nudge()

    def _arrive(self, message: Msg, headers: dict[str, str]) -> None:
        words = message.reply.split(".")
        # $JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<…>.<time>.<waiting>; newer servers put two words before
        first = 5 if len(words) == 9 else 7
        sequence, waiting = int(words[first]), int(words[first + 3])
        try:
            envelope = envelope_of(headers)
        except Malformed as error:
            log.error("message %d of %s is passed over: %s", sequence, self._stream, error)
            return
        self._arrived.append(Letter(envelope, dict(headers), message.data, sequence, waiting))


async def _sequence_after(jetstream: JetStreamContext, stream: str, state: StreamState, position: int) -> int:
    """The first sequence whose message has a higher position; one past the end where there is none."""
    low, high = state.first_seq, state.last_seq + 1
    if position == 0:
        return max(1, low)
    while low < high:
        middle = (low + high) // 2
        if await _position_at(jetstream, stream, middle) > position:
            high = middle
        else:
            low = middle + 1
    return max(1, low)


async def _position_at(jetstream: JetStreamContext, stream: str, sequence: int) -> int:
    message = await jetstream.get_msg(stream, seq=sequence, direct=True)
    return int((message.headers or {}).get(POSITION, "0"))

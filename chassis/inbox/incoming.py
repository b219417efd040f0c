"""A fact of another service as it came off the bus, and what a service hears of another."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from chassis.catalog import Catalog, parse_tag
from chassis.message import Envelope
from chassis.store import Ledger
from vocabulary.fact import Fact


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """A fact of another service as it came off the bus."""

    source: str
    position: int
    stream: str
    version: int
    name: str
    event: Fact
    payload: bytes
    recorded_at: datetime
    agency: str
    actor: str
    correlation_id: str
    event_id: str
    stream_hash: str


React = Callable[[Incoming, Ledger], Awaitable[None]]
ReactTogether = Callable[[Sequence[Incoming], Ledger], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a service hears of another: the source's catalog, the reaction, and what parks together behind poison.

    `together` takes the place of `react` where many facts come to one: it gets all that a batch holds of one agency,
    and what it records has the last of them for its cause.

    `patience_seconds` is how long what came after a batch may wait for company: who waits for it by a consistency token
    ends the waiting. Where nobody but he would notice, it saves an append for each fact.

    `passed_over` names event types that the reaction never looks at and that are many: a batch of these alone is not
    opened and costs no append. They must not be what a command's consistency token stands for."""

    source: Catalog
    react: React
    partition: Callable[[Fact], str]
    passed_over: tuple[type[Fact], ...] = ()
    together: ReactTogether | None = None
    patience_seconds: float = 0.0


class Letter(msgspec.Struct, frozen=True, gc=False):
    """A message with its envelope read, its payload not yet."""

    envelope: Envelope
    headers: dict[str, str]
    payload: bytes
    sequence: int = 0
    waiting: int = 0
    """Messages of the stream behind this one, when it was delivered."""


def opened(letter: Letter, catalog: Catalog) -> Incoming:
    """The letter's fact; `UnknownEvent` or `Undecodable`."""
    envelope = letter.envelope
    name, version = parse_tag(envelope.tag)
    return Incoming(
        source=envelope.source,
        position=envelope.position,
        stream=envelope.stream,
        version=envelope.version,
        name=name,
        event=catalog.decode(name, version, letter.payload),
        payload=letter.payload,
        recorded_at=envelope.recorded_at,
        agency=envelope.agency,
        actor=envelope.actor,
        correlation_id=envelope.correlation_id,
        event_id=envelope.event_id,
        stream_hash=envelope.stream_hash,
    )

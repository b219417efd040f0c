"""The words of the store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from vocabulary.fact import Fact

C = TypeVar("C")
S = TypeVar("S")


@dataclass(frozen=True, slots=True, eq=False)
class Decider(Generic[C, S]):
    """An aggregate: pure functions of the domain. `decide` refuses by raising `Refused`; `evolve` never refuses."""

    initial: S
    decide: Callable[[C, S], Sequence[Fact]]
    evolve: Callable[[S, Any], S]


class Context(msgspec.Struct, frozen=True, gc=False):
    """Who and why: recorded with every event. `now` is set by rehearsals only; else the store's clock counts."""

    agency: str
    actor: str
    correlation_id: str
    causation_id: str = ""
    now: datetime | None = None


class Request(msgspec.Struct, frozen=True, gc=False):
    """A request id with a keyed hash of method and body: the same id again gives the same receipt, with another body
    `RequestReused`."""

    request_id: str
    body_hash: str


class Tracking(msgspec.Struct, frozen=True, gc=False):
    """How far an inbox has come in a source; written in the same transaction as what it led to.

    `after` is the mark that the inbox went on from: where the store has another one by now, somebody else has taken
    facts in meanwhile, and nothing is written (`TrackingMoved`)."""

    source: str
    position: int
    after: int


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event as it was recorded. `position` orders the whole store; `previous` is the position before it (0: none).
    `stream_hash` chains the stream over the stored bytes; `agency_sequence` is gapless per agency."""

    position: int
    previous: int
    stream: str
    version: int
    name: str
    event_version: int
    event: Fact
    payload: bytes
    recorded_at: datetime
    agency: str
    actor: str
    correlation_id: str
    causation_id: str
    stream_hash: str
    agency_sequence: int


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """What a command came to: the stream it was about, its version (the etag), the last position written (the
    consistency token) and the ids that `work` named. Made again from the requests table when an id is repeated."""

    stream: str
    version: int
    position: int
    names: tuple[str, ...] = ()
    repeated: bool = False

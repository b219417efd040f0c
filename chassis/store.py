"""Streams of events: load, decide, append; one transaction for several streams, request id and tracking.

The heart is `Store.transact(work)`: `work` is given a `Ledger` of streams in memory, decides, and records; what it
recorded is appended in one transaction by the group commit. Where another writer came first, `work` runs again on the
fresh state (so it must have no effects of its own). Ordinary commands use `Store.execute`.

    receipt = await store.execute(TIME_ENTRY, stream, command, context=call.context, request=call.request)

Errors: `Refused` from the decision goes through untouched; `StoreUnavailable` when the database does not answer;
`StoreFull` when the disk is full; `RequestReused` (a Refused, Kind.EXISTS) for a known request id with another body.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from vocabulary.fact import Fact

C = TypeVar("C")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S]):
    """An aggregate: pure functions of the domain. `decide` refuses by raising `Refused`; `evolve` never refuses."""

    initial: S
    decide: Callable[[C, S], Sequence[Fact]]
    evolve: Callable[[S, Any], S]


@dataclass(frozen=True, slots=True)
class Context:
    """Who and why: recorded with every event. `now` is set by rehearsals only; else the store's clock counts."""

    agency: str
    actor: str
    correlation_id: str
    causation_id: str = ""
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request id with a keyed hash of method and body: the same id again gives the same receipt, with another body
    `RequestReused`."""

    request_id: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Tracking:
    """How far an inbox has come in a source; written in the same transaction as what it led to."""

    source: str
    position: int


@dataclass(frozen=True, slots=True)
class Recorded:
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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command came to: the stream it was about, its version (the etag), the last position written (the
    consistency token) and the ids that `work` named. Made again from the requests table when an id is repeated."""

    stream: str
    version: int
    position: int
    names: tuple[str, ...] = ()
    repeated: bool = False


@dataclass
class Ledger:
    """The streams that one piece of work reads and writes, in memory; appended whole or not at all."""

    context: Context
    names: list[str] = field(default_factory=list)
    """Ids or names for the receipt (`invoices/2026-0001`), in the order in which `work` adds them."""

    async def state(self, decider: Decider[Any, S], stream: str) -> S:
        """The state after everything recorded, here included."""
        raise NotImplementedError

    async def version(self, stream: str) -> int:
        """Events in the stream, here included; 0 where there is none."""
        raise NotImplementedError

    async def decide(self, decider: Decider[C, Any], stream: str, command: C) -> Sequence[Fact]:
        """Decide on the present state and record the outcome; returns what was recorded."""
        raise NotImplementedError

    async def record(self, stream: str, events: Sequence[Fact]) -> None:
        """Record facts without a decision (a reaction that only notes)."""
        raise NotImplementedError


Work = Callable[[Ledger], Awaitable[None]]


class Store:
    """One service's event store, SQLite (`sqlite:///path`) or PostgreSQL (`postgresql://…`)."""

    epoch: str
    """Changes when a store is restored; part of `ce-source` and of every consistency token."""

    async def execute(
        self,
        decider: Decider[C, Any],
        stream: str,
        command: C,
        *,
        context: Context,
        request: Request | None = None,
        expected_version: int | None = None,
        names: Sequence[str] = (),
    ) -> Receipt:
        """Decide one command on one stream. `expected_version` (from an etag): `EtagStale` (Kind.STALE) where it is not
        the stream's."""
        raise NotImplementedError

    async def transact(
        self,
        work: Work,
        *,
        context: Context,
        stream: str,
        request: Request | None = None,
        tracking: Tracking | None = None,
    ) -> Receipt:
        """Run `work` and append what it recorded; `stream` is the one the receipt is about."""
        raise NotImplementedError

    async def state(self, decider: Decider[Any, S], stream: str) -> tuple[S, int]:
        """State and version, from the cache of hot streams where possible."""
        raise NotImplementedError

    def read_stream(self, stream: str, after_version: int = 0) -> AsyncIterator[Recorded]:
        raise NotImplementedError

    async def read_log(self, after: int, limit: int) -> Sequence[Recorded]:
        """The facts after a position, in order, at most `limit`; empty where there are none (yet)."""
        raise NotImplementedError

    @property
    def position(self) -> int:
        """The last position committed by this process or seen by its poller."""
        raise NotImplementedError

    async def wait_beyond(self, position: int) -> None:
        """Return when something after `position` may be there (woken by the writer; polls for other writers)."""
        raise NotImplementedError

    async def tracked(self, source: str) -> int:
        """The position up to which an inbox has consumed a source; 0 where it never has."""
        raise NotImplementedError

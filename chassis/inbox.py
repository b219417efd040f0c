"""JetStream -> reactions, in order; what a batch of facts led to and how far it came are one transaction.

    async def react(fact: Incoming, ledger: Ledger) -> None:
        match fact.event:
            case TimeLogged(): await ledger.decide(ACCOUNT, account_stream(fact.agency, fact.event.contract_id), CountEntry(...))

A fact that cannot be decoded, or whose reaction raises anything but a transient store error, is poison: it is recorded
as `DeadLettered` in this service's store with the tracking (stream `<agency>/dead/<source>/<position>`), counted, and
the facts behind it that share its partition (`partition(fact)`, such as the contract) are parked behind it until
`replay`. Others go on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.catalog import Catalog
from chassis.store import Ledger, Store
from vocabulary.fact import Fact


@dataclass(frozen=True, slots=True)
class Incoming:
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


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a service hears of another: the source's catalog, the reaction, and what parks together behind poison."""

    source: Catalog
    react: React
    partition: Callable[[Fact], str]


class Inbox:
    def __init__(self, store: Store, nats: object, subscription: Subscription) -> None: ...

    async def run(self) -> None:
        """Consume until cancelled."""
        raise NotImplementedError

    @property
    def position(self) -> int:
        """The source's position up to which everything has been taken in and committed."""
        raise NotImplementedError

    async def wait_for(self, position: int) -> int:
        """Wait until the source's `position` has been taken in; returns the position of our own store that followed."""
        raise NotImplementedError

"""Facts of the chassis itself, recorded in every service's store beside the service's own.

A dead letter is kept with all that came off the bus, so that it can be replayed whatever became of the bus.
"""

from vocabulary.fact import Fact


def lost(epoch: str) -> str:
    """The name of a note in a store's book: what the bus still holds of this epoch of a source is no fact any more."""
    return f"lost/{epoch}"


class DeadLettered(Fact, frozen=True, tag="chassis.DeadLettered@1"):
    """A fact of another service that could not be decoded, or whose reaction failed. Stream
    `<agency>/dead/<source>/<position>`."""

    source: str
    position: int
    partition: str
    """What is parked behind it: later facts of the same partition wait."""
    reason: str
    headers: dict[str, str]
    payload: bytes


class Parked(Fact, frozen=True, tag="chassis.Parked@1"):
    """A fact that waits behind a dead letter of its partition. Stream `<agency>/dead/<source>/<position>`."""

    source: str
    position: int
    partition: str
    headers: dict[str, str]
    payload: bytes


class Replayed(Fact, frozen=True, tag="chassis.Replayed@1"):
    """A dead letter or a parked fact has been taken in after all; same stream and same append as what it led to."""

    source: str
    position: int
    partition: str


class StoreRestored(Fact, frozen=True, tag="chassis.StoreRestored@1"):
    """The store was restored from a backup: a new epoch begins, positions go on past every one ever published."""

    lost_epoch: str
    epoch: str
    restored_up_to: int
    published_up_to: int


class Withdrawn(Fact, frozen=True, tag="chassis.Withdrawn@1"):
    """A source was restored from a backup: what we took in of its lost epoch after `after` no longer stands there."""

    source: str
    lost_epoch: str
    epoch: str
    after: int
    up_to: int


HouseFact = DeadLettered | Parked | Replayed | StoreRestored | Withdrawn

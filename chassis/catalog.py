"""Event name and version <-> class.

    CATALOG = Catalog("timelog", TimelogEvent, upcasts={TimeLoggedV1: upcast_time_logged})

Built from the union of a service's events; name and version come from each class's tag (`timelog.TimeLogged@1`).
Payloads are JSON (msgspec). `Personal` fields are sealed while encoding, with the key of their subject in the fact's
agency, and stay sealed when decoded: `Keyring.open` reads one. `datetime` is ISO 8601 UTC, `date` ISO.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from vocabulary.fact import Fact
from vocabulary.personal import Personal


class EventType(NamedTuple):
    """`timelog.TimeLogged`, 1."""

    name: str
    version: int


class Seals(Protocol):
    """What the catalog needs of a keyring."""

    def seal(self, agency: str, personal: Personal) -> str: ...


class UnknownEvent(Exception):
    """No class of this catalog has that name and version."""


class Undecodable(Exception):
    """The payload does not fit its class."""


class Catalog:
    def __init__(
        self, service: str, events: Any, upcasts: Mapping[type[Fact], Callable[[Any], Fact]] | None = None
    ) -> None: ...

    service: str

    def type_of(self, event: Fact) -> EventType: ...

    def types(self) -> Mapping[EventType, type[Fact]]:
        """Every event ever published, old versions included, in order of name and version."""
        ...

    def encode(self, event: Fact, agency: str, seals: Seals) -> bytes: ...

    def decode(self, name: str, version: int, payload: bytes) -> Fact:
        """The event, upcast to its newest version; `UnknownEvent` or `Undecodable`."""
        ...

    def schemas(self) -> Mapping[EventType, dict[str, Any]]:
        """JSON Schema of each payload as it is on the wire (personal fields as sealed objects)."""
        ...

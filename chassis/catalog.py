"""Event name and version <-> class.

    CATALOG = Catalog("timelog", TimelogEvent, upcasts={TimeLoggedV1: upcast_time_logged})

Built from the union of a service's events; name and version come from each class's tag (`timelog.TimeLogged@1`).
Payloads are JSON (msgspec). `Personal` fields are sealed before encoding, with the key of their subject in the fact's
agency, and stay sealed when decoded: `Keyring.open` reads one. `datetime` is ISO 8601 UTC, `date` ISO.

Facts of the chassis itself (a dead letter, a restored store; chassis.house) can be decoded by every catalog.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar, get_args

import msgspec

from chassis.house import HouseFact
from vocabulary.fact import Fact
from vocabulary.personal import Personal

F = TypeVar("F", bound=Fact)


class EventType(NamedTuple):
    """`timelog.TimeLogged`, 1."""

    name: str
    version: int

    @property
    def tag(self) -> str:
        return f"{self.name}@{self.version}"


class Seals(Protocol):
    """What the catalog needs of a keyring."""

    def seal(self, agency: str, personal: Personal) -> str: ...


class UnknownEvent(Exception):
    """No class of this catalog has that name and version."""


class Undecodable(Exception):
    """The payload does not fit its class."""


def event_type(cls: type[Fact]) -> EventType:
    """Name and version out of the class's tag."""
    return parse_tag(str(cls.__struct_config__.tag))


@cache
def parse_tag(tag: str) -> EventType:
    name, at, version = tag.rpartition("@")
    well_formed = at == "@" and version.isdigit() and "." in name
    assert well_formed, f"the tag {tag!r} must read like 'timelog.TimeLogged@1'"
    return EventType(name, int(version))


class Catalog:
    def __init__(
        self,
        service: str,
        events: Any,
        upcasts: Mapping[type[Fact], Callable[[Any], Fact]] | None = None,
        *,
        read_first: Iterable[type[Fact]] = (),
    ) -> None:
        """`read_first`: kinds that this version reads and does not record yet. So the version that does record them can
        be gone back from, to one that knows them."""
        self.service = service
        self._read_first = frozenset(read_first)
        self._upcasts = dict(upcasts or {})
        own = {*(get_args(events) or (events,)), *self._upcasts}
        self._types = dict(sorted(((event_type(cls), cls) for cls in own), key=lambda pair: pair[0]))
        assert len(self._types) == len(own), "two classes have the same tag"
        self._tags: dict[type[Fact], EventType] = {
            cls: event_type(cls) for cls in (*self._types.values(), *get_args(HouseFact))
        }
        self._decoders: dict[tuple[str, int], msgspec.json.Decoder[Fact]] = {
            kind: msgspec.json.Decoder(cls) for cls, kind in self._tags.items()
        }
        self._personal = {cls for cls in self._tags if holds_personal(cls)}
        self._encoder = msgspec.json.Encoder()

    def type_of(self, event: Fact) -> EventType:
        return self._tags[type(event)]

    def tag_to_record(self, event: Fact) -> str:
        """What the event is stored under. Recording what is only read yet is a mistake of ours."""
        kind = type(event)
        assert kind not in self._read_first, f"{self._tags[kind].tag} is read by this version, and recorded by the next"
        return self._tags[kind].tag

    @property
    def read_first(self) -> frozenset[str]:
        """The tags of what this version only reads."""
        return frozenset(self._tags[kind].tag for kind in self._read_first)

    def tags_of(self, kinds: Iterable[type[Fact]]) -> Sequence[str]:
        """The tags of these events in every version that was ever stored."""
        names = {self._tags[kind].name for kind in kinds}
        return [known.tag for known in self._types if known.name in names]

    def types(self) -> Mapping[EventType, type[Fact]]:
        """Every event ever published, old versions included, in order of name and version."""
        return self._types

    def subjects(self, event: Fact) -> frozenset[str]:
        """Whose keys it takes to seal what is still in clear in this event."""
        if type(event) not in self._personal:
            return frozenset()
        found: set[str] = set()

        def note(personal: Personal) -> Personal:
            if personal.sealed is None:
                found.add(personal.subject)
            return personal

        _each_personal(event, note)
        return frozenset(found)

    def sealed(self, event: F, agency: str, seals: Seals) -> F:
        """The same event with nothing personal in clear: what is stored, and what states evolve by."""
        if type(event) not in self._personal:
            return event

        def seal(personal: Personal) -> Personal:
            if personal.sealed is not None:
                return personal
            return Personal(personal.subject, sealed=seals.seal(agency, personal))

        sealed: F = _each_personal(event, seal)
        return sealed

    def encode(self, event: Fact, agency: str, seals: Seals) -> bytes:
        return self._encoder.encode(self.sealed(event, agency, seals))

    def payload(self, sealed: Fact) -> bytes:
        """The bytes of an event that has been sealed already."""
        return self._encoder.encode(sealed)

    def decode(self, name: str, version: int, payload: bytes) -> Fact:
        """The event, upcast to its newest version; `UnknownEvent` or `Undecodable`."""
        decoder = self._decoders.get((name, version))
        if decoder is None:
            raise UnknownEvent(f"{self.service} has no event {name}@{version}")
        try:
            event = decoder.decode(payload)
        except (msgspec.MsgspecError, AssertionError, UnicodeDecodeError) as error:
            raise Undecodable(f"{name}@{version}: {error}") from error
        if self._upcasts:
            while upcast := self._upcasts.get(type(event)):
                event = upcast(event)
        return event

    def schemas(self) -> Mapping[EventType, dict[str, Any]]:
        """JSON Schema of each payload as it is on the wire (personal fields as sealed objects)."""
        classes = list(self._types.values())
        references, components = msgspec.json.schema_components(
            classes, schema_hook=_any_json, ref_template="#/$defs/{name}"
        )
        if "Personal" in components:
            components["Personal"] = _SEALED_SCHEMA
        return {
            kind: {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": kind.tag,
                **reference,
                "$defs": _reachable(reference, components),
            }
            for kind, reference in zip(self._types, references, strict=True)
        }


_SEALED_SCHEMA: dict[str, Any] = {
    "title": "Personal",
    "description": "A text about a subject, sealed with the subject's key: base64 of nonce and AES-GCM ciphertext.",
    "type": "object",
    "properties": {"subject": {"type": "string"}, "sealed": {"type": "string"}},
    "required": ["subject", "sealed"],
}


def _any_json(kind: type) -> dict[str, Any]:
    """`object` in a fact means any JSON (the values of a merge patch)."""
    if kind is object:
        return {"description": "any JSON"}
    raise NotImplementedError


def _reachable(schema: Any, components: Mapping[str, Any]) -> dict[str, Any]:
    """The components that a schema refers to, and those that they refer to."""
    found: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        match waiting.pop():
            case dict() as table:
                name = str(table.get("$ref", "")).removeprefix("#/$defs/")
                if name and name not in found:
                    found[name] = components[name]
                    waiting.append(components[name])
                waiting.extend(table.values())
            case list() as items:
                waiting.extend(items)
            case _:
                continue
    return dict(sorted(found.items()))


def _each_personal(value: Any, change: Callable[[Personal], Personal]) -> Any:
    """The value with every `Personal` inside changed; the same object where nothing changed."""
    if isinstance(value, Personal):
        return change(value)
    if isinstance(value, msgspec.Struct):
        changed = {}
        for name in _personal_fields(type(value)):
            old = getattr(value, name)
            if old is not None and (new := _each_personal(old, change)) is not old:
                changed[name] = new
        return msgspec.structs.replace(value, **changed) if changed else value
    if isinstance(value, tuple):
        items = tuple(_each_personal(item, change) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, dict):
        return {key: _each_personal(item, change) for key, item in value.items()}
    return value


def holds_personal(cls: type[msgspec.Struct]) -> bool:
    """Whether a `Personal` can stand anywhere inside the class's fields."""
    return bool(_personal_fields(cls))


@cache
def _personal_fields(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a struct in which a `Personal` can stand, however deep."""
    shape = msgspec.inspect.type_info(cls)
    assert isinstance(shape, msgspec.inspect.StructType)
    return tuple(field.name for field in shape.fields if _can_hold_personal(field.type, {cls}))


def _can_hold_personal(kind: Any, seen: set[Any]) -> bool:
    if isinstance(kind, msgspec.inspect.StructType):
        if kind.cls is Personal:
            return True
        if kind.cls in seen:
            return False
        seen.add(kind.cls)
        return any(_can_hold_personal(field.type, seen) for field in kind.fields)
    parts: list[Any] = [*getattr(kind, "types", ()), *getattr(kind, "item_types", ())]
    parts.extend(getattr(kind, name) for name in ("item_type", "key_type", "value_type") if hasattr(kind, name))
    return any(_can_hold_personal(part, seen) for part in parts)

"""Write docs/asyncapi.json and docs/schemas out of the catalogs: `python -m tools.asyncapi` (`--check` compares only).

The document is AsyncAPI 3.0 and stands alone: a channel for each kind of fact, its messages with headers and payload.
The schemas are JSON Schema 2020-12, one file for each version of each event, for who checks payloads without the rest.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from chassis.catalog import Catalog, EventType
from chassis.house import HouseFact
from tools.events import SERVICES, said

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENT: Final = ROOT / "docs/asyncapi.json"
SCHEMAS: Final = ROOT / "docs/schemas"

ABOUT: Final = (
    "What Retainer's services tell each other, and anybody who subscribes: facts that happened, in order, none left"
    " out. One JetStream stream a service, kept for ever. docs/events.md says how to begin, what is promised, and how"
    " to prove that nothing was missed."
)
HEADERS: Final[Mapping[str, str]] = {
    "ce-specversion": "CloudEvents in binary mode: 1.0",
    "ce-id": "Service, epoch and position: unique for ever; also the Nats-Msg-Id",
    "ce-source": "/retainer/<service>/<epoch>; the epoch changes when a store is restored from a backup",
    "ce-type": "Name and version of the event",
    "ce-subject": "The stream of the aggregate: <agency>/<kind>/<id>",
    "ce-time": "When it was recorded, UTC",
    "Content-Type": "application/json",
    "Retainer-Position": "Place in the service's store; it has holes",
    "Retainer-Previous": "The position before it",
    "Retainer-Agency": "Whose fact it is",
    "Retainer-Agency-Sequence": "1, 2, 3 … for each agency and service, without a gap",
    "Retainer-Stream": "The same as ce-subject",
    "Retainer-Stream-Version": "The version of the aggregate after this event",
    "Retainer-Stream-Hash": "The chain of hashes of the stream after this event",
    "Retainer-Actor": "The subject of the token that the command came with",
    "Retainer-Correlation-Id": "What it belongs to",
    "Retainer-Causation-Id": "The ce-id of the fact, or the traceparent of the call, that brought it about",
    "ce-traceparent": "CloudEvents' extension for tracing: the span in which it was recorded, where there is a trace",
}
SOMETIMES: Final = frozenset({"Retainer-Actor", "Retainer-Correlation-Id", "Retainer-Causation-Id", "ce-traceparent"})


def catalogs() -> Iterator[Catalog]:
    """Those of the services, and what every service records of itself, which lies in its stream too."""
    for service in SERVICES:
        yield import_module(f"services.{service}.__main__").CATALOG
    yield Catalog("chassis", HouseFact)


def schema_files() -> Mapping[Path, str]:
    """Path -> the JSON Schema of a payload."""
    return {
        SCHEMAS / catalog.service / f"{kind.name.partition('.')[2]}@{kind.version}.json": _text(_plain(schema))
        for catalog in catalogs()
        for kind, schema in sorted(catalog.schemas().items())
    }


def document() -> str:
    """The AsyncAPI document."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for catalog in catalogs():
        for kind, schema in sorted(catalog.schemas().items()):
            event = kind.name.partition(".")[2]
            channel = channels.setdefault(kind.name, _channel(catalog.service, event))
            channel["messages"][_key(kind.tag)] = {"$ref": f"#/components/messages/{_key(kind.tag)}"}
            operations[f"tell.{kind.name}"] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{kind.name}"},
                "summary": f"{catalog.service} tells that it happened, once in effect and in order.",
            }
            messages[_key(kind.tag)] = _message(catalog, kind)
            schemas |= _components(catalog.service, kind, schema)
    return _text(
        {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Retainer",
                "version": "1",
                "description": ABOUT,
                "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            },
            "defaultContentType": "application/json",
            "servers": {
                "bus": {"host": "127.0.0.1:4222", "protocol": "nats", "description": "NATS with JetStream"},
            },
            "channels": channels,
            "operations": operations,
            "components": {
                "messages": messages,
                "messageTraits": {"fact": {"headers": _headers(), "contentType": "application/json"}},
                "schemas": dict(sorted(schemas.items())),
            },
        }
    )


def main(arguments: Sequence[str]) -> int:
    wanted = {DOCUMENT: document(), **schema_files()}
    there = {DOCUMENT, *SCHEMAS.rglob("*.json")}
    wrong = [path for path in wanted.keys() | there if not path.exists() or path.read_text() != wanted.get(path)]
    if "--check" in arguments:
        for path in sorted(wrong):
            print(f"{path.relative_to(ROOT)} is not what the catalogs say: run `make docs`", file=sys.stderr)
        return 1 if wrong else 0
    for path in wrong:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return 0


def _channel(service: str, event: str) -> dict[str, Any]:
    parameters: dict[str, Any] = {"agency": {"description": "The agency's id; a dot in it is written %2E."}}
    if service == "chassis":
        service = "{service}"
        parameters["service"] = {"description": "Who recorded it.", "enum": list(SERVICES)}
    return {
        "address": f"retainer.{{agency}}.{service}.{event}",
        "description": f"In the JetStream stream retainer-{service}.",
        "parameters": parameters,
        "messages": {},
    }


def _message(catalog: Catalog, kind: EventType) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": kind.tag,
        "title": kind.tag,
        "traits": [{"$ref": "#/components/messageTraits/fact"}],
        "payload": {"$ref": f"#/components/schemas/{_key(kind.tag)}"},
    }
    if summary := said(catalog.types()[kind]):
        message["summary"] = summary
    return message


def _components(service: str, kind: EventType, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The payload's schema and all that it refers to, named so that services do not meet."""
    definitions: Mapping[str, Any] = schema["$defs"]
    named = {name: f"{service}.{_key(name)}" for name in definitions}
    own = str(schema["$ref"]).removeprefix("#/$defs/")
    named[own] = _key(kind.tag)
    return {named[name]: _renamed(_plain(shape), named) for name, shape in definitions.items()}


def _renamed(schema: Any, named: Mapping[str, str]) -> Any:
    match schema:
        case {"$ref": str() as reference, **rest}:
            name = reference.removeprefix("#/$defs/")
            return {"$ref": f"#/components/schemas/{named[name]}", **rest}
        case dict():
            return {key: _renamed(value, named) for key, value in schema.items()}
        case list():
            return [_renamed(item, named) for item in schema]
        case _:
            return schema


def _plain(schema: Any) -> Any:
    """Without `discriminator`, which is OpenAPI's: the tags are enums, so that a reader can tell them apart anyway."""
    match schema:
        case dict():
            kept = {key: value for key, value in schema.items() if not (key == "discriminator" and "anyOf" in schema)}
            return {key: _plain(value) for key, value in kept.items()}
        case list():
            return [_plain(item) for item in schema]
        case _:
            return schema


def _headers() -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": meaning} for name, meaning in HEADERS.items()},
        "required": sorted(HEADERS.keys() - SOMETIMES),
    }


def _key(tag: str) -> str:
    """As a key of components may be written: letters, digits, dots, hyphens and underscores."""
    return "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in tag).strip("-")


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Write docs/events.md out of the catalogs of all services: `python -m tools.events` (`--check` compares only).

The page says what subscribers get: every event with its version, what it means and what it holds, and the headers.
"""

import inspect
import sys
from collections.abc import Iterator, Sequence
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import msgspec

from chassis.catalog import event_type
from chassis.house import HouseFact
from vocabulary.fact import Fact
from vocabulary.personal import Personal

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "events.md"
SERVICES = ("contracts", "timelog", "billing", "notify")

HEAD = """# Events

What the services tell each other, and anybody who subscribes. GENERATED from the catalogs by `python -m tools.events`;
a test compares it. Each event has an explicit name and version; a class in the code may be renamed, these may not.

## How they travel

One JetStream stream a service (`retainer-contracts`, `retainer-timelog`, …), kept for ever. Subject:
`retainer.<agency>.<service>.<EventName>`. Payload: JSON. Headers: CloudEvents 1.0 in binary mode, and ours.

| header | means |
| --- | --- |
| `ce-id` | service, epoch and position: unique for ever |
| `ce-source` | `/retainer/<service>/<epoch>`; the epoch changes when a store is restored from a backup |
| `ce-type` | name and version: `timelog.TimeLogged@1` |
| `ce-subject` | the stream: `<agency>/entry/<id>` |
| `ce-time` | when it was recorded, UTC; it never decreases along the positions of an agency |
| `Retainer-Position` | place in the service's store; it has holes |
| `Retainer-Previous` | the position before it: who finds this unequal to the last one seen has missed something |
| `Retainer-Agency` | whose fact it is |
| `Retainer-Agency-Sequence` | 1, 2, 3 … for each agency and service, without a gap: proves completeness of one agency |
| `Retainer-Stream`, `Retainer-Stream-Version` | the stream and its version after this event |
| `Retainer-Stream-Hash` | the stream's chain of hashes after this event, over the stored bytes |
| `Retainer-Actor` | the subject of the token that the command came with |
| `Retainer-Correlation-Id`, `Retainer-Causation-Id` | what it belongs to, and what brought it about |

Amounts are whole minor units of the contract's currency, times are whole minutes or seconds as the name says, instants
are ISO 8601 in UTC, dates are ISO dates of the contract's time zone. *Sealed* fields hold personal data: an object with
`subject` and `sealed`, base64 of nonce and AES-GCM ciphertext under the subject's key, which an erasure takes away.
A field marked with `?` is left out where it has its default.

`retainer events user AGENCY` makes a login for one agency ([security.md](security.md)); `examples/subscriber.py`
reads them with it and proves that it missed nothing.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    parts.extend(_service(service) for service in SERVICES)
    parts.append("## chassis\n\nFacts of every service about itself, in its own stream.\n")
    parts.extend(_event(cls) for cls in _sorted(get_args(HouseFact)))
    parts.append(_shapes())
    return "\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    wanted = page()
    if "--check" in arguments:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
            print("docs/events.md is not what the catalogs say: run `make docs`", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def events_of(service: str) -> Sequence[type[Fact]]:
    """The members of the service's union of events, by name."""
    module = import_module(f"services.{service}.events")
    return _sorted(get_args(getattr(module, f"{service.capitalize()}Event")))


def _sorted(classes: Sequence[type[Fact]]) -> Sequence[type[Fact]]:
    return sorted(classes, key=lambda cls: event_type(cls))


def _service(service: str) -> str:
    module = import_module(f"services.{service}.events")
    streams = " ".join((module.__doc__ or "").split())
    return "\n".join([f"## {service}\n", f"{streams}\n", *(_event(cls) for cls in events_of(service))])


def _event(cls: type[Fact]) -> str:
    lines = [f"### {event_type(cls).tag}\n"]
    if said := _said(cls):
        lines.append(f"{said}\n")
    lines.extend(f"- {field}" for field in _fields(cls))
    return "\n".join(lines) + "\n"


def _said(cls: type) -> str:
    """The class's own docstring as one paragraph."""
    return " ".join((inspect.cleandoc(cls.__dict__.get("__doc__") or "")).split())


def _fields(cls: type[msgspec.Struct]) -> Iterator[str]:
    for field in msgspec.structs.fields(cls):
        mark = "" if field.required else "?"
        yield f"`{field.name}`{mark}: {_type(field.type)}"


def _type(kind: Any) -> str:
    """A type as the reader of JSON meets it."""
    if kind is type(None):
        return "null"
    if kind is Personal:
        return "*sealed*"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f'`"{choice.value}"`' for choice in kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    if (parts := get_args(kind)) and str(kind).startswith("typing.Literal"):
        return " or ".join(f'`"{part}"`' for part in parts)
    origin = getattr(kind, "__origin__", None)
    if origin in (tuple, list):
        return f"list of {_type(get_args(kind)[0])}"
    if isinstance(origin, type) and issubclass(origin, dict):
        held = _type(get_args(kind)[1])
        return f"object of {held}" if held != "anything" else "object"
    if parts:
        return " or ".join(_type(part) for part in parts if part is not type(None))
    return _plain(kind)


def _plain(kind: Any) -> str:
    named = getattr(kind, "__supertype__", None)
    if named is not None:
        return f"{_plain(named)} ({kind.__name__})"
    words = {"str": "text", "int": "number", "bool": "true or false", "bytes": "base64", "object": "anything"}
    name = getattr(kind, "__name__", str(kind))
    return words.get(name, {"datetime": "instant", "date": "date", "Any": "anything"}.get(name, name))


def _shapes() -> str:
    """What stands inside events, each once."""
    found: dict[str, type[msgspec.Struct]] = {}
    waiting: list[Any] = [cls for service in SERVICES for cls in events_of(service)]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind is Personal or kind.__name__ in found:
                continue
            if not issubclass(kind, Fact):
                found[kind.__name__] = kind
            waiting.extend(field.type for field in msgspec.structs.fields(kind))
        else:
            waiting.extend(get_args(kind))
    lines = ["## Shapes inside events\n"]
    for name in sorted(found):
        lines.append(f"### {name}\n")
        if said := _said(found[name]):
            lines.append(f"{said}\n")
        if tag := found[name].__struct_config__.tag:
            lines.append(f'- `{found[name].__struct_config__.tag_field}`: `"{tag}"`')
        lines.extend(f"- {field}" for field in _fields(found[name]))
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

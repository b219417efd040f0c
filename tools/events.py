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

HEAD = Path(__file__).with_name("events_head.md")
"""How facts travel, how to subscribe, what is promised: written by hand, put before the events."""


def page() -> str:
    """The whole page."""
    parts = [HEAD.read_text(encoding="utf-8")]
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


def said(cls: type) -> str:
    """The class's own docstring as one paragraph."""
    return " ".join((inspect.cleandoc(cls.__dict__.get("__doc__") or "")).split())


def _sorted(classes: Sequence[type[Fact]]) -> Sequence[type[Fact]]:
    return sorted(classes, key=lambda cls: event_type(cls))


def _service(service: str) -> str:
    module = import_module(f"services.{service}.events")
    streams = " ".join((module.__doc__ or "").split())
    return "\n".join([f"## {service}\n", f"{streams}\n", *(_event(cls) for cls in events_of(service))])


def _event(cls: type[Fact]) -> str:
    lines = [f"### {event_type(cls).tag}\n"]
    if meaning := said(cls):
        lines.append(f"{meaning}\n")
    lines.extend(f"- {field}" for field in _fields(cls))
    return "\n".join(lines) + "\n"


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
        if meaning := said(found[name]):
            lines.append(f"{meaning}\n")
        if tag := found[name].__struct_config__.tag:
            lines.append(f'- `{found[name].__struct_config__.tag_field}`: `"{tag}"`')
        lines.extend(f"- {field}" for field in _fields(found[name]))
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

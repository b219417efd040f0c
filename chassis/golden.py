"""Golden samples: one stored payload of every event type ever published, which must decode for ever.

    python -m chassis.golden tests/golden services.timelog.events:CATALOG …

writes a sample for each type that has none (`tests/golden/<service>/<Event>@<version>.json`) and never changes one that
is there. A sample is filled by the types of its fields, the same on every machine; personal fields are sealed with the
fixed keys of tests. `problems` says what does not hold, for a test and for `make check`.
"""

import enum
import json
import sys
from collections.abc import Callable, Container, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import inspect

from chassis.catalog import Catalog, EventType, Undecodable, UnknownEvent
from chassis.house import HouseFact
from chassis.testing.stores import FixedKeys
from vocabulary.fact import Fact
from vocabulary.personal import Personal

AGENCY = "acme"
INSTANT = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
HOUSE = Catalog("chassis", HouseFact)


def sample(cls: type[Fact]) -> Fact:
    """An event with every field filled, the optional ones too."""
    event = _filled(inspect.type_info(cls), cls.__name__)
    assert isinstance(event, Fact)
    return event


def path_of(folder: Path, kind: EventType) -> Path:
    service, _, event = kind.name.partition(".")
    return folder / service / f"{event}@{kind.version}.json"


def write_missing(catalog: Catalog, folder: Path) -> Sequence[Path]:
    """Write the samples that are missing; returns their paths."""
    written = []
    for kind, cls in catalog.types().items():
        path = path_of(folder, kind)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            payload = catalog.encode(sample(cls), AGENCY, FixedKeys())
            path.write_text(json.dumps(json.loads(payload), indent=2, ensure_ascii=False) + "\n")
            written.append(path)
    return written


def problems(catalog: Catalog, folder: Path) -> Sequence[str]:
    """What does not hold: a type without a sample, a sample that does not decode, or loses a field when it does."""
    found = [
        f"{kind.tag} has no golden sample: run `python -m chassis.golden`"
        for kind in catalog.types()
        if not path_of(folder, kind).exists()
    ]
    for path in sorted((folder / catalog.service).glob("*.json")):
        found.extend(_problems_of(catalog, path))
    return found


def ahead(catalog: Catalog, known: Container[str]) -> Sequence[str]:
    """Tags that the catalog's service records, and that a version which knows these tags alone could not read."""
    tags = (kind.tag for kind in catalog.types())
    return [tag for tag in tags if tag not in known and tag not in catalog.read_first]


def _problems_of(catalog: Catalog, path: Path) -> Sequence[str]:
    event, _, version = path.stem.rpartition("@")
    payload = path.read_bytes()
    try:
        decoded = catalog.decode(f"{catalog.service}.{event}", int(version), payload)
    except (UnknownEvent, Undecodable) as error:
        return [f"{path.name} does not decode any more: {error}"]
    if catalog.type_of(decoded).version != int(version):
        return []  # upcast: it looks as the newest version does
    lost = _paths(json.loads(payload)) - _paths(json.loads(catalog.payload(decoded)))
    return [
        f"{path.name} loses {field} when it is read: keep the field, or make a new version" for field in sorted(lost)
    ]


def _paths(value: Any, prefix: str = "") -> set[str]:
    match value:
        case dict():
            return {prefix} | {path for key, item in value.items() for path in _paths(item, f"{prefix}.{key}")}
        case list():
            return {prefix} | {path for item in value for path in _paths(item, f"{prefix}[]")}
        case _:
            return {prefix}


_PLAIN: dict[type[Any], Callable[[str], Any]] = {
    inspect.StrType: lambda name: name,
    inspect.IntType: lambda name: 7,
    inspect.BoolType: lambda name: True,
    inspect.BytesType: lambda name: name.encode(),
    inspect.DateType: lambda name: date(2026, 1, 31),
    inspect.DateTimeType: lambda name: INSTANT,
    inspect.DecimalType: lambda name: Decimal("1.5"),
    inspect.NoneType: lambda name: None,
    inspect.AnyType: lambda name: name,
}


def _filled(kind: inspect.Type, name: str) -> Any:
    """A value of the type, the same every time."""
    if plain := _PLAIN.get(type(kind)):
        return plain(name)
    match kind:
        case inspect.StructType() if kind.cls is Personal:
            return Personal("person/anna", text=f"{name} of Anna Köhler")
        case inspect.StructType():
            return kind.cls(**{field.name: _filled(field.type, field.name) for field in kind.fields})
        case inspect.UnionType():
            return _filled(next(part for part in kind.types if not isinstance(part, inspect.NoneType)), name)
        case inspect.LiteralType():
            return kind.values[0]
        case inspect.EnumType():
            members: list[enum.Enum] = list(kind.cls)
            return members[0]
        case inspect.VarTupleType():
            return (_filled(kind.item_type, name),)
        case inspect.TupleType():
            return tuple(_filled(part, name) for part in kind.item_types)
        case inspect.ListType():
            return [_filled(kind.item_type, name)]
        case inspect.DictType():
            return {_filled(kind.key_type, name): _filled(kind.value_type, name)}
        case inspect.FrozenSetType():
            return frozenset((_filled(kind.item_type, name),))
        case inspect.CustomType() if kind.cls is object:
            return name  # any JSON
        case _:
            raise TypeError(f"{name}: a fact may not hold a {type(kind).__name__}")


def catalog_at(place: str) -> Catalog:
    """`services.timelog.events:CATALOG` -> the catalog."""
    module, _, name = place.partition(":")
    found = getattr(import_module(module), name or "CATALOG")
    assert isinstance(found, Catalog), f"{place} is no catalog"
    return found


def main(words: Sequence[str]) -> int:
    folder, *places = words
    for catalog in (HOUSE, *map(catalog_at, places)):
        for path in write_missing(catalog, Path(folder)):
            sys.stdout.write(f"wrote {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

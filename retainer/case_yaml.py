"""YAML as case files mean it: numbers keep every digit, `on` is a word, nothing is said twice; and readers that know
the place of what they read (`log[3].for`).

CaseBroken              the file breaks the format or a rule; one line, and the place
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml

from vocabulary.calendar import zone
from vocabulary.duration import Seconds, parse_clock
from vocabulary.money import Minor, parse_minor

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class CaseBroken(Exception):
    """The file breaks the format or a rule; `place` is the key whose value is at fault, or the fact as a whole."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place
        self.message = message


class _Loader(yaml.SafeLoader):
    """Plain YAML 1.1, but for: `on`, `yes` and the like are words; numbers with a point are Decimals."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise CaseBroken(str(key.value), f"is said twice (line {key.start_mark.line + 1})")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_TRUTH = re.compile(r"^(true|false)$")
_POINT = re.compile(r"^-?\d+\.\d+$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def _date(loader: _Loader, node: yaml.ScalarNode) -> date | str:
    text = loader.construct_scalar(node)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":float", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUTH, ["t", "f"])
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _POINT, list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:timestamp", _DATE, list("0123456789"))
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)


def load(text: bytes) -> Any:
    """The document; `CaseBroken` where it is no YAML."""
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        where = f" in line {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise CaseBroken("", f"this is no YAML{where}: {error.problem or error.context}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise CaseBroken("", f"this is no YAML: {' '.join(str(error).split())}") from None


class Value:
    """A value with its place."""

    def __init__(self, value: Any, place: str) -> None:
        self.raw = value
        self.place = place

    def broken(self, message: str) -> CaseBroken:
        return CaseBroken(self.place, message)

    def mapping(self, required: Sequence[str] = (), optional: Sequence[str] = ()) -> "Table":
        """A mapping with these keys and no others."""
        if not isinstance(self.raw, Mapping):
            raise self.broken(f"{_shown(self.raw)} is no mapping of keys to values")
        table = Table(self.raw, self.place)
        known = {*required, *optional}
        for key in self.raw:
            if known and key not in known:
                raise CaseBroken(inside(self.place, key), f"there is no such key; there is: {', '.join(sorted(known))}")
        for key in required:
            if key not in self.raw:
                raise CaseBroken(inside(self.place, key), "is missing")
        return table

    def items(self) -> "Iterator[Value]":
        if not isinstance(self.raw, Sequence) or isinstance(self.raw, str):
            raise self.broken(f"{_shown(self.raw)} is no list")
        for number, item in enumerate(self.raw):
            yield Value(item, f"{self.place}[{number}]")

    def text(self) -> str:
        if not isinstance(self.raw, str) or not self.raw:
            raise self.broken(f"{_shown(self.raw)} is no text: quote it if it looks like something else")
        return self.raw

    def truth(self) -> bool:
        if not isinstance(self.raw, bool):
            raise self.broken(f"{_shown(self.raw)} is neither true nor false")
        return self.raw

    def whole(self, least: int = 0) -> int:
        """A whole number, not below `least`."""
        if not isinstance(self.raw, int) or isinstance(self.raw, bool):
            raise self.broken(f"{_shown(self.raw)} is no whole number")
        if self.raw < least:
            raise self.broken(f"{self.raw} is below {least}")
        return self.raw

    def decimal(self) -> Decimal:
        if isinstance(self.raw, bool) or not isinstance(self.raw, int | Decimal):
            raise self.broken(f"{_shown(self.raw)} is no number")
        return Decimal(self.raw)

    def amount(self, currency: str) -> Minor:
        """Money with the currency's digits at most (R1)."""
        try:
            return parse_minor(str(self.decimal()), currency)
        except ValueError as error:
            raise self.broken(str(error)) from None

    def date(self) -> date:
        if isinstance(self.raw, datetime) or not isinstance(self.raw, date):
            raise self.broken(f"{_shown(self.raw)} is no date: write it like 2026-01-15")
        return self.raw

    def instant(self) -> datetime:
        """With its UTC offset; the offset may differ from that of the contract's zone."""
        try:
            instant = datetime.fromisoformat(self.text())
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or isinstance(self.raw, date):
            raise self.broken(f"{_shown(self.raw)} is no instant: write it like '2026-01-16T09:00:00+01:00'")
        return instant

    def clock(self) -> Seconds:
        """`"H:MM"` or `"H:MM:SS"`, quoted."""
        if not isinstance(self.raw, str):
            raise self.broken(f"{_shown(self.raw)} is no duration: write hours and minutes in quotes, like '1:35'")
        try:
            return parse_clock(self.raw)
        except ValueError as error:
            raise self.broken(str(error)) from None

    def minutes_of_hours(self) -> int:
        """Hours as a number that is whole minutes: 30, 7.5; or quoted `"7:30"`."""
        if isinstance(self.raw, str):
            seconds = self.clock()
            if seconds % 60:
                raise self.broken(f"{self.raw} is no whole number of minutes")
            return seconds // 60
        minutes = self.decimal() * 60
        if minutes != minutes.to_integral_value():
            raise self.broken(f"{self.raw} hours are no whole number of minutes")
        return int(minutes)

    def choice(self, choices: Sequence[str]) -> str:
        if self.raw not in choices:
            raise self.broken(f"{_shown(self.raw)} is none of: {', '.join(choices)}")
        return str(self.raw)

    def zone_name(self) -> str:
        try:
            zone(self.text())
        except ValueError as error:
            raise self.broken(str(error)) from None
        return self.text()


class Table:
    """A mapping with its place."""

    def __init__(self, raw: Mapping[Any, Any], place: str) -> None:
        self.raw = raw
        self.place = place

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def __getitem__(self, key: str) -> Value:
        return Value(self.raw[key], inside(self.place, key))

    def get(self, key: str) -> Value | None:
        """None where the key is not there; one that is there with null is there."""
        return self[key] if key in self.raw else None

    def names(self) -> Iterator[str]:
        for key in self.raw:
            if not isinstance(key, str):
                raise CaseBroken(inside(self.place, key), f"{_shown(key)} is no name: quote it")
            yield key


def inside(place: str, key: object) -> str:
    """The place of a key: `contract.terms` and `fee` make `contract.terms.fee`."""
    return f"{place}.{key}" if place else str(key)


def _shown(value: Any) -> str:
    return "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)

"""YAML as it was written: numbers as exact decimals, every value with its place (`log[3].for`). No float, no guessing.

YAML 1.1 reads `on:` as true and an unquoted `1:35` as 95; here keys are text, and a time of day must be quoted.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import yaml

from vocabulary.duration import parse_clock
from vocabulary.money import parse_minor

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_SEXAGESIMAL = re.compile(r"[-+]?[1-9]\d*(:[0-5]?\d)+(\.\d*)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}
_DEEPEST = 40
_MOST_VALUES = 200_000
_MOST_DIGITS = 15
_YEARS = range(1900, 2201)


class Flaw(Exception):
    """What is wrong with a file, and where; `str` is one line."""

    def __init__(self, place: str, message: str) -> None:
        self.place = " ".join(place.split())
        self.message = " ".join(message.split())
        super().__init__(f"{self.place}: {self.message}" if place else self.message)


class At:
    """A value of the file and its place. Reading it as something that it is not is a `Flaw` there."""

    __slots__ = ("_is_plain", "place", "value")

    def __init__(self, value: Any, place: str, is_plain: bool = False) -> None:
        self.value = value
        self.place = place
        self._is_plain = is_plain

    def flaw(self, message: str) -> NoReturn:
        raise Flaw(self.place, message)

    @property
    def is_null(self) -> bool:
        return self._is_plain and self.value.lower() in ("", "~", "null")

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str) -> "At | None":
        """The value of a key; None where it is left out."""
        if not isinstance(self.value, dict):
            self.flaw("must be a mapping of keys to values")
        found = self.value.get(key)
        return found if isinstance(found, At) else None

    def need(self, key: str) -> "At":
        """The value of a key that must be there."""
        found = self.get(key)
        if found is None:
            raise Flaw(f"{self.place}.{key}" if self.place else key, "is missing")
        return found

    def mapping(self, *keys: str) -> "At":
        """Itself, as a mapping with no other keys than these."""
        if not isinstance(self.value, dict):
            self.flaw("must be a mapping of keys to values")
        for key, value in self.value.items():
            if key not in keys:
                value.flaw(f"is no key here; the keys are {', '.join(keys)}")
        return self

    def each(self) -> Iterator[tuple[str, "At"]]:
        """Keys and values of a mapping with keys of its own."""
        if not isinstance(self.value, dict):
            self.flaw("must be a mapping of keys to values")
        yield from self.value.items()

    def items(self) -> list["At"]:
        if not isinstance(self.value, list):
            self.flaw("must be a list")
        return list(self.value)

    def text(self) -> str:
        if not isinstance(self.value, str) or self.is_null:
            self.flaw("must be a text")
        if self._is_plain and _SEXAGESIMAL.fullmatch(self.value):
            self.flaw(f'must be quoted: "{self.value}"')
        return self.value

    def one_of(self, *allowed: str) -> str:
        text = self.text()
        if text not in allowed:
            self.flaw(f"{text!r} is none of {', '.join(allowed)}")
        return text

    def boolean(self) -> bool:
        text = self.value.lower() if isinstance(self.value, str) and self._is_plain else ""
        if text not in _TRUE | _FALSE:
            self.flaw("must be true or false")
        return text in _TRUE

    def number(self) -> Decimal:
        if not isinstance(self.value, str) or not self._is_plain or not _NUMBER.fullmatch(self.value):
            self.flaw("must be a number, not in quotes" if isinstance(self.value, str) else "must be a number")
        if len(self.value) > _MOST_DIGITS:
            self.flaw(f"has more than {_MOST_DIGITS} digits")
        return Decimal(self.value)

    def whole(self) -> int:
        number = self.number()
        if number != number.to_integral_value():
            self.flaw(f"{self.value} is no whole number")
        return int(number)

    def minor(self, currency: str) -> int:
        """An amount in minor units; finer than the currency is a flaw (R1)."""
        self.number()
        try:
            return parse_minor(self.value, currency)
        except ValueError as error:
            self.flaw(str(error))

    def minutes_of_hours(self) -> int:
        """A number of hours that is whole minutes, as minutes."""
        minutes = self.number() * 60
        if minutes != minutes.to_integral_value():
            self.flaw(f"{self.value} hours are no whole number of minutes")
        return int(minutes)

    def clock(self) -> int:
        """`H:MM` or `H:MM:SS` as seconds."""
        try:
            return parse_clock(self.text())
        except ValueError as error:
            self.flaw(str(error))

    def date(self, *, far: bool = False) -> date:
        """A date of our days; `far` allows any later one, like 9999-12-31 for never."""
        text = self.value if isinstance(self.value, str) else ""
        if not _DATE.fullmatch(text):
            self.flaw("must be a date like 2026-01-31")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.flaw(f"{text} is no date of the calendar")
        self._check_year(day.year, far=far)
        return day

    def instant(self) -> datetime:
        """A moment with its UTC offset."""
        try:
            instant = datetime.fromisoformat(self.text())
        except ValueError:
            self.flaw('must be a moment like "2026-01-16T09:00:00+01:00"')
        if instant.tzinfo is None:
            self.flaw("must say its UTC offset, like +01:00")
        self._check_year(instant.year)
        return instant

    def _check_year(self, year: int, *, far: bool = False) -> None:
        if year not in _YEARS and not (far and year > _YEARS[-1]):
            self.flaw(f"lies outside the years {_YEARS[0]} to {_YEARS[-1]}")


def load(path: Path) -> At:
    """The file as one mapping. A `Flaw` does not name the file: who asked for it does."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Flaw("", f"it cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise Flaw("", "it is no UTF-8 text") from None
    return parse(text)


def parse(text: str) -> At:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Flaw("", f"this is no YAML{where}: {getattr(error, 'problem', None) or error}") from None
    except RecursionError:
        raise Flaw("", "is nested too deep") from None
    if not isinstance(node, yaml.MappingNode):
        raise Flaw("", "the file must be a mapping of keys to values")
    return _built(node, "", 0, count(1))


def _built(node: yaml.Node, place: str, depth: int, values: "count[int]") -> At:
    """`values` counts them: a file with aliases of aliases can mean more of them than any file holds."""
    if depth > _DEEPEST:
        raise Flaw(place, "is nested too deep")
    if next(values) > _MOST_VALUES:
        raise Flaw(place, f"is too much: a file holds {_MOST_VALUES} values at most")
    if isinstance(node, yaml.ScalarNode):
        return At(node.value, place, is_plain=node.style is None)
    if isinstance(node, yaml.SequenceNode):
        items = [_built(item, f"{place}[{number}]", depth + 1, values) for number, item in enumerate(node.value)]
        return At(items, place)
    assert isinstance(node, yaml.MappingNode)
    inner: dict[str, At] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise Flaw(place, "has a key that is no text")
        key = key_node.value
        there = f"{place}.{key}" if place else key
        if key in inner:
            raise Flaw(there, "is there twice")
        inner[key] = _built(value_node, there, depth + 1, values)
    return At(inner, place)

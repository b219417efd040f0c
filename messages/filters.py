"""Filters and orders of lists: the small part of AIP-160 and AIP-132 that they understand.

    contract = "contracts/web-2026" AND state = "active"
    starts_on >= "2026-01-01" AND starts_on < 2026-04-01
    starts_on desc, name

Comparisons joined by AND, each field against one value in quotes or one bare word. What a list does not know is
refused, never ignored.

    Refused
    ├── FilterInvalid       not understood, or a field or a comparison that the list does not have
    └── OrderInvalid        a field that the list cannot be ordered by
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from vocabulary.refusal import Kind, Refused

_CONDITION = re.compile(
    r"""\s*(?P<field>[a-z_]+(?:\.[a-z_]+)*)\s*(?P<comparison><=|>=|!=|=|<|>)\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"()]+))\s*""",
)
_AND = re.compile(r"AND\b")
_WORD = re.compile(r"\s*([a-z_]+)(?:\s+(asc|desc))?\s*")
EQUAL = frozenset({"="})
ORDERED = frozenset({"=", "!=", "<", "<=", ">", ">="})


class FilterInvalid(Refused, kind=Kind.INVALID):
    """A filter that is not understood."""


class OrderInvalid(Refused, kind=Kind.INVALID):
    """An order that is not understood."""


class Condition(NamedTuple):
    """One comparison of a filter; `comparison` can be put into SQL as it is."""

    field: str
    comparison: str
    value: str

    def id_in(self, collection: str) -> str:
        """`web-2026` of `contracts/web-2026`; `FilterInvalid` for another form."""
        head, _, identity = self.value.partition("/")
        if head != collection or not identity or "/" in identity:
            raise FilterInvalid(
                f'{self.field} is compared with "{collection}/<id>", not {self.value!r}', field="filter"
            )
        return identity

    def day(self) -> str:
        """The value as an ISO date."""
        try:
            return date.fromisoformat(self.value).isoformat()
        except ValueError:
            raise FilterInvalid(f"{self.field} is compared with a date like 2026-03-01", field="filter") from None

    def one_of(self, words: Collection[str]) -> str:
        """The value, in small letters, where it is one of these."""
        word = self.value.lower()
        if word not in words:
            raise FilterInvalid(f"{self.field} is one of {', '.join(words)}, not {self.value!r}", field="filter")
        return word


class Order(NamedTuple):
    """A field to sort by."""

    field: str
    descending: bool


def conditions(text: str, fields: Mapping[str, Collection[str]]) -> Sequence[Condition]:
    """The comparisons of a filter. `fields`: what the list can be filtered by -> the comparisons that it knows."""
    found: list[Condition] = []
    place = 0
    while text[place:].strip():
        if found:
            joint = _AND.match(text, place)
            if joint is None:
                raise _not_understood(text[place:])
            place = joint.end()
        match = _CONDITION.match(text, place)
        if match is None:
            raise _not_understood(text[place:])
        found.append(_condition(match, fields))
        place = match.end()
    return found


def order(text: str, fields: Collection[str], default: Sequence[Order]) -> Sequence[Order]:
    """How to sort: the fields named, then the default's that are not, so that the order is total."""
    named: list[Order] = []
    for part in text.split(",") if text.strip() else ():
        match = _WORD.fullmatch(part)
        if match is None or match[1] not in fields:
            raise OrderInvalid(f"{part.strip()!r} is no order: take one of {', '.join(fields)}", field="order_by")
        if match[1] in (before.field for before in named):
            raise OrderInvalid(f"{match[1]} is named twice", field="order_by")
        named.append(Order(match[1], match[2] == "desc"))
    return [*named, *(rest for rest in default if rest.field not in {before.field for before in named})]


def _condition(match: re.Match[str], fields: Mapping[str, Collection[str]]) -> Condition:
    field, comparison = match["field"], match["comparison"]
    if field not in fields:
        raise FilterInvalid(f"there is no field {field} to filter by: take {', '.join(fields)}", field="filter")
    if comparison not in fields[field]:
        known = " ".join(sorted(fields[field]))
        raise FilterInvalid(f"{field} cannot be compared with {comparison}: take {known}", field="filter")
    value = match["bare"] if match["quoted"] is None else re.sub(r"\\(.)", r"\1", match["quoted"])
    return Condition(field, comparison, value)


def _not_understood(rest: str) -> FilterInvalid:
    example = 'client = "clients/acme" AND state = "active"'
    return FilterInvalid(
        f"not understood from {rest.strip()[:40]!r} on: write conditions like {example}", field="filter"
    )

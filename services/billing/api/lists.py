"""Lists that are put together from kept rows and today: filtered, ordered and cut into pages here."""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from messages import filters, pages
from messages.filters import EQUAL, ORDERED, Condition, FilterInvalid

R = TypeVar("R")
Value = str | int | None
"""None is unknown: it fits no comparison, and comes last in either order."""

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Field(NamedTuple, Generic[R]):
    """How a row is compared and ordered by one field. `collection`: the value is a resource name of it."""

    of: Callable[[R], Value]
    is_number: bool = False
    ordered: bool = False
    collection: str = ""


class Listing(Generic[R]):
    """What a list can be filtered and ordered by. `default` is the order where none is asked."""

    def __init__(
        self, fields: Mapping[str, Field[R]], orders: Collection[str], default: Sequence[filters.Order]
    ) -> None:
        self._fields = fields
        self._orders = orders
        self._default = default

    def conditions(self, text: str) -> Sequence[Condition]:
        known = {name: ORDERED if field.ordered else EQUAL for name, field in self._fields.items()}
        return filters.conditions(text, known)

    def fixed(self, conditions: Sequence[Condition], field: str, collection: str) -> str:
        """The id that all rows must have, so that the database need not read more; empty where any may."""
        return next((one.id_in(collection) for one in conditions if one[:2] == (field, "=")), "")

    def selected(self, rows: Sequence[R], conditions: Sequence[Condition]) -> list[R]:
        checks = [(self._fields[one.field].of, _COMPARE[one.comparison], self._value(one)) for one in conditions]
        return [
            row
            for row in rows
            if all((found := of(row)) is not None and compare(found, value) for of, compare, value in checks)
        ]

    def ordered(self, rows: Sequence[R], text: str) -> list[R]:
        result = list(rows)
        for one in reversed(filters.order(text, self._orders, self._default)):
            of = self._fields[one.field].of
            known = [row for row in result if of(row) is not None]
            known.sort(key=of, reverse=one.descending)  # type: ignore[arg-type]  # None is sorted out above
            result = known + [row for row in result if of(row) is None]
        return result

    def _value(self, condition: Condition) -> str | int:
        field = self._fields[condition.field]
        if field.collection:
            return f"{field.collection}/{condition.id_in(field.collection)}"
        if not field.is_number:
            return condition.value
        try:
            return int(condition.value)
        except ValueError:
            raise FilterInvalid(f"{condition.field} is compared with a whole number", field="filter") from None


def page(rows: Sequence[R], size: int, token: str, *query: str) -> tuple[Sequence[R], str]:
    """One page and the token of the next; `query` is what must not change from page to page."""
    place = pages.key_in(token, *query)
    start = int(place[0]) if place else 0
    end = start + pages.size_of(size)
    return rows[start:end], pages.token_of((end,), *query) if end < len(rows) else ""

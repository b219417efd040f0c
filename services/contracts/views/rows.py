"""What the views of contracts share: a key set page in any order."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Sort = tuple[str, bool]
"""A column, and whether it goes down."""


class Clause(NamedTuple):
    """A condition with its parameters."""

    sql: str
    parameters: Mapping[str, Any]


def beyond(sorts: Sequence[Sort], key: Sequence[Any] | None) -> Clause:
    """Rows after the one with this key: equal in the first columns, beyond in the next."""
    if key is None:
        return Clause("1 = 1", {})
    names = [f"after{number}" for number in range(len(sorts))]
    ways = []
    for number, (column, descending) in enumerate(sorts):
        equal = [f"{sorts[before][0]} = :{names[before]}" for before in range(number)]
        ways.append(" AND ".join([*equal, f"{column} {'<' if descending else '>'} :{names[number]}"]))
    return Clause("(" + " OR ".join(f"({way})" for way in ways) + ")", dict(zip(names, key, strict=True)))


def order_by(sorts: Sequence[Sort]) -> str:
    return ", ".join(f"{column} DESC" if descending else column for column, descending in sorts)

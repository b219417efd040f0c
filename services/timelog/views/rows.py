"""What the views of timelog share: rows out of facts, in few statements, and pages of rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from chassis.projector import Tables

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Parameters = Mapping[str, Any]


class Change(NamedTuple):
    """A statement with its parameters."""

    sql: str
    row: Parameters


def write(tables: Tables, changes: Sequence[Change]) -> None:
    """In order; neighbours with the same statement go together."""
    for sql, run in groupby(changes, key=lambda change: change.sql):
        tables.execute_many(sql, [change.row for change in run])


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def instant(since_1970: int) -> datetime:
    return EPOCH + since_1970 * MICROSECOND


class Page(NamedTuple):
    """Rows, with how many there are on all pages. One row more than asked for shows that there is a next page."""

    rows: Sequence[Mapping[str, Any]]
    total: int

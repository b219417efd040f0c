"""What a view is, and the session that it writes by."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, ClassVar, Protocol

from chassis.sql import Session
from chassis.store import Recorded

Row = Mapping[str, Any]

_NAME = re.compile(r"\{(\w+)\}")


class Tables(Protocol):
    """One transaction on the view database. Table names in SQL are written `{budget}`: the projector puts in the live
    or the rebuilt table's name."""

    def execute(self, sql: str, parameters: Mapping[str, Any] = ...) -> None: ...

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None: ...

    def query(self, sql: str, parameters: Mapping[str, Any] = ...) -> Sequence[Row]: ...


class View(Protocol):
    """One question's answer, kept up to date. `project` gets the facts of a batch in order and may fold them before it
    writes (only the last state of a row matters). Facts of the chassis (chassis.house) are among them."""

    name: ClassVar[str]
    tables: ClassVar[Mapping[str, str]]
    """Table name -> its columns and keys as in CREATE TABLE (what stands between the parentheses)."""
    indexes: ClassVar[Sequence[str]]
    """`CREATE INDEX` tails: `{budget} (agency, client_id)`."""

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None: ...


@lru_cache(maxsize=4096)
def live(sql: str) -> str:
    """The SQL with the names of the live tables."""
    return _NAME.sub(r"\1", sql)


@lru_cache(maxsize=4096)
def beside(sql: str) -> str:
    """The SQL with the names of the tables that are being rebuilt."""
    return _NAME.sub(r"\1__next", sql)


class ViewTables:
    """A view's hands: its SQL on the live tables, or on those that are being rebuilt."""

    def __init__(self, session: Session, named: Callable[[str], str] = live) -> None:
        self._session = session
        self._named = named

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        self._session.execute(self._named(sql), parameters or {})

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._session.execute_many(self._named(sql), rows)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        return self._session.query(self._named(sql), parameters or {})


def shape_of(view: View) -> str:
    """A hash of the view's tables and indexes: where it changes, the view is built anew."""
    words = [*(f"{name} ({columns})" for name, columns in sorted(view.tables.items())), *view.indexes]
    return sha256("\n".join(" ".join(word.split()) for word in words).encode()).hexdigest()[:16]

"""Recorded facts -> views. A view is a table (or some), a `project`, and queries; rows and position commit together.

A view lives in the service's view database (`sqlite:///…-views.db`, or a schema of PostgreSQL). SQL is written once,
with named parameters (`:contract_id`), in the dialect that SQLite and PostgreSQL share (`INSERT … ON CONFLICT … DO
UPDATE`). JSON is kept as TEXT. A view can always be dropped and rebuilt: `rebuild` fills new tables beside the live ones
and swaps them in one transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from chassis.store import Recorded, Store

Row = Mapping[str, Any]


class Tables(Protocol):
    """One transaction on the view database. Table names in SQL are written `{budget}`: the projector puts in the live or
    the rebuilt table's name."""

    def execute(self, sql: str, parameters: Mapping[str, Any] = ...) -> None: ...

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None: ...

    def query(self, sql: str, parameters: Mapping[str, Any] = ...) -> Sequence[Row]: ...


class View(Protocol):
    """One question's answer, kept up to date. `project` gets the facts of a batch in order and may fold them before it
    writes (only the last state of a row matters)."""

    name: ClassVar[str]
    tables: ClassVar[Mapping[str, str]]
    """Table name -> its columns and keys as in CREATE TABLE (what stands between the parentheses)."""
    indexes: ClassVar[Sequence[str]]
    """`CREATE INDEX` tails: `{budget} (agency, client_id)`."""

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None: ...


class Views:
    """The view database: queries for the API, and notice of changed rows for watches."""

    async def query(self, sql: str, parameters: Mapping[str, Any] = ...) -> Sequence[Row]:
        """Read with `{table}` names as in a view's SQL; a short read on a connection of its own."""
        raise NotImplementedError

    @property
    def position(self) -> int:
        """The store position that all live views have reached."""
        raise NotImplementedError

    async def wait_for(self, position: int) -> None:
        """Wait until all live views have reached it (no timeout of its own: use the call's deadline)."""
        raise NotImplementedError

    async def wait_beyond(self, position: int) -> int:
        """Wait until the views moved beyond `position`; returns where they are (for watches)."""
        raise NotImplementedError


class Projector:
    def __init__(self, store: Store, views_url: str, views: Sequence[View]) -> None: ...

    async def run(self) -> None:
        raise NotImplementedError

    async def rebuild(self, name: str) -> int:
        """Fill the view anew beside the live one and swap; returns the facts read."""
        raise NotImplementedError

    async def replay_until(self, name: str, position: int) -> Views:
        """The view as it was known at a position (R37), in a private in-memory database."""
        raise NotImplementedError

"""What a database is to those who use it; SQLite and PostgreSQL are two (chassis.sql.sqlite, chassis.sql.postgres)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

Row = Mapping[str, Any]
Parameters = Mapping[str, Any]


class Session(Protocol):
    """One open transaction."""

    def execute(self, sql: str, parameters: Parameters = ...) -> None: ...

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> None: ...

    def query(self, sql: str, parameters: Parameters = ...) -> Sequence[Row]: ...


class Database(Protocol):
    """One connection to a database; a thread at a time. A broken connection is made anew by the next use."""

    def begin(self) -> Session:
        """Open a writing transaction; end it by `commit` or `rollback`."""
        ...

    def begin_reading(self) -> Session:
        """Open a transaction that sees one picture of the database, whoever writes meanwhile; end it by `rollback`."""
        ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def query(self, sql: str, parameters: Parameters = ...) -> Sequence[Row]:
        """A read of its own, outside of any transaction."""
        ...

    def tables(self) -> frozenset[str]: ...

    def scrub(self) -> None:
        """Make sure that what was overwritten is gone from free pages and from the log."""
        ...

    def checkpoint(self) -> None:
        """Housekeeping of the log, on a connection of its own: may run in another thread."""
        ...

    def close(self) -> None: ...


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """Commit at the end, roll back on any error."""
    session = database.begin()
    try:
        yield session
    except BaseException:
        database.rollback()
        raise
    database.commit()

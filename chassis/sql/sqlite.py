"""A database in one SQLite file, or in memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from chassis.sql.address import DatabaseFull, DatabaseUnavailable
from chassis.sql.database import Parameters, Row, Session


class SqliteDatabase:
    """Views may lose their last moments in a power cut (`synchronous=NORMAL`): they can be rebuilt. Keys may not."""

    def __init__(self, path: str, *, durable: bool, reading: bool = False, frozen: bool = False) -> None:
        """`frozen`: a file that nobody writes to, read without so much as a log beside it."""
        self._path = f"file:{quote(path)}?immutable=1" if frozen else path
        self._frozen = frozen
        self._pragmas = ["PRAGMA busy_timeout=2000", f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}"]
        self._on_disk = path not in ("", ":memory:")
        if self._on_disk:
            self._pragmas.insert(0, "PRAGMA journal_mode=WAL")
            if not durable:
                self._pragmas.append("PRAGMA wal_autocheckpoint=0")  # `checkpoint` is called now and then
        if durable:
            self._pragmas.append("PRAGMA secure_delete=ON")
        if reading:
            self._pragmas.append("PRAGMA query_only=ON")
        self._open: sqlite3.Connection | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            connection = sqlite3.connect(
                self._path or ":memory:",
                isolation_level=None,
                check_same_thread=False,
                uri=self._frozen,
            )
            for pragma in () if self._frozen else self._pragmas:
                connection.execute(pragma)
            self._open = connection
        return self._open

    def begin(self) -> Session:
        with _sqlite_errors():
            self._connection.execute("BEGIN IMMEDIATE")
        return self

    def begin_reading(self) -> Session:
        with _sqlite_errors():
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master").close()  # the picture is taken by reading
        return self

    def commit(self) -> None:
        with _sqlite_errors():
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                self.rollback()
                raise

    def rollback(self) -> None:
        if self._connection.in_transaction:
            with _sqlite_errors():
                self._connection.execute("ROLLBACK")

    def execute(self, sql: str, parameters: Parameters = {}) -> None:  # noqa: B006 - never changed
        with _sqlite_errors():
            self._connection.execute(sql, parameters).close()

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> None:
        with _sqlite_errors():
            self._connection.executemany(sql, rows).close()

    def query(self, sql: str, parameters: Parameters = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        with _sqlite_errors():
            found = self._connection.execute(sql, parameters)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]

    def tables(self) -> frozenset[str]:
        return frozenset(str(row["name"]) for row in self.query("SELECT name FROM sqlite_master WHERE type = 'table'"))

    def checkpoint(self) -> None:
        if self._on_disk:
            # Where another process holds the file just now there will be a next time.
            with suppress(sqlite3.OperationalError), closing(sqlite3.connect(self._path, timeout=0.0)) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def copy_into(self, path: Path) -> None:
        """All of it into a new file, by SQLite's own backup: what this connection sees, in one step."""
        with _sqlite_errors(), closing(sqlite3.connect(path)) as target:
            self._connection.backup(target)

    def scrub(self) -> None:
        with _sqlite_errors():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


@contextmanager
def _sqlite_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DatabaseFull(str(error)) from error
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise DatabaseUnavailable(str(error)) from error
        raise

"""A session on PostgreSQL: short timeouts, a schema of its own, connections made anew when they break."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.rows import DictRow, dict_row

from chassis.sql.address import Address, DatabaseFull, DatabaseUnavailable
from chassis.sql.database import Parameters, Row, Session
from chassis.sql.dialect import in_postgres

SESSION = "SET lock_timeout='5s'; SET statement_timeout='60s'; SET idle_in_transaction_session_timeout='5s'"


class _Whole(Loader):
    """A sum of 64-bit integers is `numeric` here; it is an integer all the same, as in SQLite. We have no fractions."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


class PostgresDatabase:
    def __init__(self, address: Address) -> None:
        self._address = address
        self._open: psycopg.Connection[DictRow] | None = None

    @property
    def _connection(self) -> psycopg.Connection[DictRow]:
        if self._open is None or self._open.closed:
            self._open = self._connected()
        return self._open

    def _connected(self) -> psycopg.Connection[DictRow]:
        connection: psycopg.Connection[DictRow] = psycopg.connect(
            **self._address.parameters(), autocommit=True, row_factory=dict_row
        )
        with ExitStack() as unless_whole:
            unless_whole.callback(connection.close)
            schema = psycopg.sql.Identifier(self._address.schema)
            found = connection.execute(
                "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", (self._address.schema,)
            ).fetchone()
            if found is None:
                connection.execute(psycopg.sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
            connection.execute(psycopg.sql.SQL("SET search_path TO {}").format(schema))
            connection.execute(SESSION)
            connection.adapters.register_loader("numeric", _Whole)
            unless_whole.pop_all()
        return connection

    def begin(self) -> Session:
        with self._errors():
            try:
                self._connection.execute("BEGIN")
            except psycopg.OperationalError:
                self.close()  # the server was restarted since the last use: one more try on a new connection
                self._connection.execute("BEGIN")
        return self

    def begin_reading(self) -> Session:
        with self._errors():
            self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            self._connection.execute("SET LOCAL statement_timeout = 0")
        return self

    def commit(self) -> None:
        with self._errors():
            self._connection.execute("COMMIT")

    def rollback(self) -> None:
        if self._open is not None and not self._open.closed:
            with self._errors():
                self._open.execute("ROLLBACK")

    def execute(self, sql: str, parameters: Parameters = {}) -> None:  # noqa: B006 - never changed
        with self._errors():
            self._connection.execute(_query(sql), _values(parameters))

    def execute_many(self, sql: str, rows: Sequence[Parameters]) -> None:
        if rows:
            with self._errors(), self._connection.cursor() as cursor:
                cursor.executemany(_query(sql), [_values(row) for row in rows])

    def query(self, sql: str, parameters: Parameters = {}) -> Sequence[Row]:  # noqa: B006 - never changed
        with self._errors():
            try:
                return self._connection.execute(_query(sql), _values(parameters)).fetchall()
            except psycopg.OperationalError:
                if self._open is not None and not self._open.closed:
                    raise
                return self._connection.execute(_query(sql), _values(parameters)).fetchall()

    def tables(self) -> frozenset[str]:
        rows = self.query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return frozenset(str(row["tablename"]) for row in rows)

    def checkpoint(self) -> None:
        """PostgreSQL keeps its own house."""

    def scrub(self) -> None:
        with self._errors():
            self._connection.execute("VACUUM")

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.errors.DiskFull as error:
            raise DatabaseFull(str(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DatabaseUnavailable(str(error).partition("\n")[0]) from error


def _query(sql: str) -> bytes:
    return in_postgres(sql).encode()


def _values(parameters: Parameters) -> dict[str, Any]:
    return {name: int(value) if isinstance(value, bool) else value for name, value in parameters.items()}

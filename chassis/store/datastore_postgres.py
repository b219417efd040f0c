"""One connection to PostgreSQL in the place of the library's pool.

The recorder works in one thread, so one connection is enough; and a pool would be in the way: it makes who asks wait
for its own attempts to connect, which become ever rarer while the server is away. Here a connection is made by who
needs it; where that fails, the next ones are told so at once for as long as the attempt took.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing import persistence
from eventsourcing.postgres import PostgresDatastore
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

from chassis.sql import Address

SESSION = "-c lock_timeout=3000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=5000"
FAILING_FAST_SECONDS = 0.2


class OneConnection(PostgresDatastore):
    def __init__(self, address: Address) -> None:
        super().__init__(
            dbname="", host="", port="", user="", password="", schema=address.schema, originator_id_type="text"
        )
        said = address.parameters()
        said["options"] = f"{said.get('options', '')} {SESSION} -c search_path={address.schema}".strip()
        self._parameters: dict[str, Any] = said
        self._open: psycopg.Connection[DictRow] | None = None
        self._away_until = 0.0
        self._away = ""

    @contextmanager
    def get_connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        """The connection, in autocommit; it is made anew by the next use where it broke or is left in the middle."""
        with _as_the_librarys():
            connection = self._connected()
            try:
                yield connection
            finally:
                if connection.closed or connection.info.transaction_status is not TransactionStatus.IDLE:
                    self.close()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connected(self) -> psycopg.Connection[DictRow]:
        if self._open is not None:
            return self._open
        began = time.monotonic()
        if began < self._away_until:
            raise psycopg.OperationalError(self._away)
        try:
            self._open = psycopg.connect(**self._parameters, autocommit=True, row_factory=dict_row)
        except psycopg.OperationalError as error:
            now = time.monotonic()
            self._away, self._away_until = str(error), now + max(FAILING_FAST_SECONDS, now - began)
            raise
        return self._open


@contextmanager
def _as_the_librarys() -> Iterator[None]:
    """psycopg's errors by the names that the library has for them."""
    try:
        yield
    except psycopg.Error as error:
        for kind in type(error).__mro__:
            ours = getattr(persistence, kind.__name__, None)
            if ours is not None:
                raise ours(str(error)) from error
        raise persistence.PersistenceError(str(error)) from error

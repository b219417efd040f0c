"""Events in PostgreSQL, on the base of the library's process recorder.

One writer at a time holds the lock on the table: so positions become visible in their order, and a reader who has seen
one has seen all before it. (The library's database functions drop that lock; they are not used and cannot be turned
on.) Transactions and timeouts are short: while the database is away, callers are told so within seconds.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
import psycopg
from eventsourcing.persistence import PersistenceError
from eventsourcing.postgres import PostgresProcessRecorder
from psycopg import sql
from psycopg.rows import tuple_row

from chassis.sql import Address
from chassis.store.datastore_postgres import OneConnection
from chassis.store.draft import Draft, Outcome
from chassis.store.plan import NO_HEAD, Ground, Head, Plan, Row, Tip, lay_out
from chassis.store.refusals import StoreFull, StoreUnavailable
from chassis.store.statements import (
    BOOK_COLUMNS,
    COLUMNS,
    HOUSE_TAGS,
    REQUEST_COLUMNS,
    event_columns,
    kept_from,
    request_columns,
)
from chassis.store.statements_postgres import (
    EVENT_NAMES,
    FIRST_PAGES,
    HEADS,
    INSERT_EVENTS,
    INSERT_REQUESTS,
    LAST,
    MARKS,
    REQUEST_NAMES,
    REQUESTS,
    TIPS,
)

R = TypeVar("R")
Connection = psycopg.Connection[dict[str, Any]]
LOOK_SECONDS = 3.0
"""How long to look for the outcome of a commit whose answer was lost."""


class PostgresRecorder(PostgresProcessRecorder):
    inline = False
    poll_seconds = 0.05

    def __init__(self, address: Address, *, rehearsal: bool = False) -> None:
        self._address = address
        self._rehearsal = rehearsal
        self._first_position = 1
        self._opened = False

    def open(self) -> str:
        with _errors():
            self._connect()
            self.create_table()
            with self.datastore.transaction(commit=True) as cursor:
                cursor.execute("INSERT INTO book VALUES ('epoch', %s) ON CONFLICT DO NOTHING", (uuid4().hex[:12],))
                cursor.execute("SELECT name, value FROM book")
                book = {row["name"]: row["value"] for row in cursor.fetchall()}
        self._first_position = int(book.get("first_position", "1"))
        return str(book["epoch"])

    def _connect(self) -> None:
        """The library's recorder on a connection of our own, in a schema that is made where there is none."""
        schema = self._address.schema
        with psycopg.connect(**self._address.parameters(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", (schema,))
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        super().__init__(OneConnection(self._address))
        self._opened = True
        columns = event_columns(text="TEXT", blob="BYTEA", position="BIGINT PRIMARY KEY")
        self.sql_create_statements = [
            *(statement for statement in self.sql_create_statements if "application_name" in statement.as_string()),
            *(
                sql.SQL(statement).format()
                for statement in (
                    f"CREATE TABLE IF NOT EXISTS stored_events ({columns} UNIQUE (originator_id, originator_version),"
                    " UNIQUE (agency, agency_sequence))",
                    f"CREATE INDEX IF NOT EXISTS stored_events_house ON stored_events (position) WHERE {HOUSE_TAGS}",
                    f"CREATE TABLE IF NOT EXISTS requests ({REQUEST_COLUMNS})",
                    f"CREATE TABLE IF NOT EXISTS book ({BOOK_COLUMNS})",
                )
            ),
        ]

    def append(self, drafts: Sequence[Draft], clock_us: int) -> Sequence[Outcome]:
        try:
            return self._append(drafts, clock_us)
        except _Lost as lost:
            if lost.plan is not None:
                if self._happened(lost.plan):
                    return lost.plan.outcomes
                raise StoreUnavailable(f"the event store went away while committing: {lost}") from lost
        with _errors():
            try:
                return self._append(drafts, clock_us)  # once more, on a connection of today
            except _Lost as lost:
                raise StoreUnavailable(f"the event store does not answer: {lost}") from lost

    def _append(self, drafts: Sequence[Draft], clock_us: int) -> Sequence[Outcome]:
        """Two round trips: the lock and the ground; the rows and the commit."""
        committing: Plan | None = None
        try:
            with self.datastore.get_connection() as connection:
                with connection.pipeline():
                    connection.execute("BEGIN")
                    connection.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")
                    ground = self._ground(connection, drafts)
                plan = lay_out(drafts, ground(), clock_us, rehearsal=self._rehearsal)
                committing = plan
                with connection.pipeline():
                    self._write(connection, plan)
                    connection.execute("COMMIT")
            return plan.outcomes
        except PersistenceError as error:
            if _is_full(error):
                raise StoreFull("there is no room left on the disk of the event store") from error
            raise _Lost(str(error), committing) from error

    def _ground(self, connection: Connection, drafts: Sequence[Draft]) -> Callable[[], Ground]:
        """Ask for what the drafts stand on; the answer can be read when the pipeline is through."""
        agencies = list({event.context.agency for draft in drafts for event in draft.events})
        sources = list({draft.tracking.source for draft in drafts if draft.tracking is not None})
        asked = [(draft.context.agency, draft.request.request_id) for draft in drafts if draft.request is not None]
        last = _asked(connection, LAST)
        heads = _asked(connection, HEADS, list({stream for draft in drafts for stream in draft.expected}))
        tips = _asked(connection, TIPS, agencies)
        marks = _asked(connection, MARKS, sources)
        requests = _asked(connection, REQUESTS, [agency for agency, _ in asked], [asked_id for _, asked_id in asked])

        def read() -> Ground:
            position, recorded_at_us = last.fetchone() or (0, 0)
            return Ground(
                heads={stream: Head(version, stream_hash) for stream, version, stream_hash in heads},
                tips={agency: Tip(sequence, at_us) for agency, sequence, at_us in tips},
                requests={(agency, request_id): kept_from(*kept) for agency, request_id, *kept in requests},
                marks=dict(marks.fetchall()),
                last_position=position,
                next_position=max(position + 1, self._first_position),
                last_recorded_at_us=recorded_at_us,
            )

        return read

    def _write(self, connection: Connection, plan: Plan) -> None:
        if plan.rows:
            rows = [dict(zip(EVENT_NAMES, row, strict=True)) | {"state": row.payload.decode()} for row in plan.rows]
            _asked(connection, INSERT_EVENTS, msgspec.json.encode(rows).decode())
        if plan.requests:
            kept = [dict(zip(REQUEST_NAMES, request_columns(row), strict=True)) for row in plan.requests]
            _asked(connection, INSERT_REQUESTS, msgspec.json.encode(kept).decode())
        for source, position in plan.marks.items():
            connection.execute(
                self.insert_tracking_statement, {"application_name": source, "notification_id": position}
            )

    def _happened(self, plan: Plan) -> bool:
        """Whether a commit whose answer was lost is in the database; `StoreUnavailable` where nobody can say."""
        until = time.monotonic() + LOOK_SECONDS
        while True:
            try:
                if plan.rows:
                    row = plan.rows[0]
                    found = self._first(
                        "SELECT 1 FROM stored_events WHERE position = %s AND stream_hash = %s",
                        row.position,
                        row.stream_hash,
                    )
                elif plan.requests:
                    request = plan.requests[0]
                    found = self._first(
                        "SELECT 1 FROM requests WHERE agency = %s AND request_id = %s",
                        request.agency,
                        request.request_id,
                    )
                else:
                    return all(self.mark(source) == position for source, position in plan.marks.items())
                return found is not None
            except StoreUnavailable:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def begin(self, stream: str) -> None:
        """An append reads the heads of all its streams at once, since others write too."""

    def head(self, stream: str) -> Head:
        row = self._first(
            "SELECT originator_version, stream_hash FROM stored_events WHERE originator_id = %s"
            " ORDER BY originator_version DESC LIMIT 1",
            stream,
        )
        return NO_HEAD if row is None else Head(*row)

    def stream(self, stream: str, after_version: int, limit: int) -> Sequence[Row]:
        return self._rows(
            "originator_id = %s AND originator_version > %s ORDER BY originator_version LIMIT %s",
            stream,
            after_version,
            limit,
        )

    def streams(self, streams: Sequence[str], limit: int) -> Mapping[str, Sequence[Row]]:
        """The beginnings of many streams at once."""
        query = FIRST_PAGES.format(columns=", ".join(f"page.{name.strip()}" for name in COLUMNS.split(",")))
        found: dict[str, list[Row]] = {stream: [] for stream in streams}
        for row in self._ask(lambda cursor: cursor.execute(query.encode(), (list(streams), limit)).fetchall()):
            found[row[0]].append(Row._make(row))
        return found

    def stream_at(self, stream: str, versions: Sequence[int]) -> Sequence[Row]:
        where = "originator_id = %s AND originator_version = ANY(%s) ORDER BY originator_version"
        return self._rows(where, stream, list(versions))

    def log(self, after: int, limit: int) -> Sequence[Row]:
        return self._rows("position > %s ORDER BY position LIMIT %s", after, limit)

    def agency_log(self, agency: str, after_sequence: int, limit: int, tags: Sequence[str] = ()) -> Sequence[Row]:
        only = " AND topic = ANY(%s)" if tags else ""
        where = f"agency = %s AND agency_sequence > %s{only} ORDER BY agency_sequence LIMIT %s"
        return self._rows(where, agency, after_sequence, *([list(tags)] if tags else []), limit)

    def house_log(self, after: int) -> Sequence[Row]:
        return self._rows(f"position > %s AND {HOUSE_TAGS.replace('%', '%%')} ORDER BY position", after)

    def last_until(self, agency: str, instant_us: int) -> int:
        row = self._first(
            "SELECT position FROM stored_events WHERE agency = %s AND recorded_at_us <= %s"
            " ORDER BY agency_sequence DESC LIMIT 1",
            agency,
            instant_us,
        )
        return 0 if row is None else int(row[0])

    def position(self) -> int:
        row = self._first("SELECT coalesce(max(position), 0) FROM stored_events")
        return 0 if row is None else int(row[0])

    def mark(self, source: str) -> int:
        row = self._first("SELECT notification_id FROM notification_tracking WHERE application_name = %s", source)
        return 0 if row is None else int(row[0])

    def noted(self, name: str) -> str:
        row = self._first("SELECT value FROM book WHERE name = %s", name)
        return "" if row is None else str(row[0])

    def note_once(self, name: str, value: str) -> str:
        with _errors(), self.datastore.transaction(commit=True) as cursor:
            cursor.execute("INSERT INTO book VALUES (%s, %s) ON CONFLICT DO NOTHING", (name, value))
            cursor.execute("SELECT value FROM book WHERE name = %s", (name,))
            return str(cursor.fetchall()[0]["value"])

    def begin_epoch(self, first_position: int) -> str:
        epoch = uuid4().hex[:12]
        with _errors(), self.datastore.transaction(commit=True) as cursor:
            for name, value in (("epoch", epoch), ("first_position", str(first_position))):
                cursor.execute(
                    "INSERT INTO book VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )
        self._first_position = first_position
        return epoch

    def checkpoint(self) -> None:
        """PostgreSQL keeps its own house."""

    def close(self) -> None:
        if self._opened:
            self.datastore.close()

    def _rows(self, where: str, *values: object) -> Sequence[Row]:
        query = f"SELECT {COLUMNS} FROM stored_events WHERE {where}"
        return self._ask(lambda cursor: [Row._make(row) for row in cursor.execute(query.encode(), values)])

    def _first(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        return self._ask(lambda cursor: cursor.execute(statement.encode(), values).fetchone())

    def _ask(self, question: "Callable[[psycopg.Cursor[tuple[Any, ...]]], R]") -> R:
        """A read; once more on a new connection where the first was of yesterday."""
        with _errors():
            try:
                return self._ask_once(question)
            except PersistenceError:
                return self._ask_once(question)

    def _ask_once(self, question: "Callable[[psycopg.Cursor[tuple[Any, ...]]], R]") -> R:
        with self.datastore.get_connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            return question(cursor)


def _asked(connection: Connection, query: str, *values: object) -> "psycopg.Cursor[tuple[Any, ...]]":
    return connection.cursor(row_factory=tuple_row).execute(query.encode(), values, prepare=True)


class _Lost(Exception):
    """The connection broke; `plan` is set where that was while committing it."""

    def __init__(self, message: str, plan: Plan | None) -> None:
        super().__init__(message)
        self.plan = plan


def _is_full(error: PersistenceError) -> bool:
    return isinstance(error.__cause__, psycopg.errors.DiskFull)


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (PersistenceError, psycopg.OperationalError, psycopg.InterfaceError) as error:
        said = str(error).partition("\n")[0]
        raise StoreUnavailable(f"the event store does not answer: {said}") from error

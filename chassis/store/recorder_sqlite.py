"""Events in SQLite, on the base of the library's process recorder.

Appends run inline on the event loop: a writer thread would lose more to the interpreter's lock than it wins. The log
is checkpointed in the background, because the automatic checkpoint is the tail of a commit's latency.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any
from uuid import uuid4

from eventsourcing.persistence import DatabaseError, PersistenceError
from eventsourcing.persistence import Tracking as LibraryTracking
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore, SQLiteProcessRecorder

from chassis.store.draft import Draft, Outcome
from chassis.store.plan import NO_HEAD, NO_TIP, Ground, Head, Kept, Plan, Row, Tip, lay_out
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

LOCK_TIMEOUT_SECONDS = 2
KNOWN_STREAMS = 50_000


class _Pool(SQLiteConnectionPool):
    """The library's pool with our pragmas: durable commits, no checkpoint inside of them."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_autocheckpoint=0")
        return connection


class _Datastore(SQLiteDatastore):
    def __init__(self, db_name: str) -> None:
        super().__init__(db_name, lock_timeout=LOCK_TIMEOUT_SECONDS, originator_id_type="text")
        self.pool.close()
        self.pool = _Pool(db_name=db_name, lock_timeout=LOCK_TIMEOUT_SECONDS)


class _Known:
    """Heads and tips as this process has read or written them; true as long as no other process has written, which
    SQLite's `data_version` tells inside the writing transaction."""

    def __init__(self) -> None:
        self._data_version = -1
        self.heads: dict[str, Head] = {}
        self.tips: dict[str, Tip] = {}
        self.last: tuple[int, int] | None = None

    @property
    def last_us(self) -> int:
        return self.last[1] if self.last else 0

    def keep_if(self, data_version: int) -> None:
        if data_version != self._data_version or len(self.heads) > KNOWN_STREAMS:
            self.clear()
            self._data_version = data_version

    def clear(self) -> None:
        self._data_version = -1
        self.heads.clear()
        self.tips.clear()
        self.last = None


class SqliteRecorder(SQLiteProcessRecorder):
    inline = True
    poll_seconds = 1.0

    def __init__(self, path: str, *, rehearsal: bool = False) -> None:
        memory = path in ("", ":memory:")
        super().__init__(_Datastore(f"file:{uuid4().hex}?mode=memory&cache=shared" if memory else path))
        self._rehearsal = rehearsal
        self._memory = memory
        self._first_position = 1
        self._connection: SQLiteConnection | None = None
        self._known = _Known()

    def construct_create_table_statements(self) -> list[str]:
        tracking = [statement for statement in super().construct_create_table_statements() if "tracking" in statement]
        columns = event_columns(text="TEXT", blob="BLOB", position="INTEGER PRIMARY KEY AUTOINCREMENT")
        table = self.events_table_name
        return [
            f"CREATE TABLE IF NOT EXISTS {table} ({columns} UNIQUE (originator_id, originator_version),"
            " UNIQUE (agency, agency_sequence))",
            f"CREATE INDEX IF NOT EXISTS {table}_house ON {table} (position) WHERE {HOUSE_TAGS}",
            f"CREATE TABLE IF NOT EXISTS requests ({REQUEST_COLUMNS}) WITHOUT ROWID",
            f"CREATE TABLE IF NOT EXISTS book ({BOOK_COLUMNS}) WITHOUT ROWID",
            *tracking,
        ]

    def open(self) -> str:
        with _errors():
            self.create_table()
            connection = self.datastore.pool.get_connection(is_writer=not self._memory)
            self._connection = connection
            cursor = connection.cursor().sqlite_cursor
            cursor.row_factory = None
            self._cursor = cursor
            cursor.execute("INSERT INTO book VALUES ('epoch', ?) ON CONFLICT (name) DO NOTHING", (uuid4().hex[:12],))
            book = dict(cursor.execute("SELECT name, value FROM book").fetchall())
        self._first_position = int(book.get("first_position", "1"))
        return str(book["epoch"])

    def append(self, drafts: Sequence[Draft], clock_us: int) -> Sequence[Outcome]:
        cursor = self._cursor
        with _errors():
            cursor.execute("BEGIN IMMEDIATE")
            try:
                ground = self._ground(cursor, drafts)
                plan = lay_out(drafts, ground, clock_us, rehearsal=self._rehearsal)
                if plan.writes:
                    self._write(cursor, plan)
                    cursor.execute("COMMIT")
                else:
                    cursor.execute("ROLLBACK")
            except BaseException:
                self._known.clear()
                if cursor.connection.in_transaction:
                    cursor.execute("ROLLBACK")
                raise
        return plan.outcomes

    def _ground(self, cursor: sqlite3.Cursor, drafts: Sequence[Draft]) -> Ground:
        known = self._known
        known.keep_if(cursor.execute("PRAGMA data_version").fetchone()[0])
        if known.last is None:
            known.last = cursor.execute(
                "SELECT position, recorded_at_us FROM stored_events ORDER BY position DESC LIMIT 1"
            ).fetchone() or (0, 0)
        position, recorded_at_us = known.last
        ground = Ground(
            heads=known.heads,
            tips=known.tips,
            requests=self._requests(cursor, drafts),
            marks={},
            last_position=position,
            next_position=max(position + 1, self._first_position),
            last_recorded_at_us=recorded_at_us,
        )
        for draft in drafts:
            if draft.tracking is not None:
                ground.marks[draft.tracking.source] = self._mark(cursor, draft.tracking.source)
            for stream in draft.expected:
                if stream not in known.heads:
                    known.heads[stream] = self._head(cursor, stream)
            for event in draft.events:
                if event.context.agency not in known.tips:
                    known.tips[event.context.agency] = self._tip(cursor, event.context.agency)
        return ground

    def _requests(self, cursor: sqlite3.Cursor, drafts: Sequence[Draft]) -> dict[tuple[str, str], Kept]:
        """Those of the drafts' request ids that are known, an agency at a time."""
        wanted: dict[str, list[str]] = {}
        for draft in drafts:
            if draft.request is not None:
                wanted.setdefault(draft.context.agency, []).append(draft.request.request_id)
        found = {}
        for agency, ids in wanted.items():
            places = 1 << (len(ids) - 1).bit_length()  # few lengths, so that the statement stays prepared
            marks = ",".join("?" * places)
            rows = cursor.execute(
                "SELECT request_id, body_hash, stream, version, position, names FROM requests"
                f" WHERE agency = ? AND request_id IN ({marks})",
                (agency, *ids, *(ids[-1:] * (places - len(ids)))),
            )
            for request_id, *kept in rows:
                found[agency, request_id] = kept_from(*kept)
        return found

    def _write(self, cursor: sqlite3.Cursor, plan: Plan) -> None:
        if plan.rows:
            cursor.executemany(f"INSERT INTO stored_events ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", plan.rows)
            self._known.last = (plan.rows[-1].position, max(self._known.last_us, plan.rows[-1].recorded_at_us))
        if plan.requests:
            cursor.executemany("INSERT INTO requests VALUES (?,?,?,?,?,?,?)", map(request_columns, plan.requests))
        for source, position in plan.marks.items():
            assert self._connection is not None
            self._insert_tracking(self._connection.cursor(), LibraryTracking(source, position))

    def _head(self, cursor: sqlite3.Cursor, stream: str) -> Head:
        row = cursor.execute(
            "SELECT originator_version, stream_hash FROM stored_events WHERE originator_id = ?"
            " ORDER BY originator_version DESC LIMIT 1",
            (stream,),
        ).fetchone()
        return NO_HEAD if row is None else Head(*row)

    def _tip(self, cursor: sqlite3.Cursor, agency: str) -> Tip:
        row = cursor.execute(
            "SELECT agency_sequence, recorded_at_us FROM stored_events WHERE agency = ?"
            " ORDER BY agency_sequence DESC LIMIT 1",
            (agency,),
        ).fetchone()
        return NO_TIP if row is None else Tip(*row)

    def _mark(self, cursor: sqlite3.Cursor, source: str) -> int:
        row = cursor.execute("SELECT notification_id FROM tracking WHERE application_name = ?", (source,)).fetchone()
        return 0 if row is None else int(row[0])

    def begin(self, stream: str) -> None:
        self._known.heads[stream] = NO_HEAD

    def head(self, stream: str) -> Head:
        with _errors():
            head = self._known.heads[stream] = self._head(self._cursor, stream)
        return head

    def stream(self, stream: str, after_version: int, limit: int) -> Sequence[Row]:
        rows = self._rows(
            "originator_id = ? AND originator_version > ? ORDER BY originator_version", stream, after_version, limit
        )
        if not rows and not after_version:
            self._known.heads[stream] = NO_HEAD  # the next append need not ask again
        elif rows and len(rows) < limit:
            self._known.heads[stream] = Head(rows[-1].version, rows[-1].stream_hash)
        return rows

    def streams(self, streams: Sequence[str], limit: int) -> Mapping[str, Sequence[Row]]:
        return {stream: self.stream(stream, 0, limit) for stream in streams}

    def stream_at(self, stream: str, versions: Sequence[int]) -> Sequence[Row]:
        marks = ",".join("?" * len(versions))
        where = f"originator_id = ? AND originator_version IN ({marks}) ORDER BY originator_version"
        return self._rows(where, stream, *versions, -1)

    def log(self, after: int, limit: int) -> Sequence[Row]:
        return self._rows("position > ? ORDER BY position", after, limit)

    def agency_log(self, agency: str, after_sequence: int, limit: int, tags: Sequence[str] = ()) -> Sequence[Row]:
        only = f" AND topic IN ({','.join('?' * len(tags))})" if tags else ""
        where = f"agency = ? AND agency_sequence > ?{only} ORDER BY agency_sequence"
        return self._rows(where, agency, after_sequence, *tags, limit)

    def house_log(self, after: int) -> Sequence[Row]:
        return self._rows(f"position > ? AND {HOUSE_TAGS} ORDER BY position", after, -1)

    def last_until(self, agency: str, instant_us: int) -> int:
        low, high = (
            0,
            self._value("SELECT coalesce(max(agency_sequence), 0) FROM stored_events WHERE agency = ?", agency),
        )
        position = 0
        while low < high:
            middle = (low + high + 1) // 2
            row = self._first(
                "SELECT position, recorded_at_us FROM stored_events WHERE agency = ? AND agency_sequence = ?",
                agency,
                middle,
            )
            assert row is not None
            if row[1] <= instant_us:
                low, position = middle, row[0]
            else:
                high = middle - 1
        return position

    def position(self) -> int:
        return int(self._value("SELECT coalesce(max(position), 0) FROM stored_events"))

    def mark(self, source: str) -> int:
        with _errors():
            return self._mark(self._cursor, source)

    def noted(self, name: str) -> str:
        return str(self._value("SELECT value FROM book WHERE name = ?", name) or "")

    def note_once(self, name: str, value: str) -> str:
        with _errors():
            self._cursor.execute("INSERT INTO book VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (name, value))
        return str(self._value("SELECT value FROM book WHERE name = ?", name))

    def begin_epoch(self, first_position: int) -> str:
        epoch = uuid4().hex[:12]
        with _errors():
            self._cursor.execute("BEGIN IMMEDIATE")
            for name, value in (("epoch", epoch), ("first_position", str(first_position))):
                self._cursor.execute("INSERT OR REPLACE INTO book VALUES (?, ?)", (name, value))
            self._cursor.execute("COMMIT")
        self._first_position = first_position
        return epoch

    def checkpoint(self) -> None:
        """On a connection of its own, so that it can run in another thread; it never blocks the writer. Where another
        process holds the file just now there will be a next time."""
        if self._memory:
            return
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(self._file, timeout=0.0)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @property
    def _file(self) -> str:
        return str(self.datastore.pool.db_name)

    def close(self) -> None:
        if self._connection is not None:
            self.datastore.pool.put_connection(self._connection)
            self._connection = None
        self.checkpoint()
        self.datastore.close()

    def _rows(self, where: str, *values: Any) -> Sequence[Row]:
        with _errors():
            found = self._cursor.execute(f"SELECT {COLUMNS} FROM stored_events WHERE {where} LIMIT ?", values)
            return [Row._make(row) for row in found]

    def _first(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        with _errors():
            row: tuple[Any, ...] | None = self._cursor.execute(statement, values).fetchone()
            return row

    def _value(self, statement: str, *values: Any) -> Any:
        row = self._first(statement, *values)
        return None if row is None else row[0]


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _as_ours(error) from error
    except DatabaseError as error:
        cause = error.__cause__ or error.args[0] if error.args else error
        raise (_as_ours(cause) if isinstance(cause, sqlite3.Error) else StoreUnavailable(str(error))) from error
    except PersistenceError as error:
        raise StoreUnavailable(str(error)) from error


def _as_ours(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_FULL:
        return StoreFull("there is no room left on the disk of the event store")
    if isinstance(error, sqlite3.IntegrityError):
        return AssertionError(f"the append was laid out wrongly: {error}")
    return StoreUnavailable(f"the event store does not answer: {error}")

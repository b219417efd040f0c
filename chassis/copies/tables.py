"""The tables of a store or a keyring as they are, in one SQL for both databases."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from chassis.house import lost
from chassis.key_table import IDENTITY, KEYS, TABLES
from chassis.sql import Address, Database, Session, open_database
from chassis.sql.database import transaction
from chassis.sql.dialect import table_in_postgres
from chassis.sql.sqlite import SqliteDatabase
from chassis.store.plan import Row
from chassis.store.statements import COLUMNS
from chassis.store.store import recorder_at

PAGE = 2000
EVENTS = [name.strip() for name in COLUMNS.split(",")]
REQUESTS = ["agency", "request_id", "body_hash", "stream", "version", "position", "names"]


class Nothing(Exception):
    """There is no store at that place."""


class NotEmpty(Exception):
    """A copy goes to an empty place only."""


class StoreFigures(msgspec.Struct, frozen=True):
    """What a copy has to be equal in. `log` is a hash over each position and the hash that chains its stream."""

    epoch: str
    position: int
    facts: int
    requests: int
    marks: dict[str, int]
    log: str


class StoreTables:
    """One store's tables. Reads see one picture between `begin` and `end`. A `frozen` one is a file of a backup, which
    is read and not touched."""

    def __init__(self, url: str, service: str, *, frozen: bool = False) -> None:
        self.service = service
        self.address = Address.parse(url, service)
        self.database: Database = _open(self.address, frozen=frozen)

    def is_there(self) -> bool:
        if not self.address.is_postgres and not Path(self.address.path).exists():
            return False
        return "stored_events" in self.database.tables()

    def must_be_there(self) -> None:
        if not self.is_there():
            raise Nothing(f"there is no store of {self.service} at {self.place}")

    @property
    def place(self) -> str:
        return f"the schema {self.address.schema}" if self.address.is_postgres else self.address.path

    def make(self) -> None:
        """The tables where there are none; `NotEmpty` where something was recorded in them."""
        recorder = recorder_at(self.address, rehearsal=False)
        recorder.open()
        recorder.close()
        if self.database.query("SELECT position FROM stored_events LIMIT 1"):
            raise NotEmpty(f"{self.place} holds a store of {self.service} already: a copy goes to an empty place only")

    def begin(self) -> None:
        self.database.begin_reading()

    def end(self) -> None:
        self.database.rollback()

    def close(self) -> None:
        self.database.close()

    def rows(self) -> Iterator[list[Row]]:
        """All facts in order, page by page."""
        after = 0
        query = f"SELECT {COLUMNS} FROM stored_events WHERE position > :after ORDER BY position LIMIT :limit"
        while found := self.database.query(query, {"after": after, "limit": PAGE}):
            page = [_row(row) for row in found]
            yield page
            after = page[-1].position

    def requests(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        """All request ids, page by page."""
        agency = request_id = ""
        query = (
            f"SELECT {', '.join(REQUESTS)} FROM requests WHERE (agency, request_id) > (:agency, :request_id)"
            " ORDER BY agency, request_id LIMIT :limit"
        )
        while page := self.database.query(query, {"agency": agency, "request_id": request_id, "limit": PAGE}):
            yield page
            agency, request_id = page[-1]["agency"], page[-1]["request_id"]

    def marks(self) -> dict[str, int]:
        """How far each source was taken in. (What begins with two underscores is the library's own.)"""
        rows = self.database.query(f"SELECT application_name, notification_id FROM {self._marks}")
        marks = {str(row["application_name"]): int(row["notification_id"]) for row in rows}
        return {source: position for source, position in marks.items() if not source.startswith("__")}

    def book(self) -> dict[str, str]:
        return {row["name"]: row["value"] for row in self.database.query("SELECT name, value FROM book")}

    def position(self) -> int:
        return int(
            self.database.query("SELECT coalesce(max(position), 0) AS position FROM stored_events")[0]["position"]
        )

    def agencies(self) -> list[str]:
        return [
            row["agency"] for row in self.database.query("SELECT DISTINCT agency FROM stored_events ORDER BY agency")
        ]

    def count(self) -> int:
        return int(self.database.query("SELECT count(*) AS facts FROM stored_events")[0]["facts"])

    def figures(self) -> StoreFigures:
        """Reads the whole store."""
        log, facts = sha256(), 0
        for page in self.rows():
            facts += len(page)
            for row in page:
                log.update(f"{row.position} {row.stream_hash}\n".encode())
        return StoreFigures(
            epoch=self.book().get("epoch", ""),
            position=self.position(),
            facts=facts,
            requests=int(self.database.query("SELECT count(*) AS requests FROM requests")[0]["requests"]),
            marks=dict(sorted(self.marks().items())),
            log=log.hexdigest(),
        )

    def write(self, session: Session, page: Sequence[Row]) -> None:
        values = ", ".join(f":{name}" for name in EVENTS)
        statement = f"INSERT INTO stored_events ({COLUMNS}) VALUES ({values})"
        session.execute_many(statement, [dict(zip(EVENTS, row, strict=True)) for row in page])

    def write_requests(self, session: Session, page: Sequence[Mapping[str, Any]]) -> None:
        values = ", ".join(f":{name}" for name in REQUESTS)
        session.execute_many(f"INSERT INTO requests ({', '.join(REQUESTS)}) VALUES ({values})", list(page))

    def write_marks(self, session: Session, marks: Mapping[str, int]) -> None:
        session.execute_many(
            f"INSERT INTO {self._marks} (application_name, notification_id) VALUES (:source, :position)",
            [{"source": source, "position": position} for source, position in marks.items()],
        )

    def write_book(self, session: Session, book: Mapping[str, str]) -> None:
        session.execute("DELETE FROM book")
        session.execute_many(
            "INSERT INTO book (name, value) VALUES (:name, :value)",
            [{"name": name, "value": value} for name, value in book.items()],
        )

    def note_lost(self, epochs: Mapping[str, str]) -> None:
        """Epoch -> its source: none of what the bus still holds of them is taken in here."""
        with transaction(self.database) as session:
            session.execute_many(
                "INSERT INTO book (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
                [{"name": lost(epoch), "value": source} for epoch, source in epochs.items()],
            )

    @property
    def _marks(self) -> str:
        return "notification_tracking" if self.address.is_postgres else "tracking"


class KeyTables:
    """A keyring's table as it is: wrapped keys, tombstones, identity."""

    def __init__(self, url: str, service: str, *, frozen: bool = False) -> None:
        self.service = service
        self.address = Address.parse(url, f"{service}_keys")
        self.database: Database = _open(self.address, frozen=frozen)

    @property
    def place(self) -> str:
        return f"the schema {self.address.schema}" if self.address.is_postgres else self.address.path

    def is_there(self) -> bool:
        if not self.address.is_postgres and not Path(self.address.path).exists():
            return False
        return KEYS in self.database.tables()

    def make(self) -> None:
        """The tables where there are none; `NotEmpty` where there are keys in them."""
        with transaction(self.database) as session:
            for name, columns in TABLES.items():
                definition = table_in_postgres(columns) if self.address.is_postgres else columns
                session.execute(f"CREATE TABLE IF NOT EXISTS {name} ({definition})")
        if self.rows()[KEYS]:
            raise NotEmpty(f"{self.place} holds keys of {self.service} already: a copy goes to an empty place only")

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for name in TABLES:
            present = name in self.database.tables()
            rows = self.database.query(f"SELECT * FROM {name}") if present else ()
            found[name] = [
                {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
                for row in rows
            ]
        return found

    def write(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        with transaction(self.database) as session:
            session.execute(f"DELETE FROM {IDENTITY}")
            for name, page in rows.items():
                if page:
                    columns = list(page[0])
                    values = ", ".join(f":{column}" for column in columns)
                    session.execute_many(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})", list(page))

    def bury(self, tombstones: Sequence[Mapping[str, Any]]) -> int:
        """Erase again who was erased since; how many were."""
        before = {(row["agency"], row["subject"]) for row in self.rows()[KEYS] if row["erased_at"]}
        fresh = [row for row in tombstones if (row["agency"], row["subject"]) not in before]
        with transaction(self.database) as session:
            session.execute_many(
                f"INSERT INTO {KEYS} (agency, subject, wrapped, erased_at) VALUES (:agency, :subject, NULL, :erased_at)"
                " ON CONFLICT (agency, subject) DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at",
                [{name: row[name] for name in ("agency", "subject", "erased_at")} for row in fresh],
            )
        if fresh:
            self.database.scrub()
        return len(fresh)

    def close(self) -> None:
        self.database.close()


def key_hash(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Equal for equal keyrings."""
    lines = sorted(
        json.dumps({"table": name, **row}, sort_keys=True, default=lambda value: bytes(value).hex())
        for name, page in rows.items()
        for row in page
    )
    return sha256("\n".join(lines).encode()).hexdigest()


def _open(address: Address, *, frozen: bool) -> Database:
    return SqliteDatabase(address.path, durable=True, frozen=True) if frozen else open_database(address, durable=True)


def _row(row: Mapping[str, Any]) -> Row:
    return Row._make(bytes(value) if isinstance(value, memoryview) else value for value in row.values())

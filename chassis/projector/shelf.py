"""The tables of views in their database: making, swapping, positions, hashes. Synchronous; a thread at a time."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from chassis.projector.view import View, ViewTables, beside, shape_of
from chassis.sql import Address, Database, open_database
from chassis.sql.database import transaction
from chassis.sql.dialect import table_in_postgres
from chassis.store import Recorded


class Place(NamedTuple):
    """Where a view is: in which shape it was built, from which epoch of the store, up to which position."""

    shape: str
    epoch: str
    position: int


class PlaceMoved(Exception):
    """Another process keeps these views too; look where they are."""


class Shelf:
    def __init__(self, address: Address) -> None:
        self._address = address
        self._database: Database = open_database(address, durable=False)

    def open(self) -> Mapping[str, Place]:
        """Make the book of places where there is none; returns where each view is."""
        with transaction(self._database) as session:
            session.execute(
                "CREATE TABLE IF NOT EXISTS view_places"
                " (name TEXT PRIMARY KEY, shape TEXT NOT NULL, epoch TEXT NOT NULL, position BIGINT NOT NULL)"
            )
        return self.places()

    def places(self) -> Mapping[str, Place]:
        rows = self._database.query("SELECT name, shape, epoch, position FROM view_places")
        return {row["name"]: Place(row["shape"], row["epoch"], row["position"]) for row in rows}

    def project(self, views: Sequence[View], before: int, facts: Sequence[Recorded]) -> None:
        """Facts into live views that are at `before`; rows and positions in one transaction. `PlaceMoved` where another
        process has moved one of them meanwhile: then nothing is written."""
        names = [view.name for view in views]
        with transaction(self._database) as session:
            lock = " FOR UPDATE" if self._address.is_postgres else ""
            rows = session.query(f"SELECT name, position FROM view_places ORDER BY name{lock}")
            places = {row["name"]: row["position"] for row in rows}
            if any(places.get(name) != before for name in names):
                raise PlaceMoved(f"the views are at {places}, not at {before}")
            tables = ViewTables(session)
            for view in views:
                view.project(tables, facts)
            session.execute_many(
                "UPDATE view_places SET position = :position WHERE name = :name",
                [{"name": name, "position": facts[-1].position} for name in names],
            )

    def begin_beside(self, view: View) -> None:
        """Empty tables beside the live ones; what a broken-off rebuild left there is dropped."""
        with transaction(self._database) as session:
            for table, columns in view.tables.items():
                session.execute(f"DROP TABLE IF EXISTS {table}__next")
                definition = table_in_postgres(columns) if self._address.is_postgres else columns
                session.execute(f"CREATE TABLE {table}__next ({definition})")
            generation = uuid4().hex[:8]
            for number, index in enumerate(view.indexes):
                name = f"{view.name}_{number}_{generation}"
                session.execute(f"CREATE INDEX {name} ON {beside(index)}")

    def project_beside(self, view: View, facts: Sequence[Recorded]) -> None:
        with transaction(self._database) as session:
            view.project(ViewTables(session, beside), facts)

    def swap(self, view: View, facts: Sequence[Recorded], place: Place) -> None:
        """The last facts, and the change of tables, in one transaction."""
        with transaction(self._database) as session:
            if facts:
                view.project(ViewTables(session, beside), facts)
            for table in view.tables:
                session.execute(f"DROP TABLE IF EXISTS {table}")
                session.execute(f"ALTER TABLE {table}__next RENAME TO {table}")
            session.execute(
                "INSERT INTO view_places (name, shape, epoch, position) VALUES (:name, :shape, :epoch, :position)"
                " ON CONFLICT (name) DO UPDATE SET shape = excluded.shape, epoch = excluded.epoch,"
                " position = excluded.position",
                {"name": view.name, **place._asdict()},
            )

    def picture(self, views: Sequence[View]) -> tuple[Mapping[str, Place], Mapping[str, str]]:
        """Where the views are, and the hashes of the rows of those that have this shape, of one instant; also while
        another process keeps them."""
        if "view_places" not in self._database.tables():
            return {}, {}
        self._database.begin_reading()
        try:
            places = self.places()
            kept = [view for view in views if view.name in places and places[view.name].shape == shape_of(view)]
            return places, {view.name: self.hash(view) for view in kept}
        finally:
            self._database.rollback()

    def hash(self, view: View) -> str:
        """A hash of the view's rows, whatever their order: equal for equal contents on either database."""
        whole = sha256()
        for table in sorted(view.tables):
            rows = self._database.query(f"SELECT * FROM {table}")
            lines = sorted(json.dumps(dict(row), sort_keys=True, default=_plain) for row in rows)
            whole.update(f"{table} {len(lines)}\n".encode())
            whole.update("\n".join(lines).encode())
        return whole.hexdigest()

    def for_reading(self) -> Database:
        """A connection for queries beside this one; in memory there is only one."""
        return self._database if self._address.is_memory else open_database(self._address, durable=False, reading=True)

    def checkpoint(self) -> None:
        """Housekeeping on a connection of its own."""
        self._database.checkpoint()

    def close(self) -> None:
        self._database.close()


def schema_for(address: Address, views: Sequence[View]) -> str:
    """Where this version's views belong: at home, or beside where home is kept in another shape. Asked while another
    version may be at work; each keeps views of its own, and none touches the other's."""
    shelf = Shelf(address)
    try:
        places = shelf.open()
    finally:
        shelf.close()
    shapes = {view.name: shape_of(view) for view in views}
    if not places or all(name in places and places[name].shape == shape for name, shape in shapes.items()):
        return address.schema
    return f"{address.schema}_{sha256(repr(sorted(shapes.items())).encode()).hexdigest()[:8]}"


def place_of(view: View, epoch: str, position: int) -> Place:
    return Place(shape_of(view), epoch, position)


def _plain(value: object) -> str:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)

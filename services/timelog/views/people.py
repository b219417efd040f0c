"""Who works for the agency; names and addresses sealed as they were recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.timelog.events import PersonAdded, PersonDescribed, PersonErased
from services.timelog.views.rows import Change, instant, microseconds, write
from vocabulary.personal import Personal

_UPSERT = (
    "INSERT INTO {person} (agency, person_id, name, email, role, time_zone, created_us, version)"
    " VALUES (:agency, :person_id, :name, :email, :role, :time_zone, :created_us, :version)"
    " ON CONFLICT (agency, person_id) DO UPDATE SET name = excluded.name, email = excluded.email,"
    " role = excluded.role, time_zone = excluded.time_zone, version = excluded.version"
)
_ERASE = "UPDATE {person} SET email = NULL, version = :version WHERE agency = :agency AND person_id = :person_id"


class PeopleView:
    name: ClassVar[str] = "people"
    tables: ClassVar[Mapping[str, str]] = {
        "person": (
            "agency TEXT NOT NULL, person_id TEXT NOT NULL, name TEXT NOT NULL, email TEXT, role TEXT NOT NULL,"
            " time_zone TEXT NOT NULL, created_us INTEGER NOT NULL, version INTEGER NOT NULL,"
            " PRIMARY KEY (agency, person_id)"
        )
    }
    indexes: ClassVar[Sequence[str]] = ()

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        changes = []
        for fact in facts:
            match fact.event:
                case PersonAdded() | PersonDescribed():
                    changes.append(Change(_UPSERT, _row(fact, fact.event)))
                case PersonErased() as erased:
                    changes.append(
                        Change(_ERASE, {"agency": fact.agency, "person_id": erased.person_id, "version": fact.version})
                    )
                case _:  # other facts are other views'
                    continue
        write(tables, changes)


class PersonRow(msgspec.Struct, frozen=True):
    """A person; name and e-mail address still sealed."""

    person_id: str
    name: Personal
    email: Personal | None
    role: str
    time_zone: str
    created_at: datetime
    version: int


async def person(views: Views, agency: str, person_id: str) -> PersonRow | None:
    rows = await views.query(
        "SELECT * FROM {person} WHERE agency = :agency AND person_id = :person_id",
        {"agency": agency, "person_id": person_id},
    )
    return _read(rows[0]) if rows else None


async def people(views: Views, agency: str, after: str, limit: int) -> Sequence[PersonRow]:
    """In order of their ids, those after `after`."""
    rows = await views.query(
        "SELECT * FROM {person} WHERE agency = :agency AND person_id > :after ORDER BY person_id LIMIT :limit",
        {"agency": agency, "after": after, "limit": limit},
    )
    return [_read(row) for row in rows]


async def how_many(views: Views, agency: str) -> int:
    rows = await views.query("SELECT count(*) AS many FROM {person} WHERE agency = :agency", {"agency": agency})
    return int(rows[0]["many"])


def _row(fact: Recorded, event: PersonAdded | PersonDescribed) -> dict[str, Any]:
    return {
        "agency": fact.agency,
        "person_id": event.person_id,
        "name": msgspec.json.encode(event.name).decode(),
        "email": msgspec.json.encode(event.email).decode() if event.email else None,
        "role": event.role,
        "time_zone": event.time_zone,
        "created_us": microseconds(fact.recorded_at),
        "version": fact.version,
    }


def _read(row: Mapping[str, Any]) -> PersonRow:
    return PersonRow(
        row["person_id"],
        msgspec.json.decode(row["name"], type=Personal),
        msgspec.json.decode(row["email"], type=Personal) if row["email"] else None,
        row["role"],
        row["time_zone"],
        instant(row["created_us"]),
        row["version"],
    )

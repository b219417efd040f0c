"""Who is the agency: its profile, personal data still sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.contracts.events import AgencyDescribed

_DECODER = msgspec.json.Decoder(AgencyDescribed)


class AgencyView:
    name: ClassVar[str] = "agency"
    tables: ClassVar[Mapping[str, str]] = {
        "agency_profile": "agency TEXT NOT NULL, content TEXT NOT NULL, version INTEGER NOT NULL,"
        " updated_at TEXT NOT NULL, PRIMARY KEY (agency)"
    }
    indexes: ClassVar[Sequence[str]] = ()

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        described = {fact.agency: fact for fact in facts if isinstance(fact.event, AgencyDescribed)}
        tables.execute_many(
            "INSERT INTO {agency_profile} (agency, content, version, updated_at)"
            " VALUES (:agency, :content, :version, :updated_at) ON CONFLICT (agency) DO UPDATE SET"
            " content = excluded.content, version = excluded.version, updated_at = excluded.updated_at",
            [
                {
                    "agency": fact.agency,
                    "content": msgspec.json.encode(fact.event).decode(),
                    "version": fact.version,
                    "updated_at": fact.recorded_at.isoformat(),
                }
                for fact in described.values()
            ],
        )


class AgencyRow(NamedTuple):
    profile: AgencyDescribed
    version: int
    updated_at: datetime


async def profile(views: Views, agency: str) -> AgencyRow | None:
    rows = await views.query("SELECT * FROM {agency_profile} WHERE agency = :agency", {"agency": agency})
    if not rows:
        return None
    row = rows[0]
    return AgencyRow(_DECODER.decode(row["content"]), row["version"], datetime.fromisoformat(row["updated_at"]))

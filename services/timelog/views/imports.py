"""Imports that were applied."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.timelog.events import TimeImported
from services.timelog.views.rows import Change, Page, instant, microseconds, write

_NOTE = (
    "INSERT INTO {import_batch}"
    " (agency, import_id, position, source, file_sha256, logged, known_already, skipped, created_us, actor)"
    " VALUES (:agency, :import_id, :position, :source, :file_sha256, :logged, :known_already, :skipped, :created_us,"
    " :actor)"
)


class ImportsView:
    name: ClassVar[str] = "imports"
    tables: ClassVar[Mapping[str, str]] = {
        "import_batch": (
            "agency TEXT NOT NULL, import_id TEXT NOT NULL, position INTEGER NOT NULL, source TEXT NOT NULL,"
            " file_sha256 TEXT NOT NULL, logged INTEGER NOT NULL, known_already INTEGER NOT NULL,"
            " skipped INTEGER NOT NULL, created_us INTEGER NOT NULL, actor TEXT NOT NULL,"
            " PRIMARY KEY (agency, import_id)"
        )
    }
    indexes: ClassVar[Sequence[str]] = ("{import_batch} (agency, position)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        changes = []
        for fact in facts:
            match fact.event:
                case TimeImported() as imported:
                    changes.append(Change(_NOTE, _row(fact, imported)))
                case _:  # other facts are other views'
                    continue
        write(tables, changes)


class ImportRow(msgspec.Struct, frozen=True):
    import_id: str
    position: int
    source: str
    file_sha256: str
    logged: int
    known_already: int
    skipped: int
    created_at: datetime
    actor: str


async def import_batch(views: Views, agency: str, import_id: str) -> ImportRow | None:
    rows = await views.query(
        "SELECT * FROM {import_batch} WHERE agency = :agency AND import_id = :import_id",
        {"agency": agency, "import_id": import_id},
    )
    return read(rows[0]) if rows else None


async def imports(views: Views, agency: str, before: int | None, limit: int) -> Page:
    """The last one first."""
    counted = await views.query(
        "SELECT count(*) AS many FROM {import_batch} WHERE agency = :agency", {"agency": agency}
    )
    where = "agency = :agency" + (" AND position < :before" if before is not None else "")
    rows = await views.query(
        f"SELECT * FROM {{import_batch}} WHERE {where} ORDER BY position DESC LIMIT :limit",
        {"agency": agency, "before": before, "limit": limit},
    )
    return Page(rows, int(counted[0]["many"]))


def read(row: Mapping[str, Any]) -> ImportRow:
    return ImportRow(
        row["import_id"],
        row["position"],
        row["source"],
        row["file_sha256"],
        row["logged"],
        row["known_already"],
        row["skipped"],
        instant(row["created_us"]),
        row["actor"],
    )


def _row(fact: Recorded, imported: TimeImported) -> dict[str, Any]:
    return {
        "agency": fact.agency,
        "import_id": imported.import_id,
        "position": fact.position,
        "source": imported.source,
        "file_sha256": imported.file_sha256,
        "logged": imported.logged,
        "known_already": imported.known_already,
        "skipped": imported.skipped,
        "created_us": microseconds(fact.recorded_at),
        "actor": fact.actor,
    }

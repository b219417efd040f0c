"""Time entries: one, or pages of them by contract, person and date; notes sealed as they were recorded.

Entries that were deleted keep their row, so that an import knows that it had them; no list shows them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.timelog.events import TimeApproved, TimeCorrected, TimeDeleted, TimeLogged, Work
from services.timelog.views.rows import Change, Page, instant, microseconds, write

DAY_US = 24 * 3600 * 1_000_000
MOST_OVERLAPS = 20
_WORK = msgspec.json.Decoder(Work)
_WORK_COLUMNS = (
    "contract_id",
    "person_id",
    "counted_on",
    "started_us",
    "ended_us",
    "sorted_us",
    "task",
    "billable",
    "work",
    "approved",
    "updated_us",
    "version",
)
_COLUMNS = ("agency", "entry_id", *_WORK_COLUMNS, "import_id", "created_us", "deleted")
_INSERT = (
    f"INSERT INTO {{entry}} ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
    " ON CONFLICT (agency, entry_id) DO NOTHING"
)
_CORRECT = (
    f"UPDATE {{entry}} SET {', '.join(f'{name} = :{name}' for name in _WORK_COLUMNS)}"
    " WHERE agency = :agency AND entry_id = :entry_id"
)
_MARK = "updated_us = :updated_us, version = :version WHERE agency = :agency AND entry_id = :entry_id"
_APPROVE = f"UPDATE {{entry}} SET approved = 1, {_MARK}"
_DELETE = f"UPDATE {{entry}} SET deleted = 1, {_MARK}"


class EntriesView:
    name: ClassVar[str] = "entries"
    tables: ClassVar[Mapping[str, str]] = {
        "entry": (
            "agency TEXT NOT NULL, entry_id TEXT NOT NULL, contract_id TEXT NOT NULL, person_id TEXT NOT NULL,"
            " counted_on TEXT NOT NULL, started_us INTEGER, ended_us INTEGER, sorted_us INTEGER NOT NULL,"
            " task TEXT NOT NULL, billable INTEGER NOT NULL, work TEXT NOT NULL, approved INTEGER NOT NULL,"
            " import_id TEXT NOT NULL, created_us INTEGER NOT NULL, updated_us INTEGER NOT NULL,"
            " version INTEGER NOT NULL, deleted INTEGER NOT NULL, PRIMARY KEY (agency, entry_id)"
        )
    }
    indexes: ClassVar[Sequence[str]] = (
        "{entry} (agency, counted_on, sorted_us, entry_id)",
        "{entry} (agency, contract_id, counted_on, sorted_us, entry_id)",
        "{entry} (agency, person_id, counted_on, sorted_us, entry_id)",
        "{entry} (agency, person_id, started_us)",
    )

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        changes = []
        for fact in facts:
            match fact.event:
                case TimeLogged() as logged:
                    row = _worked(fact, logged.entry_id, logged.work, logged.approved)
                    row["import_id"] = logged.imported.import_id if logged.imported else ""
                    row["created_us"] = row["updated_us"]
                    row["deleted"] = 0
                    changes.append(Change(_INSERT, row))
                case TimeCorrected() as corrected:
                    row = _worked(fact, corrected.entry_id, corrected.work, corrected.approved)
                    changes.append(Change(_CORRECT, row))
                case TimeApproved(entry_id=entry_id):
                    changes.append(Change(_APPROVE, _marked(fact, entry_id)))
                case TimeDeleted(entry_id=entry_id):
                    changes.append(Change(_DELETE, _marked(fact, entry_id)))
                case _:  # other facts are other views'
                    continue
        write(tables, changes)


class EntryRow(msgspec.Struct, frozen=True):
    """An entry; its note still sealed."""

    entry_id: str
    work: Work
    approved: bool
    import_id: str
    created_at: datetime
    updated_at: datetime
    version: int
    key: tuple[str, int, str]
    """By which lists are sorted: date, start, id (R11)."""


class Wanted(msgspec.Struct, frozen=True):
    """Which entries a list shows: SQL conditions over the columns, with their parameters."""

    conditions: tuple[str, ...] = ()
    parameters: dict[str, Any] = {}
    descending: bool = False


async def entry(views: Views, agency: str, entry_id: str) -> EntryRow | None:
    rows = await views.query(
        "SELECT * FROM {entry} WHERE agency = :agency AND entry_id = :entry_id AND deleted = 0",
        {"agency": agency, "entry_id": entry_id},
    )
    return read(rows[0]) if rows else None


async def entries(views: Views, agency: str, wanted: Wanted, after: Sequence[Any] | None, limit: int) -> Page:
    """A page in order of date, start and id."""
    where = " AND ".join(("agency = :agency", "deleted = 0", *wanted.conditions))
    parameters: dict[str, Any] = {**wanted.parameters, "agency": agency}
    counted = await views.query(f"SELECT count(*) AS many FROM {{entry}} WHERE {where}", parameters)
    beyond, direction = ("<", " DESC") if wanted.descending else (">", "")
    if after is not None:
        where += f" AND (counted_on, sorted_us, entry_id) {beyond} (:after_on, :after_us, :after_id)"
        parameters |= {"after_on": after[0], "after_us": after[1], "after_id": after[2]}
    rows = await views.query(
        f"SELECT * FROM {{entry}} WHERE {where}"
        f" ORDER BY counted_on{direction}, sorted_us{direction}, entry_id{direction} LIMIT :limit",
        {**parameters, "limit": limit},
    )
    return Page(rows, int(counted[0]["many"]))


async def overlaps(views: Views, agency: str, entry_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Entries of the same person at the same time, by entry (R12), the first `MOST_OVERLAPS` of each: where everything
    lies at one time, a page would name every entry a thousand times. None lasts longer than a day, so that a day back
    is far enough to look."""
    if not entry_ids:
        return {}
    names = {f"id{number}": entry_id for number, entry_id in enumerate(entry_ids)}
    rows = await views.query(
        "SELECT entry_id, other_id FROM (SELECT one.entry_id AS entry_id, other.entry_id AS other_id,"
        " row_number() OVER (PARTITION BY one.entry_id ORDER BY other.started_us, other.entry_id) AS place"
        " FROM {entry} one JOIN {entry} other"
        " ON other.agency = one.agency AND other.person_id = one.person_id"
        " AND other.started_us > one.started_us - :day_us AND other.started_us < one.ended_us"
        " AND other.ended_us > one.started_us AND other.entry_id <> one.entry_id AND other.deleted = 0"
        f" WHERE one.agency = :agency AND one.entry_id IN ({', '.join(f':{name}' for name in names)})"
        ") named WHERE place <= :most ORDER BY entry_id, place",
        {**names, "agency": agency, "day_us": DAY_US, "most": MOST_OVERLAPS},
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row["entry_id"]].append(row["other_id"])
    return found


async def known(views: Views, agency: str, entry_ids: Sequence[str]) -> frozenset[str]:
    """Which of these have ever been entries, deleted ones among them."""
    if not entry_ids:
        return frozenset()
    names = {f"id{number}": entry_id for number, entry_id in enumerate(entry_ids)}
    rows = await views.query(
        "SELECT entry_id FROM {entry} WHERE agency = :agency"
        f" AND entry_id IN ({', '.join(f':{name}' for name in names)})",
        {**names, "agency": agency},
    )
    return frozenset(row["entry_id"] for row in rows)


def read(row: Mapping[str, Any]) -> EntryRow:
    return EntryRow(
        row["entry_id"],
        _WORK.decode(row["work"]),
        bool(row["approved"]),
        row["import_id"],
        instant(row["created_us"]),
        instant(row["updated_us"]),
        row["version"],
        (row["counted_on"], row["sorted_us"], row["entry_id"]),
    )


def _worked(fact: Recorded, entry_id: str, work: Work, approved: bool) -> dict[str, Any]:
    started_us = ended_us = None
    if work.started_at is not None:
        started_us = microseconds(work.started_at)
        ended_us = microseconds(work.started_at + timedelta(seconds=work.worked))
    counted_on = work.counted_on or work.worked_on or (work.started_at and work.started_at.date())
    return {
        "agency": fact.agency,
        "entry_id": entry_id,
        "contract_id": work.contract_id,
        "person_id": work.person_id,
        "counted_on": str(counted_on),
        "started_us": started_us,
        "ended_us": ended_us,
        "sorted_us": started_us or 0,
        "task": work.task,
        "billable": int(work.billable),
        "work": msgspec.json.encode(work).decode(),
        "approved": int(approved),
        "updated_us": microseconds(fact.recorded_at),
        "version": fact.version,
    }


def _marked(fact: Recorded, entry_id: str) -> dict[str, Any]:
    return {
        "agency": fact.agency,
        "entry_id": entry_id,
        "updated_us": microseconds(fact.recorded_at),
        "version": fact.version,
    }

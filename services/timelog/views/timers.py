"""Timers that run; notes sealed as they were recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.timelog.events import TimerDiscarded, TimerStarted, TimerStopped
from services.timelog.views.rows import Change, Page, instant, microseconds, write
from vocabulary.personal import Personal

_START = (
    "INSERT INTO {timer} (agency, person_id, entry_id, contract_id, started_us, task, billable, note, version)"
    " VALUES (:agency, :person_id, :entry_id, :contract_id, :started_us, :task, :billable, :note, :version)"
    " ON CONFLICT (agency, person_id) DO UPDATE SET entry_id = excluded.entry_id, contract_id = excluded.contract_id,"
    " started_us = excluded.started_us, task = excluded.task, billable = excluded.billable, note = excluded.note,"
    " version = excluded.version"
)
_STOP = "DELETE FROM {timer} WHERE agency = :agency AND person_id = :person_id"


class TimersView:
    name: ClassVar[str] = "timers"
    tables: ClassVar[Mapping[str, str]] = {
        "timer": (
            "agency TEXT NOT NULL, person_id TEXT NOT NULL, entry_id TEXT NOT NULL, contract_id TEXT NOT NULL,"
            " started_us INTEGER NOT NULL, task TEXT NOT NULL, billable INTEGER NOT NULL, note TEXT,"
            " version INTEGER NOT NULL, PRIMARY KEY (agency, person_id)"
        )
    }
    indexes: ClassVar[Sequence[str]] = ("{timer} (agency, started_us, person_id)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        changes = []
        for fact in facts:
            match fact.event:
                case TimerStarted() as started:
                    changes.append(Change(_START, _row(fact, started)))
                case TimerStopped(person_id=person_id) | TimerDiscarded(person_id=person_id):
                    changes.append(Change(_STOP, {"agency": fact.agency, "person_id": person_id}))
                case _:  # other facts are other views'
                    continue
        write(tables, changes)


class TimerRow(msgspec.Struct, frozen=True):
    """A timer; its note still sealed."""

    person_id: str
    entry_id: str
    contract_id: str
    started_at: datetime
    task: str
    billable: bool
    note: Personal | None
    version: int
    key: tuple[int, str]


async def timer(views: Views, agency: str, person_id: str) -> TimerRow | None:
    rows = await views.query(
        "SELECT * FROM {timer} WHERE agency = :agency AND person_id = :person_id",
        {"agency": agency, "person_id": person_id},
    )
    return read(rows[0]) if rows else None


async def timers(views: Views, agency: str, person_id: str, after: Sequence[Any] | None, limit: int) -> Page:
    """In order of their starts; of one person where one is named."""
    where = "agency = :agency" + (" AND person_id = :person_id" if person_id else "")
    parameters: dict[str, Any] = {"agency": agency, "person_id": person_id}
    counted = await views.query(f"SELECT count(*) AS many FROM {{timer}} WHERE {where}", parameters)
    if after is not None:
        where += " AND (started_us, person_id) > (:after_us, :after_id)"
        parameters |= {"after_us": after[0], "after_id": after[1]}
    rows = await views.query(
        f"SELECT * FROM {{timer}} WHERE {where} ORDER BY started_us, person_id LIMIT :limit",
        {**parameters, "limit": limit},
    )
    return Page(rows, int(counted[0]["many"]))


def read(row: Mapping[str, Any]) -> TimerRow:
    return TimerRow(
        row["person_id"],
        row["entry_id"],
        row["contract_id"],
        instant(row["started_us"]),
        row["task"],
        bool(row["billable"]),
        msgspec.json.decode(row["note"], type=Personal) if row["note"] else None,
        row["version"],
        (row["started_us"], row["person_id"]),
    )


def _row(fact: Recorded, started: TimerStarted) -> dict[str, Any]:
    return {
        "agency": fact.agency,
        "person_id": started.person_id,
        "entry_id": started.entry_id,
        "contract_id": started.contract_id,
        "started_us": microseconds(started.started_at),
        "task": started.task,
        "billable": int(started.billable),
        "note": msgspec.json.encode(started.note).decode() if started.note else None,
        "version": fact.version,
    }

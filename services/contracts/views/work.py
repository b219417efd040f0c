"""On which days a contract has billable time or deliveries, as far as was heard from timelog."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.contracts.domain.changing import KnownWork
from services.contracts.events import NotedWork, WorkDropped, WorkHeard, WorkNoted
from vocabulary.identity import ContractId


class WorkView:
    name: ClassVar[str] = "work"
    tables: ClassVar[Mapping[str, str]] = {
        "contract_work": "agency TEXT NOT NULL, subject TEXT NOT NULL, contract_id TEXT NOT NULL, day TEXT NOT NULL,"
        " delivery INTEGER NOT NULL, rated INTEGER NOT NULL, person_id TEXT NOT NULL, role TEXT NOT NULL,"
        " task TEXT NOT NULL, PRIMARY KEY (agency, subject)"
    }
    indexes: ClassVar[Sequence[str]] = ("{contract_work} (agency, contract_id, day)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        """Only what is known of a subject at the end of the batch is written."""
        last: dict[tuple[str, str], tuple[ContractId, NotedWork | None]] = {}
        for fact in facts:
            for subject, contract_id, work in _said(fact):
                last[fact.agency, subject] = (contract_id, work)
        tables.execute_many(
            "INSERT INTO {contract_work} (agency, subject, contract_id, day, delivery, rated, person_id, role, task)"
            " VALUES (:agency, :subject, :contract_id, :day, :delivery, :rated, :person_id, :role, :task)"
            " ON CONFLICT (agency, subject) DO UPDATE SET contract_id = excluded.contract_id, day = excluded.day,"
            " rated = excluded.rated, person_id = excluded.person_id, role = excluded.role, task = excluded.task",
            [_row(agency, contract_id, work) for (agency, _), (contract_id, work) in last.items() if work is not None],
        )
        tables.execute_many(
            "DELETE FROM {contract_work} WHERE agency = :agency AND subject = :subject",
            [{"agency": agency, "subject": subject} for (agency, subject), (_, work) in last.items() if work is None],
        )


def _said(fact: Recorded) -> Iterator[tuple[str, ContractId, NotedWork | None]]:
    """Subjects with their contract and the work as it is after a fact; None: it is none any more."""
    match fact.event:
        case WorkHeard() as event:
            for work in event.noted:
                yield work.subject, event.contract_id, work
            for subject in event.dropped:
                yield subject, event.contract_id, None
        case WorkNoted() as event:
            work = NotedWork(event.subject, event.on, event.person_id, event.role, event.task, event.rated)
            yield event.subject, event.contract_id, work
        case WorkDropped() as event:
            yield event.subject, event.contract_id, None
        case _:  # other facts are other views'
            return


def _row(agency: str, contract_id: ContractId, work: NotedWork) -> Mapping[str, object]:
    return {
        "agency": agency,
        "subject": work.subject,
        "contract_id": contract_id,
        "day": work.on.isoformat(),
        "delivery": int(work.subject.startswith("deliveries/")),
        "rated": int(work.rated),
        "person_id": work.person_id,
        "role": work.role,
        "task": work.task,
    }


async def first_billable(views: Views, agency: str, contract_id: str, from_on: date, to_on: date) -> date | None:
    """The first date in `[from_on, to_on)` with billable time."""
    rows = await views.query(
        "SELECT min(day) AS day FROM {contract_work} WHERE agency = :agency AND contract_id = :contract_id"
        " AND delivery = 0 AND day >= :from_on AND day < :to_on",
        {
            "agency": agency,
            "contract_id": contract_id,
            "from_on": from_on.isoformat(),
            "to_on": to_on.isoformat(),
        },
    )
    return _date(rows[0]["day"])


async def last_work(views: Views, agency: str, contract_id: str) -> date | None:
    """The last date with billable time or a delivery."""
    rows = await views.query(
        "SELECT max(day) AS day FROM {contract_work} WHERE agency = :agency AND contract_id = :contract_id",
        {"agency": agency, "contract_id": contract_id},
    )
    return _date(rows[0]["day"])


async def work_from(views: Views, agency: str, contract_id: str, from_on: date) -> Sequence[KnownWork]:
    """What new terms from a date on must heed: deliveries, and time without a rate of its own; what is alike once."""
    rows = await views.query(
        "SELECT DISTINCT day, delivery, person_id, role, task FROM {contract_work} WHERE agency = :agency"
        " AND contract_id = :contract_id AND day >= :from_on AND rated = 0"
        " ORDER BY day, delivery, person_id, role, task",
        {"agency": agency, "contract_id": contract_id, "from_on": from_on.isoformat()},
    )
    return [
        KnownWork(
            date.fromisoformat(row["day"]),
            delivery=bool(row["delivery"]),
            person_id=row["person_id"],
            role=row["role"],
            task=row["task"],
        )
        for row in rows
    ]


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Which letters there are, what became of them, and which are due."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, get_args

import msgspec

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.notify.domain.news import contract_of, document_of, kind_of
from services.notify.domain.notice_state import Notice, Stage, evolve
from services.notify.events import NoticeEvent, NoticeId
from vocabulary.identity import ContractId, DocumentNumber

AT_ONCE = ""
_STATE = msgspec.json.Decoder(Notice)
_NOTICE_EVENTS = get_args(NoticeEvent)


class LettersView:
    """One row for each notice; `state` holds all of it, sealed as it was recorded. `due_at` is when the postman looks
    at it: empty at once, NULL never again."""

    name: ClassVar[str] = "letters"
    tables: ClassVar[Mapping[str, str]] = {
        "letter": (
            "agency TEXT NOT NULL, notice_id TEXT NOT NULL, client_id TEXT NOT NULL, contract_id TEXT NOT NULL,"
            " number TEXT NOT NULL, kind TEXT NOT NULL, stage TEXT NOT NULL, due_at TEXT, queued_at TEXT NOT NULL,"
            " position BIGINT NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (agency, notice_id)"
        )
    }
    indexes: ClassVar[Sequence[str]] = (
        "{letter} (due_at)",
        "{letter} (agency, position)",
        "{letter} (agency, client_id, position)",
        "{letter} (agency, stage, position)",
    )

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        changed: dict[tuple[str, str], dict[str, Any]] = {}
        notices: dict[tuple[str, str], Notice] = {}
        for fact in facts:
            if not isinstance(fact.event, _NOTICE_EVENTS):
                continue
            key = (fact.agency, fact.event.notice_id)
            if key not in changed:
                row = _row(tables, key)
                changed[key] = row or {"queued_at": _text(fact.recorded_at), "position": fact.position}
                if row:
                    notices[key] = _STATE.decode(row["state"])
            notices[key] = evolve(notices.get(key), fact.event)
            changed[key]["version"] = fact.version
        tables.execute_many(_UPSERT, [_filled(key, row, notices[key]) for key, row in changed.items()])


_COLUMNS = "agency, notice_id, client_id, contract_id, number, kind, stage, due_at, queued_at, position, version, state"
_UPSERT = (
    f"INSERT INTO {{letter}} ({_COLUMNS})"
    " VALUES (:agency, :notice_id, :client_id, :contract_id, :number, :kind, :stage, :due_at,"
    " :queued_at, :position, :version, :state) ON CONFLICT (agency, notice_id) DO UPDATE SET"
    " stage = excluded.stage, due_at = excluded.due_at, version = excluded.version, state = excluded.state"
)


def _row(tables: Tables, key: tuple[str, str]) -> dict[str, Any] | None:
    rows = tables.query(
        "SELECT * FROM {letter} WHERE agency = :agency AND notice_id = :notice_id",
        {"agency": key[0], "notice_id": key[1]},
    )
    return dict(rows[0]) if rows else None


def _filled(key: tuple[str, str], row: Mapping[str, Any], notice: Notice) -> Mapping[str, Any]:
    return {
        **row,
        "agency": key[0],
        "notice_id": key[1],
        "client_id": notice.client_id,
        "contract_id": contract_of(notice.news) or "",
        "number": document_of(notice.news) or "",
        "kind": kind_of(notice.news),
        "stage": notice.stage.value,
        "due_at": _due_at(notice),
        "state": msgspec.json.encode(notice).decode(),
    }


def _due_at(notice: Notice) -> str | None:
    if notice.is_settled:
        return None
    return _text(notice.next_look) if notice.next_look else AT_ONCE


def _text(instant: datetime) -> str:
    """Sorts as the instants do."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# Questions.


class LetterRow(msgspec.Struct, frozen=True):
    """A notice with what the store knows of it."""

    agency: str
    notice: Notice
    queued_at: datetime
    position: int
    version: int


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which letters are asked for; what is None is not asked."""

    client_id: str | None = None
    contract_id: ContractId | None = None
    number: DocumentNumber | None = None
    kind: str | None = None
    stage: Stage | None = None


async def find(views: Views, agency: str, notice_id: str) -> LetterRow | None:
    rows = await views.query(
        "SELECT * FROM {letter} WHERE agency = :agency AND notice_id = :notice_id",
        {"agency": agency, "notice_id": notice_id},
    )
    return _read(rows[0]) if rows else None


async def page(views: Views, agency: str, wanted: Wanted, before: int | None, size: int) -> Sequence[LetterRow]:
    """The latest first; `before` is the position of the last one on the page before."""
    where, parameters = _where(agency, wanted)
    if before is not None:
        where, parameters["before"] = f"{where} AND position < :before", before
    rows = await views.query(
        f"SELECT * FROM {{letter}} WHERE {where} ORDER BY position DESC LIMIT :size", {**parameters, "size": size}
    )
    return [_read(row) for row in rows]


async def count(views: Views, agency: str, wanted: Wanted) -> int:
    where, parameters = _where(agency, wanted)
    rows = await views.query(f"SELECT count(*) AS letters FROM {{letter}} WHERE {where}", parameters)
    return int(rows[0]["letters"])


class Due(msgspec.Struct, frozen=True):
    """A notice that waits for the postman."""

    agency: str
    client_id: str
    notice_id: NoticeId
    queued_at: datetime

    @property
    def client(self) -> tuple[str, str]:
        return self.agency, self.client_id


async def due(views: Views, now: datetime, limit: int) -> Sequence[Due]:
    """One for each client, who has waited longest first."""
    rows = await views.query(
        "SELECT agency, client_id, notice_id, queued_at FROM {letter} WHERE position IN (SELECT min(position)"
        " FROM {letter} WHERE due_at <= :now GROUP BY agency, client_id) ORDER BY position LIMIT :limit",
        {"now": _text(now), "limit": limit},
    )
    return [
        Due(row["agency"], row["client_id"], NoticeId(row["notice_id"]), datetime.fromisoformat(row["queued_at"]))
        for row in rows
    ]


async def next_due(views: Views, now: datetime) -> datetime | None:
    """When the next letter is due that is not due yet."""
    rows = await views.query("SELECT min(due_at) AS due_at FROM {letter} WHERE due_at > :now", {"now": _text(now)})
    due_at = rows[0]["due_at"]
    return datetime.fromisoformat(due_at) if due_at else None


def _where(agency: str, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    asked = msgspec.to_builtins(wanted)
    clauses = ["agency = :agency", *(f"{column} = :{column}" for column in asked)]
    return " AND ".join(clauses), {"agency": agency, **asked}


def _read(row: Mapping[str, Any]) -> LetterRow:
    return LetterRow(
        agency=row["agency"],
        notice=_STATE.decode(row["state"]),
        queued_at=datetime.fromisoformat(row["queued_at"]),
        position=row["position"],
        version=row["version"],
    )

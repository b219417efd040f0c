"""What is left of each contract, period by period: one row a period, as the account's facts say it. Nothing is computed
here; what depends on today is reckoned from the row when somebody asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import (
    AccountOpened,
    BoundaryAwaited,
    DeliveryCounted,
    DeliveryUncounted,
    EndNoted,
    EntryCounted,
    EntryRecounted,
    EntryUncounted,
    Figures,
    FiguresRestated,
    PaceWarned,
    PauseNoted,
    PeriodSettled,
    PlanNoted,
    RenewalNoted,
    ThresholdReached,
)
from services.billing.views import plans

Key = tuple[str, str]
"""Agency and contract."""

_ENCODER = msgspec.json.Encoder()
_FIGURES = msgspec.json.Decoder(Figures)


class BudgetView:
    name: ClassVar[str] = "budget"
    tables: ClassVar[Mapping[str, str]] = {
        "budget_accounts": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, client_id TEXT NOT NULL,"
        " title TEXT NOT NULL, currency TEXT NOT NULL, time_zone TEXT NOT NULL, region TEXT NOT NULL,"
        " starts_on TEXT NOT NULL, ends_on TEXT NOT NULL, pauses TEXT NOT NULL, settles_on TEXT NOT NULL,"
        " settles_at TEXT NOT NULL,"
        " version INTEGER NOT NULL, position INTEGER NOT NULL, updated_at TEXT NOT NULL,"
        " PRIMARY KEY (agency, contract_id)",
        "budget_periods": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, starts_on TEXT NOT NULL,"
        " figures TEXT NOT NULL, settled INTEGER NOT NULL, PRIMARY KEY (agency, contract_id, starts_on)",
        "budget_plans": plans.TABLE,
        "budget_alerts": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, starts_on TEXT NOT NULL,"
        " percent INTEGER NOT NULL, PRIMARY KEY (agency, contract_id, starts_on, percent)",
    }
    indexes: ClassVar[Sequence[str]] = ("{budget_accounts} (agency, client_id)", "{budget_accounts} (position)")

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        """Of many facts on one period only the last figures are written."""
        figures: dict[tuple[Key, date], Figures | None] = {}
        touched: dict[Key, Recorded] = {}
        settled: dict[Key, date] = {}
        for fact in facts:
            event = fact.event
            match event:
                case EntryCounted() | EntryRecounted() | EntryUncounted() | DeliveryCounted() | DeliveryUncounted():
                    key = (fact.agency, str(event.contract_id))
                    if event.figures is not None:
                        figures[key, event.figures.start] = event.figures
                    touched[key] = fact
                case FiguresRestated():
                    key = (fact.agency, str(event.contract_id))
                    figures.update(((key, restated.start), restated) for restated in event.figures)
                    figures.update(((key, start), None) for start in event.gone)
                    touched[key] = fact
                case PeriodSettled():
                    key = (fact.agency, str(event.contract_id))
                    figures.update(((key, restated.start), restated) for restated in event.figures)
                    touched[key] = fact
                    settled[key] = event.boundary
                case ThresholdReached():
                    _alert(tables, (fact.agency, str(event.contract_id)), event.figures.start, event.percent)
                case PaceWarned():
                    _alert(tables, (fact.agency, str(event.contract_id)), event.figures.start, PACE)
                case _:
                    _account(tables, fact, touched)
        _write_figures(tables, figures)
        for key, boundary in settled.items():
            _settle(tables, key, boundary)
        _write_versions(tables, touched)


PACE = -1
"""Stands among the percentages for the warning of pace (R36)."""


def _account(tables: Tables, fact: Recorded, touched: dict[Key, Recorded]) -> None:
    event = fact.event
    match event:
        case AccountOpened():
            _open(tables, fact, event)
        case EndNoted() | RenewalNoted():
            _set(tables, fact.agency, event.contract_id, "ends_on", event.ends_on.isoformat())
        case PauseNoted():
            _pause(tables, fact.agency, event)
        case BoundaryAwaited():
            settles_on = event.settles_on.isoformat() if event.settles_on else ""
            _set(tables, fact.agency, event.contract_id, "settles_on", settles_on)
            settles_at = event.settles_at.isoformat() if event.settles_at else ""
            _set(tables, fact.agency, event.contract_id, "settles_at", settles_at)
        case PlanNoted():
            plans.note(tables, fact.agency, event)
        case _ if "/account/" in fact.stream and hasattr(event, "contract_id"):
            pass  # it moves the version and nothing else
        case _:
            return
    agency, _, contract_id = fact.stream.split("/", 2)
    touched[agency, contract_id] = fact


def _open(tables: Tables, fact: Recorded, opened: AccountOpened) -> None:
    agreement = opened.agreement
    tables.execute(
        "INSERT INTO {budget_accounts} (agency, contract_id, client_id, title, currency, time_zone, region, starts_on,"
        " ends_on, pauses, settles_on, settles_at, version, position, updated_at) VALUES (:agency, :contract_id,"
        " :client_id, :title, :currency, :time_zone, :region, :starts_on, :ends_on, '[]', '', '', 0, :position, '')",
        {
            "agency": fact.agency,
            "contract_id": opened.contract_id,
            "client_id": opened.client_id,
            "title": opened.title,
            "currency": agreement.currency,
            "time_zone": agreement.time_zone,
            "region": agreement.region,
            "starts_on": agreement.starts_on,
            "ends_on": agreement.ends_on or "",
            "position": fact.position,
        },
    )


def _pause(tables: Tables, agency: str, pause: PauseNoted) -> None:
    where = {"agency": agency, "contract_id": pause.contract_id}
    rows = tables.query(
        "SELECT pauses FROM {budget_accounts} WHERE agency = :agency AND contract_id = :contract_id", where
    )
    pauses = [*msgspec.json.decode(rows[0]["pauses"]), [pause.from_on.isoformat(), pause.to_on.isoformat()]]
    _set(tables, agency, pause.contract_id, "pauses", _ENCODER.encode(pauses).decode())


def _set(tables: Tables, agency: str, contract_id: str, column: str, value: str) -> None:
    tables.execute(
        f"UPDATE {{budget_accounts}} SET {column} = :value WHERE agency = :agency AND contract_id = :contract_id",
        {"agency": agency, "contract_id": contract_id, "value": value},
    )


def _settle(tables: Tables, key: Key, boundary: date) -> None:
    tables.execute(
        "UPDATE {budget_periods} SET settled = 1 WHERE agency = :agency AND contract_id = :contract_id"
        " AND starts_on < :boundary",
        {"agency": key[0], "contract_id": key[1], "boundary": boundary.isoformat()},
    )


def _alert(tables: Tables, key: Key, start: date, percent: int) -> None:
    tables.execute(
        "INSERT INTO {budget_alerts} (agency, contract_id, starts_on, percent)"
        " VALUES (:agency, :contract_id, :starts_on, :percent) ON CONFLICT DO NOTHING",
        {"agency": key[0], "contract_id": key[1], "starts_on": start.isoformat(), "percent": percent},
    )


def _write_figures(tables: Tables, figures: Mapping[tuple[Key, date], Figures | None]) -> None:
    """None: the period is no more."""
    tables.execute_many(
        "INSERT INTO {budget_periods} (agency, contract_id, starts_on, figures, settled)"
        " VALUES (:agency, :contract_id, :starts_on, :figures, 0)"
        " ON CONFLICT (agency, contract_id, starts_on) DO UPDATE SET figures = excluded.figures",
        [
            {
                "agency": agency,
                "contract_id": contract_id,
                "starts_on": start.isoformat(),
                "figures": _ENCODER.encode(one).decode(),
            }
            for ((agency, contract_id), start), one in figures.items()
            if one is not None
        ],
    )
    tables.execute_many(
        "DELETE FROM {budget_periods} WHERE agency = :agency AND contract_id = :contract_id AND starts_on = :starts_on",
        [
            {"agency": agency, "contract_id": contract_id, "starts_on": start.isoformat()}
            for ((agency, contract_id), start), one in figures.items()
            if one is None
        ],
    )


def _write_versions(tables: Tables, touched: Mapping[Key, Recorded]) -> None:
    tables.execute_many(
        "UPDATE {budget_accounts} SET version = :version, position = :position, updated_at = :updated_at"
        " WHERE agency = :agency AND contract_id = :contract_id",
        [
            {
                "agency": agency,
                "contract_id": contract_id,
                "version": fact.version,
                "position": fact.position,
                "updated_at": fact.recorded_at.isoformat(),
            }
            for (agency, contract_id), fact in touched.items()
        ],
    )


class PeriodRow(msgspec.Struct, frozen=True):
    figures: Figures
    settled: bool
    thresholds: tuple[int, ...]
    """As they were told, in order of size."""
    pace_warned: bool = False
    plans: tuple[tuple[str, int], ...] = ()
    """Minutes planned, by task (R34)."""


async def account(views: Views, agency: str, contract_id: str) -> Row | None:
    rows = await views.query(
        "SELECT * FROM {budget_accounts} WHERE agency = :agency AND contract_id = :contract_id",
        {"agency": agency, "contract_id": contract_id},
    )
    return rows[0] if rows else None


async def everything(views: Views, agency: str, contract_id: str) -> Sequence[Row]:
    """All rows of an account, in an order that is always the same."""
    where = {"agency": agency, "contract_id": contract_id}
    tables = ("budget_accounts", "budget_periods ORDER BY starts_on", "budget_alerts ORDER BY starts_on, percent")
    rows: list[Row] = []
    for table in tables:
        name, _, order = table.partition(" ")
        found = await views.query(
            f"SELECT * FROM {{{name}}} WHERE agency = :agency AND contract_id = :contract_id {order}", where
        )
        rows += (dict(row) for row in found)
    return rows


async def big_accounts(views: Views, events: int) -> Sequence[Row]:
    """Agency, contract and version of all accounts of so many events or more."""
    return await views.query(
        "SELECT agency, contract_id, version FROM {budget_accounts} WHERE version >= :events"
        " ORDER BY agency, contract_id",
        {"events": events},
    )


async def accounts(views: Views, agency: str, *, client_id: str = "", beyond: int = 0) -> Sequence[Row]:
    """In order of contract; with `beyond`, those that changed after a position."""
    one = " AND client_id = :client_id" if client_id else ""
    return await views.query(
        f"SELECT * FROM {{budget_accounts}} WHERE agency = :agency{one} AND position > :beyond ORDER BY contract_id",
        {"agency": agency, "client_id": client_id, "beyond": beyond},
    )


async def periods(views: Views, agency: str, contract_id: str, until: date) -> Sequence[PeriodRow]:
    """Every period that has begun by `until`, oldest first."""
    where = {"agency": agency, "contract_id": contract_id, "until": until.isoformat()}
    found = await views.query(
        "SELECT starts_on, figures, settled FROM {budget_periods} WHERE agency = :agency"
        " AND contract_id = :contract_id AND starts_on <= :until ORDER BY starts_on",
        where,
    )
    alerts = await views.query(
        "SELECT starts_on, percent FROM {budget_alerts} WHERE agency = :agency AND contract_id = :contract_id"
        " AND starts_on <= :until ORDER BY percent",
        where,
    )
    percents: dict[str, list[int]] = {}
    for alert in alerts:
        percents.setdefault(alert["starts_on"], []).append(alert["percent"])
    plans_of = await plans.planned(views, where)
    return [
        _period(row, percents.get(row["starts_on"], ()), plans_of.get((contract_id, row["starts_on"]), ()))
        for row in found
    ]


async def lately(views: Views, agency: str, until: date, contract_id: str = "") -> Mapping[str, Sequence[PeriodRow]]:
    """By contract, the two latest periods begun by `until` (today differs by a day between zones)."""
    one = " AND p.contract_id = :contract_id" if contract_id else ""
    where: dict[str, Any] = {"agency": agency, "contract_id": contract_id, "until": until.isoformat()}
    found = await views.query(
        "SELECT contract_id, starts_on, figures, settled FROM (SELECT p.contract_id, p.starts_on, p.figures,"
        " p.settled, row_number() OVER (PARTITION BY p.contract_id ORDER BY p.starts_on DESC) AS place"
        f" FROM {{budget_periods}} p WHERE p.agency = :agency AND p.starts_on <= :until{one}) ranked"
        " WHERE place <= 2 ORDER BY contract_id, starts_on",
        where,
    )
    earliest = min((row["starts_on"] for row in found), default="9999")
    alerts: dict[tuple[str, str], list[int]] = {}
    for row in await views.query(
        "SELECT contract_id, starts_on, percent FROM {budget_alerts} WHERE agency = :agency"
        " AND starts_on >= :earliest ORDER BY percent",
        where | {"earliest": earliest},
    ):
        alerts.setdefault((row["contract_id"], row["starts_on"]), []).append(row["percent"])
    plans_of = await plans.planned(views, where)
    latest: dict[str, list[PeriodRow]] = {}
    for row in found:
        told = alerts.get((row["contract_id"], row["starts_on"]), [])
        planned = plans_of.get((row["contract_id"], row["starts_on"]), ())
        latest.setdefault(row["contract_id"], []).append(_period(row, told, planned))
    return latest


def _period(row: Row, alerts: Sequence[int], plans: Sequence[tuple[str, int]] = ()) -> PeriodRow:
    told = tuple(percent for percent in alerts if percent != PACE)
    return PeriodRow(_FIGURES.decode(row["figures"]), bool(row["settled"]), told, PACE in alerts, tuple(plans))


async def unwarned(views: Views, latest: date) -> Sequence[tuple[Row, PeriodRow]]:
    """Of all agencies: accounts with the periods that hold a day around `latest` and were not warned of (R36)."""
    found = await views.query(
        "SELECT a.agency, a.contract_id, a.time_zone, a.region, p.figures, p.settled FROM {budget_accounts} a"
        " JOIN {budget_periods} p ON p.agency = a.agency AND p.contract_id = a.contract_id"
        " LEFT JOIN {budget_alerts} w ON w.agency = p.agency AND w.contract_id = p.contract_id"
        " AND w.starts_on = p.starts_on AND w.percent = :pace"
        " WHERE p.settled = 0 AND p.starts_on <= :latest AND w.percent IS NULL ORDER BY a.agency, a.contract_id",
        {"latest": latest.isoformat(), "pace": PACE},
    )
    return [(row, _period(row, ())) for row in found]

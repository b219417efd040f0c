"""What each client owes and what he paid, in each currency; reminders that went out (R32, R33)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import msgspec

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import (
    BalanceRefunded,
    InvoiceBooked,
    InvoiceUncollectible,
    OpenRestated,
    PaymentReceived,
    ReminderDue,
    RemindersResumed,
    RemindersSet,
    RemindersStopped,
    ReminderStep,
)


class ReceivablesView:
    name: ClassVar[str] = "receivables"
    tables: ClassVar[Mapping[str, str]] = {
        "dues": "agency TEXT NOT NULL, number TEXT NOT NULL, client_id TEXT NOT NULL, contract_id TEXT NOT NULL,"
        " currency TEXT NOT NULL, issued_on TEXT NOT NULL, due_on TEXT NOT NULL, time_zone TEXT NOT NULL,"
        " open INTEGER NOT NULL, uncollectible INTEGER NOT NULL, reminders INTEGER NOT NULL, stopped INTEGER NOT NULL,"
        " PRIMARY KEY (agency, number)",
        "ledgers": "agency TEXT NOT NULL, client_id TEXT NOT NULL, currency TEXT NOT NULL, credit INTEGER NOT NULL,"
        " stopped INTEGER NOT NULL, PRIMARY KEY (agency, client_id, currency)",
        "payments": "agency TEXT NOT NULL, payment_id TEXT NOT NULL, position INTEGER NOT NULL,"
        " client_id TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL, paid_on TEXT NOT NULL,"
        " number TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (agency, position)",
        "reminder_settings": "agency TEXT NOT NULL PRIMARY KEY, steps TEXT NOT NULL",
    }
    indexes: ClassVar[Sequence[str]] = (
        "{dues} (agency, client_id, currency)",
        "{payments} (agency, client_id, paid_on)",
    )

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            _project(tables, fact)


def _project(tables: Tables, fact: Recorded) -> None:
    agency = fact.agency
    match fact.event:
        case InvoiceBooked() as booked:
            _book(tables, agency, booked)
        case PaymentReceived() as paid:
            number = paid.number or ""
            _pay(tables, fact, paid.payment_id, paid.client_id, paid.currency, paid.amount, paid.paid_on, number)
        case BalanceRefunded() as back:
            _pay(tables, fact, back.refund_id, back.client_id, back.currency, -back.amount, back.refunded_on, "")
        case OpenRestated() as restated:
            tables.execute_many(
                "UPDATE {dues} SET open = :open WHERE agency = :agency AND number = :number",
                [{"agency": agency, "number": due.number, "open": due.open} for due in restated.open],
            )
            _ledger(tables, agency, restated.client_id, restated.currency, "credit = :value", restated.credit)
        case ReminderDue() as reminder:
            _due(tables, agency, reminder.number, "reminders = :value", reminder.step)
        case RemindersStopped(client_id=client_id, currency=currency, number=None):
            _ledger(tables, agency, client_id, currency, "stopped = :value", 1)
        case RemindersStopped(number=str() as number):
            _due(tables, agency, number, "stopped = :value", 1)
        case RemindersResumed(client_id=client_id, currency=currency, number=None):
            _ledger(tables, agency, client_id, currency, "stopped = :value", 0)
        case RemindersResumed(number=str() as number):
            _due(tables, agency, number, "stopped = :value", 0)
        case InvoiceUncollectible() as lost:
            _due(tables, agency, lost.number, "uncollectible = :value", 1)
        case RemindersSet() as settings:
            tables.execute(
                "INSERT INTO {reminder_settings} (agency, steps) VALUES (:agency, :steps)"
                " ON CONFLICT (agency) DO UPDATE SET steps = excluded.steps",
                {"agency": agency, "steps": msgspec.json.encode(settings.steps).decode()},
            )
        case _:  # other facts are other views'
            return


def _book(tables: Tables, agency: str, booked: InvoiceBooked) -> None:
    tables.execute(
        "INSERT INTO {dues} (agency, number, client_id, contract_id, currency, issued_on, due_on, time_zone, open,"
        " uncollectible, reminders, stopped) VALUES (:agency, :number, :client_id, :contract_id, :currency, :issued_on,"
        " :due_on, :time_zone, :open, 0, 0, 0)",
        {
            "agency": agency,
            "number": booked.number,
            "client_id": booked.client_id,
            "contract_id": booked.contract_id,
            "currency": booked.currency,
            "issued_on": booked.issued_on.isoformat(),
            "due_on": booked.due_on.isoformat(),
            "time_zone": booked.time_zone,
            "open": booked.gross,
        },
    )
    tables.execute(
        "INSERT INTO {ledgers} (agency, client_id, currency, credit, stopped)"
        " VALUES (:agency, :client_id, :currency, 0, 0) ON CONFLICT (agency, client_id, currency) DO NOTHING",
        {"agency": agency, "client_id": booked.client_id, "currency": booked.currency},
    )


def _pay(
    tables: Tables,
    fact: Recorded,
    payment_id: str,
    client_id: str,
    currency: str,
    amount: int,
    paid_on: date,
    number: str,
) -> None:
    tables.execute(
        "INSERT INTO {payments} (agency, payment_id, position, client_id, currency, amount, paid_on, number,"
        " created_at) VALUES (:agency, :payment_id, :position, :client_id, :currency, :amount, :paid_on, :number,"
        " :created_at)",
        {
            "agency": fact.agency,
            "payment_id": payment_id,
            "position": fact.position,
            "client_id": client_id,
            "currency": currency,
            "amount": amount,
            "paid_on": paid_on.isoformat(),
            "number": number,
            "created_at": fact.recorded_at.isoformat(),
        },
    )


def _ledger(tables: Tables, agency: str, client_id: str, currency: str, change: str, value: int) -> None:
    tables.execute(
        "INSERT INTO {ledgers} (agency, client_id, currency, credit, stopped)"
        " VALUES (:agency, :client_id, :currency, 0, 0) ON CONFLICT (agency, client_id, currency) DO NOTHING",
        {"agency": agency, "client_id": client_id, "currency": currency},
    )
    tables.execute(
        f"UPDATE {{ledgers}} SET {change} WHERE agency = :agency AND client_id = :client_id AND currency = :currency",
        {"agency": agency, "client_id": client_id, "currency": currency, "value": value},
    )


def _due(tables: Tables, agency: str, number: str, change: str, value: int) -> None:
    tables.execute(
        f"UPDATE {{dues}} SET {change} WHERE agency = :agency AND number = :number",
        {"agency": agency, "number": number, "value": value},
    )


async def ledgers(views: Views, agency: str, client_id: str = "") -> Sequence[Row]:
    """Clients and currencies with their credit balance."""
    one = " AND client_id = :client_id" if client_id else ""
    return await views.query(
        f"SELECT client_id, currency, credit, stopped FROM {{ledgers}} WHERE agency = :agency{one}"
        " ORDER BY client_id, currency",
        {"agency": agency, "client_id": client_id},
    )


async def open_dues(views: Views, agency: str, client_id: str = "") -> Sequence[Row]:
    """Documents of which something is open (above zero), oldest due first."""
    one = " AND client_id = :client_id" if client_id else ""
    return await views.query(
        "SELECT number, client_id, currency, due_on, open, uncollectible FROM {dues}"
        f" WHERE agency = :agency AND open > 0{one} ORDER BY client_id, currency, due_on, number",
        {"agency": agency, "client_id": client_id},
    )


async def due_document(views: Views, agency: str, number: str) -> Row | None:
    """Whose ledger a document stands in."""
    rows = await views.query(
        "SELECT number, client_id, contract_id, currency, issued_on, open FROM {dues}"
        " WHERE agency = :agency AND number = :number",
        {"agency": agency, "number": number},
    )
    return rows[0] if rows else None


async def payments(views: Views, agency: str, client_id: str = "") -> Sequence[Row]:
    one = " AND client_id = :client_id" if client_id else ""
    return await views.query(
        "SELECT payment_id, position, client_id, currency, amount, paid_on, number, created_at FROM {payments}"
        f" WHERE agency = :agency{one} ORDER BY paid_on, position",
        {"agency": agency, "client_id": client_id},
    )


async def overdue_ledgers(views: Views, latest: date, agency: str = "") -> Sequence[Row]:
    """Ledgers with a document that is open after its due date and may be reminded of; `latest` is the latest date that
    is today anywhere. Of all agencies, or of one."""
    one = " AND d.agency = :agency" if agency else ""
    return await views.query(
        "SELECT DISTINCT d.agency, d.client_id, d.currency FROM {dues} d JOIN {ledgers} l ON l.agency = d.agency"
        " AND l.client_id = d.client_id AND l.currency = d.currency WHERE d.open > 0 AND d.due_on < :latest"
        f" AND d.uncollectible = 0 AND d.stopped = 0 AND l.stopped = 0{one} ORDER BY d.agency, d.client_id, d.currency",
        {"latest": latest.isoformat(), "agency": agency},
    )


async def reminder_steps(views: Views, agency: str) -> tuple[ReminderStep, ...] | None:
    """The agency's own steps; None where it has set none."""
    rows: Sequence[Mapping[str, Any]] = await views.query(
        "SELECT steps FROM {reminder_settings} WHERE agency = :agency", {"agency": agency}
    )
    return msgspec.json.decode(rows[0]["steps"], type=tuple[ReminderStep, ...]) if rows else None

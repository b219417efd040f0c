"""What was put on an account besides time: blocks, credits, extras, decisions on overage."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from chassis.projector import Row, Tables, Views
from chassis.store import Recorded
from services.billing.events import (
    BlockBought,
    BlockWithdrawn,
    CreditGiven,
    CreditWithdrawn,
    ExtraAdded,
    ExtraWithdrawn,
    OverageApproved,
    OverageDeclined,
)


class PostingsView:
    name: ClassVar[str] = "postings"
    tables: ClassVar[Mapping[str, str]] = {
        "postings": "agency TEXT NOT NULL, contract_id TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,"
        " posting_id TEXT NOT NULL, on_date TEXT NOT NULL, amount INTEGER, quantity INTEGER,"
        " measure TEXT NOT NULL,"
        " expires_on TEXT NOT NULL, description TEXT NOT NULL, withdrawn INTEGER NOT NULL, created_at TEXT NOT NULL,"
        " PRIMARY KEY (agency, contract_id, position)"
    }
    indexes: ClassVar[Sequence[str]] = ("{postings} (agency, contract_id, kind, posting_id)",)

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case BlockBought() as block:
                    posted = (block.block_id, block.bought_on, block.price, block.minutes, block.expires_on, "")
                    _post(tables, fact, block.contract_id, "block", *posted)
                case CreditGiven() as credit:
                    posted_credit = (credit.credit_id, credit.on, credit.amount, None, None, credit.why)
                    _post(tables, fact, credit.contract_id, "credit", *posted_credit)
                case ExtraAdded() as extra:
                    posted_extra = (extra.extra_id, extra.on, extra.amount, None, extra.until, extra.description)
                    _post(tables, fact, extra.contract_id, "extra", *posted_extra)
                case OverageApproved() as approved:
                    decided = (str(fact.version), approved.period, None, approved.quantity)
                    _post(tables, fact, approved.contract_id, "approval", *decided, measure=approved.measure)
                case OverageDeclined() as declined:
                    _post(tables, fact, declined.contract_id, "decline", str(fact.version), declined.period)
                case BlockWithdrawn() as gone:
                    _withdraw(tables, fact.agency, gone.contract_id, "block", gone.block_id)
                case CreditWithdrawn() as gone_credit:
                    _withdraw(tables, fact.agency, gone_credit.contract_id, "credit", gone_credit.credit_id)
                case ExtraWithdrawn() as gone_extra:
                    _withdraw(tables, fact.agency, gone_extra.contract_id, "extra", gone_extra.extra_id)
                case _:  # other facts are other views'
                    continue


def _post(
    tables: Tables,
    fact: Recorded,
    contract_id: str,
    kind: str,
    posting_id: str,
    on: date,
    amount: int | None = None,
    quantity: int | None = None,
    expires_on: date | None = None,
    description: str = "",
    measure: str = "minutes",
) -> None:
    tables.execute(
        "INSERT INTO {postings} (agency, contract_id, position, kind, posting_id, on_date, amount, quantity,"
        " measure, expires_on, description, withdrawn, created_at) VALUES (:agency, :contract_id, :position, :kind,"
        " :posting_id,"
        " :on_date, :amount, :quantity, :measure, :expires_on, :description, 0, :created_at)",
        {
            "agency": fact.agency,
            "contract_id": contract_id,
            "position": fact.position,
            "kind": kind,
            "posting_id": posting_id,
            "on_date": on.isoformat(),
            "amount": amount,
            "quantity": quantity,
            "measure": measure,
            "expires_on": expires_on.isoformat() if expires_on else "",
            "description": description,
            "created_at": fact.recorded_at.isoformat(),
        },
    )


def _withdraw(tables: Tables, agency: str, contract_id: str, kind: str, posting_id: str) -> None:
    tables.execute(
        "UPDATE {postings} SET withdrawn = 1 WHERE agency = :agency AND contract_id = :contract_id AND kind = :kind"
        " AND posting_id = :posting_id",
        {"agency": agency, "contract_id": contract_id, "kind": kind, "posting_id": posting_id},
    )


async def postings(views: Views, agency: str, contract_id: str, after: int, limit: int) -> Sequence[Row]:
    return await views.query(
        "SELECT * FROM {postings} WHERE agency = :agency AND contract_id = :contract_id AND position > :after"
        " ORDER BY position LIMIT :limit",
        {"agency": agency, "contract_id": contract_id, "after": after, "limit": limit},
    )

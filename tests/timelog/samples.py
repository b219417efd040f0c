"""Contracts, people and words that the tests of timelog share."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from services.timelog.domain import known_contract
from services.timelog.domain.known_contract import Contract
from services.timelog.domain.person import Person
from services.timelog.domain.work import Author, Ground, Said
from services.timelog.events import ContractHeard, Pause
from vocabulary.duration import Seconds, parse_clock
from vocabulary.identity import ClientId, ContractId, PersonId
from vocabulary.personal import of_person
from vocabulary.terms import Agreement, Terms
from vocabulary.terms_in_force import Change

ANNA = PersonId("anna")
BEN = PersonId("ben")
WEB = ContractId("web-2026")
OWNER = Author(may_approve=True, person_id=PersonId("olga"))
MEMBER = Author(may_approve=False, person_id=ANNA)


def terms(**parts: Any) -> Terms:
    """Hours with a fee and a rate, where nothing else is said; `None` takes a part away."""
    whole = {
        "cycle": "month",
        "fee": {"amount": 300000},
        "allowance": {"measure": "hours", "minutes": 1800},
        "rate": 12000,
        **parts,
    }
    return msgspec.convert({key: value for key, value in whole.items() if value is not None}, Terms)


def signed(**parts: Any) -> Agreement:
    whole: dict[str, Any] = {"currency": "EUR", "time_zone": "Europe/Berlin", "starts_on": "2026-01-01"}
    return Agreement(**{**whole, "terms": terms(), **parts})


def heard(
    stage: Any = "active",
    *,
    changes: tuple[Change, ...] = (),
    pauses: tuple[Pause, ...] = (),
    ends_on: date | None = None,
    agreement: Agreement | None = None,
    **parts: Any,
) -> ContractHeard:
    """What timelog knows of the contract web-2026; `parts` are those of its agreement."""
    return ContractHeard(
        contract_id=WEB,
        client_id=ClientId("acme"),
        stage=stage,
        agreement=agreement or signed(**parts),
        changes=changes,
        pauses=pauses,
        ends_on=ends_on,
    )


def contract(stage: Any = "active", **parts: Any) -> Contract:
    return known_contract.evolve(None, heard(stage, **parts))


def person(person_id: PersonId = ANNA, role: str = "senior") -> Person:
    return Person(person_id, of_person(person_id, "Anna Köhler"), None, role, "Europe/Berlin")


def ground(known: Contract | str = "", who: Person | str | None = "", author: Author = OWNER) -> Ground:
    """A contract that binds and a person who is known, where nothing else is said."""
    return Ground(contract() if isinstance(known, str) else known, person() if isinstance(who, str) else who, author)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def said(at: str = "2026-01-16T09:00:00+01:00", worked: str = "1:35", **parts: Any) -> Said:
    """Anna worked 1:35 on the contract web-2026; `at=""` leaves the start out."""
    whole: dict[str, Any] = {
        "contract_id": WEB,
        "person_id": ANNA,
        "started_at": instant(at) if at else None,
        "worked": clock(worked) if worked else None,
    }
    return Said(**{**whole, **parts})


def clock(text: str) -> Seconds:
    sign = -1 if text.startswith("-") else 1
    return Seconds(sign * parse_clock(text.removeprefix("-")))

"""Clients that were erased: whose letters in the outbox are to be destroyed."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from chassis.projector import Tables, Views
from chassis.store import Recorded
from services.notify.events import AddresseeForgotten


class ForgottenView:
    name: ClassVar[str] = "forgotten"
    tables: ClassVar[Mapping[str, str]] = {
        "forgotten": "agency TEXT NOT NULL, client_id TEXT NOT NULL, PRIMARY KEY (agency, client_id)"
    }
    indexes: ClassVar[Sequence[str]] = ()

    def project(self, tables: Tables, facts: Sequence[Recorded]) -> None:
        for fact in facts:
            match fact.event:
                case AddresseeForgotten() as forgotten:
                    tables.execute(
                        "INSERT INTO {forgotten} (agency, client_id) VALUES (:agency, :client_id)"
                        " ON CONFLICT (agency, client_id) DO NOTHING",
                        {"agency": fact.agency, "client_id": forgotten.client_id},
                    )
                case _:  # other facts are other views'
                    continue


async def forgotten(views: Views) -> Sequence[tuple[str, str]]:
    """Agency and client of each."""
    rows = await views.query("SELECT agency, client_id FROM {forgotten} ORDER BY agency, client_id")
    return [(str(row["agency"]), str(row["client_id"])) for row in rows]


async def letters_of(views: Views, agency: str, client_id: str) -> Sequence[str]:
    """The notices of a client, whatever became of them."""
    rows = await views.query(
        "SELECT notice_id FROM {letter} WHERE agency = :agency AND client_id = :client_id",
        {"agency": agency, "client_id": client_id},
    )
    return [str(row["notice_id"]) for row in rows]

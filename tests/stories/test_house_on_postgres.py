"""The whole house on PostgreSQL by settings alone: a quarter of an agency, and the database going away and coming back.

Stores, views and keys lie there; the data folder holds secrets, the outbox and the bus.
"""

import time
from collections.abc import Iterator

import psycopg
import pytest

from chassis.testing import PostgresServer
from retainer.client import Client, connect
from retainer.demo.agency import AGENCY
from retainer.demo.quarter import Told, play
from retainer.failures import ExitStatus, Refusal
from retainer.place import Place
from retainer.words import minor
from tests.house import SERVICES, RunningHouse
from tests.stories.conftest import ON_POSTGRES
from wire.retainer.billing.v1.budget_pb2 import ListBudgetsRequest
from wire.retainer.billing.v1.invoice_pb2 import ListInvoicesRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest
from wire.retainer.contracts.v1.client_pb2 import Client as ClientMessage
from wire.retainer.notify.v1.letter_pb2 import LETTER_STATE_SENT

pytestmark = pytest.mark.xdist_group(ON_POSTGRES)
ANSWERED_SECONDS = 8.0
"""A command that cannot be recorded is told so in this time, on a busy machine too."""
GROSS = [428400, 428400, 226100, 562875, 567154, 451724, 250000, 461125, 66848, 511125]


@pytest.fixture
def client(house_on_postgres: RunningHouse) -> Iterator[Client]:
    place = Place(house_on_postgres.settings.model_copy(update={"agency": AGENCY}))
    with connect(place) as connected:
        yield connected


@pytest.fixture(scope="session")
def told(house_on_postgres: RunningHouse) -> Told:
    place = Place(house_on_postgres.settings.model_copy(update={"agency": AGENCY}))
    with connect(place) as connected:
        return play(connected, house_on_postgres.data_dir / "invoices", lambda step: None)


def test_a_quarter_of_an_agency_is_told_to_the_cent(told: Told, client: Client) -> None:
    assert [minor(invoice.gross) for invoice in told.invoices] == GROSS
    assert len(told.documents) == len(GROSS)
    assert all(path.read_bytes().startswith(b"%PDF") for path in told.documents.values())
    assert all(letter.state == LETTER_STATE_SENT for letter in told.letters)
    assert len(list(client.pages(ListInvoicesRequest(page_size=3), "invoices"))) == len(GROSS)


def test_nothing_of_it_lies_in_the_data_folder(told: Told, house_on_postgres: RunningHouse) -> None:
    assert not list(house_on_postgres.data_dir.rglob("*.db"))


def test_each_service_has_schemas_of_its_own(told: Told, server: PostgresServer) -> None:
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT table_schema, count(*) FROM information_schema.tables"
            " WHERE table_schema NOT IN ('information_schema', 'pg_catalog') GROUP BY 1"
        ).fetchall()
    stores, keyrings = set(SERVICES), {"contracts_keys", "timelog_keys"}
    assert {str(schema) for schema, _ in rows} == stores | {f"{service}_views" for service in SERVICES} | keyrings


def test_while_the_database_is_away_commands_are_told_so_and_afterwards_all_goes_on(
    told: Told, client: Client, house_on_postgres: RunningHouse, server: PostgresServer
) -> None:
    pids = {service: house_on_postgres.pid(service) for service in SERVICES}
    server.stop("immediate")
    try:
        for request in (add_client("away"), ListBudgetsRequest(page_size=1), add_client("away")):
            begun = time.monotonic()
            with pytest.raises(Refusal) as refused:
                client.ask(request, patience_seconds=0.01)
            assert refused.value.status is ExitStatus.UNAVAILABLE, refused.value
            assert time.monotonic() - begun < ANSWERED_SECONDS
    finally:
        server.start()
    receipt = client.ask(add_client("away"), patience_seconds=60.0).receipt
    # billing hears of it: leader, relay, inbox, projector and bus all go on, in the same processes
    client.ask(ListInvoicesRequest(page_size=1, consistency_token=receipt.consistency_token), patience_seconds=60.0)
    assert {service: house_on_postgres.pid(service) for service in SERVICES} == pids


def add_client(client_id: str) -> AddClientRequest:
    return AddClientRequest(client_id=client_id, client=ClientMessage(display_name="Late GmbH", currency_code="EUR"))

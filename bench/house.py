"""A whole house to measure: every service, a real NATS, every feature on, in a data folder of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from retainer.client import Client
from retainer.place import Place
from tests.house import RunningHouse
from wire.retainer.contracts.v1 import client_pb2, contract_pb2, terms_pb2
from wire.retainer.timelog.v1 import person_pb2

AGENCY = "studio"
CONTRACT = "contracts/web"
PERSON = "people/anna"


@contextmanager
def running_house() -> Iterator[RunningHouse]:
    """All four services with one contract of an hours' allowance and one person, added by the public API."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, RunningHouse(Path(folder)) as house:
        with Client(Place(house.settings), house.token(AGENCY)) as client:
            client.ask(
                client_pb2.AddClientRequest(
                    client_id="acme", client=client_pb2.Client(display_name="Acme", currency_code="EUR")
                )
            )
            terms = terms_pb2.Terms(
                cycle=terms_pb2.CYCLE_MONTH,
                fee=terms_pb2.Fee(amount=Money(currency_code="EUR", units=100_000)),
                rate=Money(currency_code="EUR", units=120),
                allowance=terms_pb2.Allowance(hours=Duration(seconds=3600 * 1000)),
            )
            agreement = terms_pb2.Agreement(
                terms=terms, starts_on=Date(year=2026, month=1, day=1), currency_code="EUR", time_zone="Europe/Berlin"
            )
            client.ask(
                contract_pb2.DraftContractRequest(
                    contract_id="web", client="clients/acme", title="Web", agreement=agreement, activate=True
                )
            )
            client.ask(
                person_pb2.AddPersonRequest(
                    person_id="anna", person=person_pb2.Person(display_name="Anna", role="designer")
                )
            )
        yield house


@contextmanager
def child(module: str, *arguments: str) -> Iterator[str]:
    """A process of the bench; gives the first line that it prints."""
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()

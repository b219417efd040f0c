"""Two replicas of each service on one PostgreSQL: both take commands, one of them relays and takes facts in.

The second house shares stores, views, keys, secrets and the bus of the first, and has a data folder of its own.
"""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.testing import PostgresServer
from messages.terms import agreement_message
from retainer.client import Client, connect
from retainer.failures import Refusal
from retainer.place import Place
from tests.house import SERVICES, RunningHouse
from tests.stories.conftest import ON_POSTGRES
from vocabulary.duration import Minutes
from vocabulary.terms import Agreement, Cycle, Hours, Overage, OveragePolicy, Terms
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest
from wire.retainer.contracts.v1.client_pb2 import Client as ClientMessage
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest
from wire.retainer.operations.v1.operations_pb2 import DescribeProcessRequest
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, Person
from wire.retainer.timelog.v1.time_entry_pb2 import (
    CorrectTimeRequest,
    GetTimeEntryRequest,
    LogTimeRequest,
    TimeEntry,
)

pytestmark = pytest.mark.xdist_group(ON_POSTGRES)
AGENCY = "two-replicas"
TAKEOVER_SECONDS = 10.0
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


@dataclass
class Pair:
    """Two houses, and what was logged at either. Each has forgotten what the other's callers have seen: so a caller
    who comes with the token of one replica to the other is asked for all the more."""

    houses: tuple[RunningHouse, RunningHouse]
    clients: tuple[Client, Client]
    logged: int = 0
    minutes: int = 0
    token: str = ""

    def log(self, at: int) -> None:
        """One minute more than the last one, at one of the replicas; repeated until it is answered."""
        self.logged += 1
        entry_id = f"e{self.logged}"
        request = LogTimeRequest(entry_id=entry_id, entry=entry(self.logged), request_id=f"log-{entry_id}")
        request.consistency_token = self.token
        self.token = self.clients[at].ask(request, patience_seconds=30.0).receipt.consistency_token
        self.minutes += self.logged

    def must_agree(self, at: int, patience_seconds: float = 30.0) -> None:
        """Billing, at one of the replicas, has counted all that was answered by either."""
        asked = GetBudgetRequest(contract="contracts/web", consistency_token=self.token)
        budget = self.clients[at].ask(asked, patience_seconds=patience_seconds)
        assert sum(period.entries for period in budget.periods) == self.logged
        assert sum(period.used.time.seconds for period in budget.periods) == 60 * self.minutes

    def leader(self, service: str) -> int:
        """Which of the two leads; waits for an election."""
        until = time.monotonic() + 30
        while True:
            leads = [self._leads(house, service) for house in self.houses]
            if leads.count(True) == 1:
                return leads.index(True)
            assert time.monotonic() < until, f"{service}: {leads}"
            time.sleep(0.05)

    def _leads(self, house: RunningHouse, service: str) -> bool:
        place = Place(house.settings)
        try:
            with Client(place, place.operator_token(), operated=service) as client:
                described: Any = client.ask(DescribeProcessRequest(), timeout_seconds=1.0, patience_seconds=0.01)
        except Refusal:
            return False
        return bool(described.leads)


def entry(minutes: int) -> TimeEntry:
    start = Timestamp()
    start.FromDatetime(NOON)
    worked = Duration(seconds=60 * minutes)
    return TimeEntry(contract="contracts/web", person="people/anna", start_time=start, worked=worked)


@pytest.fixture(scope="module")
def pair(
    server: PostgresServer, house_on_postgres: RunningHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("second")
    shutil.copytree(house_on_postgres.data_dir / "secrets", folder / "secrets")
    nats = str(house_on_postgres.settings.running("nats")["url"])
    second = RunningHouse(folder, RETAINER_STORE_URL=server.url, RETAINER_KEYS_URL=server.url, RETAINER_NATS_URL=nats)
    with second, told(house_on_postgres) as first_client, told(second) as second_client:
        begun = Pair((house_on_postgres, second), (first_client, second_client))
        introduce(begun)
        yield begun


@contextmanager
def told(house: RunningHouse) -> Iterator[Client]:
    with connect(Place(house.settings.model_copy(update={"agency": AGENCY}))) as client:
        yield client


def introduce(pair: Pair) -> None:
    """A client at one, a contract at the other, a person at the first."""
    here, there = pair.clients
    client = ClientMessage(display_name="Acme", currency_code="EUR")
    seen = here.ask(AddClientRequest(client_id="acme", client=client)).receipt.consistency_token
    terms = Terms(
        cycle=Cycle.YEAR, allowance=Hours(minutes=Minutes(60_000)), overage=Overage(policy=OveragePolicy.STOP)
    )
    starts_on = (NOON - timedelta(days=30)).date().isoformat()
    agreement = agreement_message(Agreement(currency="EUR", time_zone="UTC", starts_on=starts_on, terms=terms))
    drafted = DraftContractRequest(
        contract_id="web", client="clients/acme", title="Web", agreement=agreement, activate=True
    )
    drafted.consistency_token = seen
    pair.token = there.ask(drafted).receipt.consistency_token
    here.ask(AddPersonRequest(person_id="anna", person=Person(display_name="Anna")))


def test_both_take_commands_and_each_knows_what_the_other_recorded(pair: Pair) -> None:
    for number in range(20):
        pair.log(at=number % 2)
    pair.must_agree(at=0)
    pair.must_agree(at=1)


def test_a_stream_that_both_have_in_memory_is_decided_on_as_it_is(pair: Pair) -> None:
    """Each replica has the entry in memory as it was before the other wrote."""
    pair.log(at=0)
    name, etag = f"entries/e{pair.logged}", ""
    for number in range(6):
        here, there = pair.clients[number % 2], pair.clients[1 - number % 2]
        corrected = CorrectTimeRequest(entry=TimeEntry(name=name, task=f"task-{number}", etag=etag))
        receipt = here.ask(corrected).receipt
        asked = GetTimeEntryRequest(name=name, consistency_token=receipt.consistency_token)
        seen = there.ask(asked)
        assert seen.task == f"task-{number}"
        etag = seen.etag
        pair.token = receipt.consistency_token
    pair.must_agree(at=1)


def test_one_of_two_leads_each_service(pair: Pair) -> None:
    for service in SERVICES:
        assert pair.leader(service) in (0, 1)


def take_over(pair: Pair, service: str, how: signal.Signals) -> float:
    """End or freeze the leader; seconds until what is logged at the other one is counted there."""
    before = pair.leader(service)
    other = 1 - before
    pid = pair.houses[before].pid(service)
    os.kill(pid, how)
    begun = time.monotonic()
    try:
        pair.log(at=other)
        pair.must_agree(at=other)
        return time.monotonic() - begun
    finally:
        if how is signal.SIGSTOP:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.promise("two replicas on PostgreSQL: one leads, and is followed within 10 s", "`kill -9` of the leader")
def test_a_killed_leader_is_followed_within_ten_seconds(pair: Pair) -> None:
    assert take_over(pair, "timelog", signal.SIGKILL) < TAKEOVER_SECONDS
    pair.houses[0].wait_ready()
    pair.houses[1].wait_ready()
    pair.must_agree(at=0)


@pytest.mark.promise("two replicas on PostgreSQL: one leads, and is followed within 10 s", "the leader frozen")
def test_a_frozen_leader_is_followed_within_ten_seconds_and_does_no_harm_when_it_goes_on(pair: Pair) -> None:
    assert take_over(pair, "billing", signal.SIGSTOP) < TAKEOVER_SECONDS
    for number in range(4):
        pair.log(at=number % 2)
    pair.must_agree(at=0)
    pair.must_agree(at=1)
    pair.leader("billing")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_the_leader_of_every_service_is_followed(pair: Pair, how: signal.Signals) -> None:
    for service in SERVICES:
        took = take_over(pair, service, how)
        print(f"{service}: followed {took:.1f} s after {how.name}")
        assert took < TAKEOVER_SECONDS
        for house in pair.houses:
            house.wait_ready()
    for number in range(10):
        pair.log(at=number % 2)
    pair.must_agree(at=0)
    pair.must_agree(at=1)

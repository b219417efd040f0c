"""A client that is not ours: grpcurl knows nothing but the address, and learns the rest by reflection (in which the
fields have the names of the protos, for Python's descriptors hold no others)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chassis.auth import Role
from tests.house import RunningHouse

GRPCURL = Path(sys.executable).with_name("grpcurl")
AGENCY = "foreign"
pytestmark = pytest.mark.xdist_group("house")


class Grpcurl:
    """As somebody with a shell and a token uses it."""

    def __init__(self, house: RunningHouse) -> None:
        self._house = house

    def run(self, service: str, *arguments: str, data: Any = None, token: str = "") -> subprocess.CompletedProcess[str]:
        header = ["-H", f"authorization: Bearer {token}"] if token else []
        body = ["-d", json.dumps(data)] if data is not None else []
        command = [
            str(GRPCURL),
            "-plaintext",
            "-max-time",
            "20",
            *header,
            *body,
            self._house.address(service),
            *arguments,
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def ask(self, service: str, method: str, data: Any, role: Role = Role.OWNER) -> Any:
        done = self.run(service, method, data=data, token=self._house.token(AGENCY, role))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refused(self, service: str, method: str, data: Any, token: str) -> str:
        done = self.run(service, method, data=data, token=token)
        assert done.returncode != 0, done.stdout
        return done.stderr


@pytest.fixture
def grpcurl(house: RunningHouse) -> Grpcurl:
    return Grpcurl(house)


@pytest.mark.parametrize("service", ["contracts", "timelog", "billing", "notify"])
def test_it_learns_what_there_is(grpcurl: Grpcurl, service: str) -> None:
    listed = grpcurl.run(service, "list").stdout.split()
    ours = [name for name in listed if name.startswith(f"retainer.{service}.v1.")]
    assert ours
    assert {"grpc.health.v1.Health", "retainer.operations.v1.OperationsService"} <= set(listed)
    for name in ours:
        described = grpcurl.run(service, "describe", name)
        assert "rpc " in described.stdout, described.stderr


@pytest.mark.parametrize("service", ["contracts", "timelog", "billing", "notify"])
def test_it_asks_for_health_without_a_token(grpcurl: Grpcurl, service: str) -> None:
    assert json.loads(grpcurl.run(service, "grpc.health.v1.Health/Check", data={}).stdout) == {"status": "SERVING"}


def test_it_logs_time_and_sees_the_budget(grpcurl: Grpcurl) -> None:
    contracts, billing, timelog = "retainer.contracts.v1", "retainer.billing.v1", "retainer.timelog.v1"
    client = {"client_id": "acme", "client": {"display_name": "Acme", "currency_code": "EUR"}}
    grpcurl.ask("contracts", f"{contracts}.ClientService/AddClient", client)
    terms = {
        "cycle": "CYCLE_MONTH",
        "fee": {"amount": {"currency_code": "EUR", "units": "1000"}},
        "rate": {"currency_code": "EUR", "units": "120"},
        "allowance": {"hours": "36000s"},
    }
    agreement = {
        "currency_code": "EUR",
        "time_zone": "Europe/Berlin",
        "starts_on": {"year": 2026, "month": 3, "day": 1},
        "terms": terms,
    }
    draft = {"contract_id": "web", "client": "clients/acme", "title": "Web", "agreement": agreement, "activate": True}
    made = grpcurl.ask("contracts", f"{contracts}.ContractService/DraftContract", draft)["receipt"]
    assert made["name"] == "contracts/web"
    person = {"person_id": "anna", "person": {"display_name": "Anna"}}
    grpcurl.ask("timelog", f"{timelog}.PersonService/AddPerson", person)
    entry = {
        "contract": "contracts/web",
        "person": "people/anna",
        "start_time": "2026-03-02T09:00:00Z",
        "worked": "5400s",
        "note": "the start page",
    }
    log = {"entry": entry, "request_id": "g1", "consistency_token": made["consistency_token"]}
    logged, again = (grpcurl.ask("timelog", f"{timelog}.TimeEntryService/LogTime", log)["receipt"] for _ in range(2))
    assert (logged["name"], again["repeated_request"]) == (again["name"], True)
    budget = grpcurl.ask(
        "billing",
        f"{billing}.BudgetService/GetBudget",
        {
            "contract": "contracts/web",
            "on": {"year": 2026, "month": 3, "day": 3},
            "consistency_token": logged["consistency_token"],
        },
    )
    assert "5400s" in json.dumps(budget)  # 1:30 of 10:00


def test_it_is_told_what_is_wrong_in_words(house: RunningHouse, grpcurl: Grpcurl) -> None:
    log = "retainer.timelog.v1.TimeEntryService/LogTime"
    assert "Unauthenticated" in grpcurl.refused("timelog", log, {}, "")
    assert "PermissionDenied" in grpcurl.refused("timelog", log, {}, house.token(AGENCY, Role.GUEST, client="acme"))
    told = grpcurl.refused("timelog", log, {"request_id": "x"}, house.token(AGENCY))
    assert "InvalidArgument" in told
    assert "entry" in told
    missing = {"name": "entries/none"}
    get = "retainer.timelog.v1.TimeEntryService/GetTimeEntry"
    assert "NotFound" in grpcurl.refused("timelog", get, missing, house.token(AGENCY))


def test_another_agency_sees_nothing_of_it(house: RunningHouse, grpcurl: Grpcurl) -> None:
    stranger = house.token("another", Role.OWNER)
    for service, method, data in [
        ("contracts", "retainer.contracts.v1.ContractService/GetContract", {"name": "contracts/web"}),
        ("billing", "retainer.billing.v1.BudgetService/GetBudget", {"contract": "contracts/web"}),
    ]:
        assert "NotFound" in grpcurl.refused(service, method, data, stranger)

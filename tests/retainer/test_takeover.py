"""A whole agency is taken over in the middle of its year, and goes on over two boundaries (R38)."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from retainer.failures import ExitStatus
from tests.house import ROOT, RunningHouse
from tests.retainer.desk import Desk

AGENCY = ROOT / "examples" / "agency.yaml"
JULY, AUGUST = "2026-07-01T12:00:00Z", "2026-08-01T12:00:00Z"

ASKED_IN_JULY = {  # fees in advance from July on; nothing for June, nothing that is paid
    "acme-web": "1000.00",
    "bolt-app": "900.00",
    "bolt-access": "49.00",
    "cove-posts": "800.00",
    "cove-budget": "1500.00",
    "cove-flat": "75.00",
    "dune-quarter": "2400.00",
    "dune-approve": "500.00",
}
WORKED_IN_JULY = {
    "acme-web": "15:00",  # 4:00 of June + 10:00: 1:00 over at 120.00
    "acme-ads": "11:00",  # 1:00 over at 100.00
    "acme-bank": "7:00",  # 6:30 of the block: 0:30 at 110.00 = 55.00
    "bolt-app": "7:00",  # 8:00 - 2:00 borrowed: 1:00 is taken off August
    "bolt-hourly": "3:00",  # 3:00 at 95.00 = 285.00, above the minimum of 190.00
    "cove-budget": "20:00",  # 2000.00 of 1500.00 + 250.00: 250.00 over
    "dune-approve": "6:00",  # 1:00 over waits for approval
}
ASKED_IN_AUGUST = {
    "acme-web": "1120.00",  # 1000.00 + 120.00
    "acme-ads": "100.00",  # the year's fee is paid
    "acme-bank": "55.00",
    "bolt-app": "900.00",
    "bolt-hourly": "285.00",
    "bolt-access": "49.00",
    "cove-posts": "1020.00",  # 6 posts of 4 + 1: 1 over at 220.00, and 800.00
    "cove-budget": "1750.00",  # 1500.00 + 250.00
    "cove-flat": "75.00",
    "dune-arrears": "600.00",  # July's, in arrears; dune-quarter has nothing before October
    "dune-approve": "500.00",
}


@pytest.fixture
def desk(house: RunningHouse, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, f"taken-{uuid4().hex[:8]}", capsys, now=JULY)


def test_an_agency_goes_on_where_the_system_before_left_it(desk: Desk) -> None:
    planned = desk.done("takeover", str(AGENCY), "--dry-run", "--json").json
    assert (len(planned["planned"]), planned["faults"], planned["done"]) == (32, [], [])
    assert desk.done("client", "list", "--json").json == {"clients": []}, "a dry run records nothing"

    desk.done("takeover", str(AGENCY))
    again = desk.done("takeover", str(AGENCY), "--json").json
    assert all(step["before"] for step in again["done"]), "what was done is found done"

    desk.done("close", "--on", "2026-07-01")
    assert _asked(desk, "2026-07-01") == ASKED_IN_JULY
    assert _numbers(desk) == [f"2026-{place:04}" for place in range(118, 126)]
    assert _open(desk) == {"acme": "2190.00", "bolt": "949.00", "cove": "2315.00", "dune": "2900.00"}
    # acme 1190.00 + 1000.00; cove 800.00 + 1500.00 + 75.00 - 60.00 in its favour

    for contract, worked in WORKED_IN_JULY.items():
        desk.done("log", contract, worked, "--person", "anna", "--on", "2026-07-14", now="2026-07-14T18:00:00Z")
    desk.done("deliver", "cove-posts", "6", "--on", "2026-07-15", now="2026-07-15T18:00:00Z")
    desk.done("close", "--on", "2026-08-01", now=AUGUST)
    assert _asked(desk, "2026-08-01") == ASKED_IN_AUGUST
    assert _numbers(desk) == [f"2026-{place:04}" for place in range(118, 137)]
    august = desk.done("budget", "bolt-app", "--json", now=AUGUST).json["current"]
    assert (august["borrowed"]["time"], august["available"]["time"]) == ("3600s", "25200s")


def test_every_fault_is_told_with_its_place_and_nothing_is_recorded(desk: Desk, tmp_path: Path) -> None:
    faulty = AGENCY.read_text()
    for right, wrong in (
        ("name: Bolt AG, currency: EUR", "name: Bolt AG, currency: EURO"),
        ('{id: spring, left: "6:30", bought_on: 2026-03-01', '{id: spring, left: "6:30", bought_on: 2026-07-03'),
        ("client: dune\n    title: Support", "client: dunes\n    title: Support"),
        ("cycle: quarter, fee: {amount: 2400.00}", "cycle: quarter, fee: {amount: 2400.005}"),
        ("taken_over: {on: 2026-07-01, fee_paid_until: 2027-01-01}", "taken_over: {on: 2026-07-02}"),
        ("number: 2026-0117", "number: 2026-0118"),
        ("buckets: [{period: 2026-06-01, left: 1}]", "buckets: [{period: 2026-06-01, left: 0}]"),
        ("    title: By the hour", "    title: By the hour\n    colour: blue"),
    ):
        assert right in faulty
        faulty = faulty.replace(right, wrong)
    path = tmp_path / "agency.yaml"
    path.write_text(faulty)
    said = desk("takeover", str(path), "--json")
    assert said.status is ExitStatus.WRONG_INPUT
    assert [fault["place"] for fault in said.json["faults"]] == [
        "clients.bolt.currency",
        "contracts.acme-ads.contract.taken_over.on",
        "contracts.bolt-hourly.colour",
        "contracts.dune-quarter.contract.terms.fee.amount",
        "contracts.dune-arrears.client",
        "contracts.acme-web.contract.taken_over.open[0].number",
        "contracts.acme-bank.contract.taken_over.blocks[0].bought_on",
        "contracts.cove-posts.contract.taken_over.buckets[0].left",
    ]
    assert desk.done("client", "list", "--json").json == {"clients": []}


def test_a_run_that_broke_off_is_repeated_and_another_thing_of_that_name_is_a_fault(desk: Desk, tmp_path: Path) -> None:
    text = AGENCY.read_text()
    head, _, _ = text.partition("  bolt-app:")
    (part := tmp_path / "part.yaml").write_text(head)
    desk.done("takeover", str(part))
    whole = desk.done("takeover", str(AGENCY), "--json").json
    assert [step["before"] for step in whole["done"]].count(True) == 2 + 4 + 2 + 6  # numbers, clients, people, three
    (other := tmp_path / "other.yaml").write_text(text.replace("name: Acme GmbH", "name: Acme SE"))
    said = desk("takeover", str(other), "--dry-run", "--json")
    assert [fault["place"] for fault in said.json["faults"]] == ["clients.acme"]


def test_books_that_wait_for_a_take_over_are_not_settled_meanwhile(desk: Desk, tmp_path: Path) -> None:
    desk.done("client", "add", "acme", "--name", "Acme")
    (terms := tmp_path / "terms.yaml").write_text(
        "currency: EUR\ntime_zone: Europe/Berlin\ncontract:\n  starts_on: 2026-01-01\n"
        "  terms: {cycle: month, fee: {amount: 100.00}}\n  taken_over: {on: 2026-07-01}\n"
    )
    desk.done("contract", "draft", "web", "--client", "acme", "--terms", str(terms), "--activate")
    waits = desk("close", "--on", "2026-07-01", "--json").json
    assert [one["reason"] for one in waits["unsettled"]] == ["TakeOverAwaited"]
    assert desk("contract", "takeover", "web", "--on", "2026-06-01").status is ExitStatus.REFUSED
    desk.done("contract", "takeover", "web", "--on", "2026-07-01")
    desk.done("close", "--on", "2026-07-01")
    assert _asked(desk, "2026-07-01") == {"web": "100.00"}


def _invoices(desk: Desk) -> list[dict[str, Any]]:
    return list(desk.done("invoice", "list", "--json", now=AUGUST).json["invoices"])


def _asked(desk: Desk, boundary: str) -> dict[str, str]:
    return {
        invoice["contract"].removeprefix("contracts/"): _money(invoice["gross"])
        for invoice in _invoices(desk)
        if _day(invoice["boundary"]) == boundary
    }


def _numbers(desk: Desk) -> list[str]:
    return sorted(invoice["number"] for invoice in _invoices(desk))


def _open(desk: Desk) -> dict[str, str]:
    found = desk.done("receivables", "--json").json["receivables"]
    return {one["balance"]["client"].removeprefix("clients/"): _money(one["balance"]["open"]) for one in found}


def _money(amount: dict[str, Any]) -> str:
    nanos = Decimal(amount.get("nanos", 0)).scaleb(-9)
    return f"{Decimal(amount.get('units', 0)) + nanos:.2f}"


def _day(day: dict[str, int]) -> str:
    return f"{day['year']}-{day['month']:02}-{day['day']:02}"

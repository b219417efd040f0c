"""What a budget shows (R34) and what clients owe (R32, R33), from the keyboard through the running services."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import TERMS, Desk

CARE = """
currency: {currency}
time_zone: Europe/Berlin
contract:
  starts_on: 2026-01-01
  terms: {{cycle: month, fee: {{amount: {fee}}}}}
"""


@pytest.fixture
def desk(house: RunningHouse, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    desk = Desk(house, f"books-{uuid4().hex[:8]}", capsys)
    desk.done("client", "add", "acme", "--name", "Acme")
    desk.done("person", "add", "anna", "--name", "Anna", "--role", "senior")
    return desk


def _agree(desk: Desk, tmp_path: Path, contract: str, terms: str, client: str = "acme") -> None:
    (file := tmp_path / f"{contract}.yaml").write_text(terms)
    desk.done("contract", "draft", contract, "--client", client, "--terms", str(file), "--activate")


def test_a_budget_shows_all_that_the_rules_name(desk: Desk, tmp_path: Path) -> None:  # R34
    _agree(desk, tmp_path, "web", TERMS + "    approval: required\n")
    desk.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z")
    desk.done("pay", "1000.00", "--invoice", "2026-0001", "--id", "p1", "--on", "2026-01-05")
    desk.now = "2026-01-16T20:00:00Z"
    for id, worked in (("e1", "20:00"), ("e2", "8:00")):
        desk.done("log", "web", worked, "--person", "anna", "--on", "2026-01-16", "--id", id)
    desk.done("entry", "approve", "e1", now="2026-01-16T21:00:00Z")
    desk.done("contract", "plan", "web", "12:00", "--period", "2026-01-01", "--task", "seo")
    desk.done("contract", "plan", "web", "18:00", "--period", "2026-01-01")
    asked = ("budget", "web", "--on", "2026-01-16")
    budget = desk.json(*asked)
    current = budget["current"]
    assert {name: current[name]["time"] for name in ("available", "used", "remaining", "overage")} == {
        "available": "108000s",  # 30:00
        "used": "72000s",  # 20:00 of them; 8:00 wait
        "remaining": "36000s",
        "overage": "0s",
    }
    assert (current["carried"]["time"], current["borrowed"]["time"], current["expired"]["time"]) == ("0s", "0s", "0s")
    assert current["expiring_next"]["time"] == "0s"  # 10:00 are left, as many as may be carried
    assert (current["waiting"], budget["waiting"]) == ("28800s", "28800s")
    assert current["planned"] == "108000s"
    assert [(plan.get("task", ""), plan["planned"]) for plan in current["plans"]] == [("", "64800s"), ("seo", "43200s")]
    assert (_money(current["fee"]), _money(current["time_value"])) == ("3000.00", "2400.00")  # 20:00 at 120.00
    assert (_money(budget["invoiced"]), _money(budget["paid"])) == ("3570.00", "1000.00")
    # Berlin's working days by 01-16: 01-02 and ten more = 11 of 21: 20:00 / 11 = 1:49; 30:00 on the 17th: 01-26
    pace = budget["pace"]
    assert (pace["burn_per_working_day"]["time"], pace["working_days_elapsed"], pace["working_days_total"]) == (
        "6540s",
        11,
        21,
    )
    assert pace["runs_out_on"] == {"year": 2026, "month": 1, "day": 26}
    assert _money(budget["next_invoice"]["gross"]) == "3570.00"  # February's fee
    assert current["thresholds_reached"] == [50]
    shown = desk.done(*asked).out
    assert "Planned for the period: 30:00 (18:00 on any task, 12:00 seo)." in shown
    assert "Waiting for approval: 8:00." in shown
    desk.done("contract", "plan", "web", "0:00", "--period", "2026-01-01")
    assert desk.json(*asked)["current"]["planned"] == "43200s"
    off = desk("contract", "plan", "web", "1:00", "--period", "2026-01-02")
    assert (off.status, "PeriodUnknown" in off.err) == (ExitStatus.WRONG_INPUT, True)


def test_one_transfer_pays_two_contracts_and_currencies_never_mix(desk: Desk, tmp_path: Path) -> None:  # R1, R32
    _agree(desk, tmp_path, "web", CARE.format(currency="EUR", fee="100.00"))
    _agree(desk, tmp_path, "ads", CARE.format(currency="EUR", fee="250.00"))
    _agree(desk, tmp_path, "usa", CARE.format(currency="USD", fee="500.00"))
    desk.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z")
    assert _receivables(desk, "2026-01-10") == {
        "EUR": ("350.00", "0.00", "350.00"),
        "USD": ("500.00", "0.00", "500.00"),
    }

    transfer = ("pay", "380.00 EUR", "--client", "acme", "--id", "bank-1", "--on", "2026-01-10")
    desk.done(*transfer)
    desk.done(*transfer)  # counted once
    assert {one["contract"]: one["state"] for one in desk.json("invoice", "list")["invoices"]} == {
        "contracts/web": "STATE_PAID",
        "contracts/ads": "STATE_PAID",
        "contracts/usa": "STATE_OPEN",
    }
    assert _receivables(desk, "2026-01-10")["EUR"] == ("0.00", "30.00", "0.00")
    again = desk("pay", "381.00 EUR", "--client", "acme", "--id", "bank-1", "--on", "2026-01-10")
    assert (again.status, "PaymentDiffers" in again.err) == (ExitStatus.REFUSED, True)
    other = desk("pay", "10.00 CHF", "--client", "acme", "--id", "bank-2", "--on", "2026-01-10")
    assert (other.status, "CurrencyDiffers" in other.err) == (ExitStatus.WRONG_INPUT, True)
    dollars = next(one["number"] for one in desk.json("invoice", "list")["invoices"] if one["currency"] == "USD")
    mixed = desk("pay", "10.00 EUR", "--client", "acme", "--invoice", dollars, "--id", "bank-3", "--on", "2026-01-10")
    assert (mixed.status, "CurrencyDiffers" in mixed.err) == (ExitStatus.WRONG_INPUT, True)

    desk.done("refund", "20.00 EUR", "--client", "acme", "--id", "back-1", "--on", "2026-01-11")
    too_much = desk("refund", "10.01 EUR", "--client", "acme", "--id", "back-2", "--on", "2026-01-11")
    assert (too_much.status, "BalanceTooSmall" in too_much.err) == (ExitStatus.REFUSED, True)
    ahead = desk.done(
        "pay", "5.00 EUR", "--client", "acme", "--invoice", "2026-99", "--id", "b-4", "--on", "2026-01-12"
    )
    assert "2026-99 is not issued by that day" in ahead.out
    assert _receivables(desk, "2026-01-12")["EUR"] == ("0.00", "15.00", "0.00")


def test_what_is_overdue_is_told_until_it_is_paid_stopped_or_given_up(desk: Desk, tmp_path: Path) -> None:  # R33
    for contract in ("web", "ads", "app"):
        _agree(desk, tmp_path, contract, CARE.format(currency="EUR", fee="100.00"))
    desk.done("reminders", "set", "3", "14=5.00 EUR")
    desk.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z")  # three of 100.00, due on 01-15
    first, second, third = sorted(one["number"] for one in desk.json("invoice", "list")["invoices"])
    assert _told(desk, "2026-01-17T08:00:00Z") == []
    assert _told(desk, "2026-01-18T08:00:00Z") == [(first, 1), (second, 1), (third, 1)]
    assert _told(desk, "2026-01-18T09:00:00Z") == []  # each once
    desk.done("reminders", "stop", second)
    desk.done("invoice", "give-up", third)
    assert _told(desk, "2026-01-29T08:00:00Z") == [(first, 2)]
    desk.done("reminders", "resume", second)
    desk.done("reminders", "stop", "clients/acme")
    assert _told(desk, "2026-01-30T08:00:00Z") == []
    desk.done("reminders", "resume", "clients/acme")
    assert _told(desk, "2026-01-30T09:00:00Z") == [(second, 2)]
    (row,) = desk.json("receivables", "--on", "2026-02-14")["receivables"]
    ages = (row["not_due"], row["days_1_to_30"], row["days_31_to_60"], row["balance"]["uncollectible"])
    assert tuple(map(_money, ages)) == ("0.00", "200.00", "0.00", "100.00")
    (row,) = desk.json("receivables", "--on", "2026-02-15")["receivables"]
    assert _money(row["days_31_to_60"]) == "200.00"
    assert "200.00" in desk.done("receivables", "--on", "2026-02-15").out
    desk.done("close", "--on", "2026-02-01", now="2026-02-01T08:00:00Z")
    fees = [
        (one["contract"], _money(line["amount"]))
        for one in desk.json("invoice", "list")["invoices"]
        for line in one["lines"]
        if line["kind"] == "late_fee"
    ]
    assert len(fees) == 2
    assert {amount for _, amount in fees} == {"5.00"}


def _receivables(desk: Desk, on: str) -> dict[str, tuple[str, str, str]]:
    """Open, credit and not due yet, by currency."""
    return {
        one["balance"]["currency"]: (
            _money(one["balance"]["open"]),
            _money(one["balance"]["credit"]),
            _money(one["not_due"]),
        )
        for one in desk.json("receivables", "--on", on)["receivables"]
    }


def _told(desk: Desk, now: str) -> list[tuple[str, int]]:
    told = desk.done("reminders", "send", "--json", now=now).json.get("reminders", [])
    return [(one["invoice"].removeprefix("invoices/"), one["step"]) for one in told]


def _money(amount: dict[str, Any]) -> str:
    nanos = Decimal(amount.get("nanos", 0)).scaleb(-9)
    return f"{Decimal(amount.get('units', 0)) + nanos:.2f}"

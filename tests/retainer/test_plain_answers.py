"""What a person reads who got something wrong: what it is, in his own words, and what to do; one line."""

from pathlib import Path
from zlib import crc32

import pytest

from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import TERMS, Desk


@pytest.fixture
def desk(house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, f"plain-{crc32(request.node.name.encode()):08x}", capsys)


@pytest.mark.parametrize("command", ["simulate", "takeover"])
def test_a_file_that_is_not_there_is_named_once(command: str, desk: Desk) -> None:
    said = desk(command, "nofile.yaml")
    assert said.status is ExitStatus.WRONG_INPUT
    assert (said.out + said.err).count("nofile.yaml") == 1


def test_a_guest_is_of_a_client(desk: Desk) -> None:
    said = desk("token", "--role", "guest")
    assert said.status is ExitStatus.WRONG_INPUT
    assert "--client acme" in said.err
    desk.done("token", "--role", "guest", "--client", "acme")


def test_money_that_goes_back_is_no_payment(desk: Desk) -> None:
    said = desk("pay", "-5", "--id", "bank-1", "--client", "acme")
    assert said.status is ExitStatus.WRONG_INPUT
    assert "`retainer refund`" in said.err


def test_money_beyond_what_was_asked_is_balance(desk: Desk, tmp_path: Path) -> None:  # R32
    _retainer(desk, tmp_path)
    desk.done("close", "--on", "2026-01-01", now="2026-01-01T08:00:00Z")
    desk.now = "2026-01-20T09:00:00Z"
    exact = desk.done("pay", "3000.00", "--invoice", "2026-0001", "--id", "bank-1", "--on", "2026-01-20")
    assert "balance" not in exact.out  # 570.00 of 3570.00 is open yet
    dry = desk.done("pay", "1000.00", "--invoice", "2026-0001", "--id", "bank-2", "--on", "2026-01-20", "--dry-run")
    assert "balance" not in dry.out
    for _ in range(2):  # the same payment again counts once
        more = desk.done("pay", "1000.00", "--invoice", "2026-0001", "--id", "bank-2", "--on", "2026-01-20")
        assert "acme has a credit balance of 430.00 EUR now: it pays what is issued next" in more.out
        assert "`retainer refund`" in more.out


def test_a_dry_run_of_settling_tells_what_is_due_by_now(desk: Desk, tmp_path: Path) -> None:
    _retainer(desk, tmp_path)
    ahead = desk.done("close", "--on", "2026-06-01", "--dry-run", now="2025-12-20T08:00:00Z").out
    assert "Nothing is due" in ahead and "`retainer budget CONTRACT`" in ahead
    assert "web" not in ahead
    there = desk.done("close", "--on", "2026-06-01", "--dry-run", now="2026-01-01T08:00:00Z").out
    assert "web: 2026-01-01 would be settled" in there
    assert "web: 2026-01-01 settled, 2026-0001" in desk.done("close", now="2026-01-01T08:00:00Z").out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("pay", "99999999999999999999 EUR", "--client", "acme", "--id", "b1"), "at most 9999999999999.99 EUR"),
        (("pay", "9" * 60 + " EUR", "--client", "acme", "--id", "b1"), "at most 9999999999999.99 EUR"),
        (("refund", "10000000000000.00 EUR", "--client", "acme", "--id", "b1"), "more than can be recorded"),
        (("log", "web", "9999999:00", "--person", "anna"), "more hours than can be recorded"),
        (("log", "web", "9999999999h", "--person", "anna"), "more hours than can be recorded"),
        (("log", "web", "1000000.5", "--person", "anna"), "more hours than can be recorded"),
        (("deliver", "blog", "9" * 30), "2147483647"),
        (("invoice", "number", "9" * 30, "--year", "2026"), "2147483647"),
        (("invoice", "explain", "2026-0001", "--line", "9" * 30), "2147483647"),
        (("contract", "thresholds", "web", "80", "9" * 30), "2147483647"),
        (("reminders", "set", "9" * 5000), "2147483647"),
        (("reminders", "set", "3=99999999999999999.00 EUR"), "more than can be recorded"),
    ],
)
def test_a_number_beyond_all_bounds_is_refused_before_it_is_asked(
    asked: tuple[str, ...], said: str, desk: Desk
) -> None:
    answer = desk(*asked)
    assert answer.status is ExitStatus.WRONG_INPUT
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_the_largest_amount_is_heard(desk: Desk) -> None:
    said = desk("pay", "9999999999999.99 EUR", "--client", "nobody", "--id", "b1")
    assert (said.status, "ClientUnknown" in said.err) == (ExitStatus.NOT_FOUND, True)


def test_time_on_a_contract_that_there_is_not(desk: Desk, tmp_path: Path) -> None:
    desk.done("person", "add", "anna", "--name", "Anna", "--zone", "Europe/Berlin")
    said = desk("log", "nowhere", "1:00", "--person", "anna", "--on", "2026-01-16")
    assert said.status is ExitStatus.NOT_FOUND
    assert "there is no contract nowhere" in said.err and "`retainer contract list`" in said.err
    assert "token" not in said.err
    _retainer(desk, tmp_path)
    desk.done("log", "web", "1:00", "--person", "anna", "--on", "2026-01-16", now="2026-01-17T09:00:00Z")


def _retainer(desk: Desk, tmp_path: Path) -> None:
    """A client with a contract that begins with the year 2026."""
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("client", "add", "acme", "--name", "Acme GmbH")
    desk.done("contract", "draft", "web", "--client", "acme", "--terms", str(terms), "--title", "Care", "--activate")

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


def test_time_on_a_contract_that_there_is_not(desk: Desk, tmp_path: Path) -> None:
    desk.done("person", "add", "anna", "--name", "Anna", "--zone", "Europe/Berlin")
    said = desk("log", "nowhere", "1:00", "--person", "anna", "--on", "2026-01-16")
    assert said.status is ExitStatus.NOT_FOUND
    assert "there is no contract nowhere" in said.err and "`retainer contract list`" in said.err
    assert "token" not in said.err
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("client", "add", "acme", "--name", "Acme GmbH")
    desk.done("contract", "draft", "web", "--client", "acme", "--terms", str(terms), "--title", "Care", "--activate")
    desk.done("log", "web", "1:00", "--person", "anna", "--on", "2026-01-16", now="2026-01-17T09:00:00Z")

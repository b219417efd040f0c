"""`retainer events user` and `events users`: logins for the bus, on the house's and for a server of one's own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retainer.__main__ import run
from retainer.failures import ExitStatus
from tests.bus_door import lets_in
from tests.house import RunningHouse
from tests.retainer.desk import Desk


@pytest.fixture
def desk(house: RunningHouse, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, "bus-users", capsys)


def connects(login: dict[str, Any]) -> bool:
    return lets_in(login["url"], login["user"], login["password"])


def test_a_subscriber_is_let_in_and_taken_off_again(desk: Desk) -> None:
    login = desk.json("events", "user", "some.agency", "--name", "crm")
    assert login["user"] == "some%2Eagency~crm" and login["subject"] == "retainer.some%2Eagency.>"
    assert connects(login)
    assert desk.json("events", "user", "some.agency", "--name", "crm")["password"] == login["password"]
    desk.done("events", "user", "some.agency", "--name", "crm", "--remove")
    assert not connects(login)
    again = desk("events", "user", "some.agency", "--name", "crm", "--remove")
    assert again.status is ExitStatus.NOT_FOUND


@pytest.mark.parametrize("wrong", [("a b",), ("studio", "--name", "x>y"), ("*",)])
def test_a_login_for_nonsense_is_refused(desk: Desk, wrong: tuple[str, ...]) -> None:
    assert desk("events", "user", *wrong).status is ExitStatus.WRONG_INPUT


def test_what_it_prints_for_another_server_is_a_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    capsys.readouterr()
    assert run(["events", "users", "studio~crm", "other"]) is ExitStatus.OK
    printed = capsys.readouterr().out
    conf = tmp_path / "nats.conf"
    conf.write_text(printed + f'jetstream {{store_dir: "{tmp_path}"}}\n')
    names = ("CONTRACTS", "TIMELOG", "BILLING", "NOTIFY", "OPERATOR", "STUDIO_CRM", "OTHER_MAIN")
    passwords = {f"RETAINER_NATS_PASSWORD_{name}": f"p-{name}" for name in names}
    server = Path(sys.executable).with_name("nats-server")
    tried = subprocess.run(
        [server, "--config", conf, "-t"], env={**os.environ, **passwords}, capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr
    without = subprocess.run([server, "--config", conf, "-t"], capture_output=True, text=True, check=False)
    assert without.returncode != 0, "a password that is not set is no password"

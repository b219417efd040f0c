"""Rehearsed: timelog restored from yesterday, the bus lost; then the house moved to PostgreSQL and back.

What no longer fits is named by `retainer verify`, not hidden: billing has counted time that timelog does not have.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chassis.testing import PostgresServer
from retainer.__main__ import run
from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import TERMS, Desk

AGENCY = "rehearsal"


@dataclass
class Keeper:
    """Who runs the house: the same command, without a time of its own."""

    data: Path
    screen: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, expect: ExitStatus = ExitStatus.OK) -> Any:
        self.screen.readouterr()
        status = run([*arguments, "--data", str(self.data), "--json"])
        said = self.screen.readouterr()
        assert status is expect, said.err or said.out
        return json.loads(said.out) if said.out else said.err

    def flaws(self) -> list[str]:
        status = run(["verify", "--data", str(self.data), "--json"])
        said = json.loads(self.screen.readouterr().out)
        flaws = [flaw for service in said["services"] for flaw in service["flaws"]]
        assert (status is ExitStatus.OK) is said["whole"] is (not flaws)
        return flaws


def logged(desk: Desk) -> set[str]:
    return {entry["name"] for entry in desk.json("entry", "list")["entries"]}


def log(desk: Desk, *entries: str) -> None:
    for entry in entries:
        desk.done("log", "web-2026", "0:30", "--person", "anna", "--on", "2026-01-16", "--id", entry)


def introduce(desk: Desk, folder: Path) -> None:
    terms = folder / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("agency", "describe", "--name", "Studio", "--zone", "Europe/Berlin", "--email", "hello@studio.example")
    desk.done("client", "add", "acme", "--name", "Acme GmbH", "--contact", "ida=Ida Weiß <ida@acme.example>")
    desk.done("person", "add", "anna", "--name", "Anna Berg", "--role", "senior", "--zone", "Europe/Berlin")
    desk.done(
        "contract", "draft", "web-2026", "--client", "acme", "--terms", str(terms), "--title", "Care", "--activate"
    )
    desk.now = "2026-01-16T12:00:00Z"
    desk.done("close", "--on", "2026-01-01")


def used(desk: Desk) -> str:
    return str(desk.json("budget", "web-2026", "--on", "2026-01-16")["current"]["used"]["time"])


@pytest.mark.promise(
    "a restored house says what no longer fits",
    "timelog restored from yesterday, the bus lost; moved to PostgreSQL and back",
)
@pytest.mark.timeout(240)
def test_a_store_of_yesterday_a_lost_bus_and_a_move(
    tmp_path: Path, server: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    keeper = Keeper(data, capsys)
    with RunningHouse(data) as house:
        desk = Desk(house, AGENCY, capsys)
        introduce(desk, tmp_path)
        log(desk, "e1", "e2")
        assert used(desk) == "3600s"
        backup = keeper("backup", str(tmp_path / "events"), "--keys", str(tmp_path / "keys"), "--keep", "3")
        log(desk, "e3", "e4", "e5")
        assert used(desk) == "9000s"
        assert keeper.flaws() == []  # beside the running house
        refused = keeper("restore", backup["stores"], "--yes", expect=ExitStatus.REFUSED)
        assert "it runs" in refused

    shutil.rmtree(data / "nats")
    (restored,) = keeper("restore", backup["stores"], "timelog", "--yes")["stores"]
    assert restored["goes_on_after"] > restored["restored_up_to"]
    assert {flaw.split()[0] for flaw in keeper.flaws()} == {"billing", "contracts"}  # both heard of what is lost

    with RunningHouse(data) as house:
        desk = Desk(house, AGENCY, capsys, now="2026-01-17T12:00:00Z")
        log(desk, "e6")
        assert logged(desk) == {"entries/e1", "entries/e2", "entries/e6"}
        assert used(desk) == "10800s"  # billing goes on counting what it was told, the lost three too
    flaws = keeper.flaws()
    assert any(flaw.startswith("billing has facts that followed from 3 facts of timelog") for flaw in flaws), flaws
    assert withdrawn_in(data / "billing" / "events.db") == 1

    keeper("restore", backup["stores"], "--keys", backup["keys"], "--yes")
    assert keeper.flaws() == []  # all four of yesterday fit together
    url = server.make_database("moved")
    dry = keeper("migrate", "--to", url, "--keys-to", url, "--dry-run")
    assert not dry["moved"]
    there = keeper("migrate", "--to", url, "--keys-to", url)
    assert there["stores"] == dry["stores"]
    keeper("migrate", "--to", url, expect=ExitStatus.REFUSED)


def withdrawn_in(store: Path) -> int:
    with closing(sqlite3.connect(store)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM stored_events WHERE topic = 'chassis.Withdrawn@1'"
        ).fetchone()
    return int(count)

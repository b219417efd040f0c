"""The subscriber in JavaScript on a running house: reads one agency from the beginning, from its place and from now,
and says so when facts are missing."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from tests.house import ROOT, RunningHouse
from tests.node import node, npm
from tests.retainer.desk import TERMS, Desk

EXAMPLE = ROOT / "examples/javascript"
MISSED = 3


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with the packages of its lock."""
    folder = tmp_path_factory.mktemp("javascript")
    for name in ("package.json", "package-lock.json", "subscriber.js"):
        shutil.copy(EXAMPLE / name, folder)
    command = npm("ci", "--ignore-scripts", "--prefer-offline", "--fetch-retries=0")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    if "ENOTFOUND" in done.stderr or "ECONNREFUSED" in done.stderr or "ETIMEDOUT" in done.stderr:
        pytest.skip("no npm registry is reachable")
    assert done.returncode == 0, done.stderr
    return folder


class Reader:
    """The example as a process, with the login of a subscriber and a notebook of its own."""

    def __init__(self, folder: Path, login: dict[str, Any], agency: str, notebook: Path) -> None:
        self.notebook = notebook
        self._folder = folder
        self._words = [login["url"], "timelog", agency, "--user", login["user"], "--password", login["password"]]

    def command(self, *words: str) -> list[str]:
        return [*node("subscriber.js"), *self._words, "--notebook", str(self.notebook), *words]

    def read(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*words), cwd=self._folder, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Once it reads."""
        reading = subprocess.Popen(
            self.command(*words), cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert reading.stderr is not None
        assert reading.stderr.readline().startswith("reading retainer-timelog")
        return reading

    def kept(self) -> dict[str, Any]:
        place: dict[str, Any] = json.loads(self.notebook.read_text())
        return place


@pytest.fixture
def desk(
    house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Desk:
    """An agency with a retainer and five entries."""
    desk = Desk(house, f"js-{crc32(request.node.name.encode()):08x}", capsys)
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("agency", "describe", "--name", "Studio", "--zone", "Europe/Berlin", "--email", "hello@studio.example")
    desk.done("client", "add", "acme", "--name", "Acme GmbH", "--contact", "ida=Ida Weiß <ida@acme.example>")
    desk.done("person", "add", "anna", "--name", "Anna Berg", "--role", "senior", "--zone", "Europe/Berlin")
    desk.done("contract", "draft", "web-2026", "--client", "acme", "--terms", str(terms), "--activate")
    for number in range(5):
        log(desk, number)
    desk.done("budget", "web-2026", "--on", "2026-01-16")
    return desk


def log(desk: Desk, number: int) -> None:
    desk.now = "2026-01-16T12:00:00Z"
    desk.done("log", "web-2026", "0:10", "--person", "anna", "--on", "2026-01-16", "--id", f"e{number}")


def test_it_proves_that_it_missed_nothing_and_goes_on_where_it_was(installed: Path, desk: Desk, tmp_path: Path) -> None:
    login = desk.json("events", "user", desk.agency)
    reader = Reader(installed, login, desk.agency, tmp_path / "place.json")
    first = reader.read("--until", "3")
    assert first.returncode == 0, first.stderr
    assert [line.split()[0] for line in first.stdout.splitlines()[:-1]] == ["1", "2", "3"]
    assert first.stdout.splitlines()[-1] == "3 facts up to number 3, none missed"
    again = reader.read("--until", "6")
    assert again.returncode == 0, again.stderr
    assert [line.split()[0] for line in again.stdout.splitlines()[:-1]] == ["4", "5", "6"]
    assert "reading retainer-timelog from after" in again.stderr

    place = reader.kept()
    reader.notebook.write_text(json.dumps({**place, "number": place["number"] - 2}))  # as if two had never come
    log(desk, 5)
    missed = reader.read("--until", "7")
    assert missed.returncode == MISSED
    assert f"this is fact {place['number'] + 1} of the agency" in missed.stderr
    assert reader.kept()["number"] == place["number"] - 2, "the place is kept from before what is missing"


def test_from_now_it_hears_what_happens_from_now_on(installed: Path, desk: Desk, tmp_path: Path) -> None:
    login = desk.json("events", "user", desk.agency)
    reader = Reader(installed, login, desk.agency, tmp_path / "place.json")
    with reader.start("--from", "now", "--until", "1") as reading:
        log(desk, 7)
        told, _ = reading.communicate(timeout=60)
    assert reading.returncode == 0
    number, kind, stream = told.splitlines()[0].split()
    assert (kind, stream) == ("timelog.TimeLogged@1", f"{desk.agency}/entry/e7")
    assert int(number) > 5


def test_it_begins_at_an_instant_or_at_a_position(installed: Path, desk: Desk, tmp_path: Path) -> None:
    login = desk.json("events", "user", desk.agency)
    instant = Reader(installed, login, desk.agency, tmp_path / "instant.json")
    told = instant.read("--from", "2020-01-01T00:00:00Z", "--until", "4")
    assert [line.split()[0] for line in told.stdout.splitlines()[:-1]] == ["1", "2", "3", "4"]
    fourth = instant.kept()["sequence"]
    position = Reader(installed, login, desk.agency, tmp_path / "position.json")
    told = position.read("--from", str(fourth), "--until", "2")
    assert [line.split()[0] for line in told.stdout.splitlines()[:-1]] == ["4", "5"]
    wrong = position.read("--from", "yesterday", "--notebook", str(tmp_path / "none.json"))
    assert wrong.returncode == 1
    assert "--from takes beginning, now, a sequence or an ISO instant" in wrong.stderr


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((EXAMPLE / "package-lock.json").read_text())
    assert lock["packages"]
    assert not any("resolved" in package for package in lock["packages"].values())

"""`retainer statement` on a running system: figures, tasks, charges, sheets; a guest sees his own."""

from pathlib import Path
from zlib import crc32

import pytest

from chassis.auth import Role
from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import TERMS, Desk

FEBRUARY = "2026-02-10T12:00:00Z"


@pytest.fixture
def desk(
    house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Desk:
    desk = Desk(house, f"stm-{crc32(request.node.name.encode()):08x}", capsys)
    (tmp_path / "terms.yaml").write_text(TERMS)
    desk.done("client", "add", "acme", "--name", "Acme GmbH", "--locale", "de")
    desk.done("person", "add", "anna", "--name", "Anna Berg", "--zone", "Europe/Berlin")
    desk.done("contract", "draft", "web", "--client", "acme", "--terms", str(tmp_path / "terms.yaml"), "--activate")
    for number, (worked, task) in enumerate((("20:00", "seo"), ("14:10", ""), ("1:00", "seo"))):
        words = ("--person", "anna", "--on", f"2026-01-1{number}", *(("--task", task) if task else ()))
        desk.done("log", "web", worked, *words, now="2026-01-20T12:00:00Z")
    return desk


def test_the_statement_of_a_period(desk: Desk) -> None:
    # 20:00, 14:15 and 1:00 are 35:15; 30:00 are included: 5:15 beyond, at 130.00 an hour 682.50, with the fee 3682.50
    found = desk.json("statement", "web", "--period", "2026-01-01", now=FEBRUARY)
    assert found["figures"]["used"] == {"time": "126900s"}
    assert found["figures"]["charged"] == {"currency_code": "EUR", "units": "3682", "nanos": 500000000}
    assert [(use.get("task", ""), use["time"]) for use in found["tasks"]] == [("seo", "75600s"), ("", "51300s")]
    assert found["days"][-1]["used"] == {"time": "126900s"}
    assert {charge["kind"] for charge in found["charges"]} == {"fee", "overage"}
    assert len(found["account_hash"]) == 64
    shown = desk.done("statement", "web", "--period", "2026-01-01", "--chart", now=FEBRUARY).out
    for words in ("35:15", "5:15", "seo", "(no task)", "3682.50 EUR", "left of 30:00", "Period by period", "117 %"):
        assert words in shown, words
    assert desk("statement", "web", "--period", "2026-01-02", now=FEBRUARY).status is ExitStatus.NOT_FOUND
    assert desk("statement", "nothing", now=FEBRUARY).status is ExitStatus.NOT_FOUND


def test_sheets_for_the_client(desk: Desk, tmp_path: Path) -> None:
    for ending, begin in (("pdf", b"%PDF"), ("html", b"<!doctype html>"), ("svg", b"<svg")):
        path = tmp_path / f"january.{ending}"
        desk.done("statement", "web", str(path), "--period", "2026-01-01", now=FEBRUARY)
        assert path.read_bytes().startswith(begin)
    assert "Kontoauszug" in (tmp_path / "january.html").read_text()
    assert desk("statement", "web", "january.doc", now=FEBRUARY).status is ExitStatus.WRONG_INPUT


def test_a_guest_sees_his_own_clients_alone(desk: Desk) -> None:
    own = desk.house.token(desk.agency, Role.GUEST, subject="ida", client="acme")
    other = desk.house.token(desk.agency, Role.GUEST, subject="eve", client="other")
    assert desk("statement", "web", "--token", own, now=FEBRUARY).status is ExitStatus.OK
    assert desk("statement", "web", "--token", other, now=FEBRUARY).status is ExitStatus.NOT_FOUND

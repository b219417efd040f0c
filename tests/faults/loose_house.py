"""The house without its supervisor: each process is started, killed, frozen and stopped by the test itself, with
settings of its own. So one service alone can have a crash point, another bus address or another clock."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from chassis.testing import NatsServer
from tests.house import ROOT, SERVICES, START_SECONDS, STOP_SECONDS, Premises


class LooseHouse(Premises):
    """nats-server and the four services. Dead ones stay dead until they are started again."""

    def __init__(self, data_dir: Path, nats: NatsServer, **variables: str) -> None:
        super().__init__(data_dir, **{"RETAINER_NATS_URL": nats.url, **variables})
        data_dir.mkdir(exist_ok=True)
        self.nats = nats
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "LooseHouse":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for service in list(self._running):
            with suppress(ProcessLookupError):
                self.thaw(service)
            self.stop(service)

    def start(self, *services: str, **variables: str) -> None:
        """Start them (all where none is named) with these settings besides, and wait until they are ready."""
        for service in services or SERVICES:
            self.begin(service, **variables)
        for service in services or SERVICES:
            self.wait_ready(service)

    def begin(self, service: str, module: str = "", **variables: str) -> None:
        """Start it and do not wait; `module` is another program in its place."""
        assert self.status(service) is not None or service not in self._running, f"{service} runs already"
        with self._log(service).open("ab") as log:
            self._running[service] = subprocess.Popen(
                [sys.executable, "-m", module or f"services.{service}"],
                cwd=ROOT,
                env={**self.environment, **variables},
                stdout=log,
                stderr=log,
            )

    def wait_ready(self, service: str) -> None:
        until = time.monotonic() + START_SECONDS
        while not (self.is_ready(service) and self.pid(service) == self._running[service].pid):
            assert self.status(service) is None, f"{service} ended:\n{self.log_tail(service)}"
            assert time.monotonic() < until, f"{service} is not ready:\n{self.log_tail(service)}"
            time.sleep(0.05)

    def status(self, service: str) -> int | None:
        """The exit status of its last process; None while that runs, or where there was none."""
        process = self._running.get(service)
        return process.poll() if process is not None else None

    def wait_dead(self, service: str, seconds: float = STOP_SECONDS) -> int:
        return self._running[service].wait(seconds)

    def kill(self, service: str) -> None:
        self._running[service].kill()
        self._running[service].wait(STOP_SECONDS)

    def stop(self, service: str) -> int:
        """SIGTERM, and its exit status."""
        process = self._running.pop(service)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
            raise

    def stop_all(self) -> None:
        for service in list(self._running):
            self.stop(service)

    def freeze(self, service: str) -> None:
        """It stands still, and its connections stay open."""
        os.kill(self._running[service].pid, signal.SIGSTOP)

    def thaw(self, service: str) -> None:
        os.kill(self._running[service].pid, signal.SIGCONT)

    def log_tail(self, service: str, lines: int = 40) -> str:
        return "\n".join(self._log(service).read_text(errors="replace").splitlines()[-lines:])

    def _log(self, service: str) -> Path:
        return self.data_dir / f"{service}.log"

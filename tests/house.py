"""A whole house for tests: `retainer up` as a child process with a data folder and ports of its own."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc

from chassis.auth import Identity, Role
from chassis.bus_users import OPERATOR, logins_in
from chassis.settings import Settings
from chassis.testing import free_port
from chassis.tokens import SigningKeys, Tokens

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("contracts", "timelog", "billing", "notify")
START_SECONDS = 90.0
STOP_SECONDS = 40.0


class Premises:
    """A data folder, and the ports of all that serves from it: kept over every restart, so that nobody else ever
    answers for a process that is dead."""

    def __init__(self, data_dir: Path, **variables: str) -> None:
        self.data_dir = data_dir
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RETAINER_")},
            "RETAINER_DATA_DIR": str(data_dir),
            "RETAINER_REHEARSAL": "true",
            "RETAINER_GRACE_SECONDS": "3",
            **{f"RETAINER_SERVICES__{name.upper()}__LISTEN": f"127.0.0.1:{free_port()}" for name in SERVICES},
            **{f"RETAINER_SERVICES__{name.upper()}__METRICS_LISTEN": f"127.0.0.1:{free_port()}" for name in SERVICES},
            **variables,
        }
        stores = {name: self.environment.get(f"RETAINER_{name.upper()}", "") for name in ("store_url", "views_url")}
        self.settings = Settings(data_dir=data_dir, rehearsal=True, **stores)

    def pid(self, name: str) -> int:
        return int(self.settings.running(name)["pid"])

    def address(self, service: str) -> str:
        return str(self.settings.running(service)["address"])

    def metrics_address(self, service: str) -> str:
        return str(self.settings.running(service)["metrics"])

    @property
    def bus_url(self) -> str:
        """With the login of who runs the house: it reads everything and may delete consumers, but no stream."""
        user, password = self.bus_login(OPERATOR)
        return str(self.settings.running("nats")["url"]).replace("//", f"//{user}:{password}@")

    def bus_login(self, user: str) -> tuple[str, str]:
        """User and password: a service's name, `operator`, or a subscriber's user."""
        return user, logins_in(self.settings.bus_logins_path).passwords[user]

    def channel(self, service: str) -> grpc.aio.Channel:
        return grpc.aio.insecure_channel(self.address(service))

    def token(self, agency: str, role: Role = Role.OWNER, subject: str = "anna", client: str = "") -> str:
        return Tokens(SigningKeys.of(self.settings)).issue(Identity(agency, subject, role, client))

    def metadata(self, agency: str, now: datetime | None = None, **identity: Any) -> tuple[tuple[str, str], ...]:
        """What a call carries: a token, and in a rehearsal the time."""
        token = ("authorization", f"Bearer {self.token(agency, **identity)}")
        return (token,) if now is None else (token, ("retainer-now", now.isoformat()))

    def is_ready(self, service: str) -> bool:
        said = self.settings.running(service)
        return bool(said.get("ready")) and is_alive(int(said.get("pid", 0)))


class RunningHouse(Premises):
    """Started when entered; everything in it can be killed and comes again. `root`: the code that it runs."""

    root = ROOT

    def __init__(self, data_dir: Path, **variables: str) -> None:
        super().__init__(data_dir, **variables)
        self._process: subprocess.Popen[bytes] | None = None
        self._log = data_dir / "up.log"
        if not self.settings.running("nats"):
            self.settings.say_running("nats", {"pid": 0, "url": f"nats://127.0.0.1:{free_port()}"})

    def __enter__(self) -> "RunningHouse":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until all four services serve."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "retainer", "up"]
            self._process = subprocess.Popen(command, cwd=self.root, env=self.environment, stdout=log, stderr=log)
        self.wait_ready()

    def wait_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not all(self.is_ready(service) for service in SERVICES):
            assert self._process is not None
            assert self._process.poll() is None, f"retainer up ended:\n{self.log_tail()}"
            assert time.monotonic() < until, f"it is not ready in {START_SECONDS:.0f} s:\n{self.log_tail()}"
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to stop; its exit status."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(STOP_SECONDS)
        self._process = None
        return status

    def kill(self, name: str) -> None:
        """`kill -9`: `up` itself, `nats`, or a service."""
        os.kill(self.pid(name), signal.SIGKILL)
        if name == "up" and self._process is not None:
            self._process.wait(STOP_SECONDS)
            self._process = None

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pid > 0

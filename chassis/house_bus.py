"""The nats-server that `retainer up` runs: its configuration, its port, its users."""

import asyncio
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from chassis.bus_users import Hears, kept_logins
from chassis.child import Child, Say
from chassis.secret_files import replace_secret
from chassis.settings import Settings

BUS = "nats"
USERS_CONF = "bus-users.conf"
LOOK_SECONDS = 0.05


class NoServer(Exception):
    """There is no nats-server to run, or it does not start; the message says why."""


class HouseBus:
    """One nats-server with JetStream on a port of this machine, kept alive."""

    def __init__(self, settings: Settings, hears: Hears, say: Say, moved: Callable[[], None]) -> None:
        """`moved` is called when it had to take another port."""
        self._settings = settings
        self._hears = hears
        self._moved = moved
        self.port = 0
        self.child = Child(BUS, self._command, signal.SIGKILL, say)
        self.child.before_restart = self._move_where_the_port_is_taken
        self.child.spawned = self._say_where_it_is

    @property
    def url(self) -> str:
        return f"{'tls' if self._settings.tls_certificate else 'nats'}://127.0.0.1:{self.port}"

    async def start(self, log: Path | None) -> None:
        """Until it answers; `NoServer` where it refuses its settings."""
        last = str(self._settings.running(BUS).get("url", "")).rpartition(":")[2]
        self.port = int(last) if last.isdigit() and _is_free(int(last)) else _free_port()
        self.child.log = log
        await self.child.start()
        while not await _answers(self.port):
            if self.child.refused.is_set():
                raise NoServer("nats-server refuses its settings: see its log")
            await asyncio.sleep(LOOK_SECONDS)

    def _say_where_it_is(self) -> None:
        self._settings.say_running(BUS, {"pid": self.child.pid, "url": self.url})

    def _move_where_the_port_is_taken(self) -> None:
        if not _is_free(self.port):
            self.port = _free_port()
            self._moved()

    def _command(self) -> Sequence[str]:
        folder = self._settings.folder(BUS)
        shutil.rmtree(folder / "jetstream" / "$G", ignore_errors=True)  # streams of versions that had no users
        write_users_conf(self._settings, self._hears)
        config = folder / "nats.conf"
        config.write_text(
            f"listen: 127.0.0.1:{self.port}\n"
            "server_name: retainer\n"
            "max_payload: 8MB\n"
            f'jetstream {{ store_dir: "{folder}", sync_interval: "2s" }}\n'
            f"include ../secrets/{USERS_CONF}\n{_tls(self._settings)}"
        )
        return [str(nats_server()), "--config", str(config)]


def _tls(settings: Settings) -> str:
    """The bus shows the house's certificate, and takes the callers that its doors take."""
    if settings.tls_certificate is None:
        return ""
    files = {"cert_file": settings.tls_certificate, "key_file": settings.tls_key, "ca_file": settings.tls_client_ca}
    lines = [f'  {name}: "{path.absolute()}"' for name, path in files.items() if path is not None]
    return "\n".join(["tls {", *lines, *(["  verify: true"] if settings.tls_client_ca else []), "}", ""])


def write_users_conf(settings: Settings, hears: Hears) -> None:
    """The accounts and users, beside the secrets; the server reads it when it starts, and again at SIGHUP."""
    logins = kept_logins(settings.bus_logins_path, list(hears))
    replace_secret(settings.folder("secrets") / USERS_CONF, logins.conf(hears).encode())


def nats_server() -> Path:
    """The real nats-server out of its wheel, beside the interpreter."""
    found = Path(sys.executable).with_name("nats-server")
    if not found.exists():
        raise NoServer(f"there is no {found}: set up the environment again (make demo), or set RETAINER_NATS_URL")
    return found


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _answers(port: int) -> bool:
    """nats-server greets who connects, once it is ready for him."""
    with suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return (await reader.readline()).startswith(b"INFO")
        finally:
            writer.close()
    return False

"""The whole house on one machine: nats-server and the services as children of one process, for `retainer up`.

A child that dies is begun again, with a growing pause; one that refuses to start because of its settings ends all. On
SIGTERM or SIGINT the services stop first, the bus last. When this process is killed its children get a signal from the
system (Linux), and whatever is left of them is ended at the next start: no orphan keeps the data folder.

Nothing but the standard library and the settings is imported here: this process lives as long as the house.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from chassis.alone import held
from chassis.bus_users import Hears
from chassis.child import Child, Say
from chassis.cores import halves, ours
from chassis.house_bus import BUS, LOOK_SECONDS, HouseBus, NoServer
from chassis.settings import Cores, Settings

START_SECONDS = 60.0


Command = Callable[[str], Sequence[str]]
"""How a service is started, by its name."""


class StartFailed(Exception):
    """The house cannot be started as it stands; the message says why and what to do."""


class House:
    """nats-server and the services of one data folder."""

    def __init__(
        self,
        settings: Settings,
        services: Sequence[str],
        say: Say,
        *,
        hears: Hears,
        logs_in_files: bool,
        command: Command,
        front: str,
    ) -> None:
        self._settings = settings
        self._say = say
        self._logs_in_files = logs_in_files
        self._bus = HouseBus(settings, hears, say, self._begin_again)
        self.bus = self._bus.child
        self.services = [Child(name, partial(command, name), signal.SIGTERM, say) for name in services]
        if settings.cores is Cores.APART and front in services:
            own, others = halves(ours())
            for child in [self.bus, *self.services]:
                child.cores = own if child.name == front else others

    async def start(self) -> None:
        """Start everything and wait until all serve; `StartFailed` where that cannot be."""
        _end_orphans(self._settings, [BUS, *(child.name for child in self.services)], self._say)
        if not self._settings.nats_url:
            await self._start_bus()
        for child in self.services:
            self._prepare(child)
            await child.start()
        for child in self.services:
            await self._wait_until_ready(child)
            said = self._settings.running(child.name)
            self._say(f"{child.name} serves at {said['address']}, metrics at {said['metrics']}")

    async def stop(self) -> None:
        grace = self._settings.grace_seconds
        await asyncio.gather(*(child.stop(grace) for child in self.services))
        await self.bus.stop(grace)

    async def wait_refused(self) -> str:
        """The name of a child that refuses to start again because of its settings."""
        waiting = {asyncio.create_task(child.refused.wait()): child for child in [self.bus, *self.services]}
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return waiting[done.pop()].name
        finally:
            for task in waiting:
                task.cancel()

    async def _start_bus(self) -> None:
        try:
            async with _at_most(START_SECONDS, "nats-server does not answer: see its log"):
                await self._bus.start(self._log_of(BUS))
        except NoServer as error:
            raise StartFailed(str(error)) from None
        self._say(f"nats-server answers at {self._bus.url}")

    def _prepare(self, child: Child) -> None:
        child.log = self._log_of(child.name)
        child.environment = {"RETAINER_DATA_DIR": str(self._settings.data_dir.absolute())}
        if not self._settings.nats_url:
            child.environment["RETAINER_NATS_URL"] = self._bus.url

    async def _wait_until_ready(self, child: Child) -> None:
        async with _at_most(START_SECONDS, f"{child.name} does not get ready: see its log"):
            while True:
                said = self._settings.running(child.name)
                if child.pid and said.get("pid") == child.pid and said.get("ready"):
                    return
                if child.refused.is_set():
                    raise StartFailed(f"{child.name} refuses to start: see its log")
                await asyncio.sleep(LOOK_SECONDS)

    def _begin_again(self) -> None:
        """Services that know another port of the bus than it has now are begun again."""
        for child in self.services:
            self._prepare(child)
            child.begin_again()

    def _log_of(self, name: str) -> Path | None:
        return self._settings.folder("logs") / f"{name}.log" if self._logs_in_files or name == BUS else None


@asynccontextmanager
async def supervised(
    settings: Settings,
    services: Mapping[str, int] | Sequence[str],
    say: Say,
    *,
    hears: Hears | None = None,
    logs_in_files: bool = False,
    command: Command | None = None,
    front: str = "",
) -> AsyncIterator[House]:
    """The house, serving; stopped in order at the end of the block. `DataFolderHeld` where it is served already.

    `services` may name the port that each takes first, where that is free and it has not had another one before;
    `hears` says whose facts each of them may read on the bus, `front` which of them has cores of its own."""
    with held(settings.folder() / "lock", "retainer up"):
        settings.master_key_bytes()
        settings.say_running("up", {"pid": os.getpid()})
        if isinstance(services, Mapping):
            _suggest_ports(settings, services)
        house = House(
            settings,
            list(services),
            say,
            hears=dict.fromkeys(services, ()) | dict(hears or {}),
            logs_in_files=logs_in_files,
            command=command or _service_command,
            front=front,
        )
        try:
            await house.start()
            yield house
        finally:
            await house.stop()
            settings.say_running("up", {"pid": 0})


def supervise(
    settings: Settings,
    services: Mapping[str, int],
    say: Say,
    *,
    hears: Hears,
    logs_in_files: bool = False,
    front: str = "",
) -> int:
    """Serve until SIGTERM or SIGINT; 0 after an orderly stop, 1 where a service cannot go on."""

    async def serve() -> int:
        serving = asyncio.create_task(_until_refused(settings, services, say, hears, logs_in_files, front))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _once(serving.cancel))
        try:
            return await serving
        except asyncio.CancelledError:
            return 0

    return asyncio.run(serve())


def _once(act: Callable[[], object]) -> Callable[[], None]:
    """A second Ctrl-C does not disturb the stopping that the first one began."""
    left = [act]

    def first() -> None:
        if left:
            left.pop()()

    return first


async def _until_refused(
    settings: Settings, services: Mapping[str, int], say: Say, hears: Hears, logs_in_files: bool, front: str
) -> int:
    async with supervised(settings, services, say, hears=hears, logs_in_files=logs_in_files, front=front) as house:
        say("all of them serve; Ctrl-C stops them in order")
        say(f"{await house.wait_refused()} refuses to start again: see its log")
        return 1


def _suggest_ports(settings: Settings, ports: Mapping[str, int]) -> None:
    """A service without a port of its own takes the one that it had last: at the first start, this one."""
    for name, port in ports.items():
        if not settings.running(name):
            said = {"address": f"127.0.0.1:{port}", "metrics": f"127.0.0.1:{port + 10}"}
            settings.say_running(name, {"pid": 0, **said, "ready": False})


def _service_command(name: str) -> Sequence[str]:
    return [sys.executable, "-m", f"services.{name}"]


def _end_orphans(settings: Settings, names: Sequence[str], say: Say) -> None:
    """End what a killed supervisor of this folder left behind; we hold its lock, so that nobody else does."""
    for name in names:
        pid = settings.running(name).get("pid")
        if isinstance(pid, int) and pid > 1 and _is_ours(pid, name):
            say(f"{name} (process {pid}) is left of an earlier run and is ended")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _is_ours(pid: int, name: str) -> bool:
    wanted = "nats-server" if name == BUS else f"services.{name}"
    command = Path(f"/proc/{pid}/cmdline")
    if sys.platform == "linux":
        try:
            return wanted in command.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return False
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return wanted in shown.stdout


@asynccontextmanager
async def _at_most(seconds: float, what: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise StartFailed(what) from None

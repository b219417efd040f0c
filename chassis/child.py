"""One process that is kept alive: begun again when it dies, ended when we die."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from chassis.cores import ANY, keep_to

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
HEALTHY_SECONDS = 20.0
KILL_AFTER_SECONDS = 5.0
WRONG_SETTINGS_STATUS = 2
_SET_PARENT_DEATH_SIGNAL = 1

Say = Callable[[str], None]


class Child:
    """One process, kept alive."""

    def __init__(self, name: str, command: Callable[[], Sequence[str]], dies_by: signal.Signals, say: Say) -> None:
        self.name = name
        self.restarts = 0
        self._command = command
        self._dies_by = dies_by
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._spawning: asyncio.Task[None] | None = None
        self.environment: dict[str, str] = {}
        self.log: Path | None = None
        self.cores = ANY
        self.refused: asyncio.Event = asyncio.Event()
        self.before_restart: Callable[[], None] = lambda: None
        self.spawned: Callable[[], None] = lambda: None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None and self._process.returncode is None else 0

    async def start(self) -> None:
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=f"keeper of {self.name}")

    async def stop(self, grace_seconds: float) -> None:
        """Ask it to stop, and end it where it does not."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        if self._spawning is not None:
            await self._spawning
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(grace_seconds + KILL_AFTER_SECONDS):
                await process.wait()
        except TimeoutError:
            self._say(f"{self.name} does not stop by itself and is ended")
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def begin_again(self) -> None:
        """End it, so that it starts again with what has changed."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    async def _spawn(self) -> None:
        """Never half: a keeper that is cancelled meanwhile leaves no process that nobody knows."""
        self._spawning = asyncio.create_task(self._begin())
        await asyncio.shield(self._spawning)

    async def _begin(self) -> None:
        with _written_to(self.log) as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **self.environment},
                start_new_session=True,  # Ctrl-C at the terminal is for us alone, so that the order of stopping is ours
                preexec_fn=tied_to_us(self._dies_by, self.cores),
            )
        self.spawned()

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_SECONDS
        while True:
            begun = loop.time()
            assert self._process is not None
            status = await self._process.wait()
            if status == WRONG_SETTINGS_STATUS:
                self.refused.set()
                return
            self._say(f"{self.name} ended ({_ended(status)}); it starts again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = (
                FIRST_PAUSE_SECONDS if loop.time() - begun > HEALTHY_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
            )
            self.restarts += 1
            self.before_restart()
            await self._spawn()


def _ended(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"


def tied_to_us(dies_by: signal.Signals, cores: Collection[int] = ANY) -> Callable[[], None] | None:
    """Run in the child before it becomes its program, and begins threads: when we die, the system sends it a signal,
    and it keeps to its cores."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(_SET_PARENT_DEATH_SIGNAL, int(dies_by))
        if os.getppid() != parent:
            os._exit(1)
        keep_to(cores)

    return tie


@contextmanager
def _written_to(log: Path | None) -> Iterator[IO[bytes] | None]:
    if log is None:
        yield None
        return
    with log.open("ab") as file:
        yield file

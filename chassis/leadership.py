"""Which of several replicas does the work of one: relay, inboxes, projector, schedulers.

On PostgreSQL the leader holds a session's advisory lock on a connection of its own: when it dies, the server lets go at
once, and another takes over. A leader whose event loop stands still would keep the lock for ever: so a thread watches
the loop, and drops the lock when it does not beat; and where the whole process stands still, the server ends a session
from which it hears nothing. On SQLite there is one process, and it leads.

Leadership saves work. Correctness is elsewhere: in tracking, versions, and what the relay expects to be last. So two
leaders for a moment do no harm.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

from chassis.sql import Address, DatabaseUnavailable

BEAT_SECONDS = 0.5
IDLE_SECONDS = 4.0
"""A session from which nothing is heard for so long is ended by the server: so the lock of a process that was stopped
or suspended as a whole is free again, though nothing in that process could let go of it."""
STILL_SECONDS = 5.0
"""A loop that has not beaten for so long stands still."""

log = logging.getLogger(__name__)


def lock_key(address: Address, service: str) -> int:
    """The advisory lock that the leader of a service holds."""
    key = sha256(f"retainer/{address.schema}/{service}".encode()).digest()[:8]
    return int.from_bytes(key, signed=True)


class Leadership:
    """Held or not; `run` stands for election until cancelled."""

    def __init__(self, store_url: str, service: str, *, still_seconds: float = STILL_SECONDS) -> None:
        self._still_seconds = still_seconds
        self._address = Address.parse(store_url, service)
        self._key = lock_key(self._address, service)
        self._service = service
        self._held = asyncio.Event()
        self._lost = asyncio.Event()
        self._lost.set()

    @property
    def held(self) -> bool:
        return self._held.is_set()

    async def run(self) -> None:
        """Stand for election, and again whenever leadership was lost."""
        if not self._address.is_postgres:
            self._won()
            await asyncio.Event().wait()
        while True:
            await self._one_term()
            await asyncio.sleep(BEAT_SECONDS)

    async def somebody_leads(self) -> bool:
        """Whether a process leads just now; asked by one that begins."""
        return self._address.is_postgres and await asyncio.to_thread(_is_locked, self._address, self._key)

    async def while_held(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do the work as long as we lead; begin it again when we lead again. Until it is done, or cancelled."""
        while True:
            await self._held.wait()
            working = asyncio.ensure_future(work())
            losing = asyncio.ensure_future(self._lost.wait())
            try:
                await asyncio.wait((working, losing), return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    working.result()  # an error is the caller's to see
                    return
            finally:
                for task in (working, losing):
                    task.cancel()
                await asyncio.gather(working, losing, return_exceptions=True)

    async def _one_term(self) -> None:
        loop = asyncio.get_running_loop()
        term = _Term(
            self._address,
            self._key,
            lambda won: loop.call_soon_threadsafe(self._turned, won),
            self._still_seconds,
        )
        thread = threading.Thread(target=term.serve, name=f"leader of {self._service}", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                term.beat()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            term.resign()
            self._turned(won=False)

    def _turned(self, won: bool) -> None:
        if won:
            self._won()
        elif self.held:
            log.warning("%s does not lead any more", self._service)
            self._held.clear()
            self._lost.set()

    def _won(self) -> None:
        log.info("%s leads", self._service)
        self._lost.clear()
        self._held.set()


def _is_locked(address: Address, key: int) -> bool:
    import psycopg  # loads where it is used

    try:
        with psycopg.connect(**address.parameters(), autocommit=True) as connection:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(str(error).partition("\n")[0]) from error
    return not (row and row[0])


class _Term:
    """One connection's attempt to hold the lock, in a thread of its own."""

    def __init__(self, address: Address, key: int, turned: Callable[[bool], object], still_seconds: float) -> None:
        self._still_seconds = still_seconds
        self._address = address
        self._key = key
        self._turned = turned
        self._beaten_at = time.monotonic()
        self._resigned = threading.Event()

    def beat(self) -> None:
        self._beaten_at = time.monotonic()

    def resign(self) -> None:
        self._resigned.set()

    def serve(self) -> None:
        """Until resigned, or the connection breaks, or the event loop stands still: then the lock is let go."""
        import psycopg  # loads where it is used

        with (
            suppress(psycopg.Error, RuntimeError),  # a closed loop cannot be told any more
            psycopg.connect(**self._address.parameters(), autocommit=True) as connection,
        ):
            connection.execute(f"SET idle_session_timeout = {int(IDLE_SECONDS * 1000)}")
            held = False
            while not self._resigned.wait(BEAT_SECONDS / 2):
                if time.monotonic() - self._beaten_at > self._still_seconds:
                    return
                if held:
                    connection.execute("SELECT 1")
                    continue
                row = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
                held = bool(row and row[0])
                if held:
                    self._turned(True)

"""A TCP proxy that a test can cut: one way, the other way, or both, silently (as a broken cable) or by a reset.

It runs on a loop of its own in a thread, so that it goes on while the test waits for something. What is on its way when
the line is cut is kept and goes on when it heals, as TCP would send it again.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Flag, auto
from typing import Any

from chassis.testing import free_port

CHUNK = 65_536


class Way(Flag):
    """Which direction is cut."""

    THERE = auto()
    BACK = auto()
    BOTH = THERE | BACK


Frames = Callable[[asyncio.StreamReader, Way], AsyncIterator[bytes]]
"""What to pass on of what is read in one direction."""


async def as_it_comes(reader: asyncio.StreamReader, way: Way) -> AsyncIterator[bytes]:
    while chunk := await reader.read(CHUNK):
        yield chunk


class Proxy:
    """Listens at `port`, and passes on to `upstream`: a port of this machine, or the path of a socket."""

    def __init__(self, upstream: int | str, frames: Frames = as_it_comes) -> None:
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._upstream = upstream
        self._frames = frames
        self._cut = Way(0)
        self._loop = asyncio.new_event_loop()
        self._open: dict[Way, asyncio.Event] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy {self.port}", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._thread.start()
        self._do(self._listen())

    def stop(self) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self, way: Way = Way.BOTH) -> None:
        """From now on nothing passes in this direction; connections stay open, and nobody is told."""
        self._do(self._set(way, passing=False))

    def heal(self) -> None:
        self._do(self._set(Way.BOTH, passing=True))

    def reset(self) -> None:
        """Break every connection off."""
        self._do(self._break_off())

    def _do(self, work: Awaitable[Any]) -> None:
        async def done() -> None:
            await work

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(10)

    async def _listen(self) -> None:
        self._open = {way: asyncio.Event() for way in (Way.THERE, Way.BACK)}
        await self._set(Way.BOTH, passing=True)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._break_off()

    async def _set(self, ways: Way, *, passing: bool) -> None:
        for way in (Way.THERE, Way.BACK):
            if way in ways:
                if passing:
                    self._open[way].set()
                else:
                    self._open[way].clear()

    async def _break_off(self) -> None:
        broken = list(self._connections)
        for connection in broken:
            connection.cancel()
        await asyncio.gather(*broken, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        there: asyncio.StreamWriter | None = None
        try:
            await self._open[Way.THERE].wait()  # over a cut line nobody is reached
            answers, there = await self._reach()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, there, Way.THERE))
                group.create_task(self._pass_on(answers, writer, Way.BACK))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass  # broken off, by one of the two or by the test
        finally:
            self._connections.discard(task)
            for end in (writer, there):
                if end is not None:
                    with suppress(OSError, RuntimeError):
                        end.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._upstream, str):
            return await asyncio.open_unix_connection(self._upstream)
        return await asyncio.open_connection("127.0.0.1", self._upstream)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        async for chunk in self._frames(reader, way):
            await self._open[way].wait()
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError("one end has closed")


@contextmanager
def proxied(upstream: int | str, frames: Frames = as_it_comes) -> Iterator[Proxy]:
    proxy = Proxy(upstream, frames)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()

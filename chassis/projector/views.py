"""The view database as the API sees it: queries, and waiting until a position is in the views."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from chassis.patience import Patience
from chassis.projector.view import Row, live
from chassis.sql import Database
from chassis.tide import Tide

R = TypeVar("R")
POLL_SECONDS = 0.05


class Views:
    """The view database: queries for the API, and notice of changed rows for watches."""

    def __init__(
        self,
        database: Database,
        tide: Tide,
        executor: Executor | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._database = database
        self._tide = tide
        self._executor = executor
        self._patience = patience or Patience(0)
        self.names: tuple[str, ...] = ()
        self.followed = False
        """True while another process keeps the views: their position is read from the database then."""

    async def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Sequence[Row]:
        """Read with `{table}` names as in a view's SQL; a short read on a connection of its own."""
        return await self._call(self._database.query, live(sql), parameters or {})

    @property
    def position(self) -> int:
        """The store position that all live views have reached."""
        return self._tide.value

    async def wait_for(self, position: int) -> None:
        """Wait until all live views have reached it (no timeout of its own: use the call's deadline)."""
        if self._tide.value < position:
            with self._patience.awaiting():
                while self._tide.value < position:
                    await self._next()

    async def wait_beyond(self, position: int) -> int:
        """Wait until the views moved beyond `position`; returns where they are (for watches)."""
        while self._tide.value <= position:
            await self._next()
        return self._tide.value

    async def _next(self) -> None:
        if not self.followed:
            await self._tide.next_nudge(1.0)
        elif not await self._tide.next_nudge(POLL_SECONDS):
            rows = await self.query("SELECT name, position FROM view_places")
            positions = {row["name"]: row["position"] for row in rows}
            if all(name in positions for name in self.names):
                self._tide.reach(min((positions[name] for name in self.names), default=0))

    def close(self) -> None:
        self._database.close()

    async def _call(self, ask: Callable[..., R], *arguments: Any) -> R:
        if self._executor is None:
            return ask(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._executor, ask, *arguments)

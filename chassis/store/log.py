"""What has been recorded: reading it, and waiting for more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from chassis.catalog import Catalog, parse_tag
from chassis.store.plan import EPOCH, MICROSECOND, Row, microseconds
from chassis.store.recent import Recent
from chassis.store.recorder import Recorder
from chassis.store.records import Recorded
from chassis.store.refusals import StoreUnavailable
from chassis.tide import Tide
from vocabulary.fact import Fact

R = TypeVar("R")
PAGE = 1000
AT_ONCE = 500
"""Events that are asked for by name in one statement."""


class Log:
    """The reading half of a store."""

    def __init__(self, recorder: Recorder, catalog: Catalog) -> None:
        self.catalog = catalog
        self._recorder = recorder
        self._recent = Recent()
        self._tide = Tide()
        self._thread = None if recorder.inline else ThreadPoolExecutor(1, thread_name_prefix="store")

    @property
    def position(self) -> int:
        """The last position committed by this process or seen by its poller."""
        return self._tide.value

    async def read_stream(self, stream: str, after_version: int = 0) -> AsyncIterator[Recorded]:
        while rows := await self._ask(self._recorder.stream, stream, after_version, PAGE):
            for row in rows:
                yield recorded_of(row, self.catalog)
            after_version = rows[-1].version

    async def read_events(self, stream: str, versions: Iterable[int]) -> Sequence[Recorded]:
        """Some events of a stream, by their versions."""
        wanted = sorted(set(versions))
        found: list[Recorded] = []
        for start in range(0, len(wanted), AT_ONCE):
            rows = await self._ask(self._recorder.stream_at, stream, wanted[start : start + AT_ONCE])
            found += (recorded_of(row, self.catalog) for row in rows)
        return found

    async def read_log(self, after: int, limit: int) -> Sequence[Recorded]:
        """The facts after a position, in order, at most `limit`; empty where none are known of (yet): ask
        `newest_position` first where another process may have written."""
        recent = self._recent.after(after, limit)
        if recent or after >= self._tide.value:
            return recent
        return [recorded_of(row, self.catalog) for row in await self._ask(self._recorder.log, after, limit)]

    async def read_rows(self, after: int, limit: int) -> "Sequence[Row | Recorded]":
        """As `read_log`, but not decoded where they come from the database: for who passes them on as they are."""
        recent = self._recent.after(after, limit)
        if recent or after >= self._tide.value:
            return recent
        return await self._ask(self._recorder.log, after, limit)

    async def read_stored_stream(self, stream: str, after_version: int, limit: int) -> Sequence[Row]:
        """A stream's events as the database has them at this moment, undecoded: for who checks them or gives them
        away."""
        return await self._ask(self._recorder.stream, stream, after_version, limit)

    async def read_stored(self, after: int, limit: int) -> Sequence[Row]:
        """The facts after a position as the database has them at this moment, undecoded: for who checks it."""
        return await self._ask(self._recorder.log, after, limit)

    async def read_agency(
        self, agency: str, after_sequence: int, limit: int, kinds: Iterable[type[Fact]] = ()
    ) -> Sequence[Recorded]:
        """The facts of one agency in order, after one of its own sequence (`Recorded.agency_sequence`); where `kinds`
        are named, of these alone, in whatever version they are stored."""
        tags = self.catalog.tags_of(kinds)
        rows = await self._ask(self._recorder.agency_log, agency, after_sequence, limit, tags)
        return [recorded_of(row, self.catalog) for row in rows]

    async def read_house(self, after: int = 0) -> Sequence[Recorded]:
        """The chassis' own facts (dead letters, restores) after a position."""
        return [recorded_of(row, self.catalog) for row in await self._ask(self._recorder.house_log, after)]

    async def position_at(self, agency: str, instant: datetime) -> int:
        """The position of the agency's last fact recorded up to an instant (R37)."""
        return await self._ask(self._recorder.last_until, agency, microseconds(instant))

    async def wait_beyond(self, position: int) -> None:
        """Return when something after `position` may be there (woken by the writer; polls for other writers)."""
        while self._tide.value <= position and not await self._tide.next_nudge(self._recorder.poll_seconds):
            with suppress(StoreUnavailable):
                await self.newest_position()

    async def newest_position(self) -> int:
        """The log's end as the database has it now."""
        self._tide.reach(await self._ask(self._recorder.position))
        return self._tide.value

    async def tracked(self, source: str) -> int:
        """The position up to which an inbox has consumed a source; 0 where it never has."""
        return await self._ask(self._recorder.mark, source)

    async def _ask(self, ask: Callable[..., R], *arguments: Any) -> R:
        """Ask the recorder: inline, or in its own thread."""
        if self._thread is None:
            return ask(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask, *arguments)


def recorded_of(row: Row, catalog: Catalog) -> Recorded:
    """A row with its event decoded."""
    name, version = parse_tag(row.tag)
    return Recorded(
        row.position,
        row.previous,
        row.stream,
        row.version,
        name,
        version,
        catalog.decode(name, version, row.payload),
        row.payload,
        EPOCH + row.recorded_at_us * MICROSECOND,
        row.agency,
        row.actor,
        row.correlation_id,
        row.causation_id,
        row.stream_hash,
        row.agency_sequence,
    )

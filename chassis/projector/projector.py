"""Facts into views: live, beside for a rebuild, and in memory as of a position."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from chassis import crash
from chassis.measures import UNMEASURED, Measures
from chassis.patience import Patience
from chassis.portion import Portion
from chassis.projector.replay import Wanted, replayed
from chassis.projector.shelf import Place, PlaceMoved, Shelf, place_of
from chassis.projector.view import View, shape_of
from chassis.projector.views import Views
from chassis.sql import Address, DatabaseFull, DatabaseUnavailable
from chassis.store import Recorded, Store, StoreUnavailable
from chassis.tide import Tide

R = TypeVar("R")
LIVE_FACTS = 500
"""In one transaction while the views follow the log."""
FEWEST_FACTS = 10
REBUILD_FACTS = 5000
"""In one transaction of a rebuild, where the view is quick: no portion holds the event loop for long."""
PATIENCE_SECONDS = 0.02
"""How long facts wait for company where nobody waits for them in the views."""
CHECKPOINT_SECONDS = 2.0
"""Each costs the disk a few syncs, for which commits wait; pages written again meanwhile are copied once."""
RETRY_SECONDS = 0.5
LOOK_SECONDS = 0.05
BROKEN_RETRY_SECONDS = 5.0
TRANSIENT = (DatabaseUnavailable, DatabaseFull, StoreUnavailable)

log = logging.getLogger(__name__)


class Projector:
    """Keeps the views; `open` before anything else."""

    def __init__(
        self,
        store: Store,
        views_url: str,
        views: Sequence[View],
        *,
        measures: Measures = UNMEASURED,
        patience_seconds: float = PATIENCE_SECONDS,
        schema: str = "",
    ) -> None:
        """`schema`: where the views of this version lie while another version keeps its own (`schema_beside`)."""
        self._store = store
        self._url = views_url
        self._home = Address.parse(views_url, f"{store.catalog.service}_views")
        self._address = replace(self._home, schema=schema) if schema else self._home
        self._views = {view.name: view for view in views}
        assert len(self._views) == len(views), "two views have the same name"
        self._measures = measures
        self._tide = Tide()
        self._at: dict[str, int] = {}
        self._broken: set[str] = set()
        self._turn = asyncio.Lock()
        self._live_portion = Portion(LIVE_FACTS, least=FEWEST_FACTS)
        self._shelf = Shelf(self._address)
        aside = self._address.is_postgres
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="projector") if aside else None
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="views") if aside else None
        self._patience = Patience(patience_seconds)
        self.views = Views(self._shelf.for_reading(), self._tide, self._reader, self._patience)

    async def open(self, *, follow: bool = False) -> None:
        """Make what tables there are not, and build anew every view whose shape or epoch has changed. With `follow`
        another process keeps the views, and this one only reads them."""
        self.views.followed = follow
        self.views.names = tuple(self._views)
        places = await self._call(self._shelf.open)
        await self._store.newest_position()  # asked after the places: no view is ahead of it
        self._at = {name: place.position for name, place in places.items() if name in self._views}
        if follow:
            self._moved()
            return
        for name, view in self._views.items():
            if not self._is_current(view, places.get(name)):
                await self.rebuild(name)
        self._moved()

    async def all_made(self) -> None:
        """Until every view has its tables, made here or by the process that keeps them: nothing can be asked before."""
        while True:
            places = await self._call(self._shelf.places)
            await self._store.newest_position()  # another process may have gone on meanwhile
            if all(self._is_current(view, places.get(name)) for name, view in self._views.items()):
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        await self._call(self._shelf.close)
        self.views.close()
        for executor in (self._writer, self._reader):
            if executor is not None:
                executor.shutdown()

    async def run(self) -> None:
        """Follow the log until cancelled. Who only read the views before takes them over."""
        if self.views.followed:
            await self.open()
        tidying = asyncio.create_task(self._checkpoint_now_and_then())
        try:
            await self._run()
        finally:
            tidying.cancel()
            self.views.followed = True

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        retry_at = 0.0
        while True:
            whole = [at for name, at in self._at.items() if name not in self._broken]
            position = min(whole, default=self._store.position)
            try:
                facts = await self._store.read_log(position, self._live_portion.size)
                if facts:
                    began = time.perf_counter()
                    async with self._turn:
                        await self._follow(position, facts)
                    self._live_portion.took(len(facts), time.perf_counter() - began)
                    await (asyncio.sleep(0) if len(facts) >= self._live_portion.size else self._patience.rest())
                else:
                    async with asyncio.timeout(BROKEN_RETRY_SECONDS if self._broken else None):
                        await self._store.wait_beyond(position)
            except PlaceMoved as moved:
                log.info("another process keeps the views too: %s", moved)
                places = await self._call(self._shelf.places)
                self._at.update((name, places[name].position) for name in self._at)
                self._moved()
            except TRANSIENT as error:
                log.warning("the views wait for a database: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            except TimeoutError:
                pass  # time to try the broken ones again
            if self._broken and loop.time() > retry_at:
                retry_at = loop.time() + BROKEN_RETRY_SECONDS
                self._broken.clear()

    async def rebuild(self, name: str) -> int:
        """Fill the view anew beside the live one and swap; returns the facts read."""
        view = self._views[name]
        await self._store.newest_position()
        await self._call(self._shelf.begin_beside, view)
        position = read = 0
        portion = Portion(REBUILD_FACTS, least=FEWEST_FACTS)
        began = time.perf_counter()
        while facts := await self._store.read_log(position, portion.size):
            await self._call(self._shelf.project_beside, view, facts)
            portion.took(len(facts), time.perf_counter() - began)
            position = facts[-1].position
            read += len(facts)
            await asyncio.sleep(0)
            began = time.perf_counter()
        async with self._turn:
            # The live views stand still now: what is left goes in with the swap.
            while len(facts := await self._store.read_log(position, REBUILD_FACTS)) == REBUILD_FACTS:
                await self._call(self._shelf.project_beside, view, facts)
                position = facts[-1].position
                read += len(facts)
            position = facts[-1].position if facts else position
            await self._call(self._shelf.swap, view, facts, place_of(view, self._store.epoch, position))
            self._at[name] = position
            self._moved()
        return read + len(facts)

    @property
    def schema(self) -> str:
        """Where the views lie, on PostgreSQL."""
        return self._address.schema

    async def bring_home(self) -> None:
        """Where the views of this version lie beside those of another one: build them at home too, where the next start
        finds them. For when no process of the other version runs any more."""
        if self._address == self._home:
            return
        home = Projector(self._store, self._url, list(self._views.values()))
        try:
            await home.open()
        finally:
            await home.close()

    async def replay_until(self, names: Sequence[str], position: int, wanted: Wanted) -> Views:
        """Views as they were known at a position (R37), in a private in-memory database, from the facts that are
        `wanted` alone. Close them after use."""
        views = [self._views[name] for name in names]
        return await replayed(self._store, views, position, wanted)

    @property
    def places(self) -> Mapping[str, int]:
        """Each live view with the position up to which it is filled."""
        return dict(self._at)

    async def places_now(self) -> Mapping[str, int]:
        """The same, also where another process keeps the views."""
        if not self.views.followed:
            return self.places
        places = await self._call(self._shelf.places)
        return {name: place.position for name, place in places.items() if name in self._views}

    async def hashes(self) -> Mapping[str, str]:
        """A hash of each view's rows: equal views have equal hashes, on either database."""
        async with self._turn:
            return {name: await self._call(self._shelf.hash, view) for name, view in self._views.items()}

    async def _follow(self, position: int, facts: Sequence[Recorded]) -> None:
        """The facts after `position` into every view that has not seen them; a view that fails stays behind, and does
        not hold up the others."""
        whole = [view for name, view in self._views.items() if name not in self._broken]
        together = [view for view in whole if self._at[view.name] == position]
        apart = [view for view in whole if self._at[view.name] > position]
        last = facts[-1].position
        try:
            if together:
                crash.here("project.before")
                await self._call(self._shelf.project, together, position, facts)
                crash.here("project.after")
                self._at.update((view.name, last) for view in together)
        except (*TRANSIENT, PlaceMoved):
            raise
        except Exception:
            log.exception("a view failed; each is tried alone")
            apart.extend(together)
        for view in apart:
            unseen = [fact for fact in facts if fact.position > self._at[view.name]]
            if unseen:
                await self._alone(view, unseen)
        self._moved()

    async def _alone(self, view: View, facts: Sequence[Recorded]) -> None:
        try:
            await self._call(self._shelf.project, [view], self._at[view.name], facts)
            self._at[view.name] = facts[-1].position
        except (*TRANSIENT, PlaceMoved):
            raise
        except Exception:
            log.exception("the view %s cannot take in the facts after position %d", view.name, self._at[view.name])
            self._broken.add(view.name)

    async def _checkpoint_now_and_then(self) -> None:
        """In a thread beside: the automatic checkpoint would be the tail of a transaction's latency."""
        checked = self._tide.value
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            if self._tide.value != checked:
                checked = self._tide.value
                with suppress(*TRANSIENT):
                    await asyncio.to_thread(self._shelf.checkpoint)

    def _moved(self) -> None:
        for name, position in self._at.items():
            self._measures.view_position(name, position, max(0, self._store.position - position))
        if self._views.keys() <= self._at.keys():
            reached = min(self._at.values(), default=self._store.position)
            self._tide.reach(reached)
            self._measures.views_reached(reached)

    def _is_current(self, view: View, place: Place | None) -> bool:
        if place is None:
            return False
        if place.shape != shape_of(view) or place.epoch != self._store.epoch:
            return False
        return place.position <= self._store.position

    async def _call(self, ask: Callable[..., R], *arguments: Any) -> R:
        if self._writer is None:
            return ask(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._writer, ask, *arguments)

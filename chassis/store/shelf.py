"""The streams at hand: loaded when asked for, kept while they are hot, and what is drafted on them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from chassis.catalog import Catalog, parse_tag
from chassis.keyring import Keyring
from chassis.store.draft import Draft, DraftEvent
from chassis.store.hot import HotStream, HotStreams
from chassis.store.kept import KeptStates
from chassis.store.ledger import Ledger
from chassis.store.log import PAGE
from chassis.store.plan import Row
from chassis.store.recorder import Recorder
from chassis.store.records import Context, Decider, Request, Tracking
from vocabulary.fact import Fact
from vocabulary.refusal import Refused

S = TypeVar("S")
SLICE = 200
"""Events that a state is made of before others have their turn: a few milliseconds."""
Ask = Callable[..., Awaitable[Any]]


class StreamShelf:
    """What a ledger takes its streams from (chassis.store.ledger.Shelf)."""

    def __init__(
        self, recorder: Recorder, ask: Ask, catalog: Catalog, seals: Keyring, capacity: int, kept: KeptStates
    ) -> None:
        self._recorder = recorder
        self._ask = ask
        self._catalog = catalog
        self._seals = seals
        self._hot = HotStreams(capacity)
        self._kept = kept
        self._loads: dict[tuple[str, Decider[Any, Any]], asyncio.Task[tuple[Any, int]]] = {}
        self._wanted: set[str] = set()
        self._reading: asyncio.Task[Mapping[str, Sequence[Row]]]

    def begin(self, stream: str) -> None:
        """Nobody has written to it: it need not be looked for."""
        if self._hot.get(stream) is None:
            self._hot.put(stream, HotStream(0))
            self._recorder.begin(stream)

    async def hot(self, stream: str) -> HotStream:
        hot = self._hot.get(stream)
        if hot is None:
            head = await self._ask(self._recorder.head, stream)
            hot = self._hot.get(stream)
            if hot is None:
                hot = HotStream(head.version)
                self._hot.put(stream, hot)
        return hot

    async def hot_state(self, stream: str, decider: Decider[Any, Any]) -> HotStream:
        while True:
            hot = self._hot.get(stream)
            if hot is not None:
                if decider in hot.states:
                    return hot
                if hot.version == 0:
                    hot.states[decider] = decider.initial
                    return hot
                if hot.draft is not None:
                    await asyncio.wait([hot.draft.settled])
                    continue
            state, version = await self._load(stream, decider)
            found = self._hot.get(stream)
            if found is None or (found.draft is None and found.version < version):
                found = HotStream(version)
                self._hot.put(stream, found)
            if found.version == version and found.draft is None:
                found.states[decider] = state
                return found

    async def draft_events(self, context: Context, stream: str, events: Sequence[Fact]) -> Sequence[DraftEvent]:
        """Sealed and encoded; the keys are fetched first where they are another service's."""
        catalog, agency = self._catalog, context.agency
        drafted = []
        for event in events:
            if subjects := catalog.subjects(event):
                await self._seals.prepare(agency, subjects)
                event = catalog.sealed(event, agency, self._seals)
            drafted.append(DraftEvent(stream, catalog.tag_to_record(event), event, catalog.payload(event), context))
        return drafted

    def draft(
        self,
        ledger: Ledger,
        stream: str,
        request: Request | None,
        tracking: Tracking | None,
        refusal: Refused | None,
    ) -> Draft | None:
        """What the ledger holds, ready to be appended; None where somebody went on meanwhile and it must run again."""
        pages = ledger.pages
        after = []
        for name, page in pages.items():
            hot = self._hot.get(name)
            if hot is not None and hot.version != page.base:
                return None
            if page.draft is not None:
                if page.draft.failed:
                    return None
                if page.draft.fate is None:
                    after.append(page.draft)
        draft = Draft(
            context=ledger.context,
            stream=stream,
            version=pages[stream].version if stream else 0,
            expected={name: page.base for name, page in pages.items()},
            events=() if refusal else ledger.events,
            settled=asyncio.get_running_loop().create_future(),
            request=request,
            tracking=None if refusal else tracking,
            names=tuple(ledger.names),
            after=after,
            refusal=refusal,
        )
        if refusal is None:
            for name, page in pages.items():
                if page.version != page.base:
                    hot = HotStream(page.version)
                    hot.states = page.states
                    hot.draft = draft
                    self._hot.put(name, hot)
        return draft

    def settled(self, draft: Draft) -> None:
        """Its streams are as it thought."""
        self._hot.settled(draft)

    def forget(self, draft: Draft) -> None:
        """Its streams are not as it thought: they are read again by whoever asks next."""
        self._hot.forget(draft.expected)

    async def committed_state(self, decider: Decider[Any, S], stream: str) -> tuple[S, int]:
        """State and version of what is committed; fresh from the database where other processes write to it too."""
        while True:
            hot = await self.hot_state(stream, decider)
            if not self._recorder.inline:
                head = await self._ask(self._recorder.head, stream)
                if hot.draft is None and head.version != hot.version:
                    self._hot.forget((stream,))
                    continue
            if hot.draft is None:
                return hot.states[decider], hot.version
            await asyncio.wait([hot.draft.settled])

    async def _load(self, stream: str, decider: Decider[Any, S]) -> tuple[S, int]:
        """A short stream at once; a long one in slices, once for all who ask for it meanwhile."""
        key = (stream, decider)
        if (load := self._loads.get(key)) is None:
            rows = await self._beginning(stream)
            if len(rows) < PAGE:
                return self._evolved(decider, decider.initial, rows), rows[-1].version if rows else 0
            load = self._loads.get(key)
        if load is None:
            load = self._loads[key] = asyncio.create_task(self._load_long(stream, decider))
            load.add_done_callback(lambda _: self._loads.pop(key, None))
        found: tuple[S, int] = await asyncio.shield(load)
        return found

    async def _load_long(self, stream: str, decider: Decider[Any, S]) -> tuple[S, int]:
        state, version = await self._kept_state(stream, decider)
        while rows := await self._ask(self._recorder.stream, stream, version, SLICE):
            state, version = self._evolved(decider, state, rows), rows[-1].version
            if len(rows) < SLICE:
                break
            await asyncio.sleep(0)
        return state, version

    async def _kept_state(self, stream: str, decider: Decider[Any, S]) -> tuple[S, int]:
        """Where to go on from: what was kept, if it was made of the very events that the stream has; else nothing."""
        kept = await self._kept.find(stream)
        state: S | None = None if kept is None else self._kept.state(decider, kept)
        if kept is not None and state is not None:
            rows = await self._ask(self._recorder.stream_at, stream, [kept.version])
            if rows and rows[0].stream_hash == kept.head:
                return state, kept.version
        return decider.initial, 0

    def _evolved(self, decider: Decider[Any, S], state: S, rows: Sequence[Row]) -> S:
        for row in rows:
            state = decider.evolve(state, self._catalog.decode(*parse_tag(row.tag), row.payload))
        return state

    async def _beginning(self, stream: str) -> Sequence[Row]:
        """A stream's first page. Where the database is asked in a thread, all that are asked for meanwhile are read at
        once."""
        if self._recorder.inline:
            return self._recorder.stream(stream, 0, PAGE)
        if not self._wanted:
            self._reading = asyncio.create_task(self._read_wanted())
        self._wanted.add(stream)
        return (await asyncio.shield(self._reading))[stream]

    async def _read_wanted(self) -> Mapping[str, Sequence[Row]]:
        await asyncio.sleep(0)
        wanted, self._wanted = self._wanted, set()
        found: Mapping[str, Sequence[Row]] = await self._ask(self._recorder.streams, sorted(wanted), PAGE)
        return found

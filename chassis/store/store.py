"""One service's event store: SQLite (`sqlite:///path`) or PostgreSQL (`postgresql://…`)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from chassis import crash
from chassis.catalog import Catalog, parse_tag
from chassis.keyring import Keyring
from chassis.measures import UNMEASURED, Measures
from chassis.sql import Address
from chassis.store.draft import Draft, DraftEvent, Fate, Outcome
from chassis.store.group_commit import GroupCommit
from chassis.store.hot import HotStream, HotStreams
from chassis.store.ledger import Ledger, Work
from chassis.store.plan import EPOCH, MICROSECOND, Row, microseconds
from chassis.store.recent import Recent
from chassis.store.recorder import Recorder
from chassis.store.records import Context, Decider, Receipt, Recorded, Request, Tracking
from chassis.store.refusals import EtagStale, RequestReused, StoreUnavailable, TrackingMoved
from chassis.tide import Tide
from vocabulary.fact import Fact
from vocabulary.refusal import Refused

C = TypeVar("C")
S = TypeVar("S")
R = TypeVar("R")

ATTEMPTS = 25
"""How often a command is decided again because others were faster, before its caller is asked to come back."""
PAGE = 1000
CHECKPOINT_SECONDS = 0.5


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Streams, the log, and what is on its way into them. Made by `Store.open`."""

    epoch: str
    """Changes when a store is restored; part of `ce-source` and of every consistency token."""

    def __init__(
        self,
        recorder: Recorder,
        catalog: Catalog,
        seals: Keyring,
        *,
        clock: Callable[[], datetime],
        measures: Measures,
        rehearsal: bool,
        hot_streams: int,
    ) -> None:
        self.catalog = catalog
        self.rehearsal = rehearsal
        self.clock = clock
        self.measures = measures
        self._recorder = recorder
        self._seals = seals
        self._hot = HotStreams(hot_streams)
        self._recent = Recent()
        self._tide = Tide()
        self._thread = None if recorder.inline else ThreadPoolExecutor(1, thread_name_prefix="store")
        self._group = GroupCommit(self._append, self._settled, self._failed, self._thread)
        self._wanted: set[str] = set()
        self._reading: asyncio.Task[Mapping[str, Sequence[Row]]]
        self._checkpoints: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        url: str,
        catalog: Catalog,
        seals: Keyring,
        *,
        clock: Callable[[], datetime] = utc_now,
        measures: Measures = UNMEASURED,
        rehearsal: bool = False,
        hot_streams: int = 10_000,
    ) -> "Store":
        """Open the store at `url`, made if there is none. `hot_streams` bounds the states kept in memory."""
        recorder = recorder_at(Address.parse(url, catalog.service), rehearsal)
        store = cls(
            recorder, catalog, seals, clock=clock, measures=measures, rehearsal=rehearsal, hot_streams=hot_streams
        )
        store.epoch = await store._call(recorder.open)
        store._tide.reach(await store._call(recorder.position))
        store._checkpoints = asyncio.create_task(store._checkpoint_now_and_then())
        return store

    async def close(self) -> None:
        """Finish what is on its way, then let go of the database."""
        await self._group.drain()
        if self._checkpoints is not None:
            self._checkpoints.cancel()
            with suppress(asyncio.CancelledError):
                await self._checkpoints
        await self._call(self._recorder.close)
        if self._thread is not None:
            self._thread.shutdown()

    async def execute(
        self,
        decider: Decider[C, Any],
        stream: str,
        command: C,
        *,
        context: Context,
        request: Request | None = None,
        expected_version: int | None = None,
        names: Sequence[str] = (),
    ) -> Receipt:
        """Decide one command on one stream. `expected_version` (from an etag): `EtagStale` (Kind.STALE) where it is not
        the stream's."""

        async def work(ledger: Ledger) -> None:
            await ledger.state(decider, stream)
            if expected_version is not None and await ledger.version(stream) != expected_version:
                raise EtagStale("it has changed since you read it: read it again and repeat", field="etag")
            await ledger.decide(decider, stream, command)
            ledger.names.extend(names)

        return await self.transact(work, context=context, stream=stream, request=request)

    async def transact(
        self,
        work: Work,
        *,
        context: Context,
        stream: str,
        request: Request | None = None,
        tracking: Tracking | None = None,
    ) -> Receipt:
        """Run `work` and append what it recorded; `stream` is the one the receipt is about."""
        for attempt in range(ATTEMPTS):
            ledger = Ledger(context, shelf=self)
            refusal: Refused | None = None
            try:
                await work(ledger)
            except Refused as error:
                refusal = error  # it stands only if what it was decided on does
            if stream and stream not in ledger.pages:
                await ledger.version(stream)
            draft = self._draft(ledger, stream, request, tracking, refusal)
            if draft is not None:
                self._group.submit(draft)
                outcome = await draft.settled
                if outcome.fate is not Fate.OVERTAKEN:
                    return _answer(outcome, refusal)
            if attempt > 2:
                await asyncio.sleep(0.001 * attempt)
        raise StoreUnavailable(f"{stream} is written by too many at once; try again")

    async def state(self, decider: Decider[Any, S], stream: str) -> tuple[S, int]:
        """State and version, from the cache of hot streams where possible; never of what is not committed yet."""
        while True:
            hot = await self.hot_state(stream, decider)
            if not self._recorder.inline:
                head = await self._call(self._recorder.head, stream)
                if hot.draft is None and head.version != hot.version:
                    self._hot.forget((stream,))  # another process wrote
                    continue
            if hot.draft is None:
                return hot.states[decider], hot.version
            await asyncio.wait([hot.draft.settled])

    async def read_stream(self, stream: str, after_version: int = 0) -> AsyncIterator[Recorded]:
        while rows := await self._call(self._recorder.stream, stream, after_version, PAGE):
            for row in rows:
                yield self._recorded(row)
            after_version = rows[-1].version

    async def read_log(self, after: int, limit: int) -> Sequence[Recorded]:
        """The facts after a position, in order, at most `limit`; empty where none are known of (yet): ask
        `newest_position` first where another process may have written."""
        recent = self._recent.after(after, limit)
        if recent or after >= self._tide.value:
            return recent
        return [self._recorded(row) for row in await self._call(self._recorder.log, after, limit)]

    async def read_rows(self, after: int, limit: int) -> "Sequence[Row | Recorded]":
        """As `read_log`, but not decoded where they come from the database: for who passes them on as they are."""
        recent = self._recent.after(after, limit)
        if recent or after >= self._tide.value:
            return recent
        return await self._call(self._recorder.log, after, limit)

    async def read_agency(self, agency: str, after: int, limit: int) -> Sequence[Recorded]:
        """The facts of one agency after a position, in order."""
        return [self._recorded(row) for row in await self._call(self._recorder.agency_log, agency, after, limit)]

    async def read_house(self, after: int = 0) -> Sequence[Recorded]:
        """The chassis' own facts (dead letters, restores) after a position."""
        return [self._recorded(row) for row in await self._call(self._recorder.house_log, after)]

    async def position_at(self, agency: str, instant: datetime) -> int:
        """The position of the agency's last fact recorded up to an instant (R37)."""
        return await self._call(self._recorder.last_until, agency, microseconds(instant))

    @property
    def position(self) -> int:
        """The last position committed by this process or seen by its poller."""
        return self._tide.value

    async def wait_beyond(self, position: int) -> None:
        """Return when something after `position` may be there (woken by the writer; polls for other writers)."""
        while self._tide.value <= position and not await self._tide.next_nudge(self._recorder.poll_seconds):
            with suppress(StoreUnavailable):
                await self.newest_position()

    async def newest_position(self) -> int:
        """The log's end as the database has it now."""
        self._tide.reach(await self._call(self._recorder.position))
        return self._tide.value

    async def tracked(self, source: str) -> int:
        """The position up to which an inbox has consumed a source; 0 where it never has."""
        return await self._call(self._recorder.mark, source)

    async def restored(self, published_up_to: int) -> str:
        """Begin a new epoch after a restore: positions go on past every one ever published. Returns the epoch."""
        lost = self.epoch
        self.epoch = await self._call(self._recorder.begin_epoch, max(published_up_to, self.position) + 1)
        return lost

    # What a ledger takes its streams from (chassis.store.ledger.Shelf).

    async def hot(self, stream: str) -> HotStream:
        hot = self._hot.get(stream)
        if hot is None:
            head = await self._call(self._recorder.head, stream)
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
        catalog, agency = self.catalog, context.agency
        drafted = []
        for event in events:
            if subjects := catalog.subjects(event):
                await self._seals.prepare(agency, subjects)
                event = catalog.sealed(event, agency, self._seals)
            drafted.append(DraftEvent(stream, catalog.type_of(event).tag, event, catalog.payload(event), context))
        return drafted

    async def _load(self, stream: str, decider: Decider[Any, S]) -> tuple[S, int]:
        state, version = decider.initial, 0
        rows = await self._beginning(stream)
        while rows:
            for row in rows:
                state = decider.evolve(state, self._decoded(row))
            version = rows[-1].version
            if len(rows) < PAGE:
                break
            rows = await self._call(self._recorder.stream, stream, version, PAGE)
        return state, version

    async def _beginning(self, stream: str) -> Sequence[Row]:
        """A stream's first page. Where the database is asked in a thread, all that are asked for meanwhile are read at
        once."""
        if self._thread is None:
            return self._recorder.stream(stream, 0, PAGE)
        if not self._wanted:
            self._reading = asyncio.create_task(self._read_wanted())
        self._wanted.add(stream)
        return (await asyncio.shield(self._reading))[stream]

    async def _read_wanted(self) -> Mapping[str, Sequence[Row]]:
        await asyncio.sleep(0)
        wanted, self._wanted = self._wanted, set()
        return await self._call(self._recorder.streams, sorted(wanted), PAGE)

    def _draft(
        self,
        ledger: Ledger,
        stream: str,
        request: Request | None,
        tracking: Tracking | None,
        refusal: Refused | None,
    ) -> Draft | None:
        """What the ledger holds, ready to be appended; None where somebody went on meanwhile and it must run again."""
        pages = ledger.pages
        for name, page in pages.items():
            hot = self._hot.get(name)
            if (hot is not None and hot.version != page.base) or (page.draft is not None and page.draft.failed):
                return None
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
            after=[page.draft for page in pages.values() if page.draft is not None and page.draft.fate is None],
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

    def _append(self, drafts: Sequence[Draft]) -> Sequence[Outcome]:
        crash.here("append.before")
        outcomes = self._recorder.append(drafts, microseconds(self.clock()))
        crash.here("append.after")
        return outcomes

    def _settled(self, drafts: Sequence[Draft], outcomes: Sequence[Outcome]) -> None:
        recorded: list[Recorded] = []
        for draft, outcome in zip(drafts, outcomes, strict=True):
            draft.fate = outcome.fate
            draft.after = ()
            if outcome.fate is not Fate.APPENDED:
                self._hot.forget(draft.expected)
            recorded.extend(outcome.recorded)
            if not draft.settled.done():
                draft.settled.set_result(outcome)
        if recorded:
            self._recent.add(recorded)
            self._tide.reach(recorded[-1].position)
        self.measures.appended(len(drafts))
        for name, count in Counter(fact.name for fact in recorded).items():
            self.measures.facts_recorded(name, count)

    def _failed(self, drafts: Sequence[Draft], error: Exception) -> None:
        for draft in drafts:
            draft.fate = Fate.OVERTAKEN
            draft.after = ()
            self._hot.forget(draft.expected)
            if not draft.settled.done():
                draft.settled.set_exception(error)

    def _recorded(self, row: Row) -> Recorded:
        name, version = parse_tag(row.tag)
        return Recorded(
            row.position,
            row.previous,
            row.stream,
            row.version,
            name,
            version,
            self.catalog.decode(name, version, row.payload),
            row.payload,
            EPOCH + row.recorded_at_us * MICROSECOND,
            row.agency,
            row.actor,
            row.correlation_id,
            row.causation_id,
            row.stream_hash,
            row.agency_sequence,
        )

    def _decoded(self, row: Row) -> Fact:
        name, version = parse_tag(row.tag)
        return self.catalog.decode(name, version, row.payload)

    async def _call(self, ask: Callable[..., R], *arguments: Any) -> R:
        """Ask the recorder: inline, or in its own thread."""
        if self._thread is None:
            return ask(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._thread, ask, *arguments)

    async def _checkpoint_now_and_then(self) -> None:
        checked = self._tide.value
        while True:
            await asyncio.sleep(CHECKPOINT_SECONDS)
            if self._tide.value != checked:
                checked = self._tide.value
                with suppress(Exception):
                    await asyncio.to_thread(self._recorder.checkpoint)


def recorder_at(address: Address, rehearsal: bool) -> Recorder:
    if address.is_postgres:
        from chassis.store.recorder_postgres import PostgresRecorder  # psycopg loads where it is used

        return PostgresRecorder(address, rehearsal=rehearsal)
    from chassis.store.recorder_sqlite import SqliteRecorder

    return SqliteRecorder(address.path, rehearsal=rehearsal)


def _answer(outcome: Outcome, refusal: Refused | None) -> Receipt:
    match outcome.fate:
        case Fate.REUSED:
            raise RequestReused(
                "this request_id was used for another request before: take a new one", field="request_id"
            )
        case Fate.MOVED:
            raise TrackingMoved("another inbox took these facts in meanwhile")
        case Fate.APPENDED if refusal is not None:
            raise refusal
        case Fate.APPENDED | Fate.REPEATED | Fate.OVERTAKEN:
            assert outcome.receipt is not None
            return outcome.receipt

"""One service's event store: SQLite (`sqlite:///path`) or PostgreSQL (`postgresql://…`)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from chassis import crash
from chassis.catalog import Catalog
from chassis.keyring import Keyring
from chassis.measures import UNMEASURED, Measures
from chassis.sql import Address
from chassis.store.draft import Draft, Fate, Outcome
from chassis.store.group_commit import GroupCommit
from chassis.store.kept import KeptStates
from chassis.store.ledger import Ledger, Work
from chassis.store.log import Log
from chassis.store.plan import microseconds
from chassis.store.recorder import Recorder
from chassis.store.records import Context, Decider, Receipt, Recorded, Request, Tracking
from chassis.store.refusals import EtagStale, RequestReused, StoreUnavailable, TrackingMoved
from chassis.store.shelf import StreamShelf
from vocabulary.refusal import Refused

C = TypeVar("C")
S = TypeVar("S")

ATTEMPTS = 25
"""How often a command is decided again because others were faster, before its caller is asked to come back."""
CHECKPOINT_SECONDS = 2.0
"""Each costs the disk a few syncs, for which commits wait; pages written again meanwhile are copied once."""
REHEARSED = "rehearsed"


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store(Log):
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
        kept: KeptStates,
    ) -> None:
        super().__init__(recorder, catalog)
        self.rehearsal = rehearsal
        self.clock = clock
        self.measures = measures
        self.kept = kept
        self._shelf = StreamShelf(recorder, self._ask, catalog, seals, hot_streams, kept)
        self._group = GroupCommit(self._append, self._settled, self._failed, self._thread)
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
        kept: KeptStates | None = None,
    ) -> "Store":
        """Open the store at `url`, made if there is none. `hot_streams` bounds the states kept in memory; those in
        `kept` outlast the process."""
        recorder = recorder_at(Address.parse(url, catalog.service), rehearsal)
        store = cls(
            recorder,
            catalog,
            seals,
            clock=clock,
            measures=measures,
            rehearsal=rehearsal,
            hot_streams=hot_streams,
            kept=kept or KeptStates(),
        )
        store.epoch = await store._ask(recorder.open)
        if rehearsal:
            await store.note_once(REHEARSED, "yes")
        await store.newest_position()
        store._checkpoints = asyncio.create_task(store._checkpoint_now_and_then())
        return store

    async def close(self) -> None:
        """Finish what is on its way, then let go of the database."""
        await self._group.drain()
        if self._checkpoints is not None:
            self._checkpoints.cancel()
            with suppress(asyncio.CancelledError):
                await self._checkpoints
        await self._ask(self._recorder.close)
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
            ledger = Ledger(context, shelf=self._shelf)
            refusal: Refused | None = None
            try:
                await work(ledger)
            except Refused as error:
                refusal = error  # it stands only if what it was decided on does
            if stream and stream not in ledger.pages:
                await ledger.version(stream)
            draft = self._shelf.draft(ledger, stream, request, tracking, refusal)
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
        return await self._shelf.committed_state(decider, stream)

    async def note_once(self, name: str, value: str) -> str:
        """A fact about the store itself, kept for ever beside its epoch: written where there is none of that name.
        Returns the one that stands."""
        return await self._ask(self._recorder.note_once, name, value)

    async def noted(self, name: str) -> str:
        """What `note_once` wrote; empty where nothing of that name stands."""
        return await self._ask(self._recorder.noted, name)

    async def was_rehearsed(self) -> bool:
        """Whether this store ever took the time of a command from the call: then times run on in each agency alone."""
        return self.rehearsal or bool(await self.noted(REHEARSED))

    async def restored(self, published_up_to: int) -> str:
        """Begin a new epoch after a restore: positions go on past every one ever published. Returns the lost epoch."""
        lost = self.epoch
        self.epoch = await self._ask(self._recorder.begin_epoch, max(published_up_to, self.position) + 1)
        return lost

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
            if outcome.fate is Fate.APPENDED:
                self._shelf.settled(draft)
            else:
                self._shelf.forget(draft)
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
            self._shelf.forget(draft)
            if not draft.settled.done():
                draft.settled.set_exception(error)

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
    if refusal is not None and outcome.fate is Fate.APPENDED:
        raise refusal
    if outcome.receipt is not None:
        return outcome.receipt
    if outcome.fate is Fate.MOVED:
        raise TrackingMoved("another inbox took these facts in meanwhile")
    assert outcome.fate is Fate.REUSED
    raise RequestReused("this request_id was used for another request before: take a new one", field="request_id")

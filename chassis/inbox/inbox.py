"""Batches of facts into the store: in order, each once in effect, poison set aside."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial

import nats.errors
from nats.js.errors import APIError

from chassis import crash
from chassis.bus import Bus
from chassis.house import DeadLettered, Parked, Replayed, StoreRestored, Withdrawn, lost
from chassis.inbox.consumer import Consumer, ConsumerLost
from chassis.inbox.incoming import Letter, Subscription, opened
from chassis.inbox.parking import Parking, dead_stream
from chassis.inbox.reacting import context_of, react_to
from chassis.measures import UNMEASURED, Measures
from chassis.message import envelope_of
from chassis.patience import Patience
from chassis.portion import Portion
from chassis.store import Ledger, Receipt, Store, StoreFull, StoreUnavailable, Tracking, TrackingMoved, Work
from chassis.tide import Tide
from chassis.traces import Traces

BATCH = 500
FEWEST = 10
"""In a batch, where so many wait and each takes long: a commit for each fact alone would cost more than it helps."""
LINGER_SECONDS = 0.003
RETRY_SECONDS = (0.05, 0.2, 0.5, 1.0)
LASTING = 3
"""Failures in a row, 1.7 s, after which it is no hiccup: a service that starts with us has begun its stream by then."""
POLL_SECONDS = 0.05
UNMARKED = 5_000
"""How many positions may be passed over before the mark follows; after a crash so many are looked at again."""
NAMED_SECONDS = 24 * 3600.0
"""In a rehearsal, a time further from now than this was named by the call."""
TRANSIENT = (StoreUnavailable, StoreFull, TrackingMoved)

log = logging.getLogger(__name__)


class Gap(Exception):
    """The next fact is not the one after the last: some are missing on the way."""


class Inbox:
    """What a service hears of one other."""

    def __init__(
        self,
        store: Store,
        bus: Bus,
        subscription: Subscription,
        *,
        measures: Measures = UNMEASURED,
        traces: Traces | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._subscription = subscription
        self._context = partial(context_of, rehearsal=store.rehearsal)
        self._measures = measures
        self._traces = traces
        self._taken = Tide()
        self._marked = 0
        """How far we have come by the store; what was passed over since is not written down."""
        self._passed_over = {str(event.__struct_config__.tag) for event in subscription.passed_over}
        self._followed = 0
        self._lost: dict[str, bool] = {}
        """Whether an epoch of the source is lost, where that was looked up."""
        self._running = False
        self._turn = asyncio.Lock()
        self._portion = Portion(BATCH, least=FEWEST)
        self._patience = Patience(subscription.patience_seconds)
        self.source = subscription.source.service
        self.parking = Parking(self.source)
        self.epoch = ""
        """The source's epoch, as far as it is known here."""
        self.problem = ""
        """Why nothing is taken in, in words for an operator; empty while all is well."""
        measures.taken_in(self.source, 0, ())  # what is counted begins at zero, so that the first facts are an increase

    @property
    def position(self) -> int:
        """The source's position up to which everything has been taken in and committed, or passed over."""
        return self._taken.value

    async def position_now(self) -> int:
        """The same, also where another process takes the facts in."""
        return self.position if self._running else await self._store.tracked(self.source)

    async def wait_for(self, position: int) -> int:
        """Wait until the source's `position` has been taken in; returns the position of our own store that followed."""
        with self._patience.awaiting():
            while self._taken.value < position:
                if self._running:
                    await self._taken.next_nudge(1.0)
                elif not await self._taken.next_nudge(POLL_SECONDS):
                    self._taken.reach(await self._store.tracked(self.source))  # another process takes them in
        return self._followed if self._running else await self._store.newest_position()

    async def run(self) -> None:
        """Consume until cancelled."""
        failures = 0
        self._running = True
        try:
            while True:
                before = self.position
                try:
                    await self._live()
                except (ConsumerLost, Gap, TrackingMoved) as error:
                    log.info("the inbox for %s begins again at position %d: %s", self.source, self.position, error)
                except (StoreUnavailable, StoreFull) as error:
                    self._report(f"the store does not take facts of {self.source}: {error}")
                except (nats.errors.Error, APIError, OSError, TimeoutError) as error:
                    if failures >= LASTING:
                        self._report(f"no facts of {self.source} from NATS: {error or type(error).__name__}")
                failures = 0 if self.position > before else failures + 1
                await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
        finally:
            self._running = False

    async def replay(self, agency: str, partition: str) -> int:
        """Try again what waits in a partition, in order; how many were taken in. What fails again raises."""
        replayed = 0
        async with self._turn:
            await self._look_up_parking()
            for position in self.parking.behind(agency, partition):
                stream = dead_stream(agency, self.source, position)
                letter = await self._kept_letter(stream)
                await self._react_again(letter, stream, partition)
                self.parking.note(agency, Replayed(source=self.source, position=position, partition=partition))
                replayed += 1
            self._measures.dead_letters(self.source, self.parking.count)
        return replayed

    async def waiting(self) -> Mapping[tuple[str, str], int]:
        """How many facts wait for a replay, by agency and partition."""
        if not self._running:
            await self._look_up_parking()
        return self.parking.partitions()

    async def _live(self) -> None:
        """One life of the consumer."""
        await self._bus.client()
        position = self._marked = await self._store.tracked(self.source)
        self._taken.reach(position)
        self._followed = self._store.position
        async with self._turn:
            await self._look_up_parking()
        consumer = Consumer(self._bus, self.source, self._store.catalog.service)
        try:
            await consumer.begin(position)
            self.problem = ""
            while True:
                letters = await consumer.take(self._portion.size)
                async with self._turn:
                    await self._take_in(letters)
                self._measures.inbox_position(self.source, self.position, letters[-1].waiting)
                await self._patience.rest(LINGER_SECONDS if len(letters) > 1 else 0.0)
        finally:
            await consumer.end()

    async def _take_in(self, letters: Sequence[Letter]) -> None:
        rest = deque(letters)
        if self.parking.count:
            await self._look_up_parking()  # another process may have replayed
        while unseen := await self._next_in_order(rest):
            try:
                await self._append(unseen)
            except TRANSIENT:
                raise
            except Exception as error:
                await self._one_by_one(unseen, error)

    async def _one_by_one(self, letters: Sequence[Letter], error: Exception) -> None:
        """A batch that failed: all but the poison in it goes in."""
        if len(letters) == 1:
            await self._set_aside(letters[0], error)
            return
        log.warning("a batch of %s failed and is repeated fact by fact: %s", self.source, error)
        for letter in letters:
            try:
                await self._append([letter])
            except TRANSIENT:
                raise
            except Exception as poison:
                await self._set_aside(letter, poison)

    async def _next_in_order(self, rest: deque[Letter]) -> list[Letter]:
        """Those in front that are new, each the next of the one before; `Gap` where the very next is missing."""
        unseen: list[Letter] = []
        position = self.position
        while rest:
            envelope = rest[0].envelope
            if await self._is_lost(envelope.epoch):
                self._report(f"{self.source} was restored, and its relay has not made its stream anew yet")
                rest.popleft()
                continue
            self.epoch = envelope.epoch
            if envelope.position <= position:
                rest.popleft()  # a duplicate, or what a bus made whole tells again
                continue
            if envelope.previous != position:
                if unseen:
                    break  # take these in first
                if envelope.previous > position:
                    self._report(f"facts of {self.source} after position {position} are missing on the bus")
                    raise Gap(f"after position {position} comes {envelope.position}, which follows {envelope.previous}")
                await self._note_withdrawn(rest[0], position)
            unseen.append(rest.popleft())
            position = envelope.position
        return unseen

    async def _is_lost(self, epoch: str) -> bool:
        """Whether a restore of this house has said that facts of the epoch are none any more."""
        if epoch not in self._lost:
            self._lost[epoch] = bool(await self._store.noted(lost(epoch)))
        return self._lost[epoch]

    async def _append(self, letters: Sequence[Letter]) -> None:
        """One batch, one transaction: what the facts led to, and how far we have come."""
        if self._may_pass_over(letters):
            self._taken.reach(letters[-1].envelope.position)
            return
        parked: list[tuple[str, Parked]] = []

        async def work(ledger: Ledger) -> None:
            began = time.perf_counter()
            parked[:] = await react_to(letters, ledger, self._subscription, self.parking, self._context)
            self._portion.took(len(letters), time.perf_counter() - began)

        began = time.perf_counter()
        await self._commit(letters[-1], work)
        self._measures.taken_in(self.source, self._followed, self._recorded(letters))
        if self._traces is not None:
            self._trace(letters, time.perf_counter() - began)
        for agency, event in parked:
            self.parking.note(agency, event)
        if parked:
            self._measures.dead_letters(self.source, self.parking.count)

    def _trace(self, letters: Sequence[Letter], seconds: float) -> None:
        assert self._traces is not None
        for letter in letters:
            envelope = letter.envelope
            if envelope.traceparent:
                traceparent, event_id = envelope.traceparent, envelope.event_id
                self._traces.took_in(traceparent, event_id, envelope.tag, envelope.stream, seconds)

    def _recorded(self, letters: Sequence[Letter]) -> Sequence[float]:
        """When they were recorded; in a rehearsal without those whose time was named, far from now."""
        recorded = [letter.envelope.recorded_at.timestamp() for letter in letters]
        if self._store.rehearsal:
            now = time.time()
            recorded = [instant for instant in recorded if abs(now - instant) < NAMED_SECONDS]
        return recorded

    def _may_pass_over(self, letters: Sequence[Letter]) -> bool:
        """Whether nothing in a batch is for us, and the mark is not too far behind."""
        if letters[-1].envelope.position - self._marked > UNMARKED:
            return False
        return all(letter.envelope.tag in self._passed_over for letter in letters)

    async def _set_aside(self, letter: Letter, error: Exception) -> None:
        """Record the fact as a dead letter, with the tracking: it stops nobody else."""
        agency, position = letter.envelope.agency, letter.envelope.position
        dead = DeadLettered(
            source=self.source,
            position=position,
            partition=self._partition(letter),
            reason=f"{type(error).__name__}: {error}",
            headers=letter.headers,
            payload=letter.payload,
        )
        log.error("fact %d of %s is set aside: %s", position, self.source, dead.reason, exc_info=error)

        async def work(ledger: Ledger) -> None:
            ledger.context = self._context(letter)
            await ledger.record(dead_stream(agency, self.source, position), [dead])

        await self._commit(letter, work)
        self.parking.note(agency, dead)
        self._measures.dead_lettered(self.source)
        self._measures.dead_letters(self.source, self.parking.count)

    def _partition(self, letter: Letter) -> str:
        """What parks behind this fact; its own stream where the fact cannot be read."""
        try:
            return self._subscription.partition(opened(letter, self._subscription.source).event)
        except Exception:
            return letter.envelope.stream

    async def _note_withdrawn(self, letter: Letter, position: int) -> None:
        """The source was restored from a backup and goes on from before what we have taken in."""
        envelope = letter.envelope
        log.error("%s was restored: facts after %d up to %d are withdrawn", self.source, envelope.previous, position)
        told = opened(letter, self._subscription.source).event if envelope.tag.startswith("chassis.") else None
        lost = told.lost_epoch if isinstance(told, StoreRestored) else ""
        withdrawn = Withdrawn(
            source=self.source, lost_epoch=lost, epoch=envelope.epoch, after=envelope.previous, up_to=position
        )

        async def work(ledger: Ledger) -> None:
            ledger.context = self._context(letter)
            await ledger.record(f"{envelope.agency}/withdrawn/{self.source}", [withdrawn])

        await self._store.transact(work, context=self._context(letter), stream="")

    async def _commit(self, last: Letter, work: Work) -> None:
        position = last.envelope.position
        crash.here("inbox.before")
        receipt: Receipt = await self._store.transact(
            work,
            context=self._context(last),
            stream="",
            tracking=Tracking(self.source, position, after=self._marked),
        )
        crash.here("inbox.after")
        self._marked = position
        self._followed = receipt.position
        self._taken.reach(position)

    async def _react_again(self, letter: Letter, stream: str, partition: str) -> None:
        async def work(ledger: Ledger) -> None:
            ledger.context = self._context(letter)
            fact = opened(letter, self._subscription.source)
            await self._subscription.react(fact, ledger)
            done = Replayed(source=self.source, position=fact.position, partition=partition)
            await ledger.record(stream, [done])

        await self._store.transact(work, context=self._context(letter), stream=stream)

    async def _kept_letter(self, stream: str) -> Letter:
        async for fact in self._store.read_stream(stream):
            if isinstance(fact.event, DeadLettered | Parked):
                return Letter(envelope_of(fact.event.headers), fact.event.headers, fact.event.payload)
        raise LookupError(f"{stream} holds no letter")

    async def _look_up_parking(self) -> None:
        self.parking = Parking(self.source, await self._store.read_house())
        self._measures.dead_letters(self.source, self.parking.count)

    def _report(self, problem: str) -> None:
        if problem != self.problem:
            log.warning(problem)
        self.problem = problem

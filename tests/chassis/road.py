"""The road between two services, in parts that a test can stop, start and break: tally tells, notes hears."""

import asyncio
from collections.abc import Awaitable, Callable

from nats.js.api import RawStreamMsg

from chassis.bus import Bus, stream_of
from chassis.inbox import Inbox, Incoming, Subscription
from chassis.loops import ended
from chassis.message import MESSAGE_ID, envelope_of, headers_of
from chassis.relay import Relay
from chassis.store import Context, Ledger, Store
from chassis.traces import Traces
from chassis.verify import flaws
from tests.chassis.tally import ACME, CATALOG, ENDLESS, Count, Counted, Noted, counter
from vocabulary.fact import Fact

OpenBus = Callable[[str], Awaitable[Bus]]


async def take_note(fact: Incoming, ledger: Ledger) -> None:
    match fact.event:
        case Counted():
            if fact.event.amount == 13:
                raise ZeroDivisionError("thirteen")
            noted = Noted(counter_id=fact.event.counter_id, amount=fact.event.amount, position=fact.position)
            await ledger.record(f"{fact.agency}/note/{fact.event.counter_id}", [noted])
        case _:
            return


def partition(event: Fact) -> str:
    return event.counter_id if isinstance(event, Counted) else ""


class Road:
    """tally -> relay -> NATS -> inbox -> notes; every part can be stopped and started."""

    def __init__(self, tally: Store, notes: Store, open_bus: OpenBus) -> None:
        self.tally, self.notes, self._open_bus = tally, notes, open_bus
        self.subscription = Subscription(CATALOG, take_note, partition)
        self._running: list[asyncio.Task[None]] = []

    async def relay(self) -> Relay:
        relay = Relay(self.tally, await self._open_bus("relay"), duplicate_window_seconds=0.2)
        self._running.append(asyncio.create_task(relay.run()))
        return relay

    async def inbox(self, traces: Traces | None = None) -> Inbox:
        inbox = Inbox(self.notes, await self._open_bus("inbox"), self.subscription, traces=traces)
        self._running.append(asyncio.create_task(inbox.run()))
        return inbox

    async def count(self, *counters: str, amount: int = 1, context: Context = ACME) -> int:
        for name in counters:
            stream = counter(name, context.agency)
            receipt = await self.tally.execute(ENDLESS, stream, Count(name, amount), context=context)
        return receipt.position

    async def noted(self) -> list[tuple[str, int]]:
        """Counter and position of every note, in the order in which they were taken."""
        facts = await self.notes.read_log(0, 100_000)
        return [(fact.event.counter_id, fact.event.position) for fact in facts if isinstance(fact.event, Noted)]

    async def on_the_bus(self) -> list[RawStreamMsg]:
        bus = await self._open_bus("reader")
        jetstream = await bus.jetstream()
        state = (await jetstream.stream_info(stream_of("tally"))).state
        return [
            await jetstream.get_msg(stream_of("tally"), seq=sequence, direct=True)
            for sequence in range(state.first_seq, state.last_seq + 1)
        ]

    async def publish_by_hand(self, *positions: int) -> None:
        """Facts as a broken relay would publish them: some left out, some twice, some late."""
        jetstream = await (await self._open_bus("hand")).jetstream()
        await jetstream.add_stream(name=stream_of("tally"), subjects=["retainer.*.tally.>"], allow_direct=True)
        facts = {fact.position: fact for fact in await self.tally.read_log(0, 1000)}
        for number, position in enumerate(positions):
            headers = headers_of(facts[position], "tally", self.tally.epoch) | {MESSAGE_ID: str(number)}
            await jetstream.publish("retainer.acme.tally.Counted", facts[position].payload, headers=headers)

    async def must_be_whole(self, up_to: int) -> None:
        """Bus and notes hold every fact of the store once, in its order."""
        positions = [fact.position for fact in await self.tally.read_log(0, 100_000)]
        assert positions[-1] == up_to
        assert [position for _, position in await self.noted()] == positions
        envelopes = [envelope_of(message.headers or {}) for message in await self.on_the_bus()]
        assert [envelope.position for envelope in envelopes] == positions
        assert [envelope.previous for envelope in envelopes] == [0, *positions[:-1]]
        assert await flaws(self.tally) == await flaws(self.notes) == []

    async def stop(self) -> None:
        await asyncio.gather(*(ended(task) for task in self._running))
        self._running.clear()

"""The road between two services, on a real nats-server that is stopped, killed and wiped on the way."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_binary_event
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamState

from chassis.bus import Bus, header_text, header_value, headers_in, stream_of, subject_of
from chassis.freshness import Freshness, TokenMalformed
from chassis.house import DeadLettered, Parked, Replayed, Withdrawn
from chassis.inbox import Incoming, Subscription, consumer
from chassis.inbox.consumer import PULL_BYTES
from chassis.message import envelope_of
from chassis.projector import Projector
from chassis.relay import Relay
from chassis.store import Context, Ledger, Store
from chassis.testing import FixedKeys, NatsServer
from tests.chassis.road import OpenBus, Road, partition, take_note
from tests.chassis.tally import ACME, BOLT, CATALOG, COUNTER, ENDLESS, Closed, Count, Counted, Noted, Totals, counter
from vocabulary.fact import Fact
from vocabulary.personal import Personal

WITHIN_SECONDS = 30
on_both = pytest.mark.parametrize("road", ["sqlite", "postgres"], indirect=True)
"""For what an inbox or a relay asks of its store."""


@on_both
async def test_a_fact_goes_the_whole_road(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        followed = await inbox.wait_for(await road.count("a", "b"))
    assert followed == 2
    assert await road.noted() == [("a", 1), ("b", 2)]
    (first, _) = await road.notes.read_log(0, 5)
    assert (first.actor, first.correlation_id) == ("anna", "c-1")
    assert first.causation_id == f"tally:{road.tally.epoch}:1"


async def test_a_message_is_a_cloud_event_and_proves_completeness(road: Road) -> None:
    relay = await road.relay()
    actor = Context("acme.de", "Zoë 100%", "c\n1")
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(await road.count("a", "b", context=actor))
    message = (await road.on_the_bus())[1]
    assert message.subject == "retainer.acme%2Ede.tally.Counted"
    headers = message.headers or {}
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == "tally.Counted@2"
    assert headers["ce-source"] == f"/retainer/tally/{road.tally.epoch}"
    assert headers["Content-Type"] == "application/json"
    envelope = envelope_of(headers)
    (stored,) = [fact async for fact in road.tally.read_stream("acme.de/counter/b")]
    assert (envelope.position, envelope.previous, envelope.agency_sequence) == (2, 1, 2)
    assert (envelope.stream, envelope.actor, envelope.correlation_id) == (stored.stream, "Zoë 100%", "c\n1")
    assert (envelope.recorded_at, envelope.stream_hash) == (stored.recorded_at, stored.stream_hash)
    assert message.data == stored.payload


async def test_the_library_of_cloudevents_reads_a_message_in_binary_mode(road: Road) -> None:
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(await road.count("a", context=Context("acme.de", "Zoë 100%", "c-1")))
    [message] = await road.on_the_bus()
    event = from_binary_event(HTTPMessage(dict(message.headers or {}), message.data))
    [stored] = [fact async for fact in road.tally.read_stream("acme.de/counter/a")]
    assert (event.get_specversion(), event.get_type()) == ("1.0", "tally.Counted@2")
    assert event.get_id() == f"tally:{road.tally.epoch}:1"
    assert event.get_source() == f"/retainer/tally/{road.tally.epoch}"
    assert (event.get_subject(), event.get_time()) == (stored.stream, stored.recorded_at)
    assert event.get_data() == json.loads(stored.payload)


@pytest.mark.parametrize(
    "raw",
    [
        b"Nats-Msg-Id: tally:1\r\nce-time: 2026-01-01T00:00:00Z\r\nRetainer-Actor: Zo%C3%AB 100%25\r\n\r\n",
        b"Close:to it\r\nFar:   from it \r\nTabbed:\tx\r\n\r\n",
        b"No colon\r\nHas: one\r\n\r\n",
        "Not-Ascii: Zoë\r\n\r\n".encode(),
        b"\r\n",
    ],
)
def test_headers_are_read_as_the_client_reads_them(raw: bytes) -> None:
    assert headers_in(raw) == Client._parse_header_lines(raw)


async def test_a_client_reads_headers_by_ours(open_bus: OpenBus) -> None:
    client = await (await open_bus("reader")).client()
    assert client._parse_header_lines is headers_in


async def test_the_order_holds_under_load(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()
    await asyncio.gather(*(road.count(*(f"c{number % 7}" for _ in range(20))) for number in range(40)))
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(road.tally.position)
    await road.must_be_whole(800)


async def test_many_facts_and_big_ones_come_by_one_consumer(road: Road, caplog: pytest.LogCaptureFixture) -> None:
    """What is asked for at once is bounded, and asked for again; that the server says so is no loss of the consumer."""
    big = Counted(counter_id="a", amount=1, note=Personal("person/anna", "x" * (PULL_BYTES // 40)))

    async def work(ledger: Ledger) -> None:
        await ledger.record(counter("a"), [big])

    for _ in range(50):
        await road.tally.transact(work, context=ACME, stream=counter("a"))
    for _ in range(11):
        await asyncio.gather(*(road.count("b") for _ in range(100)))
    relay = await road.relay()
    await relay.wait_published(1150)
    caplog.set_level(logging.INFO)
    async with asyncio.timeout(WITHIN_SECONDS):
        await (await road.inbox()).wait_for(1150)
    await road.must_be_whole(1150)
    assert "begins again" not in caplog.text


@on_both
async def test_two_relays_at_once_publish_each_fact_once(road: Road) -> None:
    relays = [await road.relay() for _ in range(2)]
    inbox = await road.inbox()
    for _ in range(15):
        await asyncio.gather(*(road.count(*(f"c{number}" for number in range(5))) for _ in range(8)))
        await asyncio.sleep(0.01)
    async with asyncio.timeout(WITHIN_SECONDS):
        for relay in relays:
            await relay.wait_published(600)
        await inbox.wait_for(600)
    await road.must_be_whole(600)


async def test_a_relay_that_died_after_publishing_publishes_nothing_twice(road: Road) -> None:
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(await road.count("a", "b"))
        await road.stop()
        await asyncio.sleep(0.3)  # beyond the window in which the server remembers ids
        await road.relay()
        inbox = await road.inbox()
        await inbox.wait_for(await road.count("c"))
    await road.must_be_whole(3)


async def test_nats_killed_under_load_loses_nothing(road: Road, nats: NatsServer) -> None:
    await road.relay()
    inbox = await road.inbox()
    for _ in range(3):
        await asyncio.gather(*(road.count("a", "b", "c") for _ in range(30)))
        nats.kill()
        await road.count("d")  # commands go on while the bus is away
        nats.start()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("e"))
    await road.must_be_whole(road.tally.position)


async def test_a_wiped_bus_is_made_whole_again(road: Road, nats: NatsServer) -> None:
    relay = await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count(*"abcdefgh"))
    nats.kill()
    nats.wipe()
    nats.start()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("i"))
        await relay.wait_published(9)
    await road.must_be_whole(9)


async def test_a_bus_that_was_wiped_while_nobody_looked_is_made_whole_by_the_start(
    road: Road, nats: NatsServer
) -> None:
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count(*"abc"))
    await road.stop()
    nats.stop()
    nats.wipe()
    nats.start()
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(3)
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("d"))
    await road.must_be_whole(4)


async def test_a_bus_whose_server_is_gone_stops_and_leaves_nothing_running(nats: NatsServer) -> None:
    buses = [Bus(nats.url, name=f"bus {number}") for number in range(20)]
    for bus in buses:
        await bus.start()
        await bus.client()
    nats.kill()
    for bus in buses:
        await asyncio.sleep(0.02)  # each in another moment of its trying to reconnect
        await bus.stop()
    trying = [task for task in asyncio.all_tasks() if "reconnect" in repr(task.get_coro())]
    assert trying == []


async def test_a_bus_stops_in_order_also_when_it_was_never_connected(nats: NatsServer) -> None:
    connected, lonely = Bus(nats.url, name="connected"), Bus("nats://127.0.0.1:1", name="lonely")
    await connected.start()
    await connected.client()
    await lonely.start()
    await connected.stop()
    await lonely.stop()


async def test_republish_makes_the_stream_anew(road: Road) -> None:
    relay = await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count(*"abc"))
        await relay.republish()
        await inbox.wait_for(await road.count("d"))
        await relay.wait_published(4)
    await road.must_be_whole(4)


async def test_an_inbox_whose_consumer_was_deleted_goes_on(road: Road, open_bus: OpenBus) -> None:
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("a"))
    jetstream = await (await open_bus("vandal")).jetstream()
    (consumer,) = await jetstream.consumers_info(stream_of("tally"))
    await jetstream.delete_consumer(stream_of("tally"), consumer.name)
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("b"))
    await road.must_be_whole(2)


@on_both
async def test_two_inboxes_of_one_service_take_each_fact_in_once(road: Road) -> None:
    await road.relay()
    inboxes = [await road.inbox() for _ in range(2)]
    for _ in range(10):
        await asyncio.gather(*(road.count("a", "b", "c") for _ in range(10)))
    async with asyncio.timeout(WITHIN_SECONDS):
        for inbox in inboxes:
            await inbox.wait_for(300)
    await road.must_be_whole(300)


@on_both
async def test_what_is_passed_over_costs_no_append_and_moves_nothing_else(road: Road) -> None:
    road.subscription = Subscription(CATALOG, take_note, partition, passed_over=(Closed,))

    async def close(times: int) -> int:
        for _ in range(times):

            async def work(ledger: Ledger) -> None:
                await ledger.record("acme/closed/a", [Closed(counter_id="a")])

            receipt = await road.tally.transact(work, context=ACME, stream="acme/closed/a")
        return receipt.position

    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("a"))
        await inbox.wait_for(await close(20))
        assert await road.notes.tracked("tally") == 1  # nothing was written for them
        await inbox.wait_for(await road.count("b"))
        assert await road.notes.tracked("tally") == 22
        await inbox.wait_for(await close(5))
        await road.stop()
        await road.relay()
        again = await road.inbox()  # looks at those five once more
        await again.wait_for(await road.count("c"))
    assert await road.noted() == [("a", 1), ("b", 22), ("c", 28)]


async def note_together(facts: Sequence[Incoming], ledger: Ledger) -> None:
    """One note for all of an agency's facts; thirteen is poison."""
    assert ledger.context.causation_id == facts[-1].event_id
    counted = [fact.event for fact in facts if isinstance(fact.event, Counted)]
    if any(event.amount == 13 for event in counted):
        raise ZeroDivisionError("thirteen")
    total = sum(event.amount for event in counted)
    noted = Noted(counter_id=counted[0].counter_id, amount=total, position=facts[-1].position)
    await ledger.record(f"{facts[0].agency}/note/all", [noted])


async def test_many_facts_that_come_to_one_are_one_fact_an_agency(road: Road) -> None:
    await road.count(*"abcde", amount=2)
    await road.count("z", context=BOLT)
    road.subscription = Subscription(CATALOG, take_note, partition, together=note_together, patience_seconds=3_600)
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(6)
        inbox = await road.inbox()
        await inbox.wait_for(6)
        facts = [fact for fact in await road.notes.read_log(0, 100) if isinstance(fact.event, Noted)]
        assert sum(fact.event.amount for fact in facts if fact.agency == "acme") == 10  # type: ignore[attr-defined]
        assert [fact.agency for fact in facts].count("bolt") == 1
        await inbox.wait_for(await road.count("f"))  # patience or not: somebody waits


async def test_poison_among_facts_that_are_taken_in_together_stops_nobody_else(road: Road) -> None:
    await road.count("a", "b")
    await road.count("bad", amount=13)
    await road.count("bad", "c")
    road.subscription = Subscription(CATALOG, take_note, partition, together=note_together)
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(5)
        inbox = await road.inbox()
        await inbox.wait_for(5)
    assert await inbox.waiting() == {("acme", "bad"): 2}
    facts = [fact.event for fact in await road.notes.read_log(0, 100) if isinstance(fact.event, Noted)]
    assert sum(event.amount for event in facts) == 3


async def test_an_inbox_that_stands_still_takes_in_what_came_meanwhile(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("a"))
        await road.stop()
        await road.relay()
        await road.count(*"bcdef")
        await (await road.inbox()).wait_for(6)
    await road.must_be_whole(6)


async def test_a_stream_is_missed_when_it_stays_away_and_not_while_its_service_begins(road: Road) -> None:
    begun = time.monotonic()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        while not inbox.problem:
            await asyncio.sleep(0.02)
        assert time.monotonic() - begun > 1.5
        assert "no facts of tally from NATS" in inbox.problem
        await road.relay()
        await inbox.wait_for(await road.count("a"))
    assert inbox.problem == ""


@on_both
async def test_a_gap_is_noticed_and_nothing_is_taken_in_behind_it(road: Road) -> None:
    await road.count(*"abcde")
    await road.publish_by_hand(1, 2, 4, 5)
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(2)
        while "after position 2 are missing" not in inbox.problem:
            await asyncio.sleep(0.02)
        assert [position for _, position in await road.noted()] == [1, 2]
        relay = await road.relay()
        await relay.republish()
        await inbox.wait_for(5)
        await relay.wait_published(5)
    await road.must_be_whole(5)


@on_both
async def test_duplicates_and_late_copies_change_nothing(road: Road) -> None:
    await road.count(*"abcde")
    await road.publish_by_hand(1, 1, 2, 1, 3, 2, 3, 4, 5, 1, 5)
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(5)
    assert [position for _, position in await road.noted()] == [1, 2, 3, 4, 5]


@on_both
async def test_poison_is_set_aside_and_stops_nobody_else(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()
    await road.count("a")
    await road.count("bad", amount=13)
    await road.count("b", "bad", "c")
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(5)
    assert await road.noted() == [("a", 1), ("b", 3), ("c", 5)]
    house = {fact.stream: fact.event for fact in await road.notes.read_house()}
    dead, parked = house["acme/dead/tally/2"], house["acme/dead/tally/4"]
    assert isinstance(dead, DeadLettered)
    assert dead.reason == "ZeroDivisionError: thirteen"
    assert isinstance(parked, Parked)
    assert await inbox.waiting() == {("acme", "bad"): 2}


async def test_another_agency_is_not_parked_behind_poison(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()
    await road.count("bad", amount=13)
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("bad", context=BOLT))
    assert await road.noted() == [("bad", 2)]


@on_both
async def test_what_waits_is_replayed_in_order(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()
    await road.count("bad", amount=13)
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("bad", "bad"))
    with pytest.raises(ZeroDivisionError):
        await inbox.replay("acme", "bad")
    assert await inbox.waiting() == {("acme", "bad"): 3}

    async def mended(fact: Incoming, ledger: Ledger) -> None:
        if isinstance(fact.event, Counted):
            noted = Noted(counter_id=fact.event.counter_id, amount=fact.event.amount, position=fact.position)
            await ledger.record(f"{fact.agency}/note/{fact.event.counter_id}", [noted])

    await road.stop()
    road.subscription = Subscription(CATALOG, mended, partition)
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("bad"))  # still waits behind the others, also after a restart
        assert await inbox.replay("acme", "bad") == 4
        assert await inbox.waiting() == {}
        await inbox.wait_for(await road.count("bad"))
    assert [position for _, position in await road.noted()] == [1, 2, 3, 4, 5]
    assert sum(isinstance(fact.event, Replayed) for fact in await road.notes.read_house()) == 4
    assert await inbox.replay("acme", "bad") == 0


async def test_a_consumer_begun_while_the_stream_was_made_anew_is_taken_for_lost(
    road: Road, open_bus: OpenBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would wait for a sequence of the old stream, and its heartbeats would say that all is well."""
    relay = await road.relay()
    await relay.wait_published(await road.count(*"abc"))
    looked_up = consumer._sequence_after

    async def made_anew_meanwhile(jetstream: JetStreamContext, stream: str, state: StreamState, position: int) -> int:
        found = await looked_up(jetstream, stream, state, position)
        await relay.republish()
        await jetstream.add_stream(name=stream, subjects=["retainer.*.tally.>"])
        return found

    monkeypatch.setattr(consumer, "_sequence_after", made_anew_meanwhile)
    with pytest.raises(consumer.ConsumerLost):
        await consumer.Consumer(await open_bus("late"), "tally", "late").begin(3)


async def test_what_cannot_be_decoded_is_poison_of_its_stream(road: Road, open_bus: OpenBus) -> None:
    class Newer(Fact, frozen=True, tag="tally.Counted@3"):
        counter_id: str

    newer = type(CATALOG)("tally", Newer)
    async with AsyncExitStack() as stack:
        tomorrow = await Store.open(str_url(road.tally), newer, FixedKeys())
        stack.push_async_callback(tomorrow.close)

        async def work(ledger: Ledger) -> None:
            await ledger.record(counter("a"), [Newer(counter_id="a")])

        await tomorrow.transact(work, context=ACME, stream=counter("a"))
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count("b"))
    assert await road.noted() == [("b", 2)]
    (dead,) = [fact.event for fact in await road.notes.read_house()]
    assert isinstance(dead, DeadLettered)
    assert dead.reason.startswith("UnknownEvent")


def str_url(store: Store) -> str:
    return f"sqlite:///{store._recorder.datastore.pool.db_name}"  # type: ignore[attr-defined]


async def test_a_relay_that_finds_the_bus_ahead_of_its_store_stops_and_says_so(
    road: Road, open_bus: OpenBus, tmp_path: Path
) -> None:
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(await road.count(*"abc"))
    await road.stop()
    other = await Store.open(f"sqlite:///{tmp_path}/yesterday.db", CATALOG, FixedKeys())
    await other.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    relay = Relay(other, await open_bus("other"))
    running = asyncio.create_task(relay.run())
    async with asyncio.timeout(WITHIN_SECONDS):
        while "up to position 3, the store only up to 1" not in relay.problem:
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await other.close()
    assert len(await road.on_the_bus()) == 3


async def test_a_full_stream_takes_nothing_loses_nothing_and_is_told(road: Road, open_bus: OpenBus) -> None:
    bus = await open_bus("small")
    small = asyncio.create_task((relay := Relay(road.tally, bus, stream_bytes=20_000)).run())
    await asyncio.gather(*(road.count("a", "b", "c", "d") for _ in range(25)))
    async with asyncio.timeout(WITHIN_SECONDS):
        while "maximum bytes" not in relay.problem:
            await asyncio.sleep(0.02)
        small.cancel()
        await asyncio.gather(small, return_exceptions=True)
        assert 0 < relay.published < 100
        wider = await road.relay()  # without a bound
        await wider.wait_published(100)
        await (await road.inbox()).wait_for(100)
    await road.must_be_whole(100)


async def test_facts_of_a_lost_epoch_are_withdrawn_and_reported(road: Road, open_bus: OpenBus, tmp_path: Path) -> None:
    """The source was restored to its first fact; the inbox had taken in three."""
    await road.relay()
    inbox = await road.inbox()
    async with asyncio.timeout(WITHIN_SECONDS):
        await inbox.wait_for(await road.count(*"abc"))
        await road.stop()
        restored = await Store.open(f"sqlite:///{tmp_path}/restored.db", CATALOG, FixedKeys())
        await restored.execute(COUNTER, counter("a"), Count("a"), context=ACME)
        await restored.restored(published_up_to=3)
        road.tally = restored
        await road.relay()
        inbox = await road.inbox()
        await inbox.wait_for(await road.count("d"))
    assert [position for _, position in await road.noted()] == [1, 2, 3, 4]
    (withdrawn,) = [fact.event for fact in await road.notes.read_house()]
    assert isinstance(withdrawn, Withdrawn)
    assert (withdrawn.after, withdrawn.up_to, withdrawn.epoch) == (1, 3, restored.epoch)
    await road.stop()
    await restored.close()


async def test_a_token_of_another_service_is_waited_for(road: Road) -> None:
    await road.relay()
    inbox = await road.inbox()

    class Notes(Totals):
        def project(self, tables: object, facts: object) -> None:
            return None

    projector = Projector(road.notes, "sqlite:///:memory:", [Notes()])
    await projector.open()
    running = asyncio.create_task(projector.run())
    there = Freshness("tally", road.tally, projector.views, {})
    here = Freshness("notes", road.notes, projector.views, {"tally": inbox})
    async with asyncio.timeout(WITHIN_SECONDS):
        for number in range(20):
            receipt = await road.tally.execute(ENDLESS, counter("a"), Count("a"), context=ACME)
            await here.wait(there.token(receipt))
            assert len(await road.noted()) == number + 1
            assert projector.views.position == road.notes.position
        await here.wait("")
        await here.wait(Freshness("stranger", road.tally, projector.views, {}).token(receipt))
        with pytest.raises(TokenMalformed):
            await here.wait("no token")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await projector.close()


async def test_a_token_of_the_future_waits(road: Road) -> None:
    projector = Projector(road.notes, "sqlite:///:memory:", [])
    await projector.open()
    here = Freshness("notes", road.notes, projector.views, {})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await here.wait(here.token_at(99))
    await projector.close()


def test_subjects_and_headers_hold_what_ids_and_names_hold() -> None:
    assert subject_of("acme", "timelog", "timelog.TimeLogged") == "retainer.acme.timelog.TimeLogged"
    for text in ("plain", "100%", "Zoë", "a\r\nb", "%41", 'q"'):
        assert header_value(header_text(text)) == text
        assert header_text(text).isprintable()

"""The contract of a store, on SQLite and on PostgreSQL alike."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta

import pytest

from chassis.store import (
    Context,
    EtagStale,
    Ledger,
    Recorded,
    Request,
    RequestReused,
    Store,
    StoreUnavailable,
    Tracking,
    TrackingMoved,
)
from chassis.store.chain import chained
from chassis.store.draft import Draft
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, BOLT, COUNTER, ENDLESS, Closed, Count, Counted, CountedOnce, TooMany, counter
from vocabulary.personal import Personal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_a_command_records_what_was_decided(store: Store) -> None:
    receipt = await store.execute(COUNTER, counter("a"), Count("a", 3), context=ACME, names=["counters/a"])
    assert (receipt.stream, receipt.version, receipt.position, receipt.names) == (counter("a"), 1, 1, ("counters/a",))
    assert await store.state(COUNTER, counter("a")) == (3, 1)
    (fact,) = await store.read_log(0, 10)
    assert fact.event == Counted(counter_id="a", amount=3)
    assert (fact.name, fact.event_version, fact.agency, fact.actor) == ("tally.Counted", 2, "acme", "anna")


async def test_what_was_recorded_is_there_after_a_restart(open_store: OpenStore) -> None:
    first = await open_store()
    await first.execute(COUNTER, counter("a"), Count("a", 3), context=ACME)
    again = await open_store()
    assert again.epoch == first.epoch
    assert again.position == 1
    assert await again.state(COUNTER, counter("a")) == (3, 1)
    assert [fact.event for fact in await again.read_log(0, 10)] == [Counted(counter_id="a", amount=3)]
    assert [fact.version async for fact in again.read_stream(counter("a"))] == [1]


async def test_a_refused_command_records_nothing(store: Store) -> None:
    await store.execute(COUNTER, counter("a"), Count("a", 9), context=ACME)
    with pytest.raises(TooMany):
        await store.execute(COUNTER, counter("a"), Count("a", 2), context=ACME, request=Request("r1", "h"))
    assert store.position == 1
    await store.execute(COUNTER, counter("a"), Count("a", 1), context=ACME, request=Request("r1", "h2"))


async def test_the_same_request_id_has_one_effect_and_one_receipt(store: Store) -> None:
    request = Request("r1", "hash")
    first = await store.execute(COUNTER, counter("a"), Count("a", 9), context=ACME, request=request, names=["x"])
    again = await store.execute(COUNTER, counter("a"), Count("a", 9), context=ACME, request=request, names=["x"])
    assert again.repeated
    assert (again.stream, again.version, again.position, again.names) == (counter("a"), 1, 1, ("x",))
    assert (first.version, first.position) == (1, 1)
    assert store.position == 1


async def test_a_request_id_survives_a_restart_and_belongs_to_its_agency(open_store: OpenStore) -> None:
    request = Request("r1", "hash")
    await (await open_store()).execute(COUNTER, counter("a"), Count("a"), context=ACME, request=request)
    store = await open_store()
    assert (await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, request=request)).repeated
    other = await store.execute(COUNTER, counter("a", "bolt"), Count("a"), context=BOLT, request=request)
    assert not other.repeated


async def test_a_request_id_with_another_body_is_refused(store: Store) -> None:
    await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, request=Request("r1", "one"))
    with pytest.raises(RequestReused):
        await store.execute(COUNTER, counter("a"), Count("a", 2), context=ACME, request=Request("r1", "two"))
    assert store.position == 1


async def test_a_command_that_records_nothing_keeps_its_request_id(store: Store) -> None:
    first = await store.execute(COUNTER, counter("a"), Count("a", 0), context=ACME, request=Request("r1", "one"))
    assert (first.version, first.position) == (0, 0)
    assert (
        await store.execute(COUNTER, counter("a"), Count("a", 0), context=ACME, request=Request("r1", "one"))
    ).repeated


async def test_duplicates_in_parallel_have_one_effect(store: Store) -> None:
    commands = [
        store.execute(COUNTER, counter("a"), Count("a", 10), context=ACME, request=Request("r1", "h")) for _ in range(8)
    ]
    receipts = await asyncio.gather(*commands)
    assert sorted(receipt.repeated for receipt in receipts) == [False] + [True] * 7
    assert {(receipt.version, receipt.position) for receipt in receipts} == {(1, 1)}
    assert store.position == 1


async def test_duplicates_at_two_writers_have_one_effect(open_store: OpenStore) -> None:
    stores = [await open_store() for _ in range(2)]
    for number in range(10):
        request, stream = Request(f"r{number}", "h"), counter(f"c{number}")
        receipts = await asyncio.gather(
            *(each.execute(COUNTER, stream, Count("c", 10), context=ACME, request=request) for each in stores * 2)
        )
        assert sum(not receipt.repeated for receipt in receipts) == 1
        assert len({(receipt.version, receipt.position) for receipt in receipts}) == 1
    assert await stores[0].newest_position() == 10


async def test_a_stale_etag_is_told(store: Store) -> None:
    first = await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, expected_version=first.version)
    with pytest.raises(EtagStale):
        await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, expected_version=first.version)


async def test_a_repeated_request_is_answered_before_its_etag_is_looked_at(store: Store) -> None:
    request = Request("r1", "h")
    await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, expected_version=0, request=request)
    again = await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, expected_version=0, request=request)
    assert again.repeated


async def test_many_commands_on_one_stream_go_in_one_after_another(store: Store) -> None:
    results = await asyncio.gather(
        *(store.execute(COUNTER, counter("a"), Count("a"), context=ACME) for _ in range(14)), return_exceptions=True
    )
    assert sum(isinstance(result, TooMany) for result in results) == 4
    assert await store.state(COUNTER, counter("a")) == (10, 10)


async def test_two_writers_leave_contiguous_streams(open_store: OpenStore) -> None:
    stores = [await open_store() for _ in range(3)]

    async def count(store: Store, number: int) -> None:
        await store.execute(ENDLESS, counter(f"c{number % 5}"), Count(f"c{number % 5}"), context=ACME)

    await asyncio.gather(*(count(store, number) for number in range(40) for store in stores))
    for number in range(5):
        facts = [fact async for fact in stores[0].read_stream(counter(f"c{number}"))]
        assert [fact.version for fact in facts] == list(range(1, 25))
    await stores[1].newest_position()
    log: list[Recorded] = []
    while facts := await stores[1].read_log(log[-1].position if log else 0, 50):
        log.extend(facts)
    positions = [fact.position for fact in log]
    assert len(positions) == 120
    assert [fact.previous for fact in log] == [0, *positions[:-1]]
    assert [fact.agency_sequence for fact in log] == list(range(1, 121))


async def test_a_decision_on_an_old_state_is_made_again(open_store: OpenStore) -> None:
    one, two = await open_store(), await open_store()
    await one.execute(COUNTER, counter("a"), Count("a", 1), context=ACME)
    await two.execute(COUNTER, counter("a"), Count("a", 8), context=ACME)
    with pytest.raises(TooMany):  # `one` still thinks of 1, and finds out that it is 9
        await one.execute(COUNTER, counter("a"), Count("a", 2), context=ACME)
    assert await one.state(COUNTER, counter("a")) == (9, 2)


async def test_a_refusal_on_an_old_state_is_made_again(open_store: OpenStore) -> None:
    one, two = await open_store(), await open_store()
    await one.execute(COUNTER, counter("a"), Count("a", 9), context=ACME)

    async def take_back(ledger: Ledger) -> None:
        await ledger.record(counter("a"), [Counted(counter_id="a", amount=-8)])

    await two.transact(take_back, context=ACME, stream=counter("a"))
    await one.execute(COUNTER, counter("a"), Count("a", 5), context=ACME)
    assert await one.state(COUNTER, counter("a")) == (6, 3)


async def test_several_streams_are_appended_whole_or_not_at_all(open_store: OpenStore) -> None:
    store, other = await open_store(), await open_store()
    runs = 0

    async def work(ledger: Ledger) -> None:
        nonlocal runs
        runs += 1
        await ledger.decide(COUNTER, counter("a"), Count("a"))
        await ledger.decide(COUNTER, counter("b"), Count("b"))
        ledger.names.append(f"counters/{await ledger.version(counter('b'))}")
        if runs == 1:  # somebody is faster on one of the two
            await other.execute(COUNTER, counter("b"), Count("b", 5), context=ACME)

    receipt = await store.transact(work, context=ACME, stream=counter("b"))
    assert runs == 2
    assert (receipt.version, receipt.position, receipt.names) == (2, 3, ("counters/2",))
    assert [fact.stream for fact in await other.read_log(0, 1)] == [counter("b")]
    assert [fact.stream for fact in await store.read_log(1, 10)] == [counter("a"), counter("b")]


async def test_what_is_decided_on_something_that_fell_out_is_decided_again(open_store: OpenStore) -> None:
    """Two commands on one stream in one group: the first falls out, so the second may not stand on it."""
    store, other = await open_store(), await open_store()
    await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    await other.execute(COUNTER, counter("a"), Count("a", 6), context=ACME)
    results = await asyncio.gather(
        store.execute(COUNTER, counter("a"), Count("a", 3), context=ACME),
        store.execute(COUNTER, counter("a"), Count("a", 3), context=ACME),
        return_exceptions=True,
    )
    assert [isinstance(result, TooMany) for result in results].count(True) == 1
    assert await store.state(COUNTER, counter("a")) == (10, 3)


async def test_the_ledger_shows_what_was_recorded_in_it(store: Store) -> None:
    async def work(ledger: Ledger) -> None:
        assert await ledger.state(COUNTER, counter("a")) == 0
        await ledger.decide(COUNTER, counter("a"), Count("a", 4))
        await ledger.record(counter("a"), [Closed(counter_id="a")])
        assert await ledger.state(COUNTER, counter("a")) == 4
        assert await ledger.state(ENDLESS, counter("a")) == 4
        assert await ledger.version(counter("a")) == 2

    assert (await store.transact(work, context=ACME, stream=counter("a"))).version == 2


async def test_a_stream_of_another_agency_cannot_be_written(store: Store) -> None:
    with pytest.raises(AssertionError, match="not a stream of acme"):
        await store.execute(COUNTER, counter("a", "bolt"), Count("a"), context=ACME)


async def test_a_stream_begun_anew_is_not_looked_for(store: Store) -> None:
    async def work(ledger: Ledger) -> None:
        ledger.begin(counter("c1"))
        await ledger.decide(COUNTER, counter("c1"), Count("c1", 2))

    receipt = await store.transact(work, context=ACME, stream=counter("c1"))
    assert receipt.version == 1
    await store.execute(COUNTER, counter("c1"), Count("c1", 3), context=ACME)
    assert await store.state(COUNTER, counter("c1")) == (5, 2)


async def test_a_stream_wrongly_taken_for_new_is_left_as_it_is(open_store: OpenStore) -> None:
    async def work(ledger: Ledger) -> None:
        ledger.begin(counter("c1"))
        await ledger.decide(COUNTER, counter("c1"), Count("c1", 2))

    first, second = await open_store(), await open_store()
    await first.execute(COUNTER, counter("c1"), Count("c1"), context=ACME)
    with pytest.raises((StoreUnavailable, AssertionError)):
        await second.transact(work, context=ACME, stream=counter("c1"))
    await second.execute(COUNTER, counter("c2"), Count("c2"), context=ACME)
    assert await second.state(COUNTER, counter("c1")) == (1, 1)


async def test_streams_are_chained_over_the_stored_bytes(store: Store) -> None:
    note = Personal("person/anna", text="called")
    for number in range(3):
        await store.execute(COUNTER, counter("a"), Count("a", number + 1, note), context=ACME)
    before = ""
    async for fact in store.read_stream(counter("a")):
        at_us = (fact.recorded_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        tag = f"{fact.name}@{fact.event_version}"
        assert fact.stream_hash == chained(before, fact.stream, fact.version, tag, at_us, fact.actor, fact.payload)
        before = fact.stream_hash


async def test_personal_data_is_stored_sealed(store: Store) -> None:
    note = Personal("person/anna", text="Anna was ill")
    await store.execute(COUNTER, counter("a"), Count("a", 1, note), context=ACME)
    (live,) = await store.read_log(0, 1)
    (stored,) = [fact async for fact in store.read_stream(counter("a"))]
    assert live.event == stored.event
    assert isinstance(stored.event, Counted)
    assert b"ill" not in stored.payload
    assert stored.event.note is not None
    assert stored.event.note.text is None


async def test_the_agencys_sequence_has_no_gap_whatever_others_do(store: Store) -> None:
    for number in range(4):
        await store.execute(COUNTER, counter(f"a{number}"), Count("a"), context=ACME)
        await store.execute(COUNTER, counter(f"b{number}", "bolt"), Count("b"), context=BOLT)
    for agency in ("acme", "bolt"):
        facts = await store.read_agency(agency, 0, 10)
        assert [fact.agency_sequence for fact in facts] == [1, 2, 3, 4]
        assert [fact.position for fact in await store.read_agency(agency, 2, 10)] == [
            facts[2].position,
            facts[3].position,
        ]


async def test_some_events_of_a_stream_and_some_kinds_of_an_agency(store: Store) -> None:
    for _ in range(4):
        await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
        await store.execute(COUNTER, counter("b", "bolt"), Count("b"), context=BOLT)
    found = await store.read_events(counter("a"), [4, 2, 2, 9])
    assert [fact.version for fact in found] == [2, 4]
    assert await store.read_events(counter("a"), []) == []
    assert [fact.version for fact in await store.read_agency("acme", 1, 2, [Counted])] == [2, 3]
    assert not await store.read_agency("acme", 0, 10, [Closed])
    stored = await store.read_stored_stream(counter("a"), 2, 10)
    assert [row.payload for row in stored] == [fact.payload for fact in await store.read_events(counter("a"), [3, 4])]


async def test_recording_times_never_run_back(open_store: OpenStore) -> None:
    times = iter([NOON, NOON - timedelta(hours=2), NOON + timedelta(hours=1)])
    store = await open_store(clock=lambda: next(times))
    for number in range(3):
        await store.execute(COUNTER, counter(f"c{number}"), Count("c"), context=ACME)
    assert [fact.recorded_at for fact in await store.read_log(0, 5)] == [NOON, NOON, NOON + timedelta(hours=1)]


async def test_a_rehearsal_takes_the_callers_time_agency_by_agency(open_store: OpenStore) -> None:
    store = await open_store(rehearsal=True, clock=lambda: NOON)
    spring = Context("acme", "anna", "c", now=datetime(2024, 4, 1, tzinfo=UTC))
    winter = Context("bolt", "bert", "c", now=datetime(2023, 1, 1, tzinfo=UTC))
    await store.execute(COUNTER, counter("a"), Count("a"), context=spring)
    await store.execute(COUNTER, counter("b", "bolt"), Count("b"), context=winter)
    await store.execute(COUNTER, counter("c"), Count("c"), context=ACME)  # no time named: it stands still
    assert [fact.recorded_at.year for fact in await store.read_log(0, 5)] == [2024, 2023, 2024]


async def test_the_position_at_an_instant_is_that_of_the_last_fact_recorded_up_to_it(open_store: OpenStore) -> None:
    now = NOON
    store = await open_store(clock=lambda: now)
    for hour in range(5):
        now = NOON + timedelta(hours=hour)
        await store.execute(COUNTER, counter(f"c{hour}"), Count("c"), context=ACME)
        await store.execute(COUNTER, counter(f"c{hour}", "bolt"), Count("c"), context=BOLT)
    assert await store.position_at("acme", NOON - timedelta(seconds=1)) == 0
    assert await store.position_at("acme", NOON + timedelta(hours=2)) == 5
    assert await store.position_at("acme", NOON + timedelta(hours=2, minutes=59)) == 5
    assert await store.position_at("acme", NOON + timedelta(days=1)) == 9
    assert await store.position_at("nobody", NOON) == 0


async def test_tracking_is_written_with_what_it_led_to(open_store: OpenStore) -> None:
    store = await open_store()

    async def work(ledger: Ledger) -> None:
        await ledger.decide(COUNTER, counter("a"), Count("a"))

    assert await store.tracked("elsewhere") == 0
    await store.transact(work, context=ACME, stream="", tracking=Tracking("elsewhere", 7, after=0))
    assert await store.tracked("elsewhere") == 7
    with pytest.raises(TrackingMoved):  # the same facts again
        await store.transact(work, context=ACME, stream="", tracking=Tracking("elsewhere", 9, after=0))
    assert (await store.tracked("elsewhere"), store.position) == (7, 1)
    assert await (await open_store()).tracked("elsewhere") == 7


async def test_whoever_waits_is_woken_by_a_commit(store: Store) -> None:
    waiting = asyncio.create_task(store.wait_beyond(0))
    await asyncio.sleep(0)
    await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    async with asyncio.timeout(10):
        await waiting


async def test_what_another_process_wrote_is_noticed(open_store: OpenStore) -> None:
    here, there = await open_store(), await open_store()
    waiting = asyncio.create_task(here.wait_beyond(0))
    await there.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    async with asyncio.timeout(30):
        await waiting
    assert [fact.position for fact in await here.read_log(0, 5)] == [1]


async def test_a_caller_who_hung_up_changes_nothing_for_others(store: Store) -> None:
    gone = asyncio.create_task(
        store.execute(COUNTER, counter("a"), Count("a"), context=ACME, request=Request("r", "h"))
    )
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await store.execute(COUNTER, counter("b"), Count("b"), context=ACME)
    again = await store.execute(COUNTER, counter("a"), Count("a"), context=ACME, request=Request("r", "h"))
    assert again.version == 1
    assert await store.state(COUNTER, counter("a")) == (1, 1)


async def test_old_versions_are_read_as_new_ones(store: Store) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.record(counter("a"), [CountedOnce(counter_id="a")])

    await store.transact(work, context=ACME, stream=counter("a"))
    (fact,) = [fact async for fact in store.read_stream(counter("a"))]
    assert fact.event == Counted(counter_id="a", amount=1)
    assert (fact.name, fact.event_version) == ("tally.Counted", 1)
    assert await store.state(COUNTER, counter("a")) == (1, 1)


async def test_streams_that_went_cold_are_read_again(open_store: OpenStore) -> None:
    store = await open_store(hot_streams=3)
    for number in range(12):
        await store.execute(COUNTER, counter(f"c{number % 6}"), Count("c", 2), context=ACME)
    for number in range(6):
        assert await store.state(COUNTER, counter(f"c{number}")) == (4, 2)


async def test_a_hot_stream_holds_nothing_of_what_was_appended(store: Store) -> None:
    async def work(ledger: Ledger) -> None:
        for number in range(20):
            await ledger.decide(COUNTER, counter(f"c{number}"), Count("c", 2))

    await store.transact(work, context=ACME, stream="")
    await asyncio.gather(*(store.execute(COUNTER, counter("a"), Count("a"), context=ACME) for _ in range(5)))
    await store.newest_position()  # the store's thread, where there is one, keeps what it was given last
    gc.collect()
    assert not [kept for kept in gc.get_objects() if isinstance(kept, Draft)]


async def test_a_restored_store_goes_on_past_every_published_position(open_store: OpenStore) -> None:
    store = await open_store()
    await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    lost = await store.restored(published_up_to=40)
    receipt = await store.execute(COUNTER, counter("a"), Count("a"), context=ACME)
    assert receipt.position == 41
    assert store.epoch != lost
    again = await open_store()
    assert again.epoch == store.epoch
    assert (await again.execute(COUNTER, counter("a"), Count("a"), context=ACME)).position == 42
    assert [(fact.position, fact.previous) for fact in await again.read_log(0, 9)] == [(1, 0), (41, 1), (42, 41)]

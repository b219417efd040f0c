"""States of long streams: made of their events in slices, or of what was kept and of the events after it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from chassis.store import Decider, Ledger, Store
from chassis.store.kept import KeptState, KeptStates, Packing
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, Counted, counter
from tests.turns import turns_of_others

LONG = 2_500
STREAM = counter("long")


@dataclass
class Watched:
    """A decider that notes how many events it was given."""

    given: int = 0
    decider: Decider[Any, int] = field(init=False)

    def __post_init__(self) -> None:
        self.decider = Decider(0, lambda command, total: [], self.evolve)

    def evolve(self, total: int, event: Counted) -> int:
        self.given += 1
        return total + event.amount


def kept_of(watched: Watched, folder: Path) -> KeptStates:
    def completed(parts: Any) -> Iterator[None]:
        yield

    packing = Packing(
        made_by="this code",
        rooms=("builtins",),
        parts=lambda total: iter(["a part", total]),
        reducers={},
        completed=completed,
        state=lambda decider, total: total if decider is watched.decider else None,
    )
    return KeptStates(packing, folder, b"a key")


async def count(store: Store, times: int) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.record(STREAM, [Counted(counter_id="long", amount=2)] * times)

    await store.transact(work, context=ACME, stream=STREAM)


async def head(store: Store, version: int) -> str:
    [event] = await store.read_events(STREAM, [version])
    return event.stream_hash


async def test_a_long_stream_is_read_in_slices_and_once_for_all_who_ask(open_store: OpenStore) -> None:
    await count(await open_store(), LONG)
    store, watched = await open_store(), Watched()
    async with turns_of_others() as turns:
        found = await asyncio.gather(*(store.state(watched.decider, STREAM) for _ in range(3)))
    assert found == [(2 * LONG, LONG)] * 3
    assert watched.given == LONG
    assert turns.count > 10


async def test_what_is_told_while_it_is_read_is_not_lost(open_store: OpenStore) -> None:
    await count(await open_store(), LONG)
    store, watched = await open_store(), Watched()
    reading = asyncio.create_task(store.state(watched.decider, STREAM))
    await asyncio.sleep(0)
    await count(store, 3)
    assert await reading in [(2 * LONG, LONG), (2 * (LONG + 3), LONG + 3)]
    assert await store.state(watched.decider, STREAM) == (2 * (LONG + 3), LONG + 3)


async def test_reading_goes_on_from_what_was_kept(open_store: OpenStore, tmp_path: Path) -> None:
    first, watched = await open_store(), Watched()
    await count(first, LONG)
    await kept_of(watched, tmp_path).keep(STREAM, KeptState(LONG - 10, await head(first, LONG - 10), 2 * (LONG - 10)))
    again = await open_store(kept=kept_of(watched, tmp_path))
    assert await again.state(watched.decider, STREAM) == (2 * LONG, LONG)
    assert watched.given == 10
    other = Watched()
    assert await again.state(other.decider, STREAM) == (2 * LONG, LONG)
    assert other.given == LONG  # nothing is kept for it


@pytest.mark.parametrize(("version", "named"), [(LONG - 10, "another"), (LONG + 10, "")])
async def test_what_was_kept_of_other_events_is_passed_over(
    open_store: OpenStore, tmp_path: Path, version: int, named: str
) -> None:
    first, watched = await open_store(), Watched()
    await count(first, LONG)
    await kept_of(watched, tmp_path).keep(STREAM, KeptState(version, named or "beyond", 999_999))
    again = await open_store(kept=kept_of(watched, tmp_path))
    assert await again.state(watched.decider, STREAM) == (2 * LONG, LONG)
    assert watched.given == LONG


class Mischief:
    """Its values are made again by a call that leaves a file behind."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


async def test_nothing_is_called_but_classes_that_are_known(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watched, left_behind = Watched(), tmp_path / "left behind"
    await kept_of(watched, tmp_path).keep(STREAM, KeptState(1, "head", Mischief(left_behind)))
    assert await kept_of(watched, tmp_path).find(STREAM) is None
    assert "is no part of a kept state" in caplog.text
    assert not left_behind.exists()


async def test_what_cannot_be_read_is_made_of_its_events_again(
    open_store: OpenStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Written and sealed by us, but in a form that this code does not know."""
    first, watched = await open_store(), Watched()
    await count(first, LONG)
    await kept_of(watched, tmp_path).keep(STREAM, KeptState(LONG, await head(first, LONG), Mischief(tmp_path / "x")))
    again = await open_store(kept=kept_of(watched, tmp_path))
    assert await again.state(watched.decider, STREAM) == (2 * LONG, LONG)
    assert watched.given == LONG
    assert f"what is kept of {STREAM} cannot be read" in caplog.text


async def test_few_values_are_at_hand_and_the_rest_are_read_again(tmp_path: Path) -> None:
    watched = Watched()
    kept = kept_of(watched, tmp_path)
    for number in range(20):
        state = KeptState(number, "head", number)
        await kept.keep(counter(str(number)), state)
        kept.remember(counter(str(number)), state)
    for number in range(20):
        assert await kept.take(counter(str(number))) == KeptState(number, "head", number)
    forgetful = replace(kept, folder=None, _at_hand={})
    assert await forgetful.find(counter("3")) is None

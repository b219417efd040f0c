"""Views as they were known at a position (R37): the facts up to it, projected into a private in-memory database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from chassis.projector.shelf import Shelf, place_of
from chassis.projector.view import View
from chassis.projector.views import Views
from chassis.sql import Address
from chassis.store import Recorded, Store
from chassis.tide import Tide
from vocabulary.fact import Fact

BATCH = 1_000


class Wanted(NamedTuple):
    """The facts that a replay needs: those of some streams; else those of an agency, of some kinds where these are
    named; else all. What the views do not use need not be read, and the answer is the same."""

    agency: str = ""
    streams: tuple[str, ...] = ()
    kinds: tuple[type[Fact], ...] = ()


async def replayed(store: Store, views: Sequence[View], position: int, wanted: Wanted) -> Views:
    shelf = Shelf(Address())
    shelf.open()
    for view in views:
        shelf.begin_beside(view)
        shelf.swap(view, (), place_of(view, store.epoch, 0))
    filled = 0
    async for facts in _batches(store, position, wanted):
        shelf.project(views, filled, facts)
        filled = facts[-1].position
        await asyncio.sleep(0)
    return Views(shelf.for_reading(), Tide(position))


def _batches(store: Store, position: int, wanted: Wanted) -> AsyncIterator[Sequence[Recorded]]:
    if wanted.streams:
        return _of_streams(store, position, wanted.streams)
    return _of_log(store, position, wanted)


async def _of_log(store: Store, position: int, wanted: Wanted) -> AsyncIterator[Sequence[Recorded]]:
    at = 0
    while True:
        if wanted.agency:
            facts = await store.read_agency(wanted.agency, at, BATCH, wanted.kinds)
        else:
            facts = await store.read_log(at, BATCH)
        until = [fact for fact in facts if fact.position <= position]
        if until:
            yield until
        if not facts or len(until) < len(facts):
            return
        at = facts[-1].agency_sequence if wanted.agency else facts[-1].position


async def _of_streams(store: Store, position: int, streams: Sequence[str]) -> AsyncIterator[Sequence[Recorded]]:
    """The streams' facts in the order of the log."""
    sources = [store.read_stream(stream) for stream in streams]
    heads: list[tuple[int, int, Recorded]] = []
    for place, source in enumerate(sources):
        first = await anext(source, None)
        if first is not None:
            heads.append((first.position, place, first))
    heapify(heads)
    batch: list[Recorded] = []
    while heads and heads[0][0] <= position:
        _, place, fact = heads[0]
        batch.append(fact)
        following = await anext(sources[place], None)
        if following is None:
            heappop(heads)
        else:
            heapreplace(heads, (following.position, place, following))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch

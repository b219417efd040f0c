"""Whether a whole house fits together, read from outside, running or not: stores, views, keys, and what services took
in of each other. Each check tells what does not fit in words; nothing is changed.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import closing

from chassis.copies.tables import KeyTables
from chassis.key_table import KEYS
from chassis.projector.shelf import Shelf, place_of
from chassis.projector.view import View, shape_of
from chassis.seal import MasterKey, SealBroken
from chassis.sql import Address
from chassis.store import Store
from chassis.store.plan import Row

PAGE = 1000
_SEALED = re.compile(rb'"subject":"([^"]+)","sealed":')
_CAUSE = re.compile(r"(\w+):[0-9a-f]+:(\d+)")

Audit = Callable[[Store], AsyncIterator[str]]
"""A service's own check of its store."""


async def pages_of(store: Store, until: int | None = None) -> AsyncIterator[Sequence[Row]]:
    """All facts as the database has them, up to a position (else up to the end as it is now)."""
    after = 0
    end = await store.newest_position() if until is None else until
    while after < end and (rows := await store.read_stored(after, PAGE)):
        yield [row for row in rows if row.position <= end]
        after = rows[-1].position


async def view_flaws(store: Store, url: str, views: Sequence[View]) -> AsyncIterator[str]:
    """Each view against one that is built from the log beside it, up to the same position. A view that waits to be
    built anew (another shape, another epoch) is none yet, and is left out."""
    shelf = Shelf(Address.parse(url, f"{store.catalog.service}_views"))
    with closing(shelf):
        places, hashes = shelf.picture(views)
    live = [
        view
        for view in views
        if (place := places.get(view.name)) and place.shape == shape_of(view) and place.epoch == store.epoch
    ]
    beside = Shelf(Address())
    with closing(beside):
        beside.open()
        at = dict.fromkeys((view.name for view in live), 0)
        for view in live:
            beside.begin_beside(view)
            beside.swap(view, (), place_of(view, store.epoch, 0))
        after, end = 0, max((places[view.name].position for view in live), default=0)
        while after < end and (facts := await store.read_log(after, PAGE)):
            for view in live:
                seen = [fact for fact in facts if fact.position <= places[view.name].position]
                if seen:
                    beside.project((view,), at[view.name], seen)
                    at[view.name] = seen[-1].position
            after = facts[-1].position
        for view in live:
            if beside.hash(view) != hashes[view.name]:
                yield (
                    f"the view {view.name} is not what follows from the facts up to position"
                    f" {places[view.name].position}: retainer rebuild {store.catalog.service} {view.name}"
                )


async def followed(store: Store) -> "Mapping[str, array[int]]":
    """The positions of each other service that this store's facts followed from, in the order of the store."""
    causes: dict[str, array[int]] = {}
    async for rows in pages_of(store):
        for row in rows:
            if found := _CAUSE.fullmatch(row.causation_id):
                causes.setdefault(found[1], array("q")).append(int(found[2]))
    return causes


async def positions_of(store: Store) -> "array[int]":
    positions = array("q")
    async for rows in pages_of(store):
        positions.extend(row.position for row in rows)
    return positions


async def hearing_flaws(stores: Mapping[str, Store], subscriptions: Mapping[str, Iterable[str]]) -> AsyncIterator[str]:
    """What a service took in of another one that the other one's store does not have (any more)."""
    causes, marks = {}, {}
    for service, sources in subscriptions.items():
        causes[service] = await followed(stores[service])
        marks[service] = {source: await stores[service].tracked(source) for source in sources}
    have = {service: await positions_of(store) for service, store in stores.items()}
    for service, sources in subscriptions.items():
        for source in sources:
            there = have[source]
            if marks[service][source] > (there[-1] if there else 0):
                yield (
                    f"{service} has taken in {source} up to {marks[service][source]}, and the store of {source} ends at"
                    f" {there[-1] if there else 0}"
                )
            lost = sorted({cause for cause in causes[service].get(source, ()) if not _holds(there, cause)})
            if lost:
                yield (
                    f"{service} has facts that followed from {len(lost)} facts of {source} (position {lost[0]} to"
                    f" {lost[-1]}), which the store of {source} does not have: they were lost before a restore"
                )


async def sealed_subjects(store: Store) -> set[tuple[str, str]]:
    """Agency and subject of everything sealed in a store."""
    found: set[tuple[str, str]] = set()
    async for rows in pages_of(store):
        for row in rows:
            for subject in _SEALED.findall(row.payload):
                found.add((row.agency, subject.decode()))
    return found


def key_flaws(
    url: str, service: str, master_key: bytes | None, sealed: Iterable[tuple[str, str]], bound: str
) -> Sequence[str]:
    """Whether a keyring holds the keys of what is sealed, each as this master key wrapped it. `bound` is the identity
    that the service's store was written with; empty where it noted none."""
    flaws = []
    with closing(KeyTables(url, service)) as tables:
        if not tables.is_there():
            return [f"there are no keys of {service} at {tables.place}: what is sealed can not be read"]
        rows = tables.rows()
    identity = next((str(row["identity"]) for row in rows["keyring"]), "")
    if bound and identity != bound:
        flaws.append(f"the keys of {service} are those of {identity or 'an older keyring'}, its store needs {bound}")
    known = {(str(row["agency"]), str(row["subject"])): row for row in rows[KEYS]}
    if master_key is not None:
        wrap = MasterKey(master_key)
        for (agency, subject), row in known.items():
            try:
                if row["wrapped"] is not None:
                    wrap.unwrap(bytes(row["wrapped"]), f"{agency}/{subject}")
            except SealBroken as error:
                flaws.append(str(error))
    missing = sorted(set(sealed) - known.keys())
    if missing:
        agency, subject = missing[0]
        flaws.append(
            f"{len(missing)} subjects have sealed texts and no key with {service}, the first {subject} of {agency}"
        )
    return flaws


def _holds(positions: "array[int]", position: int) -> bool:
    place = bisect_left(positions, position)
    return place < len(positions) and positions[place] == position

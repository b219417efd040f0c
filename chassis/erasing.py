"""Erasures that were broken off are ended: the key is gone, and no fact says so yet.

An erasure destroys the key first and tells it then. Where the process died between the two, or a store was restored
from before, the tombstone of the key is what stands: whoever leads records the fact that is missing.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chassis.parts import Parts
from chassis.store import Context, Decider
from vocabulary.fact import Fact

LOOK_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erasing:
    """How one kind of subject is erased: `order` makes the command that `decider` takes, `told` is the event that it
    leads to."""

    kind: str
    decider: Decider[Any, Any]
    stream: Callable[[str, str], str]
    order: Callable[[str], Any]
    told: type[Fact]


async def end_erasures(parts: Parts, erasing: Erasing) -> None:
    """Now and every few seconds, until cancelled."""
    owned = parts.keyring.owned
    assert owned is not None
    reads: Decider[Any, bool | None] = Decider(
        None, _nothing, lambda told, event: told or isinstance(event, erasing.told)
    )
    ended: set[tuple[str, str]] = set()
    while True:
        for agency, subject, _ in await asyncio.to_thread(owned.tombstones):
            kind, _, identity = subject.partition("/")
            if kind != erasing.kind or (agency, identity) in ended:
                continue
            stream = erasing.stream(agency, identity)
            told, _ = await parts.store.state(reads, stream)
            if told is False:
                context = Context(agency=agency, actor=parts.store.catalog.service, correlation_id=f"erase-{identity}")
                await parts.store.execute(erasing.decider, stream, erasing.order(identity), context=context)
                log.warning("the erasure of %s in %s was broken off: now it is told", subject, agency)
            ended.add((agency, identity))
        await asyncio.sleep(LOOK_SECONDS)


def _nothing(command: Any, told: bool | None) -> tuple[()]:
    """It is for reading alone."""
    return ()

"""The streams that one piece of work reads and writes, in memory; appended whole or not at all."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from chassis.store.draft import Draft, DraftEvent
from chassis.store.hot import HotStream
from chassis.store.records import Context, Decider
from vocabulary.fact import Fact

C = TypeVar("C")
S = TypeVar("S")


class Shelf(Protocol):
    """Where the ledger takes its streams from: the store."""

    def begin(self, stream: str) -> None: ...

    async def hot(self, stream: str) -> HotStream: ...

    async def hot_state(self, stream: str, decider: Decider[Any, Any]) -> HotStream: ...

    async def draft_events(self, context: Context, stream: str, events: Sequence[Fact]) -> Sequence[DraftEvent]: ...


@dataclass(slots=True)
class Page:
    """One stream as this work sees it. `base` is the version that it started from."""

    base: int
    version: int
    states: dict[Decider[Any, Any], Any]
    draft: Draft | None


@dataclass
class Ledger:
    """The streams that one piece of work reads and writes, in memory; appended whole or not at all."""

    context: Context
    names: list[str] = field(default_factory=list)
    """Ids or names for the receipt (`invoices/2026-0001`), in the order in which `work` adds them."""
    shelf: Shelf = field(repr=False, kw_only=True)
    pages: dict[str, Page] = field(default_factory=dict, repr=False)
    events: list[DraftEvent] = field(default_factory=list, repr=False)

    def begin(self, stream: str) -> None:
        """The stream's id was made just now: it is empty, and need not be looked for. (Were it not, the append would
        fail as a whole.)"""
        self.shelf.begin(stream)

    async def state(self, decider: Decider[Any, S], stream: str) -> S:
        """The state after everything recorded, here included."""
        page = self.pages.get(stream)
        if page is None or decider not in page.states:
            page = await self._turn_to(stream, decider)
        state: S = page.states[decider]
        return state

    async def version(self, stream: str) -> int:
        """Events in the stream, here included; 0 where there is none."""
        page = self.pages.get(stream)
        if page is None:
            page = self._open(stream, await self.shelf.hot(stream))
        return page.version

    async def decide(self, decider: Decider[C, Any], stream: str, command: C) -> Sequence[Fact]:
        """Decide on the present state and record the outcome; returns what was recorded."""
        decided = decider.decide(command, await self.state(decider, stream))
        await self.record(stream, decided)
        return decided

    async def record(self, stream: str, events: Sequence[Fact]) -> None:
        """Record facts without a decision (a reaction that only notes)."""
        if not events:
            return
        agency = self.context.agency
        assert stream.startswith(f"{agency}/"), f"{stream} is not a stream of {agency}"
        page = self.pages.get(stream)
        if page is None:
            page = self._open(stream, await self.shelf.hot(stream))
        drafted = await self.shelf.draft_events(self.context, stream, events)
        self.events.extend(drafted)
        page.version += len(drafted)
        for decider, state in page.states.items():
            for event in drafted:
                state = decider.evolve(state, event.event)
            page.states[decider] = state

    async def _turn_to(self, stream: str, decider: Decider[Any, Any]) -> Page:
        hot = await self.shelf.hot_state(stream, decider)
        page = self.pages.get(stream)
        if page is None:
            return self._open(stream, hot)
        # The stream is open here with another decider: bring this one's state up to what was recorded here.
        state = hot.states[decider]
        for event in self.events:
            if event.stream == stream:
                state = decider.evolve(state, event.event)
        page.states[decider] = state
        if hot.version != page.base:
            page.base = -1  # somebody else went on meanwhile: this work has to run again
        return page

    def _open(self, stream: str, hot: HotStream) -> Page:
        page = self.pages[stream] = Page(hot.version, hot.version, dict(hot.states), hot.draft)
        return page


Work = Callable[[Ledger], Awaitable[None]]

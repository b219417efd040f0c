"""States of streams lately used, with what is on its way into the store.

A state here may include events of a draft that is not committed yet; who decides on it names that draft as one that his
own depends on. Where a draft falls out, the streams that it touched are forgotten and read again.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from chassis.store.draft import Draft
from chassis.store.records import Decider


class HotStream:
    """A stream's version and states; `draft` is the last one on its way, None where all of it is committed."""

    __slots__ = ("draft", "states", "version")

    def __init__(self, version: int) -> None:
        self.version = version
        self.states: dict[Decider[Any, Any], Any] = {}
        self.draft: Draft | None = None


class HotStreams:
    """The streams written last, about `capacity` of them."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._slack = capacity // 8
        self._streams: dict[str, HotStream] = {}

    def get(self, stream: str) -> HotStream | None:
        hot = self._streams.get(stream)
        if hot is not None and hot.draft is not None and hot.draft.failed:
            del self._streams[stream]
            return None
        return hot

    def put(self, stream: str, hot: HotStream) -> None:
        streams = self._streams
        streams.pop(stream, None)  # so that it stands last
        streams[stream] = hot
        if len(streams) > self._capacity + self._slack:
            self._let_go_coldest()

    def _let_go_coldest(self) -> None:
        """Many at once: a dict finds its first key only behind all those that were taken out before it."""
        coldest = []
        for stream, hot in islice(self._streams.items(), len(self._streams) - self._capacity):
            if hot.draft is not None:
                break  # on its way: it will be let go by a later call
            coldest.append(stream)
        self.forget(coldest)

    def settled(self, draft: Draft) -> None:
        """All of it is committed: let go of it, or all that it wrote stays in memory for as long as its streams do."""
        for stream in draft.expected:
            hot = self._streams.get(stream)
            if hot is not None and hot.draft is draft:
                hot.draft = None

    def forget(self, streams: Iterable[str]) -> None:
        for stream in streams:
            self._streams.pop(stream, None)

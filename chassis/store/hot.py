"""States of streams lately used, with what is on its way into the store.

A state here may include events of a draft that is not committed yet; who decides on it names that draft as one that his
own depends on. Where a draft falls out, the streams that it touched are forgotten and read again.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from chassis.store.draft import Draft, Fate
from chassis.store.records import Decider


class HotStream:
    """A stream's version and states; `draft` is the last one on its way, None where all of it is committed."""

    __slots__ = ("_draft", "states", "version")

    def __init__(self, version: int) -> None:
        self.version = version
        self.states: dict[Decider[Any, Any], Any] = {}
        self._draft: Draft | None = None

    @property
    def draft(self) -> Draft | None:
        if self._draft is not None and self._draft.fate is Fate.APPENDED:
            self._draft = None
        return self._draft

    @draft.setter
    def draft(self, draft: Draft) -> None:
        self._draft = draft


class HotStreams:
    """The streams used last, at most `capacity` of them."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._streams: OrderedDict[str, HotStream] = OrderedDict()

    def get(self, stream: str) -> HotStream | None:
        hot = self._streams.get(stream)
        if hot is None:
            return None
        if hot.draft is not None and hot.draft.failed:
            del self._streams[stream]
            return None
        self._streams.move_to_end(stream)
        return hot

    def put(self, stream: str, hot: HotStream) -> None:
        self._streams[stream] = hot
        self._streams.move_to_end(stream)
        while len(self._streams) > self._capacity:
            _, coldest = next(iter(self._streams.items()))
            if coldest.draft is not None:
                break  # on its way: it will be let go by a later call
            self._streams.popitem(last=False)

    def forget(self, streams: Iterable[str]) -> None:
        for stream in streams:
            self._streams.pop(stream, None)

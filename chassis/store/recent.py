"""The last facts, in memory: the relay and the projector read them here and not from the database."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from chassis.store.records import Recorded

KEPT = 8192
_position = attrgetter("position")


class Recent:
    """A gapless end of the log; empty until this process has recorded something."""

    def __init__(self) -> None:
        self._facts: list[Recorded] = []

    def add(self, facts: Sequence[Recorded]) -> None:
        if not facts:
            return
        if self._facts and self._facts[-1].position != facts[0].previous:
            self._facts = []  # another process wrote in between
        self._facts.extend(facts)
        if len(self._facts) > KEPT:
            del self._facts[: len(self._facts) - KEPT // 2]

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The facts after a position; none where they do not reach back so far."""
        if not self._facts or position < self._facts[0].previous:
            return ()
        start = bisect_right(self._facts, position, key=_position)
        return self._facts[start : start + limit]

"""The last facts, in memory: the relay and the projector read them here and not from the database."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter

from chassis.store.records import Recorded

KEPT = 2048
"""More facts than a relay and a projector that keep up are ever behind; who is further behind reads the database."""
KEPT_BYTES = 4 * 1024 * 1024
"""Of payloads: one document is as big as hundreds of entries."""
_position = attrgetter("position")


class Recent:
    """A gapless end of the log; empty until this process has recorded something. Holds `KEPT` facts and `KEPT_BYTES` at
    most, or half of that where it was more, so that it is not cut with each fact that comes."""

    def __init__(self) -> None:
        self._facts: list[Recorded] = []
        self._bytes = 0

    def add(self, facts: Sequence[Recorded]) -> None:
        if not facts:
            return
        if self._facts and self._facts[-1].position != facts[0].previous:
            self._facts, self._bytes = [], 0  # another process wrote in between
        self._facts.extend(facts)
        self._bytes += sum(len(fact.payload) for fact in facts)
        if len(self._facts) > KEPT or self._bytes > KEPT_BYTES:
            self._cut()

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        """The facts after a position; none where they do not reach back so far."""
        if not self._facts or position < self._facts[0].previous:
            return ()
        start = bisect_right(self._facts, position, key=_position)
        return self._facts[start : start + limit]

    def _cut(self) -> None:
        """What comes last stays."""
        backwards = list(accumulate(len(fact.payload) for fact in reversed(self._facts)))
        kept = min(bisect_right(backwards, KEPT_BYTES // 2), KEPT // 2)
        self._facts = self._facts[len(self._facts) - kept :]
        self._bytes = backwards[kept - 1] if kept else 0

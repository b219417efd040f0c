"""How long it takes until a fact of another service can be seen here: from when it was recorded there until our views
hold what it led to."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

Observe = Callable[[float], None]
MOST_BATCHES = 10_000
"""That may wait for the views; beyond it the oldest is counted with the age that it has by then."""


class _Batch(NamedTuple):
    position: int
    source: str
    recorded: Sequence[float]


class Visibility:
    """Costs a look at the clock for a batch, and one observation a fact."""

    def __init__(self, observing: Callable[[str], Observe]) -> None:
        """`observing` a source gives what takes its seconds."""
        self._observing = observing
        self._waiting: deque[_Batch] = deque()
        self._reached = 0

    def taken_in(self, source: str, position: int, recorded: Sequence[float]) -> None:
        """Facts that were recorded at these instants are in our store, and what they led to up to `position`."""
        self._waiting.append(_Batch(position, source, recorded))
        if position <= self._reached:  # the views were quicker than whoever told us
            self.reached(self._reached)
        elif len(self._waiting) > MOST_BATCHES:
            self._count(self._waiting.popleft(), time.time())

    def reached(self, position: int) -> None:
        """The views hold what is in the store up to `position`."""
        self._reached = position
        if not self._waiting or self._waiting[0].position > position:
            return
        now = time.time()
        while self._waiting and self._waiting[0].position <= position:
            self._count(self._waiting.popleft(), now)

    def _count(self, batch: _Batch, now: float) -> None:
        observe = self._observing(batch.source)
        for recorded in batch.recorded:
            observe(max(0.0, now - recorded))

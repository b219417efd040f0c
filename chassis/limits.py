"""How much one token may ask for: calls in a second, streams at once, rows on a page.

Each token has a bucket of calls that fills again steadily; who finds it empty is told how long to wait. The house's own
services are not counted. What is kept of a token goes when it has been quiet for as long as its bucket takes to fill.

    TooMuch             RESOURCE_EXHAUSTED, with RetryInfo
    ├── TooManyCalls    more calls in a second than the token may make
    └── TooManyStreams  more streams at once
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chassis.auth import Role
from chassis.tokens.tokens import Known

REMEMBERED = 10_000
STREAM_RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Allowed:
    """Of one token; 0 calls in a second is as many as it likes."""

    calls_per_second: float = 5_000.0
    calls_at_once: int = 10_000
    streams: int = 200
    page_rows: int = 1_000


class TooMuch(Exception):
    """The token asks for more than it may; again after `retry_seconds`."""

    limit = ""

    def __init__(self, message: str, retry_seconds: float) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds


class TooManyCalls(TooMuch):
    limit = "calls"


class TooManyStreams(TooMuch):
    limit = "streams"


class _Bucket:
    __slots__ = ("calls", "filled_at", "streams")

    def __init__(self, calls: float, now: float) -> None:
        self.calls = calls
        self.filled_at = now
        self.streams = 0


class Limits:
    """What each token has left. `refused` is told which limit was met."""

    def __init__(
        self,
        allowed: Allowed = Allowed(),
        *,
        refused: Callable[[str], object] = lambda limit: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.allowed = allowed
        self._refused = refused
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, known: Known) -> None:
        """One call; `TooManyCalls` where it is one too many."""
        rate = self.allowed.calls_per_second
        if not rate or known.identity.role is Role.SERVICE:
            return
        now = self._clock()
        bucket = self._bucket(known, now)
        bucket.calls = min(self.allowed.calls_at_once, bucket.calls + (now - bucket.filled_at) * rate)
        bucket.filled_at = now
        if bucket.calls < 1:
            self._refused(TooManyCalls.limit)
            raise TooManyCalls(f"a token may make {rate:g} calls in a second: wait", (1 - bucket.calls) / rate)
        bucket.calls -= 1

    @contextmanager
    def stream(self, known: Known) -> Iterator[None]:
        """One stream, as long as it lasts; `TooManyStreams` where it is one too many."""
        bucket = self._bucket(known, self._clock())
        if bucket.streams >= self.allowed.streams and known.identity.role is not Role.SERVICE:
            self._refused(TooManyStreams.limit)
            raise TooManyStreams(
                f"a token may have {self.allowed.streams} streams at once: close one first", STREAM_RETRY_SECONDS
            )
        bucket.streams += 1
        try:
            yield
        finally:
            bucket.streams -= 1

    def _bucket(self, known: Known, now: float) -> _Bucket:
        token_id = (known.identity.agency, known.id)
        bucket = self._buckets.get(token_id)
        if bucket is None:
            if len(self._buckets) >= REMEMBERED:
                self._forget(now)
            bucket = self._buckets[token_id] = _Bucket(self.allowed.calls_at_once, now)
        return bucket

    def _forget(self, now: float) -> None:
        """Those that are full again; where too few are, the oldest that have no stream."""
        rate = self.allowed.calls_per_second
        quiet = self.allowed.calls_at_once / rate if rate else 0.0
        idle = [id for id, one in self._buckets.items() if not one.streams]
        full = [id for id in idle if now - self._buckets[id].filled_at >= quiet]
        for id in full if len(full) >= REMEMBERED // 10 else idle[: REMEMBERED // 10]:
            del self._buckets[id]

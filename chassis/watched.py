"""A file that may change while we run: what it says is read again within a second.

Where it cannot be read any more, or says nonsense, what it said last holds on, and the log says so once.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

LOOK_SECONDS = 1.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class Watched(Generic[T]):
    """`read` makes of its bytes what `now` gives; `absent` is given where there is no such file."""

    def __init__(
        self,
        path: Path,
        read: Callable[[bytes], T],
        *,
        absent: T | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._read = read
        self._absent = absent
        self._clock = clock
        self._mark = _mark_of(path)
        self._looked_at = clock()
        self._said = self._taken()
        self._failed = False

    def now(self) -> T:
        """What the file says; the same object as long as it has not changed."""
        moment = self._clock()
        if moment - self._looked_at >= LOOK_SECONDS:
            self.look_now()
        return self._said

    def look_now(self) -> None:
        """Look at the file at once: somebody speaks of what we do not know."""
        self._looked_at = self._clock()
        if (mark := _mark_of(self.path)) != self._mark:
            self._look_again(mark)

    def _look_again(self, mark: tuple[int, ...]) -> None:
        try:
            self._said = self._taken()
        except (OSError, ValueError) as error:
            if not self._failed:
                log.error("%s cannot be read, what it said before holds on: %s", self.path.name, error)
            self._failed = True  # looked at again, it may be half written
            return
        self._mark, self._failed = mark, False

    def _taken(self) -> T:
        if self._absent is not None and not self.path.exists():
            return self._absent
        return self._read(self.path.read_bytes())


def _mark_of(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino

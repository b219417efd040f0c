"""What the store needs of a database: synchronous, a thread at a time; raises `StoreUnavailable` and `StoreFull`."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from chassis.store.draft import Draft, Outcome
from chassis.store.plan import Head, Row


class Recorder(Protocol):
    """One transaction for each append: read heads, tips, requests and marks, lay out, insert, commit."""

    inline: bool
    """Fast enough for the event loop's own thread (SQLite); else it gets a thread of its own."""
    poll_seconds: float
    """How often to look for what other processes wrote."""

    def open(self) -> str:
        """Make the tables where there are none; returns the epoch."""
        ...

    def append(self, drafts: Sequence[Draft], clock_us: int) -> Sequence[Outcome]: ...

    def begin(self, stream: str) -> None:
        """Nobody can have written to the stream: its head need not be read."""
        ...

    def head(self, stream: str) -> Head: ...

    def stream(self, stream: str, after_version: int, limit: int) -> Sequence[Row]: ...

    def streams(self, streams: Sequence[str], limit: int) -> Mapping[str, Sequence[Row]]:
        """The beginnings of many streams at once; at most `limit` events of each."""
        ...

    def stream_at(self, stream: str, versions: Sequence[int]) -> Sequence[Row]:
        """Some events of a stream, in order; at most a few hundred at once."""
        ...

    def log(self, after: int, limit: int) -> Sequence[Row]: ...

    def agency_log(self, agency: str, after_sequence: int, limit: int, tags: Sequence[str] = ()) -> Sequence[Row]:
        """The facts of one agency, after one of its sequence; with `tags`, of these alone."""
        ...

    def house_log(self, after: int) -> Sequence[Row]:
        """The chassis' own facts: dead letters, restores."""
        ...

    def last_until(self, agency: str, instant_us: int) -> int:
        """The position of an agency's last fact recorded up to an instant; 0 where there is none."""
        ...

    def position(self) -> int: ...

    def mark(self, source: str) -> int: ...

    def noted(self, name: str) -> str:
        """A fact about the store itself; empty where there is none of that name."""
        ...

    def note_once(self, name: str, value: str) -> str:
        """Write a fact about the store itself where there is none of that name; returns the one that stands."""
        ...

    def begin_epoch(self, first_position: int) -> str:
        """A new epoch, whose positions begin at `first_position`; returns its name."""
        ...

    def checkpoint(self) -> None:
        """Housekeeping, in a thread beside the writer."""
        ...

    def close(self) -> None: ...

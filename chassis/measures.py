"""What the chassis tells of itself; chassis.metrics turns it into Prometheus metrics. No ids as labels."""

from collections.abc import Sequence
from typing import Protocol


class Measures(Protocol):
    def facts_recorded(self, name: str, count: int) -> None:
        """`count` facts of the event type `name` were committed."""
        ...

    def appended(self, commands: int) -> None:
        """One append carried so many commands."""
        ...

    def relay_lag(self, positions: int, seconds: float) -> None:
        """How far the bus is behind the store; seconds is the age of the oldest fact that is not on the bus."""
        ...

    def inbox_position(self, source: str, position: int, lag: int) -> None:
        """How far the inbox has come in a source, and how many of its facts wait on the bus."""
        ...

    def dead_lettered(self, source: str) -> None:
        """A fact of a source went to the dead letters."""
        ...

    def dead_letters(self, source: str, waiting: int) -> None:
        """So many facts of a source wait for a replay, dead and parked."""
        ...

    def view_position(self, view: str, position: int, lag: int) -> None:
        """How far a view has come, and how many positions it is behind the store."""
        ...

    def taken_in(self, source: str, position: int, recorded: Sequence[float]) -> None:
        """Facts of a source that were recorded at these instants (seconds since 1970) are in our store, and what they
        led to up to a position of ours."""
        ...

    def views_reached(self, position: int) -> None:
        """All views hold what is in our store up to a position."""
        ...


class Unmeasured:
    """Nobody listens."""

    def facts_recorded(self, name: str, count: int) -> None: ...

    def appended(self, commands: int) -> None: ...

    def relay_lag(self, positions: int, seconds: float) -> None: ...

    def inbox_position(self, source: str, position: int, lag: int) -> None: ...

    def dead_lettered(self, source: str) -> None: ...

    def dead_letters(self, source: str, waiting: int) -> None: ...

    def view_position(self, view: str, position: int, lag: int) -> None: ...

    def taken_in(self, source: str, position: int, recorded: Sequence[float]) -> None: ...

    def views_reached(self, position: int) -> None: ...


UNMEASURED = Unmeasured()

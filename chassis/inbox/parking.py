"""Which partitions wait behind a dead letter: folded from this service's own house facts, so that nothing can be
forgotten between two processes."""

from collections.abc import Iterable, Mapping, Sequence

from chassis.house import DeadLettered, Parked, Replayed
from chassis.store import Recorded
from vocabulary.fact import Fact


def dead_stream(agency: str, source: str, position: int) -> str:
    return f"{agency}/dead/{source}/{position}"


class Parking:
    """Positions of a source that wait, by agency and partition, in order."""

    def __init__(self, source: str, facts: Iterable[Recorded] = ()) -> None:
        self._source = source
        self._waiting: dict[tuple[str, str], list[int]] = {}
        for fact in facts:
            self.note(fact.agency, fact.event)

    def note(self, agency: str, event: Fact) -> None:
        match event:
            case DeadLettered() | Parked() if event.source == self._source:
                positions = self._waiting.setdefault((agency, event.partition), [])
                if event.position not in positions:
                    positions.append(event.position)
            case Replayed() if event.source == self._source:
                positions = self._waiting.get((agency, event.partition), [])
                if event.position in positions:
                    positions.remove(event.position)
                if not positions:
                    self._waiting.pop((agency, event.partition), None)
            case _:
                return

    def behind(self, agency: str, partition: str) -> Sequence[int]:
        """What waits there, the dead letter first."""
        return tuple(self._waiting.get((agency, partition), ()))

    def partitions(self) -> Mapping[tuple[str, str], int]:
        return {place: len(positions) for place, positions in self._waiting.items()}

    @property
    def count(self) -> int:
        return sum(len(positions) for positions in self._waiting.values())

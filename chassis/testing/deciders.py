"""Deciders tested as sentences: what has happened, what is asked, what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chassis.store import Decider
from vocabulary.fact import Fact
from vocabulary.refusal import Refused

C = TypeVar("C")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Given(Generic[C, S]):
    """A decider and what has happened so far."""

    decider: Decider[C, S]
    history: Sequence[Fact]

    @property
    def state(self) -> S:
        state = self.decider.initial
        for event in self.history:
            state = self.decider.evolve(state, event)
        return state

    def when(self, command: C) -> "When[C, S]":
        try:
            return When(self, list(self.decider.decide(command, self.state)), None)
        except Refused as refusal:
            return When(self, [], refusal)


@dataclass(frozen=True, slots=True)
class When(Generic[C, S]):
    """What a command came to."""

    given: Given[C, S]
    recorded: Sequence[Fact]
    refusal: Refused | None

    def then(self, *expected: Fact) -> "Given[C, S]":
        """Exactly these facts, in this order; go on from there with a next `when`."""
        assert self.refusal is None, f"it was refused: {self.refusal.name if self.refusal else ''}: {self.refusal}"
        assert list(self.recorded) == list(expected), f"recorded {self.recorded}, expected {list(expected)}"
        return Given(self.given.decider, [*self.given.history, *self.recorded])

    def refused(self, reason: type[Refused], *, field: str | None = None) -> None:
        """By this refusal, about this field; nothing was recorded."""
        assert self.refusal is not None, f"it was not refused; it recorded {self.recorded}"
        assert type(self.refusal) is reason, f"refused by {self.refusal.name}: {self.refusal}"
        if field is not None:
            assert self.refusal.field == field, f"refused for the field {self.refusal.field!r}"


def given(decider: Decider[C, S], *history: Fact) -> Given[C, S]:
    return Given(decider, history)

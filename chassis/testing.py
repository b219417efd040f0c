"""What tests of services need: given/when/then for deciders, a store in memory, keys that never change, real servers.

    given(TIME_ENTRY, TimeLogged(...)).when(CorrectTime(...)).then(TimeCorrected(...))
    given(TIME_ENTRY).when(LogTime(...)).refused(ContractPaused, field="started_at")
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, TypeVar

from chassis.catalog import Catalog
from chassis.seal import open_sealed, sealed
from chassis.store import Decider, Store
from vocabulary.fact import Fact
from vocabulary.personal import Personal
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


class FixedKeys:
    """A keyring whose keys follow from the subjects' names and whose nonces follow from the texts: the same text is
    always sealed to the same bytes. For golden samples and tests; worth nothing as protection."""

    def __init__(self) -> None:
        self.erased: set[tuple[str, str]] = set()

    def seal(self, agency: str, personal: Personal) -> str:
        assert personal.text is not None
        nonce = sha256(personal.text.encode()).digest()[:12]
        return sealed(_fixed_key(agency, personal.subject), personal.text, f"{agency}/{personal.subject}", nonce)

    async def prepare(self, agency: str, subjects: Iterable[str]) -> None:
        return None

    async def open(self, agency: str, personal: Personal | None) -> str | None:
        if personal is None or (agency, personal.subject) in self.erased:
            return None
        if personal.sealed is None:
            return personal.text
        return open_sealed(_fixed_key(agency, personal.subject), personal.sealed, f"{agency}/{personal.subject}")

    async def open_all(self, agency: str, sealed: Iterable[Personal]) -> Mapping[Personal, str | None]:
        return {personal: await self.open(agency, personal) for personal in sealed}


def _fixed_key(agency: str, subject: str) -> bytes:
    return sha256(f"retainer test key of {agency}/{subject}".encode()).digest()


@asynccontextmanager
async def memory_store(catalog: Catalog, **options: Any) -> AsyncIterator[Store]:
    """A real store on SQLite in memory, with fixed keys."""
    store = await Store.open("sqlite:///:memory:", catalog, FixedKeys(), **options)
    try:
        yield store
    finally:
        await store.close()

"""All facts of a contract in the order in which they came, shared between the values that grew out of one another."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from services.billing.domain.facts import ContractFact


class Past(NamedTuple):
    """The books by what was known before a cut-off, of so many facts; and those of these facts that were not, in order
    of `known_at`."""

    until: datetime
    noted: int
    books: Any
    waiting: Sequence[ContractFact]


class History:
    """A prefix of a list that only grows: noting one more fact is O(1) as long as the value is the newest.

    The list is ours alone to see: two histories never show each other's later facts. `past` keeps what the books were
    at the last cut-off that was asked for, so that catching up boundary by boundary reads each fact once.
    """

    __slots__ = ("_facts", "_length", "past")

    def __init__(self) -> None:
        self._facts: list[ContractFact] = []
        self._length = 0
        self.past: Past | None = None

    def with_(self, fact: ContractFact) -> "History":
        after = History.__new__(History)
        facts = self._facts
        if len(facts) > self._length and facts[self._length] != fact:
            facts = facts[: self._length]  # somebody else's future: part from it
        if len(facts) == self._length:
            facts.append(fact)
        after._facts = facts
        after._length = self._length + 1
        after.past = self.past
        return after

    def first(self, length: int) -> "History":
        """The first facts alone."""
        prefix = History.__new__(History)
        prefix._facts, prefix._length, prefix.past = self._facts, min(length, self._length), None
        return prefix

    def __len__(self) -> int:
        return self._length

    def between(self, start: int, end: int) -> Iterator[ContractFact]:
        return islice(self._facts, start, min(end, self._length))

    def since(self, place: int) -> Iterator[ContractFact]:
        return islice(self._facts, place, self._length)

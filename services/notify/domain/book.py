"""What is noted whole each time that it changes: the sender, a contract's title."""

from collections.abc import Sequence
from typing import TypeVar

from services.notify.events import ContractNoted, SenderNoted

N = TypeVar("N", SenderNoted, ContractNoted)


def note(told: N, noted: N | None) -> Sequence[N]:
    """What is known already is not noted again."""
    return [] if told == noted else [told]


def latest(noted: N | None, event: N) -> N:
    return event

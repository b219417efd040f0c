"""Whose token is no good any more because he was erased.

A token names a person of the agency by its subject, or a guest's client. The keyring knows who was erased, by the
tombstone of the key, in the service that keeps it; the others ask it. Who asks is remembered for a second, so that a
busy caller costs nothing; where the keeper does not answer at once, what was known last stands.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from chassis.answers import NeighbourUnavailable
from chassis.auth import Identity, Role, TokenInvalid
from chassis.sql import DatabaseUnavailable

REMEMBERED_SECONDS = 1.0
PATIENCE_SECONDS = 0.5
MOST_REMEMBERED = 10_000

IsErased = Callable[[str, str], Awaitable[bool]]
"""(agency, subject of a key) -> whether it was erased."""


class Bearers:
    """`is_erased` asks the keyring."""

    def __init__(self, is_erased: IsErased, clock: Callable[[], float] = time.monotonic) -> None:
        self._is_erased = is_erased
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, bool]] = {}

    async def check(self, identity: Identity) -> None:
        """`TokenInvalid` where the bearer was erased."""
        subject = _subject_of(identity)
        if not subject:
            return
        known = self._known.get((identity.agency, subject))
        if known is None or self._clock() - known[0] >= REMEMBERED_SECONDS:
            known = await self._ask(identity.agency, subject, known is not None and known[1])
        if known[1]:
            raise TokenInvalid(f"{subject} was erased: this token is good for nothing any more")

    async def _ask(self, agency: str, subject: str, before: bool) -> tuple[float, bool]:
        erased = before
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                erased = await self._is_erased(agency, subject)
        except (TimeoutError, NeighbourUnavailable, DatabaseUnavailable):
            erased = before
        if len(self._known) >= MOST_REMEMBERED:
            self._known.pop(next(iter(self._known)))
        known = self._known[agency, subject] = (self._clock(), erased)
        return known


def _subject_of(identity: Identity) -> str:
    """Whose key tells; empty for a service, which is nobody."""
    match identity.role:
        case Role.SERVICE:
            return ""
        case Role.GUEST:
            return f"client/{identity.client_id}"
        case Role.OWNER | Role.MANAGER | Role.MEMBER:
            return f"person/{identity.subject}"

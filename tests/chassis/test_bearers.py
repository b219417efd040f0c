"""Tokens of who was erased: refused wherever they are shown, as soon as the keyring says so."""

import asyncio

import pytest

from chassis.answers import NeighbourUnavailable
from chassis.auth import Identity, Role, TokenInvalid
from chassis.bearers import REMEMBERED_SECONDS, Bearers

ANNA = Identity("acme", "anna", Role.MEMBER)
GUEST = Identity("acme", "anna", Role.GUEST, "bolt")


class Ring:
    """A keyring, a clock, and how often it was asked."""

    def __init__(self) -> None:
        self.erased: set[tuple[str, str]] = set()
        self.asked: list[tuple[str, str]] = []
        self.away = self.asleep = False
        self.now = 100.0
        self.bearers = Bearers(self.is_erased, lambda: self.now)

    async def is_erased(self, agency: str, subject: str) -> bool:
        self.asked.append((agency, subject))
        if self.asleep:
            await asyncio.Event().wait()
        if self.away:
            raise NeighbourUnavailable("timelog does not lend its keys now: try again")
        return (agency, subject) in self.erased


async def test_who_is_there_is_let_in_and_asked_of_once_a_second() -> None:
    ring = Ring()
    for _ in range(5):
        await ring.bearers.check(ANNA)
    assert ring.asked == [("acme", "person/anna")]
    ring.now += REMEMBERED_SECONDS
    await ring.bearers.check(ANNA)
    assert len(ring.asked) == 2


async def test_who_was_erased_is_refused_from_then_on() -> None:
    ring = Ring()
    await ring.bearers.check(ANNA)
    ring.erased.add(("acme", "person/anna"))
    ring.now += REMEMBERED_SECONDS
    for _ in range(2):
        with pytest.raises(TokenInvalid, match="person/anna was erased"):
            await ring.bearers.check(ANNA)
    await ring.bearers.check(Identity("bolt", "anna", Role.MEMBER))  # somebody else


async def test_a_guest_goes_with_his_client_and_a_service_is_nobody() -> None:
    ring = Ring()
    ring.erased.add(("acme", "person/anna"))
    await ring.bearers.check(GUEST)
    await ring.bearers.check(Identity("acme", "anna", Role.SERVICE))
    assert ring.asked == [("acme", "client/bolt")]
    ring.erased.add(("acme", "client/bolt"))
    ring.now += REMEMBERED_SECONDS
    with pytest.raises(TokenInvalid, match="client/bolt was erased"):
        await ring.bearers.check(GUEST)


@pytest.mark.parametrize("how", ["away", "asleep"])
async def test_while_the_keeper_does_not_answer_what_was_known_last_stands(how: str) -> None:
    ring = Ring()
    ring.erased.add(("acme", "person/ben"))
    with pytest.raises(TokenInvalid):
        await ring.bearers.check(Identity("acme", "ben", Role.OWNER))
    setattr(ring, how, True)
    ring.now += 1000
    await ring.bearers.check(ANNA)
    with pytest.raises(TokenInvalid):
        await ring.bearers.check(Identity("acme", "ben", Role.OWNER))
    asked = len(ring.asked)
    await ring.bearers.check(ANNA)
    assert len(ring.asked) == asked, "it is not asked again at once"

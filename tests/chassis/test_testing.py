"""given/when/then itself: a test helper that cannot fail would be worth nothing."""

import pytest

from chassis.testing import FixedKeys, given
from tests.chassis.tally import COUNTER, Count, Counted, TooMany
from vocabulary.personal import Personal
from vocabulary.refusal import Refused


def counted(amount: int) -> Counted:
    return Counted(counter_id="a", amount=amount)


def test_what_was_recorded_is_compared() -> None:
    given(COUNTER, counted(3)).when(Count("a", 4)).then(counted(4)).when(Count("a", 3)).then(counted(3))
    with pytest.raises(AssertionError, match="expected"):
        given(COUNTER).when(Count("a", 4)).then(counted(5))
    with pytest.raises(AssertionError, match="expected"):
        given(COUNTER).when(Count("a", 0)).then(counted(0))


def test_a_refusal_is_compared_with_its_field() -> None:
    given(COUNTER, counted(9)).when(Count("a", 2)).refused(TooMany, field="amount")
    with pytest.raises(AssertionError, match="field 'amount'"):
        given(COUNTER, counted(9)).when(Count("a", 2)).refused(TooMany, field="other")
    with pytest.raises(AssertionError, match="not refused"):
        given(COUNTER).when(Count("a", 2)).refused(TooMany)
    with pytest.raises(AssertionError, match="refused by TooMany"):
        given(COUNTER, counted(9)).when(Count("a", 2)).refused(Refused)
    with pytest.raises(AssertionError, match="it was refused"):
        given(COUNTER, counted(9)).when(Count("a", 2)).then()


async def test_fixed_keys_seal_alike_and_forget() -> None:
    keys, text = FixedKeys(), Personal("person/anna", text="Anna")
    assert keys.seal("acme", text) == FixedKeys().seal("acme", text)
    sealed = Personal("person/anna", sealed=keys.seal("acme", text))
    assert await keys.open_all("acme", [sealed]) == {sealed: "Anna"}
    keys.erased.add(("acme", "person/anna"))
    assert await keys.open("acme", sealed) is None

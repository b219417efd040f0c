"""Rules: who may call what."""

import pytest

from chassis.auth import ANYONE, MEMBERS, OWNERS, Identity, NotAllowed, Role, Rule


def test_a_rule_denies_whom_it_does_not_name() -> None:
    Rule(ANYONE).check(Identity("studio", "kim", Role.GUEST, "acme"))
    for roles in (OWNERS, MEMBERS):
        with pytest.raises(NotAllowed):
            Rule(roles).check(Identity("studio", "kim", Role.GUEST, "acme"))

"""Tokens: what is in them, and what is none of ours."""

import base64
import json

import pytest

from chassis.auth import ANYONE, MEMBERS, OWNERS, Identity, NotAllowed, Role, Rule, TokenInvalid, Tokens
from vocabulary.identity import IdMalformed

SECRET = b"a secret of the tests, 32 bytes or more"
ANNA = Identity("studio", "anna", Role.MEMBER)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_772_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    "identity",
    [
        ANNA,
        Identity("studio", "kim", Role.GUEST, "acme"),
        Identity("*", "billing", Role.SERVICE),
        Identity("studio", "billing", Role.SERVICE),
    ],
)
def test_a_token_says_who_it_was_issued_to(identity: Identity) -> None:
    tokens = Tokens(SECRET)
    assert tokens.read(tokens.issue(identity)) == identity


def test_two_tokens_for_the_same_person_differ() -> None:
    tokens = Tokens(SECRET)
    assert tokens.issue(ANNA) != tokens.issue(ANNA)


def test_a_token_expires_also_when_it_was_read_before() -> None:
    clock = Clock()
    tokens = Tokens(SECRET, clock)
    token = tokens.issue(ANNA, days=1)
    clock.seconds += 86_399
    assert tokens.read(token) == ANNA
    clock.seconds += 1
    with pytest.raises(TokenInvalid, match="expired"):
        tokens.read(token)


def part(claims: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def test_a_token_of_another_secret_is_none_of_ours() -> None:
    with pytest.raises(TokenInvalid, match="not one of ours"):
        Tokens(SECRET).read(Tokens(SECRET[::-1]).issue(ANNA))


def test_a_forged_role_is_noticed() -> None:
    tokens = Tokens(SECRET)
    head, claims, signature = tokens.issue(ANNA).split(".")
    forged = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged["role"] = "owner"
    for token in (f"{head}.{part(forged)}.{signature}", f"{part({'alg': 'none'})}.{part(forged)}."):
        with pytest.raises(TokenInvalid):
            tokens.read(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "x" * 5000, "e30.e30.e30"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        Tokens(SECRET).read(token)


@pytest.mark.parametrize(
    "identity",
    [
        Identity("", "anna", Role.OWNER),
        Identity("*", "anna", Role.OWNER),
        Identity("a/b", "anna", Role.OWNER),
        Identity("studio", "", Role.OWNER),
        Identity("studio", "kim", Role.GUEST),
        Identity("studio", "anna", Role.OWNER, "acme"),
    ],
)
def test_an_identity_that_makes_no_sense_gets_no_token(identity: Identity) -> None:
    with pytest.raises(IdMalformed):
        Tokens(SECRET).issue(identity)


def test_many_tokens_are_remembered_and_not_without_end() -> None:
    tokens = Tokens(SECRET)
    issued = [tokens.issue(ANNA) for _ in range(5000)]
    assert all(tokens.read(token) == ANNA for token in issued)
    assert len(tokens._read) <= 4096


def test_a_rule_denies_whom_it_does_not_name() -> None:
    Rule(ANYONE).check(Identity("studio", "kim", Role.GUEST, "acme"))
    for roles in (OWNERS, MEMBERS):
        with pytest.raises(NotAllowed):
            Rule(roles).check(Identity("studio", "kim", Role.GUEST, "acme"))

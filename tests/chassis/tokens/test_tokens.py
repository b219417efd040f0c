"""Tokens: what is in them, and what is none of ours."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from chassis.auth import Identity, Role, TokenInvalid
from chassis.tokens import RevocationsFile, SigningKeys, Tokens
from tests.chassis.tokens.clock import Clock
from vocabulary.identity import IdMalformed

ANNA = Identity("studio", "anna", Role.MEMBER)


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
    tokens = Tokens(SigningKeys.fresh())
    assert tokens.read(tokens.issue(identity)) == identity


def test_a_token_names_its_algorithm_and_its_key() -> None:
    keys = SigningKeys.fresh()
    head = json.loads(base64.urlsafe_b64decode(Tokens(keys).issue(ANNA).split(".")[0] + "=="))
    assert head == {"alg": "EdDSA", "typ": "JWT", "kid": keys.signing()[0]}


def test_two_tokens_for_the_same_person_differ() -> None:
    tokens = Tokens(SigningKeys.fresh())
    assert tokens.issue(ANNA) != tokens.issue(ANNA)


def test_a_token_expires_also_when_it_was_read_before() -> None:
    clock = Clock()
    tokens = Tokens(SigningKeys.fresh(), clock=clock)
    token = tokens.issue(ANNA, days=1)
    clock.seconds += 86_399
    assert tokens.read(token) == ANNA
    clock.seconds += 1
    with pytest.raises(TokenInvalid, match="expired"):
        tokens.read(token)


def part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def test_a_token_of_another_key_is_none_of_ours() -> None:
    with pytest.raises(TokenInvalid, match="not one of ours"):
        Tokens(SigningKeys.fresh()).read(Tokens(SigningKeys.fresh()).issue(ANNA))


def test_a_forged_role_or_algorithm_is_noticed() -> None:
    tokens = Tokens(SigningKeys.fresh())
    head, claims, signature = tokens.issue(ANNA).split(".")
    forged = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged["role"] = "owner"
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    for token in (
        f"{head}.{part(forged)}.{signature}",
        f"{part({'alg': 'none', 'kid': kid})}.{part(forged)}.",
        f"{part({'alg': 'HS256', 'kid': kid})}.{part(forged)}.{signature}",
        f"{part({'alg': 'EdDSA', 'kid': [kid]})}.{part(forged)}.{signature}",
        f"{part({'alg': 'EdDSA'})}.{part(forged)}.{signature}",
    ):
        with pytest.raises(TokenInvalid):
            tokens.read(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "x" * 5000, "e30.e30.e30", "W10.W10.W10"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        Tokens(SigningKeys.fresh()).read(token)


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
        Tokens(SigningKeys.fresh()).issue(identity)


def test_many_tokens_are_remembered_and_not_without_end() -> None:
    tokens = Tokens(SigningKeys.fresh())
    issued = [tokens.issue(ANNA) for _ in range(5000)]
    assert all(tokens.read(token) == ANNA for token in issued)
    assert len(tokens._known) <= 4096


def revoking(path: Path) -> tuple[Tokens, RevocationsFile]:
    revoked = RevocationsFile(path)
    return Tokens(SigningKeys.fresh(), revoked=revoked), revoked


def looked_at_again(revoked: RevocationsFile) -> None:
    """As if the second had passed after which the file is looked at."""
    revoked._watched._looked_at = float("-inf")


def test_a_revoked_token_is_refused_also_when_it_was_read_before(tmp_path: Path) -> None:
    tokens, revoked = revoking(tmp_path / "revoked.json")
    bad, good = tokens.make(ANNA), tokens.make(ANNA)
    assert tokens.read(bad.token) == tokens.read(good.token) == ANNA
    revoked.revoke(bad.id, bad.expires_at)
    looked_at_again(revoked)
    for _ in range(2):
        with pytest.raises(TokenInvalid, match="revoked"):
            tokens.read(bad.token)
    assert tokens.read(good.token) == ANNA


@pytest.mark.parametrize(
    ("agency", "subject", "refused"),
    [("studio", "anna", "anna"), ("studio", "ben", "ben"), ("studio", "", "anna ben"), ("*", "", "anna ben kim")],
)
def test_all_tokens_before_an_instant_are_refused(tmp_path: Path, agency: str, subject: str, refused: str) -> None:
    tokens, revoked = revoking(tmp_path / "revoked.json")
    people = [ANNA, Identity("studio", "ben", Role.OWNER), Identity("other", "kim", Role.OWNER)]
    before = {person.subject: tokens.make(person) for person in people}
    revoked.revoke_all_before(max(made.issued_at for made in before.values()) + 0.001, agency, subject)
    looked_at_again(revoked)
    for name, made in before.items():
        if name in refused.split():
            with pytest.raises(TokenInvalid, match="revoked"):
                tokens.read(made.token)
        else:
            tokens.read(made.token)


def test_a_token_made_after_all_were_revoked_is_good(tmp_path: Path) -> None:
    clock = Clock()
    revoked = RevocationsFile(tmp_path / "revoked.json", clock)
    tokens = Tokens(SigningKeys.fresh(), revoked=revoked, clock=clock)
    revoked.revoke_all_before(clock.seconds, "studio")
    looked_at_again(revoked)
    clock.seconds += 0.001
    assert tokens.read(tokens.issue(ANNA)) == ANNA


def test_what_has_expired_is_not_kept_among_the_revoked(tmp_path: Path) -> None:
    clock = Clock()
    revoked = RevocationsFile(tmp_path / "revoked.json", clock)
    revoked.revoke("old", clock.seconds + 10)
    clock.seconds += 20
    revoked.revoke("new", clock.seconds + 10)
    looked_at_again(revoked)
    assert list(revoked.now().ids) == ["new"]


def test_a_half_written_list_of_the_revoked_changes_nothing(tmp_path: Path) -> None:
    tokens, revoked = revoking(tmp_path / "revoked.json")
    bad = tokens.make(ANNA)
    revoked.revoke(bad.id, bad.expires_at)
    looked_at_again(revoked)
    revoked.now()
    revoked.path.write_text('{"tokens": [{')
    looked_at_again(revoked)
    with pytest.raises(TokenInvalid, match="revoked"):
        tokens.read(bad.token)

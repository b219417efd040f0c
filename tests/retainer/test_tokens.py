"""`retainer token` and `retainer keys` on a running house: what is revoked or rotated away is soon worthless."""

import json
import time
from collections.abc import Iterator

import pytest

from retainer.__main__ import run
from retainer.failures import ExitStatus
from tests.house import RunningHouse
from tests.retainer.desk import Desk, Said

LEARNT_SECONDS = 15.0


@pytest.fixture
def desk(house: RunningHouse, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, "tokens", capsys)


@pytest.fixture
def signing_keys_kept(house: RunningHouse) -> Iterator[None]:
    """Other tests of the house go on with the keys that they began with."""
    path = house.data_dir / "secrets" / "signing-keys.json"
    before = path.read_bytes()
    yield
    path.write_bytes(before)


def asked_with(desk: Desk, token: str) -> Said:
    return desk("client", "list", "--token", token)


def until_refused(desk: Desk, token: str) -> Said:
    until = time.monotonic() + LEARNT_SECONDS
    while (said := asked_with(desk, token)).status is ExitStatus.OK:
        assert time.monotonic() < until, "the services have not learnt it"
        time.sleep(0.1)
    return said


def test_a_token_works_until_it_is_revoked_by_its_id_or_by_itself(desk: Desk) -> None:
    for by in ("id", "token"):
        made = desk.json("token", "--role", "manager", "--subject", "ida")
        assert asked_with(desk, made["token"]).status is ExitStatus.OK
        desk.done("token", "revoke", made[by])
        said = until_refused(desk, made["token"])
        assert said.status is ExitStatus.DENIED and "revoked" in said.err
        assert made["token"] not in said.err
        listed = {entry["id"]: entry["state"] for entry in desk.json("token", "list")["tokens"]}
        assert listed[made["id"]] == "revoked"


def test_all_tokens_of_a_person_are_revoked_at_once(desk: Desk) -> None:
    hers, his = (desk.done("token", "--subject", who).out.strip() for who in ("eva", "tom"))
    desk.done("token", "revoke", "--all", "--subject", "eva")
    assert "revoked" in until_refused(desk, hers).err
    assert asked_with(desk, his).status is ExitStatus.OK
    assert asked_with(desk, desk.done("token", "--subject", "eva").out.strip()).status is ExitStatus.OK


@pytest.mark.parametrize("wrong", [(), ("abc", "--all"), ("--subject", "eva"), ("a.b.c",)])
def test_what_to_revoke_must_be_said(desk: Desk, wrong: tuple[str, ...]) -> None:
    assert desk("token", "revoke", *wrong).status is ExitStatus.WRONG_INPUT


def test_the_list_keeps_no_token(house: RunningHouse, desk: Desk) -> None:
    token = desk.done("token").out.strip()
    assert token.split(".")[2] not in (house.data_dir / "secrets" / "issued.jsonl").read_text()


@pytest.mark.usefixtures("signing_keys_kept")
def test_two_rotations_are_the_end_of_a_token(desk: Desk) -> None:
    token = desk.done("token").out.strip()
    desk.done("keys", "rotate")
    assert asked_with(desk, token).status is ExitStatus.OK
    assert asked_with(desk, desk.done("token").out.strip()).status is ExitStatus.OK, "a fresh key is known at once"
    gone = desk.json("keys", "rotate")["gone"]
    assert len(gone) == 1
    assert "not one of ours" in until_refused(desk, token).err
    assert asked_with(desk, desk.done("token").out.strip()).status is ExitStatus.OK


def test_keys_are_shown_without_their_secret_halves(desk: Desk) -> None:
    shown = desk.json("keys", "list")["keys"]
    assert shown and all("d" not in key and key["kid"] for key in shown)


def test_a_set_of_keys_for_another_house_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["keys", "make"]) is ExitStatus.OK
    made = json.loads(capsys.readouterr().out)
    assert len(made["keys"]) == 1 and made["keys"][0]["crv"] == "Ed25519"

"""Signing keys: two at a time, by their ids; keys of others from a file or a URL, kept while that is away."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.auth import Identity, Role, TokenInvalid
from chassis.settings import Settings, SettingsWrong
from chassis.tokens import OutsideKeys, SigningKeys, Tokens, outside_keys_of
from chassis.tokens.keys import fresh_set, rotate
from tests.chassis.tokens.clock import Clock

ANNA = Identity("studio", "anna", Role.OWNER)
ISSUER = "https://id.example"


def kept(path: Path) -> SigningKeys:
    path.write_bytes(fresh_set())
    return SigningKeys.at(path)


def look_again(keys: SigningKeys) -> None:
    """As if the second had passed after which the file is looked at."""
    keys._watched._looked_at = float("-inf")  # type: ignore[union-attr]


def test_a_rotation_keeps_the_tokens_of_the_key_before_and_no_older_ones(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = kept(path)
    tokens = Tokens(keys)
    oldest = tokens.issue(ANNA)
    rotate(path)
    look_again(keys)
    older = tokens.issue(ANNA)
    assert tokens.read(oldest) == tokens.read(older) == ANNA
    _, gone = rotate(path)
    look_again(keys)
    assert tokens.read(older) == tokens.read(tokens.issue(ANNA)) == ANNA
    with pytest.raises(TokenInvalid, match="not one of ours"):
        tokens.read(oldest)
    assert len(gone) == 1 and len(keys.list()) == 2 and [key.signs for key in keys.list()] == [True, False]


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_published_keys_hold_no_secret_and_read_what_was_signed(tmp_path: Path) -> None:
    keys = SigningKeys.fresh()
    published = keys.published()
    assert not any("d" in key for key in published["keys"])
    read = jwt.decode(Tokens(keys).issue(ANNA), OKPKey.import_key(published["keys"][0]), algorithms=["EdDSA"])
    assert read.claims["agency"] == "studio"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"keys": []}', '{"keys": [1]}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', '{"keys": [{}]}'],
)
def test_a_file_that_holds_no_signing_keys_is_refused_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(SettingsWrong, match="RETAINER_SIGNING_KEYS_FILE") as refused:
        SigningKeys.of(Settings(data_dir=tmp_path, signing_keys_file=path))
    assert "c2VjcmV0" not in str(refused.value)


def test_three_keys_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [json.loads(fresh_set())["keys"][0] for _ in range(3)]}))
    with pytest.raises(SettingsWrong, match="one or 2"):
        SigningKeys.of(Settings(data_dir=tmp_path, signing_keys_file=path))


def test_a_broken_file_changes_nothing_for_who_runs(tmp_path: Path) -> None:
    keys = kept(tmp_path / "keys.json")
    signing = keys.signing()
    (tmp_path / "keys.json").write_text("{")
    look_again(keys)
    assert keys.signing() == signing


class Provider:
    """Somebody else who issues tokens, and publishes his keys."""

    def __init__(self) -> None:
        self.keys = [OKPKey.generate_key("Ed25519", {"kid": "first"})]
        self.served = 0
        self.answers = True
        self.body: bytes | None = None

    def add(self, kid: str) -> None:
        self.keys.append(OKPKey.generate_key("Ed25519", {"kid": kid}))

    def document(self) -> bytes:
        if self.body is not None:
            return self.body
        other = {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "another kind"}
        return json.dumps({"keys": [other, *(key.as_dict(private=False) for key in self.keys)]}).encode()

    def token(self, **claims: Any) -> str:
        said = {"iss": ISSUER, "agency": "studio", "sub": "anna", "role": "owner", "exp": 9_999_999_999, **claims}
        key = self.keys[-1]
        return jwt.encode({"alg": "Ed25519", "kid": str(key.kid)}, said, key, algorithms=["Ed25519"])


@contextmanager
def published(provider: Provider) -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.served += 1
            self.send_response(200 if provider.answers else 500)
            self.end_headers()
            self.wfile.write(provider.document() if provider.answers else b"")

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/keys"
        finally:
            server.shutdown()
            thread.join()


def reading(url: str, clock: Clock, **said: Any) -> Tokens:
    outside = OutsideKeys(url=url, issuer=ISSUER, kept_seconds=3600, clock=clock, **said)
    return Tokens(SigningKeys.fresh(), outside=outside)


async def test_keys_of_others_are_fetched_when_first_needed_and_kept() -> None:
    provider = Provider()
    with published(provider) as url:
        tokens = reading(url, Clock())
        for _ in range(3):
            assert (await tokens.know(provider.token())).identity == ANNA
        assert provider.served == 1


async def test_a_new_key_of_theirs_is_learnt_and_rubbish_does_not_make_us_ask_on_and_on() -> None:
    provider, clock = Provider(), Clock()
    with published(provider) as url:
        tokens = reading(url, clock)
        await tokens.know(provider.token())
        provider.add("second")
        fresh = provider.token()
        with pytest.raises(TokenInvalid):
            await tokens.know(fresh)  # asked a moment ago
        clock.seconds += 11
        assert (await tokens.know(fresh)).identity == ANNA
        provider.keys.append(OKPKey.generate_key("Ed25519", {"kid": "never published"}))
        provider.body = provider.document().replace(b"never published", b"xxxxx xxxxxxxxx")
        for _ in range(50):
            with pytest.raises(TokenInvalid):
                await tokens.know(provider.token())
        assert provider.served <= 3


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"keys": 7}', b" " * 70_000, b'{"keys": [{"kty": "OKP", "crv": "Ed25519"}]}']
)
async def test_while_they_are_away_or_talk_nonsense_their_keys_are_kept_but_not_for_ever(body: bytes) -> None:
    provider, clock = Provider(), Clock()
    with published(provider) as url:
        tokens = reading(url, clock)
        token = provider.token()
        await tokens.know(token)
        provider.answers, provider.body = bool(body), body or None
        assert tokens.outside is not None
        clock.seconds += 3_500
        await tokens.outside.look_again()
        assert provider.served == 2
        assert (await tokens.know(token)).identity == ANNA
        clock.seconds += 200
        with pytest.raises(TokenInvalid):
            await tokens.know(token)


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://evil.example"}, {"role": "service"}, {"agency": "*", "role": "service"}, {"exp": float("inf")}],
)
async def test_what_others_may_not_say_is_refused(claims: dict[str, Any]) -> None:
    provider = Provider()
    with published(provider) as url:
        tokens = reading(url, Clock())
        with pytest.raises(TokenInvalid):
            await tokens.know(provider.token(**claims))


async def test_an_audience_is_looked_at_where_one_is_set() -> None:
    provider = Provider()
    with published(provider) as url:
        tokens = reading(url, Clock(), audience="retainer")
        assert (await tokens.know(provider.token(aud=["other", "retainer"]))).identity == ANNA
        for aud in ("other", ["other"], None):
            with pytest.raises(TokenInvalid):
                await tokens.know(provider.token(aud=aud))


async def test_others_never_stand_in_for_our_own_key() -> None:
    """A provider that publishes a key under the id of ours reads nothing of ours, and we nothing of his as ours."""
    provider, keys = Provider(), SigningKeys.fresh()
    provider.add(keys.signing()[0])
    with published(provider) as url:
        tokens = Tokens(keys, outside=OutsideKeys(url=url, issuer=ISSUER))
        assert tokens.outside is not None
        await tokens.outside.look_again()
        with pytest.raises(TokenInvalid):
            await tokens.know(provider.token(iss="retainer"))
        assert (await tokens.know(tokens.issue(ANNA))).identity == ANNA


def test_keys_of_others_from_a_file(tmp_path: Path) -> None:
    provider = Provider()
    path = tmp_path / "theirs.json"
    path.write_bytes(provider.document())
    outside = outside_keys_of(Settings(data_dir=tmp_path, token_keys=str(path), token_issuer=ISSUER))
    assert Tokens(SigningKeys.fresh(), outside=outside).read(provider.token()) == ANNA


@pytest.mark.parametrize("place", ["http://id.example/keys", "ftp://id.example/keys", "https://", "missing.json"])
def test_keys_of_others_come_by_https_or_not_at_all(tmp_path: Path, place: str) -> None:
    with pytest.raises(SettingsWrong, match="RETAINER_TOKEN_KEYS"):
        outside_keys_of(Settings(data_dir=tmp_path, token_keys=place, token_issuer=ISSUER))


def test_keys_of_others_want_an_issuer(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="RETAINER_TOKEN_ISSUER"):
        outside_keys_of(Settings(data_dir=tmp_path, token_keys="https://id.example/keys"))

"""The house's own signing keys: a set of private JWKs in a file, the first of which signs.

Two keys at a time: `rotated` puts a fresh one before the one that signed so far, whose tokens stay good; what stood
behind that one goes, and with it the tokens that it signed. Processes read the file again within a second.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis.secret_files import kept_secret, locked, replace_secret
from chassis.settings import Settings, SettingsWrong
from chassis.watched import Watched

CURVE: Final = "Ed25519"
AT_A_TIME = 2
MOST_KEYS = 32
"""In a set of others."""
MADE_AT = "made_at"

PublicKeys = Mapping[str, OKPKey]
"""Key id -> what reads the tokens that it signed."""


class KeysMalformed(ValueError):
    """Not a set of keys that sign or read tokens; the message says what is wrong, and never shows a key."""


class SigningKey(NamedTuple):
    """One of the house's own keys, as `retainer keys list` shows it."""

    kid: str
    made_at: float
    signs: bool


class _Set(NamedTuple):
    signs: OKPKey
    all: PublicKeys
    made_at: Mapping[str, float]


class _Unkept(NamedTuple):
    said: _Set

    def now(self) -> _Set:
        return self.said

    def look_now(self) -> None:
        """There is nothing to look at."""


class SigningKeys:
    """The set in a file; or one key in memory alone, for tests."""

    def __init__(self, watched: "Watched[_Set] | _Unkept") -> None:
        self._watched = watched

    @classmethod
    def of(cls, settings: Settings) -> "SigningKeys":
        """Those that the settings name, else those of the data folder, made at the first start; `SettingsWrong`."""
        path = settings.signing_keys_path
        if settings.signing_keys_file is None:
            kept_secret(path, fresh_set)
        try:
            return cls(Watched(path, _read))
        except (OSError, ValueError) as error:
            raise SettingsWrong(f"RETAINER_SIGNING_KEYS_FILE: {path} cannot be used: {error}") from None

    @classmethod
    def at(cls, path: Path) -> "SigningKeys":
        """Those of a file."""
        return cls(Watched(path, _read))

    @classmethod
    def fresh(cls) -> "SigningKeys":
        """One key that is kept nowhere."""
        return cls(_Unkept(_read(fresh_set())))

    def signing(self) -> tuple[str, OKPKey]:
        """The key that signs, and its id."""
        signs = self._watched.now().signs
        return str(signs.kid), signs

    def reading(self) -> PublicKeys:
        """All of them; the same object as long as nothing has changed."""
        return self._watched.now().all

    def look_now(self) -> None:
        """A token names a key that is not among them: it may be a moment old."""
        self._watched.look_now()

    def list(self) -> list[SigningKey]:
        """The first one signs."""
        found = self._watched.now()
        return [SigningKey(kid, found.made_at[kid], key is found.signs) for kid, key in found.all.items()]

    def published(self) -> dict[str, Any]:
        """The public halves as a JWK set, for whoever wants to read our tokens."""
        return {
            "keys": [{**key.as_dict(private=False), "use": "sig", "alg": "EdDSA"} for key in self.reading().values()]
        }


def fresh_set() -> bytes:
    """A set of one key."""
    return _written([_fresh_key()])


def rotate(path: Path) -> tuple[str, list[str]]:
    """Put a fresh key first; its id, and the ids of those that no longer read anything. `KeysMalformed`, `OSError`."""
    with locked(path):
        kept: list[dict[str, Any]] = _keys_in(path.read_bytes())
        fresh = _fresh_key()
        stay, go = kept[: AT_A_TIME - 1], kept[AT_A_TIME - 1 :]
        replace_secret(path, _written([fresh, *stay]))
    return str(fresh["kid"]), [str(key.get("kid", "")) for key in go]


def public_keys_in(content: bytes) -> PublicKeys:
    """The keys of a JWK set that can read Ed25519 tokens; others in it (of other kinds) are passed over."""
    found: dict[str, OKPKey] = {}
    for said in _keys_in(content)[:MOST_KEYS]:
        if said.get("kty") == "OKP" and said.get("crv") == CURVE and said.get("use", "sig") == "sig":
            public: dict[str, Any] = {name: said[name] for name in ("kty", "crv", "x", "kid") if name in said}
            key = _imported(public)
            found[str(said.get("kid") or key.thumbprint())] = key
    return found


def _read(content: bytes) -> _Set:
    keys: dict[str, OKPKey] = {}
    made_at: dict[str, float] = {}
    for said in _keys_in(content):
        if said.get("kty") != "OKP" or said.get("crv") != CURVE or "d" not in said:
            raise KeysMalformed("each signing key is a private JWK of kty OKP and crv Ed25519 (retainer keys make)")
        made = said.pop(MADE_AT, 0)
        key = _imported(said)
        kid = str(said.get("kid") or key.thumbprint())
        keys[kid] = key if said.get("kid") else _imported({**said, "kid": kid})
        made_at[kid] = float(made) if isinstance(made, int | float) else 0.0
    if not 0 < len(keys) <= AT_A_TIME:
        raise KeysMalformed(f"a set of signing keys has one or {AT_A_TIME} of them, this one has {len(keys)}")
    return _Set(next(iter(keys.values())), keys, made_at)


def _imported(said: dict[str, Any]) -> OKPKey:
    try:
        return OKPKey.import_key(said)
    except (JoseError, ValueError, TypeError, KeyError):
        raise KeysMalformed("a key of the set is no Ed25519 key") from None


def _keys_in(content: bytes) -> list[dict[str, Any]]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise KeysMalformed("it is no JSON") from None
    keys = said.get("keys") if isinstance(said, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise KeysMalformed('it is no JWK set: {"keys": [...]}')
    return keys


def _fresh_key() -> dict[str, Any]:
    key = OKPKey.generate_key(CURVE)
    return {**key.as_dict(private=True), "kid": key.thumbprint()[:16], MADE_AT: int(time.time())}


def _written(keys: list[dict[str, Any]]) -> bytes:
    return json.dumps({"keys": keys}, indent=1).encode() + b"\n"

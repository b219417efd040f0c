"""Issue tokens and read them. A token's signature is checked once; its expiry and its revocation at each call."""

import time
import warnings
from collections.abc import Callable
from math import isfinite
from secrets import token_hex
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis.auth import Identity, Role, TokenInvalid, check_identity
from chassis.settings import Settings
from chassis.tokens.keys import PublicKeys, SigningKeys
from chassis.tokens.outside import NO_KEYS, OutsideKeys, outside_keys_of
from chassis.tokens.revocations import Revocations, RevocationsFile
from vocabulary.refusal import Refused

ISSUER = "retainer"
ALGORITHMS = ["EdDSA", "Ed25519"]
"""Two names for the same (RFC 8037, RFC 9864); we sign with the older one, which everybody knows."""
REMEMBERED = 4096
"""Tokens whose signature need not be checked again."""
LONGEST_TOKEN = 4096
NOT_OURS = "this token is not one of ours: ask for a new one (retainer token)"


class KeyUnknown(TokenInvalid):
    """The token names a key that we do not know, or not yet."""


class Issued(NamedTuple):
    """A token, its id by which it can be revoked, and until when it is good (seconds since 1970)."""

    token: str
    id: str
    issued_at: float
    expires_at: float


class Known:
    """A token whose signature is good."""

    __slots__ = ("expires_at", "id", "identity", "issued_at", "not_revoked_by")

    def __init__(self, identity: Identity, id: str, issued_at: float, expires_at: float) -> None:
        self.identity = identity
        self.id = id
        self.issued_at = issued_at
        self.expires_at = expires_at
        self.not_revoked_by: Revocations | None = None
        """What it was compared with last."""


class Tokens:
    """`outside` are keys of others, which never make a service's token."""

    def __init__(
        self,
        keys: SigningKeys,
        *,
        outside: OutsideKeys | None = None,
        revoked: RevocationsFile | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self.outside = outside
        self._revoked = revoked
        self._clock = clock
        self._known: dict[str, Known] = {}
        self._read_with: tuple[PublicKeys, PublicKeys] = (keys.reading(), NO_KEYS)

    def issue(self, identity: Identity, days: float = 365) -> str:
        """A token for somebody of an agency; `Refused` where the identity makes no sense."""
        return self.make(identity, days).token

    def make(self, identity: Identity, days: float = 365) -> Issued:
        """The same, with what one has to know to revoke it."""
        check_identity(identity)
        kid, key = self._keys.signing()
        now = round(self._clock(), 3)
        made = Issued("", token_hex(8), now, int(now) + round(days * 86_400))
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "agency": identity.agency,
            "sub": identity.subject,
            "role": identity.role.value,
            "iat": made.issued_at,
            "exp": made.expires_at,
            "jti": made.id,
        }
        if identity.client_id:
            claims["client"] = identity.client_id
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the name EdDSA
            token = jwt.encode({"alg": "EdDSA", "typ": "JWT", "kid": kid}, claims, key, algorithms=ALGORITHMS)
        return made._replace(token=token)

    def read(self, token: str) -> Identity:
        """The identity, or `TokenInvalid` (UNAUTHENTICATED) where it is forged, expired, revoked or malformed."""
        return self.known(token).identity

    def known(self, token: str) -> Known:
        """The same, with the token's id."""
        self._forget_where_keys_changed()
        known = self._known.get(token)
        if known is None:
            known = self._verified(token)
            if len(self._known) >= REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[token] = known
        if known.expires_at <= self._clock():
            raise TokenInvalid("this token has expired: ask for a new one (retainer token)")
        if self._revoked is not None:
            revoked = self._revoked.now()
            if known.not_revoked_by is not revoked:
                if revoked.name(known.id, known.identity.agency, known.identity.subject, known.issued_at):
                    raise TokenInvalid("this token was revoked: ask for a new one (retainer token)")
                known.not_revoked_by = revoked
        return known

    async def know(self, token: str) -> Known:
        """The same; where it names a key of others that we have not seen, they are asked first."""
        try:
            return self.known(token)
        except KeyUnknown:
            if self.outside is None:
                raise
            await self.outside.look_again()
            return self.known(token)

    def _forget_where_keys_changed(self) -> None:
        own, others = self._read_with
        now_own = self._keys.reading()
        now_others = NO_KEYS if self.outside is None else self.outside.reading()
        if now_own is not own or now_others is not others:
            self._known.clear()
            self._read_with = (now_own, now_others)

    def _verified(self, token: str) -> Known:
        if not token or len(token) > LONGEST_TOKEN:
            raise TokenInvalid("a call needs the header 'authorization: Bearer <token>' (retainer token)")
        named: list[str] = []

        def key_of(guest: Any) -> OKPKey:
            kid = guest.headers().get("kid", "")
            named.append(kid if isinstance(kid, str) else "")
            return self._key(named[0])

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                claims = jwt.decode(token, key_of, algorithms=ALGORITHMS).claims
            return self._known_of(claims, is_ours=named[0] in self._read_with[0])
        except KeyUnknown:
            raise
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Refused) as error:
            raise TokenInvalid(NOT_OURS) from error

    def _key(self, kid: str) -> OKPKey:
        """Our own first."""
        for _ in range(2):
            own, others = self._read_with
            if key := own.get(kid) or others.get(kid):
                return key
            self._keys.look_now()
            self._forget_where_keys_changed()
        raise KeyUnknown(NOT_OURS)

    def _known_of(self, claims: dict[str, Any], *, is_ours: bool) -> Known:
        """What the claims say; raises where they make no sense, or are not this issuer's to make."""
        identity = Identity(claims["agency"], claims["sub"], Role(claims["role"]), claims.get("client", ""))
        check_identity(identity)
        issued_at, expires_at = float(claims.get("iat", 0)), float(claims["exp"])
        if not (isfinite(issued_at) and isfinite(expires_at)) or float(claims.get("nbf", 0)) > self._clock():
            raise ValueError("not good yet, or for ever")
        token_id = str(claims.get("jti", f"{identity.agency}/{identity.subject}"))
        if is_ours:
            if claims["iss"] != ISSUER:
                raise ValueError("issued by somebody else")
            return Known(identity, token_id, issued_at, expires_at)
        assert self.outside is not None
        said = claims.get("aud", ())
        audiences = said if isinstance(said, list) else [said]
        if claims["iss"] != self.outside.issuer or (self.outside.audience and self.outside.audience not in audiences):
            raise ValueError("issued by somebody else, or for somebody else")
        if identity.role is Role.SERVICE:
            raise ValueError("the house alone makes a service's token")
        return Known(identity, token_id, issued_at, expires_at)


def tokens_of(settings: Settings) -> Tokens:
    """As the settings say; `SettingsWrong`."""
    return Tokens(SigningKeys.of(settings), outside=outside_keys_of(settings), revoked=RevocationsFile.of(settings))

"""Who may call what: bearer tokens, roles, and one rule for each method.

A token is a signed JWT (HS256, key from the settings): `agency`, `sub`, `role`, for a guest `client`, `exp`, `jti`.
What no rule allows is denied. Agency comes from the token alone, so that no request can name another one.

    Refused
    ├── TokenInvalid     no token, or one that is forged, expired or malformed: UNAUTHENTICATED
    └── NotAllowed       the rule of the method does not name the caller's role: PERMISSION_DENIED
"""

import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from secrets import token_hex
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from vocabulary.identity import IdMalformed, check_id
from vocabulary.refusal import Kind, Refused

ISSUER = "retainer"
REMEMBERED = 4096
"""Tokens whose signature need not be checked again."""
LONGEST_TOKEN = 4096
EVERY_AGENCY = "*"


class TokenInvalid(Refused, kind=Kind.FORBIDDEN):
    """No token, or one that is not good (any more)."""


class NotAllowed(Refused, kind=Kind.FORBIDDEN):
    """The caller's role may not call this method."""


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    MEMBER = "member"
    GUEST = "guest"
    """A client's guest: reads what concerns his own client, approves or declines what is asked of the client."""
    SERVICE = "service"
    """Another service of this house: keys and documents only."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls. `client_id` is set for a guest only; a service's `agency` is that for which it calls."""

    agency: str
    subject: str
    role: Role
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which roles may call a method. `why` stands in docs/api.md."""

    roles: frozenset[Role]
    why: str = ""

    def check(self, identity: Identity) -> None:
        """`NotAllowed` where the rule does not name the caller's role."""
        if identity.role not in self.roles:
            allowed = ", ".join(role for role in Role if role in self.roles)
            raise NotAllowed(f"the role {identity.role} may not call this; allowed: {allowed}", roles=allowed)


Rules = Mapping[str, Rule]
"""Full method name (`/retainer.timelog.v1.TimeEntryService/LogTime`) -> rule."""

OWNERS = frozenset({Role.OWNER})
MANAGERS = OWNERS | {Role.MANAGER}
MEMBERS = MANAGERS | {Role.MEMBER}
ANYONE = MEMBERS | {Role.GUEST}
SERVICES = frozenset({Role.SERVICE})


class _Read(NamedTuple):
    identity: Identity
    expires_at: float


class Tokens:
    """Issues tokens and reads them. The signature of a token is checked once; its expiry at each call."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        assert len(secret) >= 32, "a token secret has 32 bytes or more"
        self._key = OctKey.import_key(secret)
        self._clock = clock
        self._read: dict[str, _Read] = {}

    def issue(self, identity: Identity, days: float = 365) -> str:
        """A token for somebody of an agency; `Refused` where the identity makes no sense."""
        _check(identity)
        now = int(self._clock())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "agency": identity.agency,
            "sub": identity.subject,
            "role": identity.role.value,
            "iat": now,
            "exp": now + round(days * 86_400),
            "jti": token_hex(8),
        }
        if identity.client_id:
            claims["client"] = identity.client_id
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._key, algorithms=["HS256"])

    def read(self, token: str) -> Identity:
        """The identity, or `TokenInvalid` (UNAUTHENTICATED) where it is forged, expired or malformed."""
        read = self._read.get(token)
        if read is None:
            read = self._verified(token)
            if len(self._read) >= REMEMBERED:
                self._read.pop(next(iter(self._read)))
            self._read[token] = read
        if read.expires_at <= self._clock():
            raise TokenInvalid("this token has expired: ask for a new one (retainer token)")
        return read.identity

    def _verified(self, token: str) -> _Read:
        if not token or len(token) > LONGEST_TOKEN:
            raise TokenInvalid("a call needs the header 'authorization: Bearer <token>' (retainer token)")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
            if claims["iss"] != ISSUER:
                raise ValueError("issued by somebody else")
            identity = Identity(claims["agency"], claims["sub"], Role(claims["role"]), claims.get("client", ""))
            _check(identity)
            return _Read(identity, float(claims["exp"]))
        except (JoseError, ValueError, KeyError, TypeError, RecursionError, Refused) as error:
            raise TokenInvalid("this token is not one of ours: ask for a new one (retainer token)") from error


def _check(identity: Identity) -> None:
    """Ids that can stand in streams and subjects; a client for a guest and for nobody else."""
    if not (identity.role is Role.SERVICE and identity.agency == EVERY_AGENCY):
        check_id(identity.agency, "agency")
    if not isinstance(identity.subject, str) or not 0 < len(identity.subject) <= 127:
        raise IdMalformed("a subject has 1 to 127 characters", field="subject")
    if identity.role is Role.GUEST:
        check_id(identity.client_id, "client")
    elif identity.client_id:
        raise IdMalformed("only a guest's token names a client", field="client")

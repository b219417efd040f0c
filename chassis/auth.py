"""Who may call what: bearer tokens, roles, and one rule for each method.

A token is a signed JWT (HS256, key from the settings): `agency`, `sub`, `role`, for a guest `client`, `exp`, `jti`.
What no rule allows is denied. Agency comes from the token alone, so that no request can name another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
    """Who calls. `client_id` is set for a guest only; `agency` is `*` for a service."""

    agency: str
    subject: str
    role: Role
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which roles may call a method. `why` stands in docs/api.md."""

    roles: frozenset[Role]
    why: str = ""


Rules = Mapping[str, Rule]
"""Full method name (`/retainer.timelog.v1.TimeEntryService/LogTime`) -> rule."""

OWNERS = frozenset({Role.OWNER})
MANAGERS = OWNERS | {Role.MANAGER}
MEMBERS = MANAGERS | {Role.MEMBER}
ANYONE = MEMBERS | {Role.GUEST}


class Tokens:
    def __init__(self, secret: bytes) -> None: ...

    def issue(self, identity: Identity, days: int = 365) -> str:
        raise NotImplementedError

    def read(self, token: str) -> Identity:
        """The identity, or `TokenInvalid` (UNAUTHENTICATED) where it is forged, expired or malformed."""
        raise NotImplementedError

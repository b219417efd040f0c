"""Who may call what: roles, and one rule for each method.

A token (chassis.tokens) says `agency`, `sub`, `role`, for a guest `client`. What no rule allows is denied. Agency comes
from the token alone, so that no request can name another one.

    Refused
    ├── TokenInvalid     no token, or one that is forged, expired, revoked or malformed: UNAUTHENTICATED
    └── NotAllowed       the rule of the method does not name the caller's role: PERMISSION_DENIED
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vocabulary.identity import IdMalformed, check_id
from vocabulary.refusal import Kind, Refused

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


def check_identity(identity: Identity) -> None:
    """Ids that can stand in streams and subjects; a client for a guest and for nobody else."""
    if not (identity.role is Role.SERVICE and identity.agency == EVERY_AGENCY):
        check_id(identity.agency, "agency")
    if not isinstance(identity.subject, str) or not 0 < len(identity.subject) <= 127:
        raise IdMalformed("a subject has 1 to 127 characters", field="subject")
    if identity.role is Role.GUEST:
        check_id(identity.client_id, "client")
    elif identity.client_id:
        raise IdMalformed("only a guest's token names a client", field="client")

"""One call, as a servicer sees it."""

from datetime import datetime

import msgspec

from chassis.auth import Identity
from chassis.store import Context, Request
from vocabulary.refusal import Kind, Refused


class FieldInvalid(Refused, kind=Kind.INVALID):
    """A field that cannot be read: names it and the remedy."""


class MessageMalformed(Refused, kind=Kind.INVALID):
    """The bytes of the request are no message of this call."""


UNREADABLE = object()
"""Stands for a request whose bytes are no message, until somebody with a good token is told so."""


class NotFound(Refused, kind=Kind.NOT_FOUND):
    """No such resource in this agency."""


class Call(msgspec.Struct, frozen=True, gc=False):
    """One call: who, when, until when."""

    identity: Identity
    now: datetime
    """The server's clock, or in a rehearsal the caller's `retainer-now`."""
    rehearsed: bool
    correlation_id: str
    request: Request | None
    """From the message's `request_id` where it has one; hashed with method and body. None for `validate_only`."""
    deadline_seconds: float
    """How long the call may last from its beginning."""
    causation_id: str = ""
    """In a trace: the call's own span, which brings about what is recorded."""

    @property
    def agency(self) -> str:
        return self.identity.agency

    @property
    def context(self) -> Context:
        """For the store: agency, actor, correlation id, and the rehearsed time where there is one."""
        return Context(
            agency=self.identity.agency,
            actor=self.identity.subject,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            now=self.now if self.rehearsed else None,
        )

    def sees_client(self, client_id: str) -> bool:
        """A guest sees his own client alone; what he may not see is to him as if it were not there."""
        return self.identity.client_id in ("", client_id)

    def must_see_client(self, client_id: str) -> None:
        """`NotFound` for a guest who names another client than his own, whether there is one or not."""
        if not self.sees_client(client_id):
            raise NotFound(f"there is nothing of client {client_id} here for you")

"""The door: a grpc.aio server with tokens, deadlines, protovalidate, rich errors, metrics, health, reflection, drain.

A servicer is a plain class with one coroutine for each method; the second argument is a `Call`, not a gRPC context:

    class TimeEntries(time_entry_pb2_grpc.TimeEntryServiceServicer):
        async def LogTime(self, request: LogTimeRequest, call: Call) -> LogTimeResponse: ...

Raise `Refused` (any kind), `FieldInvalid` or `NotFound`; the door makes google.rpc.Status with ErrorInfo (reason = the
refusal's name, domain `retainer.<service>`, metadata) and BadRequest field violations. Anything else is INTERNAL, logged
with its correlation id, and tells the caller nothing but that id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.auth import Identity, Rules
from chassis.store import Context, Request
from vocabulary.refusal import Kind, Refused


class FieldInvalid(Refused, kind=Kind.INVALID):
    """A field that cannot be read: names it and the remedy."""


class NotFound(Refused, kind=Kind.NOT_FOUND):
    """No such resource in this agency."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who, when, until when."""

    identity: Identity
    now: datetime
    """The server's clock, or in a rehearsal the caller's `retainer-now`."""
    rehearsed: bool
    correlation_id: str
    request: Request | None
    """From the message's `request_id` where it has one; hashed with method and body."""
    deadline_seconds: float

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
            now=self.now if self.rehearsed else None,
        )

    def must_see_client(self, client_id: str) -> None:
        """`NotFound` for a guest of another client; everybody else sees all clients of the agency."""
        if self.identity.client_id and self.identity.client_id != client_id:
            raise NotFound(f"there is nothing of client {client_id} here for you")


@dataclass(frozen=True, slots=True)
class Door:
    """One gRPC service: its generated `add_…Servicer_to_server`, the servicer, and its full name for reflection."""

    add: Callable[[Any, Any], None]
    servicer: object
    full_name: str


class GrpcServer:
    def __init__(self, address: str, doors: Sequence[Door], rules: Rules) -> None: ...

    port: int

    async def start(self) -> None:
        raise NotImplementedError

    async def stop(self, grace_seconds: float) -> None:
        """Health says NOT_SERVING, running calls finish within the grace, then the port closes."""
        raise NotImplementedError

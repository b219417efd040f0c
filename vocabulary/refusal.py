"""Why a command was not obeyed.

    Refused                  a rule or a fact says no; carries the field at fault where there is one
    └── <one class for each reason, defined beside the decision that refuses>

A refusal's name (its class name) is part of the API: it is the `reason` of the google.rpc.ErrorInfo that a caller gets.
Its `kind` becomes a gRPC status in one place (chassis.grpc_server).
"""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What sort of no it is; each maps to one gRPC status."""

    INVALID = "invalid"  # INVALID_ARGUMENT: the request can never be obeyed as it stands; names the field
    NOT_FOUND = "not found"  # NOT_FOUND: no such thing in this agency
    EXISTS = "exists"  # ALREADY_EXISTS: the id or the request id is taken by something else
    CONFLICT = "conflict"  # FAILED_PRECONDITION: a rule says no in the present state
    STALE = "stale"  # ABORTED: decided on an old etag; read again and repeat
    FORBIDDEN = "forbidden"  # PERMISSION_DENIED: this caller may not


class Refused(Exception):
    """A command that was not obeyed; nothing was recorded.

    `message` is one sentence for a person, with the remedy where there is one. `field` is the path of the value at
    fault in the words of the terms or the request (`overage.rate`). `facts` are further details, as strings.
    """

    kind: ClassVar[Kind]

    def __init_subclass__(cls, *, kind: Kind | None = None) -> None:
        super().__init_subclass__()
        if kind is not None:
            cls.kind = kind

    def __init__(self, message: str, *, field: str = "", **facts: str) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts = facts

    @property
    def name(self) -> str:
        """The refusal's name on the wire: `ContractPaused`."""
        return type(self).__name__

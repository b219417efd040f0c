"""What a caller is told when a call is not obeyed: the one place where reasons become google.rpc.Status.

| what was raised | status | details |
| --- | --- | --- |
| Refused | by its kind | ErrorInfo(reason = its name), BadRequest where it names a field |
| FieldsInvalid (protovalidate) | INVALID_ARGUMENT | ErrorInfo, BadRequest with every field at fault |
| TokenInvalid | UNAUTHENTICATED | ErrorInfo |
| StoreUnavailable, DatabaseUnavailable | UNAVAILABLE | ErrorInfo, RetryInfo |
| NeighbourUnavailable, NotFreshYet, Stopping | UNAVAILABLE | ErrorInfo, RetryInfo |
| StoreFull, DatabaseFull | RESOURCE_EXHAUSTED | ErrorInfo |
| TooMuch | RESOURCE_EXHAUSTED | ErrorInfo, RetryInfo |
| the deadline | DEADLINE_EXCEEDED | ErrorInfo |
| anything else | INTERNAL | ErrorInfo with the correlation id, and nothing more |
"""

from collections.abc import Sequence
from typing import NamedTuple

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from chassis.auth import TokenInvalid
from chassis.freshness import TokenMalformed
from chassis.limits import TooMuch
from chassis.sql.address import DatabaseFull, DatabaseUnavailable
from chassis.store import StoreFull, StoreUnavailable
from vocabulary.refusal import Kind, Refused

DETAILS = "grpc-status-details-bin"
RETRY_SECONDS = 1
LONGEST_MESSAGE = 1000
MOST_FIELDS = 25
"""Trailing metadata have room for 8 KiB."""

STATUS_OF = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    Kind.CONFLICT: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.STALE: grpc.StatusCode.ABORTED,
    Kind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
}


class FieldAtFault(NamedTuple):
    field: str
    description: str


class FieldsInvalid(Exception):
    """The message does not have the shape that its proto asks for."""

    def __init__(self, fields: Sequence[FieldAtFault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.description}" for fault in fields))
        self.fields = fields


class NotFreshYet(Exception):
    """What the consistency token promises is not here yet, and the call's deadline is near."""


class NeighbourUnavailable(Exception):
    """Another service that this one needs for the answer does not answer."""


class Stopping(Exception):
    """The service stops; another one, or the same a little later, goes on."""


class DeadlineOver(Exception):
    """The call lasted as long as it may."""


class Answer(NamedTuple):
    """A status with its details, ready for the trailing metadata."""

    code: grpc.StatusCode
    message: str
    details: bytes


def answer_to(error: BaseException, domain: str, correlation_id: str) -> Answer:
    """What the caller is told of the error."""
    match error:
        case TokenInvalid():
            return _answer(grpc.StatusCode.UNAUTHENTICATED, error.message, domain, error.name)
        case Refused():
            faults = [FieldAtFault(error.field, error.message)] if error.field else []
            return _answer(
                STATUS_OF[error.kind], error.message, domain, error.name, facts=error.facts, extra=_bad_request(faults)
            )
        case FieldsInvalid():
            extra = _bad_request(error.fields)
            return _answer(grpc.StatusCode.INVALID_ARGUMENT, str(error), domain, "FieldsInvalid", extra=extra)
        case TokenMalformed():
            fault = FieldAtFault("consistency_token", "give it as it stood in a receipt, or leave it out")
            message = "this consistency token is not one of ours: give it as it stood in a receipt, or leave it out"
            extra = _bad_request([fault])
            return _answer(grpc.StatusCode.INVALID_ARGUMENT, message, domain, "TokenMalformed", extra=extra)
        case StoreUnavailable() | DatabaseUnavailable() | NeighbourUnavailable() | NotFreshYet() | Stopping():
            message = str(error) or "a database does not answer: repeat with the same request_id"
            retry = RetryInfo(retry_delay=Duration(seconds=RETRY_SECONDS))
            return _answer(grpc.StatusCode.UNAVAILABLE, message, domain, type(error).__name__, extra=[retry])
        case StoreFull() | DatabaseFull():
            message = "there is no room left on the disk: nothing was recorded"
            return _answer(grpc.StatusCode.RESOURCE_EXHAUSTED, message, domain, type(error).__name__)
        case TooMuch():
            delay = Duration()
            delay.FromMilliseconds(max(1, round(error.retry_seconds * 1000)))
            name = type(error).__name__
            return _answer(
                grpc.StatusCode.RESOURCE_EXHAUSTED, str(error), domain, name, extra=[RetryInfo(retry_delay=delay)]
            )
        case DeadlineOver():
            message = "it took longer than it may: repeat with the same request_id"
            return _answer(grpc.StatusCode.DEADLINE_EXCEEDED, message, domain, "DeadlineOver")
        case _:
            message = f"something is wrong on our side; name {correlation_id} to who runs this"
            facts = {"correlation_id": correlation_id}
            return _answer(grpc.StatusCode.INTERNAL, message, domain, "Internal", facts=facts)


def is_expected(error: BaseException) -> bool:
    """Whether the error says all by itself; anything else is logged with its traceback."""
    return isinstance(
        error,
        Refused
        | FieldsInvalid
        | TokenMalformed
        | StoreUnavailable
        | DatabaseUnavailable
        | NeighbourUnavailable
        | NotFreshYet
        | Stopping
        | StoreFull
        | DatabaseFull
        | TooMuch
        | DeadlineOver,
    )


def _bad_request(faults: Sequence[FieldAtFault]) -> list[Message]:
    if not faults:
        return []
    violations = [
        BadRequest.FieldViolation(field=fault.field[:200], description=fault.description[:200])
        for fault in faults[:MOST_FIELDS]
    ]
    return [BadRequest(field_violations=violations)]


def _answer(
    code: grpc.StatusCode,
    message: str,
    domain: str,
    reason: str,
    *,
    facts: dict[str, str] | None = None,
    extra: Sequence[Message] = (),
) -> Answer:
    message = message[:LONGEST_MESSAGE]
    shown = {name: value[:200] for name, value in (facts or {}).items()}
    status = Status(code=code.value[0], message=message)
    for detail in (ErrorInfo(reason=reason, domain=domain, metadata=shown), *extra):
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    return Answer(code, message, status.SerializeToString())

"""One gRPC method with all that stands before its servicer, in one coroutine: this is the hot path of every command.

In this order: correlation id, token, rule, deadline, shape (protovalidate), control signs, consistency token, servicer;
then the status with its details, the metrics and the trailing correlation id.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from time import monotonic
from typing import Any, NamedTuple

import grpc
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from protovalidate import Validator
from uuid_utils import uuid7

from chassis.answers import (
    DETAILS,
    Answer,
    FieldAtFault,
    FieldsInvalid,
    NotFreshYet,
    Stopping,
    answer_to,
    is_expected,
)
from chassis.auth import Identity, NotAllowed, Rule
from chassis.bearers import Bearers
from chassis.call import UNREADABLE, Call, FieldInvalid, MessageMalformed
from chassis.deadline import Deadline
from chassis.drain import Drain
from chassis.limits import Limits
from chassis.logs import correlation
from chassis.metrics import MethodMetrics
from chassis.signs import control_signs
from chassis.store import Request
from chassis.tokens import Tokens
from chassis.tokens.tokens import Known
from chassis.traceparent import TraceParent, parsed
from chassis.traces import Traces

CORRELATION = "x-correlation-id"
REHEARSED_NOW = "retainer-now"
LONGEST_CORRELATION = 64
LONGEST_REQUEST_ID = 127
FRESHNESS_SHARE = 0.9
"""Of a deadline, for waiting until the views are fresh: so that the caller still gets our answer."""

OUR_FAULT = frozenset(
    {
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)
"""A call that ends so failed without its caller's doing."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long calls may last, in seconds."""

    default: float = 15.0
    longest: float = 120.0


@dataclass(frozen=True, slots=True)
class House:
    """What all methods of a door share."""

    service: str
    tokens: Tokens
    request_key: bytes
    clock: Callable[[], datetime]
    rehearsal: bool = False
    fresh: Callable[[str], Awaitable[None]] | None = None
    bounds: Bounds = Bounds()
    drain: Drain = field(default_factory=Drain)
    traces: Traces | None = None
    limits: Limits = field(default_factory=Limits)
    bearers: Bearers | None = None


class _Header(NamedTuple):
    correlation_id: str
    token: str
    rehearsed_now: str
    parent: TraceParent | None = None
    """The caller's span, where the call came in a trace."""
    span: TraceParent | None = None
    """The call's own, where it is in a trace: its caller's while no traces are sent."""


class Method:
    """The door of one method. `unary` and `stream` are what gRPC calls."""

    def __init__(
        self, house: House, name: str, rule: Rule | None, servicer: Callable[..., Any], metrics: MethodMetrics
    ) -> None:
        self._house = house
        self._name = name.encode()
        self._rule = rule
        self._servicer = servicer
        self._metrics = metrics
        self._validator = Validator()

    async def unary(self, request: Message, context: Any) -> Message:
        """One request, one reply."""
        begun, header = self._begin(context)
        code = grpc.StatusCode.CANCELLED
        task = asyncio.current_task()
        assert task is not None
        self._house.drain.calls.add(task)
        try:
            self._house.drain.enter()
            known = await self._known(header.token)
            call = self._enter(request, header, known.identity, context.time_remaining())
            with Deadline(task, call.deadline_seconds):
                await self._be_fresh(request, call)
                reply: Message = await self._servicer(request, call)
            context.set_trailing_metadata(((CORRELATION, header.correlation_id),))
            code = grpc.StatusCode.OK
            self._metrics.sent.inc()
            return reply
        except asyncio.CancelledError:
            if task in self._house.drain.calls:
                raise  # the caller has gone
            task.uncancel()
            answer = self._answer(Stopping("the service stops: repeat with the same request_id"), header)
            code = answer.code
            await context.abort(code, answer.message, _trailing(answer, header))
            raise
        except Exception as error:
            answer = self._answer(error, header)
            code = answer.code
            await context.abort(code, answer.message, _trailing(answer, header))
            raise
        finally:
            self._house.drain.calls.discard(task)
            self._end(begun, code, header)

    async def stream(self, request: Message, context: Any) -> AsyncIterator[Message]:
        """One request, many replies; it lasts as long as the caller stays."""
        begun, header = self._begin(context)
        code = grpc.StatusCode.CANCELLED
        task = asyncio.current_task()
        assert task is not None
        self._house.drain.streams.add(task)
        try:
            self._house.drain.enter()
            known = await self._known(header.token)
            call = self._enter(request, header, known.identity, context.time_remaining())
            with self._house.limits.stream(known):
                await self._be_fresh(request, call)
                async with aclosing(self._servicer(request, call)) as replies:
                    async for reply in replies:
                        self._metrics.sent.inc()
                        yield reply
            context.set_trailing_metadata(((CORRELATION, header.correlation_id),))
            code = grpc.StatusCode.OK
        except asyncio.CancelledError:
            if task in self._house.drain.streams:
                raise  # the caller has gone
            task.uncancel()
            answer = self._answer(Stopping("the service stops: ask again"), header)
            code = answer.code
            await context.abort(code, answer.message, _trailing(answer, header))
        except Exception as error:
            answer = self._answer(error, header)
            code = answer.code
            await context.abort(code, answer.message, _trailing(answer, header))
        finally:
            self._house.drain.streams.discard(task)
            self._end(begun, code, header)

    def _begin(self, context: Any) -> "tuple[float, _Header]":
        self._metrics.started.inc()
        self._metrics.received.inc()
        header = _header(context.invocation_metadata(), self._house.traces)
        correlation.set(header.correlation_id)
        return monotonic(), header

    async def _known(self, token: str) -> Known:
        """Who calls; raises where the token is no good, its bearer was erased, or he asks for too much."""
        known = await self._house.tokens.know(token)
        self._house.limits.take(known)
        if self._house.bearers is not None:
            await self._house.bearers.check(known.identity)
        return known

    def _end(self, begun: float, code: grpc.StatusCode, header: "_Header") -> None:
        seconds = monotonic() - begun
        span = header.span
        self._metrics.took(seconds, header.correlation_id, traced=span is not None and span.sampled)
        self._metrics.handled(code)
        if span is not None and self._house.traces is not None:
            failed = code in OUR_FAULT
            self._house.traces.called(self._name.decode(), span, header.parent, seconds, code.name, failed)

    def _enter(self, request: Message, header: _Header, identity: Identity, remaining: float | None) -> Call:
        """Everything that can be said of the call before it is obeyed; raises what speaks against it."""
        house = self._house
        if self._rule is None:
            raise NotAllowed("no rule lets anybody call this")
        self._rule.check(identity)
        if request is UNREADABLE:
            raise MessageMalformed("these bytes are no message of this call: see proto/, or ask by reflection")
        if violations := self._validator.collect_violations(request):
            raise FieldsInvalid([_fault(violation) for violation in violations])
        if faults := control_signs(request):
            raise FieldsInvalid(faults)
        fields = _fields_of(request.DESCRIPTOR)
        if "page_size" in fields and request.page_size > house.limits.allowed.page_rows:  # type: ignore[attr-defined]
            request.page_size = house.limits.allowed.page_rows  # type: ignore[attr-defined]
        now, rehearsed = self._now(header.rehearsed_now)
        return Call(
            identity=identity,
            now=now,
            rehearsed=rehearsed,
            correlation_id=header.correlation_id,
            request=self._request(request),
            deadline_seconds=min(house.bounds.default if remaining is None else remaining, house.bounds.longest),
            causation_id="" if header.span is None else str(header.span),
        )

    def _now(self, given: str) -> tuple[datetime, bool]:
        if not given:
            return self._house.clock(), False
        if not self._house.rehearsal:
            raise FieldInvalid(
                "only a rehearsal takes the time from the call: set RETAINER_REHEARSAL=true", field=REHEARSED_NOW
            )
        now: datetime | None
        try:
            now = datetime.fromisoformat(given)
        except ValueError:
            now = None
        if now is None or now.tzinfo is None:
            raise FieldInvalid("write an instant as in 2026-03-01T09:00:00Z", field=REHEARSED_NOW)
        return now, True

    def _request(self, message: Message) -> Request | None:
        """The request's id with a keyed hash of method and body; a try-out (`validate_only`) has none."""
        fields = _fields_of(message.DESCRIPTOR)
        request_id: str = message.request_id if "request_id" in fields else ""  # type: ignore[attr-defined]
        if not request_id or ("validate_only" in fields and message.validate_only):  # type: ignore[attr-defined]
            return None
        if len(request_id) > LONGEST_REQUEST_ID:
            raise FieldInvalid(f"a request id has at most {LONGEST_REQUEST_ID} characters", field="request_id")
        body = type(message)()
        body.CopyFrom(message)
        body.ClearField("request_id")
        if "consistency_token" in fields:
            body.ClearField("consistency_token")
        digest = blake2b(self._name, key=self._house.request_key, digest_size=16)
        digest.update(body.SerializeToString(deterministic=True))
        return Request(request_id, digest.hexdigest())

    async def _be_fresh(self, request: Message, call: Call) -> None:
        """Wait until what the request's consistency token promises is here, but not to the very deadline."""
        if self._house.fresh is None or "consistency_token" not in _fields_of(request.DESCRIPTOR):
            return
        if not (token := request.consistency_token):  # type: ignore[attr-defined]  # looked up above
            return
        try:
            async with asyncio.timeout(call.deadline_seconds * FRESHNESS_SHARE):
                await self._house.fresh(token)
        except TimeoutError:
            raise NotFreshYet("what the consistency token promises is not here yet: try again") from None

    def _answer(self, error: Exception, header: "_Header") -> Answer:
        if not is_expected(error):
            log.error("%s failed", self._name.decode(), exc_info=error)
        return answer_to(error, f"retainer.{self._house.service}", header.correlation_id)


def _trailing(answer: Answer, header: "_Header") -> tuple[tuple[str, bytes | str], ...]:
    return ((DETAILS, answer.details), (CORRELATION, header.correlation_id))


def _header(metadata: Iterable[tuple[str, str | bytes]] | None, traces: Traces | None) -> _Header:
    """In a trace the correlation id is the trace's, whatever the caller calls it besides."""
    correlation_id = token = rehearsed_now = ""
    parent: TraceParent | None = None
    for name, value in metadata or ():
        if isinstance(value, bytes):
            continue
        match name:
            case "authorization":
                token = value[7:] if value[:7].lower() == "bearer " else ""
            case "x-correlation-id":
                correlation_id = value
            case "retainer-now":
                rehearsed_now = value
            case "traceparent":
                parent = parsed(value)
    span = parent if traces is None else traces.begin(parent)
    if span is not None:
        return _Header(span.correlation_id, token, rehearsed_now, parent, span)
    if not correlation_id or len(correlation_id) > LONGEST_CORRELATION or not _is_plain(correlation_id):
        correlation_id = str(uuid7())
    return _Header(correlation_id, token, rehearsed_now)


@cache
def _fields_of(kind: Descriptor) -> frozenset[str]:
    """The names of a request's fields: it costs less to look here than to ask a message for what it does not have."""
    return frozenset(kind.fields_by_name)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.replace("-", "").replace("_", "").replace(".", "").isalnum()


def _fault(violation: Any) -> FieldAtFault:
    """A violation in the words of the request: `entry.worked`, `lines[2].amount`."""
    path = ""
    for element in violation.proto.field.elements:
        path += f".{element.field_name}" if path else element.field_name
        if element.subscript is not None:
            path += f"[{element.subscript.value}]"
    return FieldAtFault(path, violation.proto.message or violation.proto.rule_id)

"""The public API as Python: a request finds its own service, its call and its way there.

    client = connect(place())
    budget = client.ask(GetBudgetRequest(contract="contracts/web-2026"))

A request type belongs to one call, so its descriptor names the call, and its package (`retainer.billing.v1`) the
service. A command without a `request_id` gets one, so that it can be repeated: UNAVAILABLE is tried again with the same
id, which obeys it once. The tokens of receipts go along with what is asked next, of any service: you read your writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import grpc
import stamina
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from grpc_status import rpc_status
from uuid_utils import uuid7

from retainer.failures import ExitStatus, Failure, FieldAtFault, Refusal
from retainer.place import SERVICES, Place
from retainer.recollection import Recollection

ATTEMPTS: Final = 6
TIMEOUT_SECONDS: Final = 20.0
PATIENCE_SECONDS: Final = 5.0
LARGEST_MESSAGE: Final = 64 * 1024 * 1024
OPTIONS: Final = (
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_reconnect_backoff_ms", 1000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.enable_http_proxy", 0),
)

STATUS: Final = {
    "INVALID_ARGUMENT": ExitStatus.WRONG_INPUT,
    "OUT_OF_RANGE": ExitStatus.WRONG_INPUT,
    "FAILED_PRECONDITION": ExitStatus.REFUSED,
    "ALREADY_EXISTS": ExitStatus.REFUSED,
    "NOT_FOUND": ExitStatus.NOT_FOUND,
    "ABORTED": ExitStatus.STALE,
    "UNAUTHENTICATED": ExitStatus.DENIED,
    "PERMISSION_DENIED": ExitStatus.DENIED,
    "UNAVAILABLE": ExitStatus.UNAVAILABLE,
    "DEADLINE_EXCEEDED": ExitStatus.UNAVAILABLE,
    "RESOURCE_EXHAUSTED": ExitStatus.UNAVAILABLE,
}


class Client:
    """One caller's way to the four services. `now` is the rehearsed time of each call, where there is one. What every
    service answers (OperationsService) is asked of the one that is `operated`."""

    def __init__(
        self,
        place: Place,
        token: str,
        *,
        now: datetime | None = None,
        operated: str = "",
        recollection: Recollection | None = None,
    ) -> None:
        stamina.instrumentation.set_on_retry_hooks([])  # a person at the keyboard is told once, at the end
        self._place = place
        self._token = token
        self._channels: dict[str, grpc.Channel] = {}
        self._calls: dict[str, Any] = {}
        self._recollection = recollection
        seen = {} if recollection is None else recollection.tokens
        self._unseen: dict[str, dict[str, str]] = {service: dict(seen) for service in SERVICES}
        self._operated = operated
        self.now = now

    def ask(
        self, request: Message, *, timeout_seconds: float = TIMEOUT_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> Any:
        """The reply to a request; `Refusal` where a service says no, `Failure` where none answers. What is UNAVAILABLE
        is asked for again for `patience_seconds`."""
        call, service = call_of(request, self._operated)
        self._prepare(request, service)
        stub = self._stub(call, service, request)
        attempts = stamina.retry_context(
            on=_worth_repeating, attempts=None, timeout=patience_seconds, wait_initial=0.1, wait_max=1.0
        )
        try:
            for attempt in attempts:
                with attempt:
                    reply = stub(request, timeout=timeout_seconds, metadata=self._metadata())
        except grpc.RpcError as error:
            raise failure_of(error, self._place, service) from None
        self._note(reply, service)
        return reply

    def watch(self, request: Message) -> Iterator[Any]:
        """The replies of a stream, until it is closed; a stream that breaks off is begun again after its last token."""
        call, service = call_of(request, self._operated)
        self._prepare(request, service)
        failures = 0
        while True:
            try:
                for reply in self._stub(call, service, request, streams=True)(request, metadata=self._metadata()):
                    failures = 0
                    if getattr(reply, "resume_token", ""):
                        request.resume_token = reply.resume_token  # type: ignore[attr-defined]  # every watch has it
                    yield reply
                return
            except grpc.RpcError as error:
                failures += 1
                if not _worth_repeating(error) or failures > ATTEMPTS:
                    raise failure_of(error, self._place, service) from None

    def pages(self, request: Message, field: str) -> Iterator[Any]:
        """Every item of a listing, page by page."""
        while True:
            reply = self.ask(request)
            yield from getattr(reply, field)
            if not reply.next_page_token:
                return
            request.page_token = reply.next_page_token  # type: ignore[attr-defined]  # every listing has it

    def close(self) -> None:
        if self._recollection is not None:
            self._recollection.keep()
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
        self._calls.clear()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self, request: Message, service: str) -> None:
        fields = request.DESCRIPTOR.fields_by_name
        if "request_id" in fields and not request.request_id:  # type: ignore[attr-defined]  # looked up above
            request.request_id = str(uuid7())  # type: ignore[attr-defined]
        if "consistency_token" not in fields or request.consistency_token:  # type: ignore[attr-defined]
            return
        unseen = list(self._unseen[service].values())
        self._unseen[service].clear()
        for token in unseen[:-1]:
            self._wait_until_seen(service, token)
        if unseen:
            request.consistency_token = unseen[-1]  # type: ignore[attr-defined]

    def _wait_until_seen(self, service: str, token: str) -> None:
        """A request takes one token; what it cannot take is waited for by the cheapest question there is."""
        question = _cheapest_question(service)
        question.consistency_token = token
        self.ask(question)

    def _note(self, reply: Any, service: str) -> None:
        receipt = getattr(reply, "receipt", None)
        if receipt is not None and receipt.consistency_token:
            if self._recollection is not None:
                self._recollection.note(service, receipt.consistency_token)
            for other in SERVICES:
                self._unseen[other][service] = receipt.consistency_token

    def _metadata(self) -> Sequence[tuple[str, str]]:
        metadata = [("authorization", f"Bearer {self._token}")]
        if self.now is not None:
            metadata.append(("retainer-now", self.now.isoformat()))
        return metadata

    def _stub(self, call: str, service: str, request: Message, *, streams: bool = False) -> Any:
        if call not in self._calls:
            channel = self._channels.get(service)
            if channel is None:
                channel = self._place.channel(service, OPTIONS)
                self._channels[service] = channel
            make = channel.unary_stream if streams else channel.unary_unary
            self._calls[call] = make(
                call,
                request_serializer=type(request).SerializeToString,
                response_deserializer=_reply_class(request).FromString,
            )
        return self._calls[call]


def connect(place: Place, *, now: datetime | None = None) -> Client:
    """A client with the caller's own token, which remembers what the command before it did."""
    recollection = Recollection(place.data_dir / "run", place.settings.agency)
    return Client(place, place.own_token(), now=now, recollection=recollection)


def call_of(request: Message, operated: str = "") -> tuple[str, str]:
    """The call that a request belongs to (`/retainer.billing.v1.BudgetService/GetBudget`), and the service to ask."""
    method = _method_of(request)
    room = request.DESCRIPTOR.file.package.split(".")[1]
    return f"/{method.containing_service.full_name}/{method.name}", room if room in SERVICES else operated


def failure_of(error: grpc.RpcError, place: Place, service: str) -> Failure:
    """What a person is told of a call that failed."""
    assert isinstance(error, grpc.Call)
    code = error.code().name
    status = STATUS.get(code, ExitStatus.BROKEN)
    message = error.details() or code
    info, fields = _details(error)
    if not info.reason:
        if status is ExitStatus.UNAVAILABLE:
            message = (
                f"{service} at {place.address(service)} does not answer ({message}):"
                " see `retainer doctor`, or start the system with `retainer up`"
            )
        return Refusal(message, status, code=code)
    named = [fault for fault in fields if fault.field and fault.field not in message]
    at = f" (at {', '.join(fault.field for fault in named)})" if named else ""
    return Refusal(f"{message}{at} [{info.reason}]", status, code=code, reason=info.reason, fields=fields)


def _details(error: grpc.Call) -> tuple[ErrorInfo, Sequence[FieldAtFault]]:
    info, fields = ErrorInfo(), []
    try:
        status = rpc_status.from_call(error)
    except ValueError:
        status = None
    for detail in status.details if status is not None else ():
        if detail.Is(ErrorInfo.DESCRIPTOR):
            detail.Unpack(info)
        elif detail.Is(BadRequest.DESCRIPTOR):
            bad = BadRequest()
            detail.Unpack(bad)
            fields = [FieldAtFault(fault.field, fault.description) for fault in bad.field_violations]
    return info, fields


def _worth_repeating(error: Exception) -> bool:
    return isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.UNAVAILABLE


def _method_of(request: Message) -> Any:
    wanted = request.DESCRIPTOR
    services: Mapping[str, Any] = wanted.file.services_by_name
    found = [method for service in services.values() for method in service.methods if method.input_type is wanted]
    assert len(found) == 1, f"{wanted.full_name} belongs to {len(found)} calls"
    return found[0]


def _reply_class(request: Message) -> Any:
    return GetMessageClass(_method_of(request).output_type)


def _cheapest_question(service: str) -> Any:
    match service:
        case "contracts":
            from wire.retainer.contracts.v1.client_pb2 import ListClientsRequest

            return ListClientsRequest(page_size=1)
        case "timelog":
            from wire.retainer.timelog.v1.person_pb2 import ListPeopleRequest

            return ListPeopleRequest(page_size=1)
        case "billing":
            from wire.retainer.billing.v1.payment_pb2 import ListPaymentsRequest

            return ListPaymentsRequest(page_size=1)
        case "notify":
            from wire.retainer.notify.v1.letter_pb2 import ListLettersRequest

            return ListLettersRequest(page_size=1)
        case _:
            raise AssertionError(f"there is no service {service}")

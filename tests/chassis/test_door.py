"""The door (chassis.grpc_server): what stands before every servicer, on a real server."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from chassis.answers import DETAILS, NeighbourUnavailable
from chassis.auth import EVERY_AGENCY, Identity, Role
from chassis.call import Call, NotFound
from chassis.freshness import TokenMalformed
from chassis.grpc_server import Bounds, GrpcServer, House
from chassis.metrics import Metrics
from chassis.sql.address import DatabaseUnavailable
from chassis.store import StoreFull, StoreUnavailable
from chassis.tokens import SigningKeys, Tokens
from tests.chassis.greeting import RULES, SERVICE, Caller, GreetRequest, GreetResponse, door, never
from vocabulary.refusal import Kind, Refused

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOKENS = Tokens(SigningKeys.fresh())


def bearer(role: Role = Role.OWNER, agency: str = "studio", client: str = "") -> tuple[str, str]:
    return ("authorization", f"Bearer {TOKENS.issue(Identity(agency, 'anna', role, client))}")


class Opened:
    """A door that is open, and a caller before it."""

    def __init__(self, server: GrpcServer, caller: Caller, channel: grpc.aio.Channel, metrics: Metrics) -> None:
        self.server = server
        self.caller = caller
        self.channel = channel
        self.metrics = metrics
        self.trailing: dict[str, Any] = {}

    async def greet(self, *metadata: tuple[str, str], seconds: float | None = 5, **fields: Any) -> str:
        call = self.caller.greet(GreetRequest(**fields), metadata=metadata or (bearer(),), timeout=seconds)
        try:
            return str((await call).text)
        finally:
            self.trailing = dict(await call.trailing_metadata())

    async def refused(self, *metadata: tuple[str, str], **fields: Any) -> "Told":
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await self.greet(*metadata, **fields)
        return Told(raised.value)


class Told:
    """What a caller was told: the status with its details unpacked."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self.code = error.code()
        self.message = error.details() or ""
        status = Status.FromString(dict(error.trailing_metadata())[DETAILS])
        assert status.code == self.code.value[0]
        assert status.message == self.message
        self.info, self.fields, self.retry = ErrorInfo(), BadRequest(), RetryInfo()
        for detail in status.details:
            for message in (self.info, self.fields, self.retry):
                detail.Unpack(message)
        self.names = {violation.field: violation.description for violation in self.fields.field_violations}


Open = Callable[..., Any]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_door(greet: Any = never, watch: Any = None, **house: Any) -> Opened:
            metrics = Metrics()
            settings = {"service": "greeting", "tokens": TOKENS, "request_key": b"k" * 32, "clock": lambda: NOON}
            shared = House(**{**settings, **house})
            server = GrpcServer("127.0.0.1:0", [door(greet, watch)], RULES, house=shared, metrics=metrics)
            await server.start()
            await server.serving()
            stack.push_async_callback(server.stop, 0.1)
            channel = grpc.aio.insecure_channel(f"127.0.0.1:{server.port}")
            stack.push_async_callback(channel.close)
            return Opened(server, Caller(channel), channel, metrics)

        yield open_door


def remembering(seen: list[Call]) -> Any:
    async def greet(request: Any, call: Call) -> Any:
        seen.append(call)
        return GreetResponse(text=f"hello {request.name}")

    return greet


def raising(error: Exception) -> Any:
    async def greet(request: Any, call: Call) -> Any:
        raise error

    return greet


async def test_a_servicer_gets_the_request_and_who_calls(opened: Open) -> None:
    seen: list[Call] = []
    at = await opened(remembering(seen))
    assert await at.greet(bearer(Role.MEMBER), ("x-correlation-id", "job-1"), name="bo") == "hello bo"
    (call,) = seen
    assert call.identity == Identity("studio", "anna", Role.MEMBER)
    assert call.context.actor == "anna"
    assert (call.now, call.rehearsed, call.context.now) == (NOON, False, None)
    assert call.correlation_id == at.trailing["x-correlation-id"] == "job-1"


@pytest.mark.parametrize("given", ["", "a" * 65, "two words", "semi;colon"])
async def test_a_correlation_id_that_is_none_is_replaced(opened: Open, given: str) -> None:
    at = await opened(remembering([]))
    await at.greet(bearer(), ("x-correlation-id", given))
    assert len(at.trailing["x-correlation-id"]) == 36


# Who may come in.


@pytest.mark.parametrize("header", [None, "", "Bearer ", "Bearer x.y.z", "Basic YTpi", "token"])
async def test_without_a_good_token_nobody_comes_in(opened: Open, header: str | None) -> None:
    at = await opened()
    told = await at.refused(("authorization", header) if header is not None else ("x-other", "1"))
    assert (told.code, told.info.reason) == (grpc.StatusCode.UNAUTHENTICATED, "TokenInvalid")


async def test_a_role_that_the_rule_does_not_name_is_denied(opened: Open) -> None:
    at = await opened()
    told = await at.refused(bearer(Role.GUEST, client="acme"))
    assert (told.code, told.info.reason) == (grpc.StatusCode.PERMISSION_DENIED, "NotAllowed")
    assert told.info.domain == "retainer.greeting"
    assert told.info.metadata["roles"] == "owner, manager, member"


async def test_what_no_rule_allows_is_denied_to_everybody(opened: Open) -> None:
    at = await opened()
    for role in (Role.OWNER, Role.SERVICE):
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await at.caller.whisper(GreetRequest(), metadata=(bearer(role),))
        assert raised.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_stream_is_denied_as_a_call_is(opened: Open) -> None:
    at = await opened()
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await at.caller.watch(GreetRequest()).read()
    assert raised.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_guest_sees_his_own_client_alone(opened: Open) -> None:
    call = Call(Identity("studio", "kim", Role.GUEST, "acme"), NOON, False, "c", None, 1.0)
    call.must_see_client("acme")
    with pytest.raises(NotFound):
        call.must_see_client("other")
    Call(Identity("studio", "anna", Role.OWNER), NOON, False, "c", None, 1.0).must_see_client("other")


# What is told when it is not obeyed.


class GreetingForbidden(Refused, kind=Kind.FORBIDDEN):
    """As services define them."""


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.INVALID, grpc.StatusCode.INVALID_ARGUMENT),
        (Kind.NOT_FOUND, grpc.StatusCode.NOT_FOUND),
        (Kind.EXISTS, grpc.StatusCode.ALREADY_EXISTS),
        (Kind.CONFLICT, grpc.StatusCode.FAILED_PRECONDITION),
        (Kind.STALE, grpc.StatusCode.ABORTED),
        (Kind.FORBIDDEN, grpc.StatusCode.PERMISSION_DENIED),
    ],
)
async def test_a_refusal_is_told_by_its_kind_and_name(opened: Open, kind: Kind, code: grpc.StatusCode) -> None:
    refusal = type("ContractPaused", (Refused,), {}, kind=kind)
    told = await (await opened(raising(refusal("it is paused", field="entry.day", until="2026-04-01")))).refused()
    assert (told.code, told.message) == (code, "it is paused")
    assert (told.info.reason, told.info.domain) == ("ContractPaused", "retainer.greeting")
    assert dict(told.info.metadata) == {"until": "2026-04-01"}
    assert told.names == {"entry.day": "it is paused"}


async def test_a_shape_that_the_proto_forbids_names_its_field(opened: Open) -> None:
    told = await (await opened()).refused(name="much too long a name")
    assert (told.code, told.info.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FieldsInvalid")
    assert list(told.names) == ["name"]


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f"])
async def test_a_control_sign_in_a_text_names_its_field(opened: Open, sign: str) -> None:
    told = await (await opened()).refused(name=f"a{sign}b")
    assert (told.code, told.info.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FieldsInvalid")
    assert list(told.names) == ["name"]


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (StoreUnavailable("the store is away"), grpc.StatusCode.UNAVAILABLE, True),
        (DatabaseUnavailable("away"), grpc.StatusCode.UNAVAILABLE, True),
        (NeighbourUnavailable("billing is away"), grpc.StatusCode.UNAVAILABLE, True),
        (StoreFull("full"), grpc.StatusCode.RESOURCE_EXHAUSTED, False),
    ],
)
async def test_what_is_not_there_is_told_as_such(
    opened: Open, error: Exception, code: grpc.StatusCode, again: bool
) -> None:
    told = await (await opened(raising(error))).refused()
    assert told.code is code
    assert (told.retry.retry_delay.seconds == 1) is again


async def test_a_mistake_of_ours_tells_nothing_but_its_id(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    at = await opened(raising(RuntimeError("the secret is 1234")))
    told = await at.refused(bearer(), ("x-correlation-id", "job-7"))
    assert (told.code, told.info.reason) == (grpc.StatusCode.INTERNAL, "Internal")
    assert "1234" not in told.message
    assert "job-7" in told.message
    assert any("GreetingService/Greet failed" in record.message for record in caplog.records)


async def test_a_long_refusal_fits_into_the_metadata(opened: Open) -> None:
    told = await (await opened(raising(GreetingForbidden("x" * 50_000, a="y" * 50_000)))).refused()
    assert told.code is grpc.StatusCode.PERMISSION_DENIED
    assert len(told.message) == 1000


# Until when.


async def test_a_call_without_a_deadline_gets_one(opened: Open) -> None:
    seen: list[Call] = []
    at = await opened(remembering(seen), bounds=Bounds(default=7.0, longest=60.0))
    await at.greet(seconds=None)
    await at.greet(seconds=100_000)
    await at.greet(seconds=3)
    assert [round(call.deadline_seconds) for call in seen] == [7, 60, 3]


async def test_what_lasts_too_long_is_ended(opened: Open) -> None:
    async def greet(request: Any, call: Call) -> Any:
        await asyncio.Event().wait()

    told = await (await opened(greet, bounds=Bounds(default=0.05))).refused(seconds=None)
    assert told.code is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_timeout_inside_of_a_servicer_is_not_the_deadline(opened: Open) -> None:
    told = await (await opened(raising(TimeoutError()))).refused()
    assert told.code is grpc.StatusCode.INTERNAL


# Read your writes.


async def test_the_door_waits_until_what_the_token_promises_is_there(opened: Open) -> None:
    waited: list[str] = []

    async def fresh(token: str) -> None:
        waited.append(token)

    at = await opened(remembering([]), fresh=fresh)
    await at.greet(consistency_token="t1")
    await at.greet()
    assert waited == ["t1"]


async def test_what_does_not_come_in_time_is_unavailable(opened: Open) -> None:
    async def fresh(token: str) -> None:
        await asyncio.Event().wait()

    told = await (await opened(fresh=fresh)).refused(consistency_token="t1", seconds=0.5)
    assert (told.code, told.info.reason) == (grpc.StatusCode.UNAVAILABLE, "NotFreshYet")


async def test_a_token_that_is_none_names_its_field(opened: Open) -> None:
    async def fresh(token: str) -> None:
        raise TokenMalformed

    told = await (await opened(fresh=fresh)).refused(consistency_token="!")
    assert (told.code, list(told.names)) == (grpc.StatusCode.INVALID_ARGUMENT, ["consistency_token"])


# The same request once in effect.


async def test_a_request_is_known_by_its_id_and_body(opened: Open) -> None:
    seen: list[Call] = []

    async def fresh(token: str) -> None: ...

    at = await opened(remembering(seen), fresh=fresh)
    await at.greet(name="bo", request_id="r1")
    await at.greet(name="bo", request_id="r2", consistency_token="t")
    await at.greet(name="al", request_id="r1")
    await at.greet(name="bo")
    await at.greet(name="bo", request_id="r3", validate_only=True)
    first, same_body, other_body = (call.request for call in seen[:3])
    assert (first.request_id, same_body.request_id) == ("r1", "r2")
    assert first.body_hash == same_body.body_hash != other_body.body_hash
    assert [call.request for call in seen[3:]] == [None, None]


async def test_a_request_id_has_an_end(opened: Open) -> None:
    told = await (await opened()).refused(request_id="r" * 128)
    assert (told.code, list(told.names)) == (grpc.StatusCode.INVALID_ARGUMENT, ["request_id"])


async def test_the_hash_of_a_body_cannot_be_guessed_without_the_key(opened: Open) -> None:
    seen: list[Call] = []
    for key in (b"k" * 32, b"l" * 32):
        await (await opened(remembering(seen), request_key=key)).greet(name="bo", request_id="r1")
    assert seen[0].request.body_hash != seen[1].request.body_hash  # type: ignore[union-attr]


# Rehearsals.


async def test_a_rehearsal_takes_the_time_from_the_call(opened: Open) -> None:
    seen: list[Call] = []
    at = await opened(remembering(seen), rehearsal=True)
    await at.greet(bearer(), ("retainer-now", "2026-01-31T23:59:59+01:00"))
    assert seen[0].context.now == datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("rehearsal", "now"), [(False, "2026-01-01T00:00:00Z"), (True, "2026-01-01"), (True, "soon")])
async def test_otherwise_it_does_not(opened: Open, rehearsal: bool, now: str) -> None:
    told = await (await opened(rehearsal=rehearsal)).refused(bearer(), ("retainer-now", now))
    assert (told.code, list(told.names)) == (grpc.StatusCode.INVALID_ARGUMENT, ["retainer-now"])


# Streams, health, reflection, metrics, stopping.


async def test_a_stream_gives_what_it_has_and_counts_it(opened: Open) -> None:
    async def watch(request: Any, call: Call) -> AsyncIterator[Any]:
        for number in range(3):
            yield GreetResponse(text=str(number))

    at = await opened(watch=watch)
    service = bearer(Role.SERVICE, EVERY_AGENCY)
    assert [reply.text async for reply in at.caller.watch(GreetRequest(), metadata=(service,))] == ["0", "1", "2"]
    labels = {"grpc_type": "server_stream", "grpc_service": SERVICE, "grpc_method": "Watch"}
    assert at.metrics.registry.get_sample_value("grpc_server_msg_sent_total", labels) == 3
    assert at.metrics.registry.get_sample_value("grpc_server_handled_total", {**labels, "grpc_code": "OK"}) == 1


async def test_metrics_have_the_names_that_dashboards_know(opened: Open) -> None:
    at = await opened(remembering([]))
    await at.greet()
    await at.refused(("authorization", ""))
    labels = {"grpc_type": "unary", "grpc_service": SERVICE, "grpc_method": "Greet"}
    value = at.metrics.registry.get_sample_value
    assert value("grpc_server_started_total", labels) == 2
    assert value("grpc_server_handled_total", {**labels, "grpc_code": "OK"}) == 1
    async with asyncio.timeout(10):  # a refusal is counted when it is on its way, and may be here before
        while value("grpc_server_handled_total", {**labels, "grpc_code": "Unauthenticated"}) is None:
            await asyncio.sleep(0.001)
    assert value("grpc_server_handled_total", {**labels, "grpc_code": "Unauthenticated"}) == 1
    assert value("grpc_server_handling_seconds_count", labels) == 2
    assert value("grpc_server_msg_received_total", labels) == 2


async def test_a_caller_who_goes_is_counted_as_cancelled(opened: Open) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def watch(request: Any, call: Call) -> AsyncIterator[Any]:
        try:
            begun.set()
            await asyncio.Event().wait()
            yield GreetResponse()
        finally:
            ended.set()

    at = await opened(watch=watch)
    call = at.caller.watch(GreetRequest(), metadata=(bearer(),))
    await begun.wait()
    call.cancel()
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.sleep(0)
    labels = {"grpc_type": "server_stream", "grpc_service": SERVICE, "grpc_method": "Watch", "grpc_code": "Cancelled"}
    assert at.metrics.registry.get_sample_value("grpc_server_handled_total", labels) == 1


async def test_health_and_reflection_need_no_token(opened: Open) -> None:
    at = await opened()
    health = health_pb2_grpc.HealthStub(at.channel)
    for service in ("", SERVICE, "live"):
        assert (await health.Check(health_pb2.HealthCheckRequest(service=service))).status == 1
    await at.server.serving(ready=False)
    assert (await health.Check(health_pb2.HealthCheckRequest())).status == 2
    assert (await health.Check(health_pb2.HealthCheckRequest(service="live"))).status == 1
    reflection = reflection_pb2_grpc.ServerReflectionStub(at.channel).ServerReflectionInfo(
        iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    )
    named = [service.name async for reply in reflection for service in reply.list_services_response.service]
    assert SERVICE in named


async def test_a_stop_lets_calls_finish_and_ends_streams(opened: Open) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def greet(request: Any, call: Call) -> Any:
        begun.set()
        await may_end.wait()
        return GreetResponse(text="done")

    async def watch(request: Any, call: Call) -> AsyncIterator[Any]:
        yield GreetResponse(text="now")
        await asyncio.Event().wait()

    at = await opened(greet, watch)
    running = asyncio.create_task(at.greet())
    stream = at.caller.watch(GreetRequest(), metadata=(bearer(),))
    assert (await stream.read()).text == "now"
    await begun.wait()
    stopped_at = time.monotonic()
    stopping = asyncio.create_task(at.server.stop(10))
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stream.read()
    assert Told(raised.value).info.reason == "Stopping"
    may_end.set()
    assert await running == "done"
    await stopping
    assert time.monotonic() - stopped_at < 5


async def test_a_call_that_would_outlast_the_grace_is_told_that_the_service_stops(opened: Open) -> None:
    begun = asyncio.Event()

    async def greet(request: Any, call: Call) -> Any:
        begun.set()
        await asyncio.Event().wait()

    at = await opened(greet)
    running = asyncio.create_task(at.greet())
    await begun.wait()
    await at.server.stop(0.4)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await running
    assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
    assert Told(raised.value).info.reason == "Stopping"


async def test_a_port_that_is_taken_is_told(opened: Open) -> None:
    at = await opened()
    house = House(service="greeting", tokens=TOKENS, request_key=b"k" * 32, clock=lambda: NOON)
    second = GrpcServer(f"127.0.0.1:{at.server.port}", [door()], RULES, house=house, metrics=Metrics())
    with pytest.raises(Exception, match="somebody else listens"):
        await second.start()
    third = GrpcServer("127.0.0.1:0", [door()], RULES, house=house, metrics=Metrics(), last_port=at.server.port)
    await third.start()
    assert third.port not in (0, at.server.port)
    await third.stop(0)

"""A trace from its caller through a call and the fact that it recorded to who took it in, span under span."""

import ast
import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from prometheus_client.openmetrics.exposition import generate_latest

from chassis.auth import Identity, Role
from chassis.call import Call, NotFound
from chassis.grpc_server import GrpcServer, House
from chassis.message import envelope_of
from chassis.metrics import Metrics
from chassis.settings import Settings
from chassis.store import Context
from chassis.tokens import SigningKeys, Tokens
from chassis.traceparent import TraceParent, of_fact, parsed, span_of_reaction
from chassis.traces import Traces, traces_of
from tests.chassis.greeting import RULES, Caller, GreetRequest, GreetResponse, door
from tests.chassis.road import Road

WITHIN_SECONDS = 30
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = TraceParent(TRACE, "00f067aa0ba902b7")
UNSAMPLED = CALLER._replace(sampled=False)
TOKENS = Tokens(SigningKeys.fresh())


class Greeter:
    """A service that greets, with traces or without, and what it saw."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.seen: list[Call] = []
        self.metrics = Metrics()
        self.exported = InMemorySpanExporter()

    async def open(self, share: float | None) -> Caller:
        traces = None if share is None else Traces("greeting", self.exported, share=share, at_once=True)
        house = House("greeting", TOKENS, b"k" * 32, lambda: None, traces=traces)  # type: ignore[arg-type,return-value]
        server = GrpcServer("127.0.0.1:0", [door(self._greet)], RULES, house=house, metrics=self.metrics)
        await server.start()
        await server.serving()
        self._stack.push_async_callback(server.stop, 0.1)
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{server.port}")
        self._stack.push_async_callback(channel.close)
        return Caller(channel)

    async def _greet(self, request: Any, call: Call) -> Any:
        self.seen.append(call)
        if request.name == "nobody":
            raise NotFound("there is nobody")
        if request.name == "bug":
            raise ZeroDivisionError
        return GreetResponse(text="hello")

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exported.get_finished_spans()


@pytest.fixture
async def greeter() -> AsyncIterator[Greeter]:
    async with AsyncExitStack() as stack:
        yield Greeter(stack)


def metadata(traceparent: str = "") -> tuple[tuple[str, str], ...]:
    token = ("authorization", f"Bearer {TOKENS.issue(Identity('studio', 'anna', Role.OWNER))}")
    return (token, ("traceparent", traceparent)) if traceparent else (token,)


def hexes(span: ReadableSpan) -> tuple[str, str, str]:
    """Trace, parent and span."""
    assert span.context is not None
    parent = f"{span.parent.span_id:016x}" if span.parent else ""
    return f"{span.context.trace_id:032x}", parent, f"{span.context.span_id:016x}"


async def test_a_call_is_a_span_under_its_caller_s_and_brings_about_what_it_records(greeter: Greeter) -> None:
    caller = await greeter.open(share=0)
    call = caller.greet(GreetRequest(name="anna"), metadata=metadata(str(CALLER)))
    await call
    [span] = greeter.spans
    [seen] = greeter.seen
    trace, parent, own = hexes(span)
    assert (trace, parent) == (TRACE, CALLER.span_id)
    assert span.name == "retainer.greeting.v1.GreetingService/Greet"
    assert dict(span.attributes or {})["rpc.grpc.status_code"] == "OK"
    assert seen.context.correlation_id == TRACE == dict(await call.trailing_metadata())["x-correlation-id"]
    assert seen.context.causation_id == f"00-{TRACE}-{own}-01"


@pytest.mark.parametrize(("name", "status"), [("nobody", StatusCode.UNSET), ("bug", StatusCode.ERROR)])
async def test_what_fails_by_our_fault_is_an_error_and_a_refusal_is_none(
    greeter: Greeter, name: str, status: StatusCode
) -> None:
    caller = await greeter.open(share=0)
    with pytest.raises(grpc.aio.AioRpcError):
        await caller.greet(GreetRequest(name=name), metadata=metadata(str(CALLER)))
    [span] = greeter.spans
    assert span.status.status_code is status


async def test_a_share_of_the_other_calls_begins_a_trace(greeter: Greeter) -> None:
    caller = await greeter.open(share=1)
    await caller.greet(GreetRequest(name="anna"), metadata=metadata())
    [span] = greeter.spans
    trace, parent, own = hexes(span)
    assert parent == ""
    assert greeter.seen[0].context.correlation_id == trace
    assert parsed(greeter.seen[0].context.causation_id) == TraceParent(trace, own)


async def test_a_call_without_a_trace_and_a_trace_that_is_not_sampled_make_no_span(greeter: Greeter) -> None:
    caller = await greeter.open(share=0)
    await caller.greet(GreetRequest(name="anna"), metadata=metadata())
    await caller.greet(GreetRequest(name="anna"), metadata=metadata(str(UNSAMPLED)))
    assert greeter.spans == ()
    untraced, unsampled = greeter.seen
    assert untraced.context.causation_id == ""
    assert unsampled.context.correlation_id.replace("-", "") == TRACE
    assert of_fact("billing", unsampled.context.correlation_id, "timelog:1:1") is None


async def test_without_opentelemetry_the_caller_s_trace_is_carried_on(greeter: Greeter) -> None:
    caller = await greeter.open(share=None)
    await caller.greet(GreetRequest(name="anna"), metadata=metadata(str(CALLER)))
    assert greeter.seen[0].context.correlation_id == TRACE
    assert greeter.seen[0].context.causation_id == str(CALLER)
    assert greeter.spans == ()


async def test_the_trace_of_a_call_is_an_exemplar_of_how_long_it_took(greeter: Greeter) -> None:
    caller = await greeter.open(share=None)
    await caller.greet(GreetRequest(name="anna"), metadata=metadata(str(CALLER)))
    page = generate_latest(greeter.metrics.registry).decode()  # type: ignore[no-untyped-call]
    assert any(
        line.startswith("grpc_server_handling_seconds_bucket") and f'# {{trace_id="{TRACE}"}}' in line
        for line in page.splitlines()
    )


async def test_a_fact_names_its_span_and_whoever_takes_it_in_is_a_span_under_it(road: Road) -> None:
    call = TraceParent(TRACE, "1234567890abcdef")
    exported = InMemorySpanExporter()
    await road.relay()
    inbox = await road.inbox(Traces("notes", exported, share=0, at_once=True))
    async with asyncio.timeout(WITHIN_SECONDS):
        untraced = await road.count("before")
        position = await road.count("a", context=Context("acme", "anna", TRACE, str(call)))
        await inbox.wait_for(position)
        while not exported.get_finished_spans():  # the span is made when the batch is committed
            await asyncio.sleep(0.01)
    told = [envelope_of(message.headers or {}) for message in await road.on_the_bus()]
    assert [(one.position, one.traceparent) for one in told] == [(untraced, ""), (position, str(call))]
    [span] = exported.get_finished_spans()
    event = told[-1].event_id
    assert hexes(span) == (TRACE, call.span_id, span_of_reaction("notes", event))
    assert span.name == "notes takes in tally.Counted@2"
    noted = (await road.notes.read_log(0, 10))[-1]
    assert of_fact("notes", noted.correlation_id, noted.causation_id) == TraceParent(TRACE, hexes(span)[2])


class Collector(TraceServiceServicer):  # type: ignore[misc]  # generated without types
    """As much of a collector as receives."""

    def __init__(self) -> None:
        self.received: list[Any] = []

    def Export(self, request: Any, context: Any) -> Any:
        self.received += [
            (resource.resource, span)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return ExportTraceServiceResponse()


def test_spans_go_to_the_collector_that_the_settings_name() -> None:
    server = grpc.server(ThreadPoolExecutor(1))
    collector = Collector()
    add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        traces = traces_of(Settings(traces_url=f"http://127.0.0.1:{port}", traces_share=1), "billing")
        assert traces is not None
        span = traces.begin(CALLER)
        assert span is not None
        traces.called("/retainer.billing.v1.BudgetService/GetBudget", span, CALLER, 0.25, "OK", failed=False)
        traces.close()  # sends what is left
    finally:
        server.stop(0)
    [(resource, sent)] = collector.received
    assert {one.key: one.value.string_value for one in resource.attributes}["service.name"] == "retainer-billing"
    assert (sent.trace_id.hex(), sent.parent_span_id.hex(), sent.span_id.hex()) == (TRACE, CALLER.span_id, span.span_id)
    assert sent.end_time_unix_nano - sent.start_time_unix_nano == 250_000_000


def test_who_wants_traces_without_the_library_is_told_what_to_install() -> None:
    script = (
        "import sys; sys.modules['opentelemetry'] = None; from chassis.settings import Settings, SettingsWrong;"
        " from chassis.traces import traces_of\n"
        "try: traces_of(Settings(traces_url='http://127.0.0.1:4317'), 'billing')\n"
        "except SettingsWrong as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "pip install 'retainer[traces]'" in done.stdout


def test_nothing_of_opentelemetry_is_loaded_while_no_traces_are_wanted() -> None:
    script = (
        "import sys; from services.billing.__main__ import WIRING; from chassis.settings import Settings;"
        " from chassis.traces import traces_of; assert traces_of(Settings(traces_url=''), 'billing') is None;"
        " print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # FastStream looks whether a part of it is there, which names the empty packages above that part.
    assert set(ast.literal_eval(done.stdout)) <= {"opentelemetry", "opentelemetry.semconv"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        f"00-{TRACE}-00f067aa0ba902b7",
        f"00-{TRACE}-00f067aa0ba902b7-01-more",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"00-{TRACE[:-1]}g-00f067aa0ba902b7-01",
    ],
)
def test_what_is_no_traceparent_is_passed_over(text: str) -> None:
    assert parsed(text) is None


def test_a_traceparent_is_read_as_it_is_written() -> None:
    assert parsed(str(CALLER)) == CALLER
    assert parsed(str(UNSAMPLED)) == UNSAMPLED
    assert parsed(f"01-{TRACE}-{CALLER.span_id}-01-more") == CALLER  # a later version may add to it

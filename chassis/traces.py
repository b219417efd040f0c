"""Spans of calls and of facts taken in, sent by OpenTelemetry. The library is an extra (`retainer[traces]`): nothing of
it is loaded while RETAINER_TRACES_URL is empty.

A span is made when it has ended, with the id that was given out when it began: facts that were recorded in between name
it as their parent already.
"""

import random
import secrets
import time
from typing import TYPE_CHECKING, Any

from chassis.settings import Settings, SettingsWrong
from chassis.traceparent import TraceParent, parsed, span_of_reaction

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter


class Traces:
    """Everything of one process. `share` of the calls that bring no trace begin one."""

    def __init__(self, service: str, exporter: "SpanExporter", *, share: float, at_once: bool = False) -> None:
        from opentelemetry import trace
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

        given = _given_ids(RandomIdGenerator)
        self._trace = trace
        self._ids = given
        self._service = service
        self._share = share
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": f"retainer-{service}"}), id_generator=given
        )
        processor = SimpleSpanProcessor(exporter) if at_once else BatchSpanProcessor(exporter)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("retainer")

    def begin(self, parent: TraceParent | None) -> TraceParent | None:
        """The context of a call that begins now: in its caller's trace, or in a new one, or in none."""
        if parent is None:
            if self._share < 1 and random.random() >= self._share:
                return None
            return TraceParent(secrets.token_hex(16), secrets.token_hex(8))
        return TraceParent(parent.trace_id, secrets.token_hex(8), parent.sampled)

    def called(
        self, method: str, span: TraceParent, parent: TraceParent | None, seconds: float, code: str, failed: bool
    ) -> None:
        """A call has ended after so many seconds."""
        service, _, name = method.lstrip("/").partition("/")
        attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name, "rpc.grpc.status_code": code}
        self._made(method.lstrip("/"), self._trace.SpanKind.SERVER, span, parent, seconds, attributes, failed)

    def took_in(self, traceparent: str, event_id: str, event_type: str, subject: str, seconds: float) -> None:
        """A fact of another service was taken in, with what it led to."""
        parent = parsed(traceparent)
        if parent is None or not parent.sampled:
            return
        span = TraceParent(parent.trace_id, span_of_reaction(self._service, event_id))
        attributes = {
            "messaging.system": "nats",
            "messaging.message.id": event_id,
            "cloudevents.event_type": event_type,
            "cloudevents.event_subject": subject,
        }
        kind = self._trace.SpanKind.CONSUMER
        self._made(f"{self._service} takes in {event_type}", kind, span, parent, seconds, attributes, False)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def _made(
        self,
        name: str,
        kind: Any,
        span: TraceParent,
        parent: TraceParent | None,
        seconds: float,
        attributes: dict[str, str],
        failed: bool,
    ) -> None:
        if not span.sampled:
            return
        trace = self._trace
        context = None
        if parent is not None:
            above = trace.SpanContext(
                int(parent.trace_id, 16), int(parent.span_id, 16), True, trace.TraceFlags(trace.TraceFlags.SAMPLED)
            )
            context = trace.set_span_in_context(trace.NonRecordingSpan(above))
        ended = time.time_ns()
        self._ids.next = (int(span.trace_id, 16), int(span.span_id, 16))
        made = self._tracer.start_span(
            name, context, kind, attributes=attributes, start_time=ended - int(seconds * 1_000_000_000)
        )
        if failed:
            made.set_status(trace.Status(trace.StatusCode.ERROR))
        made.end(ended)


def traces_of(settings: Settings, service: str) -> Traces | None:
    """None where none are wanted; `SettingsWrong` where they are and the library is not there."""
    if not settings.traces_url:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    except ImportError:
        raise SettingsWrong(
            "RETAINER_TRACES_URL needs OpenTelemetry: pip install 'retainer[traces]', or leave it empty"
        ) from None
    exporter = OTLPSpanExporter(endpoint=settings.traces_url, insecure=not settings.traces_url.startswith("https://"))
    return Traces(service, exporter, share=settings.traces_share)


def _given_ids(base: type[Any]) -> Any:
    """A generator that gives out the ids it was told, each once."""

    class Given(base):  # type: ignore[misc]  # the library is there only where this is called
        next: tuple[int, int] | None = None

        def generate_trace_id(self) -> int:
            return self.next[0] if self.next else int(super().generate_trace_id())

        def generate_span_id(self) -> int:
            given, self.next = self.next, None
            return given[1] if given else int(super().generate_span_id())

    return Given()

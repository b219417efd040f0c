"""What a process tells Prometheus: the gRPC names that official dashboards know, and what the chassis measures.

    grpc_server_started_total          grpc_type, grpc_service, grpc_method
    grpc_server_handled_total          the same, and grpc_code in TitleCase
    grpc_server_handling_seconds       grpc_type, grpc_service, grpc_method
    grpc_server_msg_received_total, grpc_server_msg_sent_total
    retainer_facts_recorded_total      fact
    retainer_append_commands           commands in one append
    retainer_relay_lag_positions, retainer_relay_lag_seconds
    retainer_inbox_position, retainer_inbox_lag_positions                source
    retainer_dead_letters_total, retainer_dead_letters_waiting           source
    retainer_view_position, retainer_view_lag_positions                  view
    retainer_visible_seconds           source: from recorded there until our views hold what it led to

No ids are labels. What a service counts of its own it declares with `counter` and `histogram`, when it is wired.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import grpc
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from chassis.visibility import Visibility

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SLOW_SECONDS = 0.1
"""The objective: 99 % of commands are answered within."""
COMMANDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_METHOD = ("grpc_type", "grpc_service", "grpc_method")
_READ_SECONDS = 5.0
_LONGEST_HEAD = 16_384


class Metrics:
    """All metrics of a process; what chassis.measures asks for is among them."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # two lines for each, and no dashboard asks for them
        self.registry = CollectorRegistry()
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._gauges: dict[str, Gauge] = {}
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._started = self.counter("grpc_server_started", "Calls begun", _METHOD)
        self._handled = self.counter("grpc_server_handled", "Calls ended, by code", (*_METHOD, "grpc_code"))
        self._received = self.counter("grpc_server_msg_received", "Messages received", _METHOD)
        self._sent = self.counter("grpc_server_msg_sent", "Messages sent", _METHOD)
        self._seconds = self.histogram("grpc_server_handling_seconds", "Time until a call ended", _METHOD)
        self._facts = self.counter("retainer_facts_recorded", "Facts committed, by name", ("fact",))
        self._commands = Histogram(
            "retainer_append_commands", "Commands in one append", buckets=COMMANDS, registry=self.registry
        )
        self._relay_positions = self._gauge("retainer_relay_lag_positions", "Facts that are not on the bus yet")
        self._relay_seconds = self._gauge("retainer_relay_lag_seconds", "Age of the oldest fact not on the bus")
        self._inbox_position = self._gauge("retainer_inbox_position", "Position taken in, by source", "source")
        self._inbox_lag = self._gauge("retainer_inbox_lag_positions", "Facts that wait on the bus", "source")
        self._dead = self.counter("retainer_dead_letters", "Facts that could not be taken in", ("source",))
        self._dead_waiting = self._gauge("retainer_dead_letters_waiting", "Facts that wait for a replay", "source")
        self._view_position = self._gauge("retainer_view_position", "Position a view has reached", "view")
        self._view_lag = self._gauge("retainer_view_lag_positions", "Positions a view is behind", "view")
        visible = self.histogram("retainer_visible_seconds", "From recorded there until seen in our views", ("source",))
        self._visibility = Visibility(lambda source: visible.labels(source).observe)

    def counter(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Counter:
        """A counter of the service's own (`_total` is added); no ids as labels. The same name gives the same one."""
        if name not in self._counters:
            self._counters[name] = Counter(name, meaning, labels, registry=self.registry)
        return self._counters[name]

    def histogram(self, name: str, meaning: str, labels: Sequence[str] = ()) -> Histogram:
        """Seconds of something that the service does. The same name gives the same one."""
        if name not in self._histograms:
            self._histograms[name] = Histogram(name, meaning, labels, buckets=SECONDS, registry=self.registry)
        return self._histograms[name]

    def gauge(self, name: str, meaning: str) -> Gauge:
        """A gauge without labels. The same name gives the same one."""
        if name not in self._gauges:
            self._gauges[name] = self._gauge(name, meaning)
        return self._gauges[name]

    def method(self, kind: str, service: str, method: str) -> "MethodMetrics":
        """The metrics of one gRPC method, with their labels looked up once; `kind` is `unary`, `server_stream`, …"""
        labels = (kind, service, method)
        return MethodMetrics(
            started=self._started.labels(*labels),
            received=self._received.labels(*labels),
            sent=self._sent.labels(*labels),
            seconds=self._seconds.labels(*labels),
            _handled=self._handled,
            _labels=labels,
        )

    # What chassis.measures.Measures asks for.

    def facts_recorded(self, name: str, count: int) -> None:
        self._facts.labels(name).inc(count)

    def appended(self, commands: int) -> None:
        self._commands.observe(commands)

    def relay_lag(self, positions: int, seconds: float) -> None:
        self._relay_positions.set(positions)
        self._relay_seconds.set(seconds)

    def inbox_position(self, source: str, position: int, lag: int) -> None:
        self._inbox_position.labels(source).set(position)
        self._inbox_lag.labels(source).set(lag)

    def dead_lettered(self, source: str) -> None:
        self._dead.labels(source).inc()

    def dead_letters(self, source: str, waiting: int) -> None:
        self._dead_waiting.labels(source).set(waiting)

    def view_position(self, view: str, position: int, lag: int) -> None:
        self._view_position.labels(view).set(position)
        self._view_lag.labels(view).set(lag)

    def taken_in(self, source: str, position: int, recorded: Sequence[float]) -> None:
        self._visibility.taken_in(source, position, recorded)

    def views_reached(self, position: int) -> None:
        self._visibility.reached(position)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)


@dataclass(slots=True)
class MethodMetrics:
    """What is counted of one gRPC method."""

    started: Counter
    received: Counter
    sent: Counter
    seconds: Histogram
    _handled: Counter
    _labels: tuple[str, str, str]
    _codes: dict[grpc.StatusCode, Counter] = field(default_factory=dict)

    def took(self, seconds: float, correlation_id: str, *, traced: bool) -> None:
        """With an exemplar for a call that is in a trace, or that was slow: it ties the figure to the call's facts."""
        if traced:
            self.seconds.observe(seconds, {"trace_id": correlation_id})
        elif seconds > SLOW_SECONDS:
            self.seconds.observe(seconds, {"correlation_id": correlation_id})
        else:
            self.seconds.observe(seconds)

    def handled(self, code: grpc.StatusCode) -> None:
        counter = self._codes.get(code)
        if counter is None:
            counter = self._codes[code] = self._handled.labels(*self._labels, code_name(code))
        counter.inc()


def code_name(code: grpc.StatusCode) -> str:
    """As dashboards know it: `OK`, `NotFound`, `DeadlineExceeded`."""
    return "OK" if code is grpc.StatusCode.OK else code.name.title().replace("_", "")


class MetricsPage:
    """/metrics over HTTP, on the event loop that it tells of: while that stands still, so does the page."""

    def __init__(self, metrics: Metrics, listen: str) -> None:
        self._metrics = metrics
        self._host, _, port = listen.rpartition(":")
        self._wanted = int(port)
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self, last_port: int = 0) -> None:
        """Open the port; where any will do, the one that it had before if that is free."""
        for port in dict.fromkeys([self._wanted or last_port, self._wanted]):
            try:
                self._server = await asyncio.start_server(self._serve, self._host, port, limit=_LONGEST_HEAD)
            except OSError:
                if port == self._wanted:
                    raise
            else:
                self.port = self._server.sockets[0].getsockname()[1]
                return

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_READ_SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(self._answer(head))
                await writer.drain()
        writer.close()

    def _answer(self, head: str) -> bytes:
        request, *lines = head.split("\r\n")
        method, _, rest = request.partition(" ")
        if method != "GET" or rest.partition(" ")[0].partition("?")[0] != "/metrics":
            return _http("404 Not Found", "text/plain", b"the metrics are at /metrics\n")
        accept = next((line[7:].strip() for line in lines if line.lower().startswith("accept:")), "")
        encode, content_type = choose_encoder(accept)
        return _http("200 OK", content_type, encode(self._metrics.registry))


def samples(page: str) -> Sequence[tuple[str, Mapping[str, str], float]]:
    """Name, labels and value of everything that a page of metrics says."""
    families = text_string_to_metric_families(page)
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


def _http(status: str, content_type: str, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body

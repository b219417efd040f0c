"""The door: a grpc.aio server with tokens, deadlines, protovalidate, rich errors, metrics, health, reflection, drain.

A servicer is a plain class with one coroutine for each method; the second argument is a `Call`, not a gRPC context:

    class TimeEntries(time_entry_pb2_grpc.TimeEntryServiceServicer):
        async def LogTime(self, request: LogTimeRequest, call: Call) -> LogTimeResponse: ...

Raise `Refused` (any kind), `FieldInvalid` or `NotFound`; the door makes google.rpc.Status with ErrorInfo (reason = the
refusal's name, domain `retainer.<service>`, metadata) and BadRequest field violations. Anything else is INTERNAL,
logged with its correlation id, and tells the caller nothing but that id. A server stream is an async generator.

The door has waited for the request's `consistency_token`, checked its constraints and hashed its `request_id` before a
servicer sees it. Health and reflection need no token: they tell what stands in proto/ anyway.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis.auth import Rules
from chassis.call import UNREADABLE, Call, FieldInvalid, NotFound
from chassis.method import Bounds, House, Method
from chassis.metrics import Metrics
from chassis.tls import Doorplate

__all__ = ["Bounds", "Call", "Door", "FieldInvalid", "GrpcServer", "House", "NotFound"]

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
LIVE = "live"
"""The health service for probes of liveness: SERVING as long as the event loop answers, ready or not."""
CONCURRENT_STREAMS = 1000


@dataclass(frozen=True, slots=True)
class Door:
    """One gRPC service: its generated `add_…Servicer_to_server`, the servicer, and its full name for reflection."""

    add: Callable[[Any, Any], None]
    servicer: object
    full_name: str


class PortTaken(Exception):
    """Somebody else listens at the address that the settings name."""


class GrpcServer:
    """`listen` is host and port; with port 0 it takes `last_port` if that is free, and any other if not."""

    def __init__(
        self,
        listen: str,
        doors: Sequence[Door],
        rules: Rules,
        *,
        house: House,
        metrics: Metrics,
        message_bytes: int = 16 * 1024 * 1024,
        last_port: int = 0,
        doorplate: Doorplate | None = None,
        health_listen: str = "",
    ) -> None:
        self.port = 0
        self._listen = listen
        self._last_port = last_port
        self._doorplate = doorplate
        self._names = [door.full_name for door in doors]
        self._drain = house.drain
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(
            options=(
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", message_bytes),
                ("grpc.max_send_message_length", message_bytes),
                ("grpc.max_concurrent_streams", CONCURRENT_STREAMS),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.keepalive_timeout_ms", 10_000),
                ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
                ("grpc.keepalive_permit_without_calls", 1),
            )
        )
        for door in doors:
            door.add(door.servicer, _Registrar(self._server, house, rules, metrics))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._side_door = self._beside(health_listen) if health_listen else None
        reflection.enable_server_reflection([*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)

    async def start(self) -> None:
        """Open the port; health says NOT_SERVING until `serving`."""
        host, _, port = self._listen.rpartition(":")
        wanted = int(port)
        for tried in dict.fromkeys([wanted or self._last_port, wanted]):
            with suppress(RuntimeError):
                self.port = self._open(f"{host}:{tried}")
            if self.port:
                break
        else:
            raise PortTaken(f"somebody else listens at {self._listen}: stop it, or set another address")
        await self._say(NOT_SERVING)
        await self._health.set(LIVE, SERVING)
        await self._server.start()
        if self._side_door is not None:
            await self._side_door.start()

    def _beside(self, listen: str) -> grpc.aio.Server:
        """Health alone and without TLS: the probes of Kubernetes speak none. It tells nothing that is a secret."""
        server = grpc.aio.server(options=(("grpc.so_reuseport", 0),))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        try:
            server.add_insecure_port(listen)
        except RuntimeError:
            raise PortTaken(f"somebody else listens at {listen}: stop it, or set another address") from None
        return server

    def _open(self, address: str) -> int:
        if self._doorplate is None:
            return self._server.add_insecure_port(address)
        return self._server.add_secure_port(address, self._doorplate.credentials())

    async def serving(self, ready: bool = True) -> None:
        """Health says SERVING from now on, or no longer."""
        await self._say(SERVING if ready else NOT_SERVING)

    async def stop(self, grace_seconds: float) -> None:
        """Health says NOT_SERVING, streams are ended, running calls finish within the grace, then the port closes."""
        await self._health.enter_graceful_shutdown()
        await self._drain.stop(self._server.stop, grace_seconds)
        if self._side_door is not None:
            await self._side_door.stop(0)

    async def _say(self, status: health_pb2.HealthCheckResponse.ServingStatus.ValueType) -> None:
        for name in ("", *self._names):
            await self._health.set(name, status)


class _Registrar:
    """Stands for the server while a generated `add_…Servicer_to_server` registers its methods, and puts our door before
    each of them."""

    def __init__(self, server: grpc.aio.Server, house: House, rules: Rules, metrics: Metrics) -> None:
        self._server = server
        self._house = house
        self._rules = rules
        self._metrics = metrics

    def add_generic_rpc_handlers(self, handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """The generated code says everything twice; what counts is `add_registered_method_handlers`."""

    def add_registered_method_handlers(self, service: str, methods: dict[str, Any]) -> None:
        doors = {name: self._door(service, name, handler) for name, handler in methods.items()}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, doors),))

    def _door(self, service: str, name: str, handler: Any) -> Any:
        assert not handler.request_streaming, f"{service}/{name}: no call takes a stream of requests"
        full_name = f"/{service}/{name}"
        kind = "server_stream" if handler.response_streaming else "unary"
        method = Method(
            self._house,
            full_name,
            self._rules.get(full_name),
            handler.unary_stream if handler.response_streaming else handler.unary_unary,
            self._metrics.method(kind, service, name),
        )
        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(
                method.stream, _reading(handler.request_deserializer), handler.response_serializer
            )
        return grpc.unary_unary_rpc_method_handler(
            method.unary, _reading(handler.request_deserializer), handler.response_serializer
        )


def _reading(parse: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """gRPC would answer UNKNOWN to bytes that are no message, and log a traceback."""

    def read(raw: bytes) -> Any:
        try:
            return parse(raw)
        except DecodeError:
            return UNREADABLE

    return read

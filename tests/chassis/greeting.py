"""A service that no proto of ours describes: what the door does is tested with it, whatever the real services say."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message

from chassis.auth import ANYONE, MEMBERS, Role, Rule, Rules
from chassis.call import Call
from chassis.grpc_server import Door
from wire.buf.validate import validate_pb2

PACKAGE = "retainer.greeting.v1"
SERVICE = f"{PACKAGE}.GreetingService"
_STRING, _BOOL = 9, 8


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="greeting.proto", package=PACKAGE, syntax="proto3")
    file.dependency.append("buf/validate/validate.proto")
    request = file.message_type.add(name="GreetRequest")
    for number, name in enumerate(("name", "request_id", "consistency_token"), 1):
        request.field.add(name=name, number=number, type=_STRING, label=1, json_name=name)
    request.field.add(name="validate_only", number=4, type=_BOOL, label=1, json_name="validateOnly")
    request.field[0].options.Extensions[validate_pb2.field].string.max_len = 10
    reply = file.message_type.add(name="GreetResponse")
    reply.field.add(name="text", number=1, type=_STRING, label=1, json_name="text")
    service = file.service.add(name="GreetingService")
    for method in ("Greet", "Whisper"):
        service.method.add(name=method, input_type=f".{PACKAGE}.GreetRequest", output_type=f".{PACKAGE}.GreetResponse")
    service.method.add(
        name="Watch",
        input_type=f".{PACKAGE}.GreetRequest",
        output_type=f".{PACKAGE}.GreetResponse",
        server_streaming=True,
    )
    return file


_POOL = descriptor_pool.Default()
_POOL.AddSerializedFile(_file().SerializeToString())
GreetRequest: Any = message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.GreetRequest"))
GreetResponse: Any = message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.GreetResponse"))

RULES: Rules = {
    f"/{SERVICE}/Greet": Rule(MEMBERS),
    f"/{SERVICE}/Watch": Rule(ANYONE | {Role.SERVICE}),
    # Nobody may whisper: it has no rule.
}
Greet = Callable[[Any, Call], Awaitable[Any]]
Watch = Callable[[Any, Call], AsyncIterator[Any]]


async def never(request: Message, call: Call) -> Message:
    raise AssertionError("the door let it through")


def door(greet: Greet = never, watch: Watch | None = None) -> Door:
    def add(servicer: object, server: Any) -> None:
        codec = (GreetRequest.FromString, GreetResponse.SerializeToString)
        methods = {
            "Greet": grpc.unary_unary_rpc_method_handler(greet, *codec),
            "Whisper": grpc.unary_unary_rpc_method_handler(greet, *codec),
            "Watch": grpc.unary_stream_rpc_method_handler(watch or never, *codec),
        }
        server.add_registered_method_handlers(SERVICE, methods)

    return Door(add, object(), SERVICE)


class Caller:
    """A client of the greeting."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        codec = (GreetRequest.SerializeToString, GreetResponse.FromString)
        self.greet = channel.unary_unary(f"/{SERVICE}/Greet", *codec)
        self.whisper = channel.unary_unary(f"/{SERVICE}/Whisper", *codec)
        self.watch = channel.unary_stream(f"/{SERVICE}/Watch", *codec)

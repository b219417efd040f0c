"""Every call of a running house, found by reflection: what a stranger can find out and try."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.house import SERVICES, RunningHouse

NOT_OURS = ("grpc.",)
DEEPEST = 3


@dataclass(frozen=True)
class Reflected:
    """One method at one door."""

    service: str
    path: str
    streams: bool
    request: Any
    reply: Any


def methods_of(house: RunningHouse) -> list[Reflected]:
    """All of them, at every door; health and reflection are not ours."""
    found = []
    for service in SERVICES:
        with grpc.insecure_channel(house.address(service)) as channel:
            database = ProtoReflectionDescriptorDatabase(channel)
            pool = DescriptorPool(database)
            for name in database.get_services():
                if name.startswith(NOT_OURS):
                    continue
                for method in pool.FindServiceByName(name).methods:
                    assert not method.client_streaming
                    request, reply = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
                    path = f"/{name}/{method.name}"
                    found.append(Reflected(service, path, method.server_streaming, request, reply))
    return found


def fields_of(message: Message, depth: int = 0) -> Iterator[tuple[Message, FieldDescriptor]]:
    """Every text field of a request, with the message that it is in; messages inside of it are made."""
    for field in message.DESCRIPTOR.fields:
        if field.is_repeated:
            continue
        if field.type == FieldDescriptor.TYPE_STRING:
            yield message, field
        elif field.type == FieldDescriptor.TYPE_MESSAGE and depth < DEEPEST and _is_ours(field):
            inside = getattr(message, field.name)
            inside.SetInParent()
            yield from fields_of(inside, depth + 1)


def _is_ours(field: FieldDescriptor) -> bool:
    return field.message_type.full_name.startswith("retainer.") and field.containing_oneof is None


def filled(method: Reflected, names: Mapping[str, str], about: str = "", filter: str = "") -> Message:
    """A request that names everything it can: a field `contract` the contract, `client_id` the client's id, `name` what
    it is `about`. Nothing is recorded where the call can be tried out."""
    request: Message = method.request()
    for message, field in list(fields_of(request)):
        kind = field.name.removesuffix("_id")
        value = ""
        if field.name == "name":
            value = about
        elif field.name == "filter":
            value = filter
        elif kind in names:
            value = names[kind].rpartition("/")[2] if field.name.endswith("_id") else names[kind]
        if value:
            setattr(message, field.name, value)
    _give_values(request)
    if "validate_only" in request.DESCRIPTOR.fields_by_name:
        request.validate_only = True  # type: ignore[attr-defined]  # looked up above
    return request


def _give_values(message: Message, depth: int = 0) -> None:
    """Something sensible for what is no text, so that a call gets as far as to look up what was named."""
    for field in message.DESCRIPTOR.fields:
        if field.is_repeated or field.name in ("page_size", "skip_entries", "most_entries"):
            continue
        if field.type in (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64) and field.containing_oneof is None:
            setattr(message, field.name, 1)
        elif field.type == FieldDescriptor.TYPE_MESSAGE and depth < DEEPEST:
            inside = getattr(message, field.name)
            match field.message_type.full_name:
                case "google.type.Date":
                    inside.year, inside.month, inside.day = 2026, 2, 1
                case "google.type.Money":
                    inside.currency_code, inside.units = "EUR", 10
                case "google.protobuf.Duration":
                    inside.seconds = 3600
                case _ if _is_ours(field):
                    _give_values(inside, depth + 1)
                case _:
                    continue

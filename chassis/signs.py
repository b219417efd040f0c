"""Texts of a request hold no control signs (vocabulary.signs)."""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from chassis.answers import FieldAtFault
from vocabulary.signs import CONTROL

DESCRIPTION = "a text has no control signs but tabs and line ends"


class _Texts(NamedTuple):
    """Where a kind of message can hold texts."""

    own: Callable[[Message], tuple[str, ...]]
    """Those of its own fields."""
    within: tuple[str, ...]
    """Fields that are one message."""
    many: tuple[str, ...]
    """Fields that repeat, and maps."""


def control_signs(request: Message) -> list[FieldAtFault]:
    """Every text with one, in the words of the request: `entry.task`, `entry.tags[0]`. About 3 µs where all is well."""
    found: list[FieldAtFault] = []
    if not _is_clean(request):
        _look(request, "", found)
    return found


def _is_clean(message: Message) -> bool:
    """Whether there is nothing to be found: asked of each call, so it names nothing and looks where texts can be."""
    texts = _texts_of(message.DESCRIPTOR)
    if CONTROL.search("".join(texts.own(message))):
        return False
    for name in texts.within:
        if message.HasField(name) and not _is_clean(getattr(message, name)):
            return False
    return all(_are_clean(getattr(message, name)) for name in texts.many)


def _are_clean(values: Any) -> bool:
    parts = [*values, *values.values()] if isinstance(values, Mapping) else values
    return all(
        _is_clean(value) if isinstance(value, Message) else not (isinstance(value, str) and CONTROL.search(value))
        for value in parts
    )


@cache
def _texts_of(descriptor: Descriptor) -> _Texts:
    fields = [field for field in descriptor.fields if _can_hold_texts(field, set())]
    single = [field for field in fields if not field.is_repeated]
    own = [field.name for field in single if field.type == FieldDescriptor.TYPE_STRING]
    return _Texts(
        own=_getter(own),
        within=tuple(field.name for field in single if field.message_type is not None),
        many=tuple(field.name for field in fields if field.is_repeated),
    )


def _can_hold_texts(field: FieldDescriptor, seen: set[Descriptor]) -> bool:
    if field.message_type is None:
        return bool(field.type == FieldDescriptor.TYPE_STRING)
    if field.message_type in seen:
        return False
    seen.add(field.message_type)
    return any(_can_hold_texts(inner, seen) for inner in field.message_type.fields)


def _getter(names: list[str]) -> Callable[[Message], tuple[str, ...]]:
    match names:
        case []:
            return lambda message: ()
        case [name]:
            return lambda message: (getattr(message, name),)
        case _:
            return attrgetter(*names)


def _look(message: Message, within: str, found: list[FieldAtFault]) -> None:
    for field, value in message.ListFields():
        if isinstance(value, str):
            if CONTROL.search(value):
                found.append(FieldAtFault(within + field.name, DESCRIPTION))
        elif isinstance(value, Message):
            _look(value, f"{within}{field.name}.", found)
        elif field.cpp_type == field.CPPTYPE_MESSAGE or field.type == field.TYPE_STRING:
            _look_at_each(value, within + field.name, found)


def _look_at_each(values: Any, name: str, found: list[FieldAtFault]) -> None:
    """Of a field that repeats, or of a map."""
    parts = [*values, *values.values()] if isinstance(values, Mapping) else values
    for place, value in enumerate(parts):
        if isinstance(value, Message):
            _look(value, f"{name}[{place}].", found)
        elif isinstance(value, str) and CONTROL.search(value):
            found.append(FieldAtFault(f"{name}[{place}]", DESCRIPTION))

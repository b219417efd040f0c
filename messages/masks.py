"""Update masks (AIP-134): which fields of a message a caller names.

Refused
└── MaskInvalid         a path that names no field, or one that cannot be changed
"""

from collections.abc import Collection
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from vocabulary.refusal import Kind, Refused

M = TypeVar("M", bound=Message)


class MaskInvalid(Refused, kind=Kind.INVALID):
    """The mask names what is no field of the message, or what cannot be changed."""


def overlaid(before: M, given: M, mask: FieldMask, changeable: Collection[str]) -> M:
    """`before` with the fields that the mask names taken from `given`; those that `given` lacks are emptied.

    `changeable` are the fields at the top that may be named. Without a mask all of them are taken.
    """
    after = type(before)()
    after.CopyFrom(before)
    for path in checked(mask, given, changeable) or changeable:
        _overlay(after, given, path.split("."))
    return after


def checked(mask: FieldMask, message: Message, changeable: Collection[str]) -> list[str]:
    """The paths of a mask, or `MaskInvalid`; `*` stands for all."""
    paths = list(dict.fromkeys(mask.paths))
    if paths == ["*"]:
        return list(changeable)
    for path in paths:
        if path.split(".")[0] not in changeable or not _exists(message, path.split(".")):
            named = ", ".join(changeable)
            raise MaskInvalid(f"{path!r} cannot be changed here: take of {named}", field="update_mask")
    return paths


def _exists(message: Message, steps: list[str]) -> bool:
    descriptor: Any = message.DESCRIPTOR
    for step in steps:
        field = descriptor.fields_by_name.get(step) if descriptor is not None else None
        if field is None:
            return False
        descriptor = None if field.is_repeated else field.message_type
    return True


def _overlay(after: Message, given: Message, steps: list[str]) -> None:
    """Walk to the last step, then copy or clear it."""
    for step in steps[:-1]:
        after = getattr(after, step)
        given = getattr(given, step)
    last = steps[-1]
    after.ClearField(last)
    part = type(after)()
    field = given.DESCRIPTOR.fields_by_name[last]
    if field.is_repeated:
        part.MergeFrom(given)
        for name in part.DESCRIPTOR.fields_by_name:
            if name != last:
                part.ClearField(name)
        after.MergeFrom(part)
    elif field.message_type is not None:
        if given.HasField(last):
            getattr(after, last).CopyFrom(getattr(given, last))
    elif not field.has_presence or given.HasField(last):
        setattr(after, last, getattr(given, last))

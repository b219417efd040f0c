"""A change of terms as the API's message: nothing is decided here, only carried over."""

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from messages.terms import terms_message
from vocabulary.terms import Terms, TermsPatch, merged
from wire.retainer.contracts.v1.terms_pb2 import Terms as TermsMessage


def change_message(patch: TermsPatch, before: Terms, currency: str) -> tuple[TermsMessage, FieldMask]:
    """A merge patch as ChangeTerms takes it: the terms that it leads to, and the paths of what it says. What a path
    names and the terms lack is taken away. `before` is any version of the terms that the patch fits on."""
    message = terms_message(merged(before, patch), currency)
    return message, FieldMask(paths=list(_paths(patch)))


def _paths(patch: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The leaves of a patch; an allowance is one, for it is replaced whole."""
    for key, value in patch.items():
        path = f"{before}{key}"
        if isinstance(value, Mapping) and value and path != "allowance":
            yield from _paths(value, f"{path}.")
        else:
            yield path

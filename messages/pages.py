"""Pages: how many rows, and where the next page begins (AIP-158).

A page token holds the sort key of the last row seen and a digest of the query (agency, filter, order): with another
query it is refused, so that no page is ever of two lists. It needs no secret, since it grants nothing: whoever may list
may begin where he likes.

    Refused
    └── PageTokenInvalid    not a token of ours, or one of another query
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec

from vocabulary.refusal import Kind, Refused

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000

Key = tuple[str | int, ...]
R = TypeVar("R")


class PageTokenInvalid(Refused, kind=Kind.INVALID):
    """Not a page token of ours, or one that belongs to another query."""


class _Place(msgspec.Struct, frozen=True, array_like=True):
    query: str
    key: Key


_DECODER = msgspec.json.Decoder(_Place)


def size_of(page_size: int) -> int:
    """How many rows a page has: 50 where nothing is asked, at most 1,000."""
    return min(page_size, LARGEST_SIZE) if page_size > 0 else DEFAULT_SIZE


def token_of(key: Key, *query: str) -> str:
    """The token of the page after the row with this sort key. `query`: agency, method, filter, order."""
    return urlsafe_b64encode(msgspec.json.encode(_Place(_digest(query), key))).decode().rstrip("=")


def key_in(token: str, *query: str) -> Key | None:
    """The sort key after which the page begins; None for the first page."""
    if not token:
        return None
    try:
        place = _DECODER.decode(urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)))
    except (binascii.Error, UnicodeError, ValueError, msgspec.DecodeError):
        raise PageTokenInvalid("give the page token as the last page gave it", field="page_token") from None
    if place.query != _digest(query):
        raise PageTokenInvalid(
            "this page token belongs to another filter or order: begin at the first page", field="page_token"
        )
    return place.key


def cut(rows: Sequence[R], size: int) -> tuple[Sequence[R], R | None]:
    """Of `size + 1` rows asked for: the page, and its last row where there are more pages."""
    return (rows[:size], rows[size - 1]) if len(rows) > size else (rows, None)


def _digest(query: tuple[str, ...]) -> str:
    return sha256("\0".join(query).encode()).hexdigest()[:16]

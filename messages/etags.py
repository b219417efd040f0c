"""The etag of a resource is the version of its stream, as text.

Refused
└── EtagMalformed       not one of ours
"""

from vocabulary.refusal import Kind, Refused


class EtagMalformed(Refused, kind=Kind.INVALID):
    """No etag of ours: give it as a reply gave it, or leave it out."""


def etag_of(version: int) -> str:
    return str(version)


def version_in(etag: str, field: str = "etag") -> int | None:
    """The version that the caller decided on; None where he names none."""
    if not etag:
        return None
    if not (etag.isascii() and etag.isdigit() and len(etag) < 19):
        raise EtagMalformed(f"{etag!r} is no etag: give it as a reply gave it, or leave it out", field=field)
    return int(etag)

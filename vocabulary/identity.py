"""Ids are names, not numbers: each its own type, so that one cannot stand in for another.

An id is 1 to 63 characters of `a-z`, `0-9`, `-`, `_` and `.`, beginning with a letter or a digit. A caller may choose
it; a service makes a UUIDv7 otherwise. Ids carry no personal data: they go on the bus in clear and outlive an erasure.
"""

import re
from typing import NewType

from vocabulary.refusal import Kind, Refused

AgencyId = NewType("AgencyId", str)
ClientId = NewType("ClientId", str)
ContractId = NewType("ContractId", str)
PersonId = NewType("PersonId", str)
EntryId = NewType("EntryId", str)
DeliveryId = NewType("DeliveryId", str)
ImportId = NewType("ImportId", str)
BlockId = NewType("BlockId", str)
CreditId = NewType("CreditId", str)
ExtraId = NewType("ExtraId", str)
PaymentId = NewType("PaymentId", str)
DocumentNumber = NewType("DocumentNumber", str)
"""`2026-0001`, or `CN-2026-0001` for a credit note (R30)."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}", re.IGNORECASE)


class IdMalformed(Refused, kind=Kind.INVALID):
    """The id has characters that cannot stand in a resource name or a subject, or is too long."""


def check_id(value: str, field: str) -> str:
    """The id itself, or `IdMalformed` with the field it came in."""
    if not _ID.fullmatch(value) or value.endswith("."):
        raise IdMalformed(
            f"{value!r} is no id: use 1 to 63 letters, digits, '-', '_' or '.', beginning with a letter or a digit",
            field=field,
        )
    return value

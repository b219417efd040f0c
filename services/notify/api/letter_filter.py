"""Which letters a caller wants: the part of AIP-160 that lists of letters understand, and page tokens."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

import msgspec

from chassis.grpc_server import FieldInvalid
from services.notify.api.messages import KINDS
from services.notify.domain.notice_state import Stage
from services.notify.views.letters import Wanted
from vocabulary.identity import ContractId, DocumentNumber

_CONDITION = re.compile(r'\s*(\w+)\s*=\s*(?:"([^"\\]*)"|([\w./-]+))\s*')
_AND = re.compile(r"AND\s")


def wanted(text: str) -> Wanted:
    """`client = "clients/acme" AND state = SENT`; `FieldInvalid` for anything that is not understood."""
    conditions = Wanted()
    rest, begun = text, False
    while rest.strip():
        if begun and not (joint := _AND.match(rest)):
            raise _not_understood()
        if begun and joint:
            rest = rest[joint.end() :]
        condition = _CONDITION.match(rest)
        if condition is None:
            raise _not_understood()
        conditions = _with(conditions, condition[1], condition[2] if condition[2] is not None else condition[3])
        rest, begun = rest[condition.end() :], True
    return conditions


def _with(conditions: Wanted, field: str, value: str) -> Wanted:
    match field:
        case "client":
            return msgspec.structs.replace(conditions, client_id=_id(value, "clients"))
        case "contract":
            return msgspec.structs.replace(conditions, contract_id=ContractId(_id(value, "contracts")))
        case "invoice":
            return msgspec.structs.replace(conditions, number=DocumentNumber(_id(value, "invoices")))
        case "kind":
            kind = value.lower().removeprefix("letter_kind_")
            if kind not in KINDS:
                raise FieldInvalid(f"there is no kind {value}: take one of {', '.join(KINDS).upper()}", field="filter")
            return msgspec.structs.replace(conditions, kind=kind)
        case "state":
            stage = value.lower().removeprefix("letter_state_")
            if stage not in list(Stage):
                raise FieldInvalid(f"there is no state {value}: take one of {', '.join(Stage).upper()}", field="filter")
            return msgspec.structs.replace(conditions, stage=Stage(stage))
        case _:
            raise FieldInvalid(
                f"letters cannot be filtered by {field}: take client, contract, invoice, kind or state", field="filter"
            )


def _id(name: str, collection: str) -> str:
    head, _, identity = name.partition("/")
    if head != collection or not identity:
        raise FieldInvalid(f'write "{collection}/…", not "{name}"', field="filter")
    return identity


def _not_understood() -> FieldInvalid:
    return FieldInvalid('write conditions like: client = "clients/acme" AND state = SENT', field="filter")


def page_token(position: int, filter_text: str) -> str:
    """Where the next page begins, bound to the filter that it belongs to."""
    return urlsafe_b64encode(f"{position}.{_digest(filter_text)}".encode()).decode().rstrip("=")


def before(token: str, filter_text: str) -> int | None:
    """The position of the last letter seen; None on the first page."""
    if not token:
        return None
    try:
        position, _, digest = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii").partition(".")
        place = int(position)
    except (binascii.Error, ValueError):
        digest, place = "", 0
    if digest != _digest(filter_text):
        raise FieldInvalid("give the page token as the last page gave it, with the same filter", field="page_token")
    return place


def _digest(filter_text: str) -> str:
    return sha256(filter_text.strip().encode()).hexdigest()[:12]

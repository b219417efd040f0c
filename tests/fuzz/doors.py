"""What reads bytes of strangers, as functions of bytes: they refuse by a name that is theirs, or take what they get.

Anything else that comes out of one is a crash.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NamedTuple

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from protovalidate import Validator

import wire.retainer
from chassis.auth import Identity, Role, TokenInvalid
from chassis.freshness import TokenMalformed, place_in
from chassis.tokens import SigningKeys, Tokens
from messages.etags import version_in
from messages.filters import EQUAL, Order, conditions, order
from messages.masks import checked
from messages.names import id_in
from messages.pages import PageTokenInvalid, key_in, token_of
from messages.terms import agreement_message, agreement_of, terms_of
from retainer.simulate import outcome_of
from retainer.yaml_exact import Flaw, parse
from services.contracts.api.clients import profile_of
from services.contracts.api.people import Seals
from services.timelog.api.entry_words import correction_of, said_of
from services.timelog.api.import_words import options_of
from services.timelog.domain.imports.sources import SOURCES
from tests.house import ROOT
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Cycle, Fee, Hours, Terms
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest
from wire.retainer.timelog.v1.time_entry_pb2 import (
    CorrectTimeRequest,
    ListTimeEntriesRequest,
    LogTimeRequest,
    TimeEntry,
)

FIELDS = ("name", "person", "display_name", "worked", "note")


class Door(NamedTuple):
    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    """Inputs that it takes, to begin with."""


def message(content: bytes) -> None:
    """The first two bytes choose a request, the rest is its body: shapes first, then what servicers read of it."""
    kinds = requests()
    kind = kinds[int.from_bytes(content[:2]) % len(kinds)]
    try:
        request = kind.FromString(content[2:])
    except DecodeError:
        return
    if validator().collect_violations(request):
        return
    _each(request, FIELD_READERS, 0)


def csv(content: bytes) -> None:
    for source in SOURCES.values():
        try:
            for _ in source.rows(source.open(content), None):
                continue
        except Refused:
            continue


def case(content: bytes) -> None:
    """A case file, told to its end: terms, log, and what comes of them."""
    try:
        outcome_of(parse(content.decode("utf-8", "replace")))
    except Flaw:
        return


def token(content: bytes) -> None:
    try:
        TOKENS.read(content.decode("utf-8", "surrogateescape"))
    except TokenInvalid:
        return


def page_token(content: bytes) -> None:
    text = content.decode("utf-8", "surrogateescape")
    with suppress(PageTokenInvalid):
        key_in(text, "studio", "ListClients")
    try:
        place_in(text)
    except TokenMalformed:
        return


@cache
def requests() -> Sequence[type[Message]]:
    """The request of every call that there is, in order of the calls' names."""
    found: dict[str, type[Message]] = {}
    for module in walk_packages(wire.retainer.__path__, "wire.retainer."):
        if module.name.endswith("_pb2"):
            for service in import_module(module.name).DESCRIPTOR.services_by_name.values():
                found |= {method.full_name: GetMessageClass(method.input_type) for method in service.methods}
    return [found[name] for name in sorted(found)]


@cache
def validator() -> Validator:
    return Validator()


def _each(owner: Message, readers: Mapping[str, Callable[[Any], object]], depth: int) -> None:
    """Every field with the reader of its type or its name; a reader refuses, or gives what it read."""
    _refusing(readers.get(owner.DESCRIPTOR.name), owner)
    for field, value in owner.ListFields():
        values = list(value) if field.is_repeated and not _is_map(field) else [value]
        for one in values:
            if isinstance(one, str):
                _refusing(readers.get(field.name), one)
            elif isinstance(one, Message) and depth < 20:
                _each(one, readers, depth + 1)


def _refusing(read: Callable[[Any], object] | None, value: Any) -> None:
    if read is not None:
        try:
            read(value)
        except Refused:
            return


def _is_map(field: Any) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


FIELD_READERS: Mapping[str, Callable[[Any], object]] = {
    "Agreement": agreement_of,
    "Terms": lambda terms: terms_of(terms, "EUR"),
    "Client": lambda client: profile_of(client, Seals("client/acme", {})),
    "TimeEntry": said_of,
    "CorrectTimeRequest": correction_of,
    "ImportOptions": options_of,
    "FieldMask": lambda mask: checked(mask, requests()[0](), FIELDS),
    "etag": version_in,
    "filter": lambda text: conditions(text, dict.fromkeys(FIELDS, EQUAL)),
    "order_by": lambda text: order(text, FIELDS, [Order("name", descending=False)]),
    "page_token": lambda text: key_in(text, "studio", "ListClients"),
    "name": lambda text: id_in(text, "people", "name"),
    "contract": lambda text: id_in(text, "contracts", "contract"),
}

TOKENS = Tokens(SigningKeys.fresh())


def _seeds_of_requests() -> Sequence[bytes]:
    """Each request filled to its depths, and a few as callers send them."""
    kinds = requests()
    kept = Terms(cycle=Cycle.MONTH, fee=Fee(amount=Minor(100_00)), allowance=Hours(minutes=Minutes(600)))
    agreement = agreement_message(Agreement(currency="EUR", time_zone="UTC", starts_on="2026-01-01", terms=kept))
    entry = TimeEntry(contract="contracts/web", person="people/anna", note="said", tags=["a"])
    entry.work_date.year, entry.work_date.month, entry.work_date.day, entry.worked.seconds = 2026, 1, 31, 3600
    sent: list[Message] = [
        DraftContractRequest(client="clients/acme", title="Web", agreement=agreement),
        LogTimeRequest(entry_id="e1", entry=entry),
        CorrectTimeRequest(entry=TimeEntry(name="entries/e1", note="else"), update_mask=FieldMask(paths=["note"])),
        ListTimeEntriesRequest(filter='contract = "contracts/web"', order_by="counted_on desc"),
        *(_filled(kind, 0) for kind in kinds),
    ]
    return [kinds.index(type(request)).to_bytes(2) + request.SerializeToString() for request in sent]


def _filled(kind: type[Message], depth: int) -> Message:
    """Something in every field, messages within messages included."""
    made = kind()
    for field in kind.DESCRIPTOR.fields:
        if _is_map(field) or (field.message_type is not None and depth > 3):
            continue
        value: Any
        if field.message_type is not None:
            value = _filled(GetMessageClass(field.message_type), depth + 1)
        elif field.type == field.TYPE_STRING:
            value = "people/anna"
        elif field.type == field.TYPE_BYTES:
            value = b"bytes"
        else:
            value = 1
        if field.is_repeated:
            getattr(made, field.name).append(value)
        elif field.message_type is not None:
            getattr(made, field.name).CopyFrom(value)
        else:
            setattr(made, field.name, value)
    return made


def _cases() -> Sequence[bytes]:
    """Short ones, without what they expect: that is read in the end alone."""
    texts = [path.read_text() for path in sorted((ROOT / "tests" / "cases").glob("*.yaml"))]
    return [re.split(r"^expect:", text, flags=re.MULTILINE)[0].encode() for text in texts if len(text) < 4_000][:60]


def _export() -> bytes:
    return Path(ROOT, "retainer/samples/toggl-detailed-2026-q1.csv").read_bytes()[:1_000]


def doors() -> Mapping[str, Door]:
    """Made when asked for: whoever searches has to load the modules first."""
    good = TOKENS.issue(Identity("studio", "anna", Role.OWNER))
    page = token_of(("acme", 7), "studio", "ListClients")
    return {
        "messages": Door(message, _seeds_of_requests()),
        "exports": Door(csv, [_export()]),
        "case files": Door(case, _cases()),
        "tokens": Door(token, [good.encode()]),
        "page tokens": Door(page_token, [page.encode(), b"dGltZWxvZy5hYmMuNw"]),
    }

"""A fact as a message on the bus: CloudEvents 1.0 in binary mode, and what a subscriber needs to prove completeness."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from chassis.bus import header_text, header_value
from chassis.store import Recorded
from chassis.store.plan import EPOCH, MICROSECOND, Row
from chassis.traceparent import of_fact

POSITION = "Retainer-Position"
PREVIOUS = "Retainer-Previous"
STREAM = "Retainer-Stream"
VERSION = "Retainer-Stream-Version"
ACTOR = "Retainer-Actor"
AGENCY = "Retainer-Agency"
CORRELATION = "Retainer-Correlation-Id"
CAUSATION = "Retainer-Causation-Id"
AGENCY_SEQUENCE = "Retainer-Agency-Sequence"
STREAM_HASH = "Retainer-Stream-Hash"
MESSAGE_ID = "Nats-Msg-Id"
TRACEPARENT = "ce-traceparent"
"""CloudEvents' extension for distributed tracing."""


class Malformed(Exception):
    """Not a message of a relay: headers are missing or cannot be read."""


def message_id(service: str, epoch: str, position: int) -> str:
    return f"{service}:{epoch}:{position}"


def headers_of(fact: Recorded | Row, service: str, epoch: str) -> dict[str, str]:
    """`ce-type` is name and version, `ce-subject` the stream, `ce-source` the service and the epoch of its store."""
    if isinstance(fact, Recorded):
        tag, at = f"{fact.name}@{fact.event_version}", fact.recorded_at
    else:
        tag, at = fact.tag, EPOCH + fact.recorded_at_us * MICROSECOND
    identity = message_id(service, epoch, fact.position)
    headers = {
        MESSAGE_ID: identity,
        "Content-Type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": identity,
        "ce-source": f"/retainer/{service}/{epoch}",
        "ce-type": tag,
        "ce-subject": header_text(fact.stream),
        "ce-time": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        POSITION: str(fact.position),
        PREVIOUS: str(fact.previous),
        STREAM: header_text(fact.stream),
        VERSION: str(fact.version),
        AGENCY: header_text(fact.agency),
        AGENCY_SEQUENCE: str(fact.agency_sequence),
        STREAM_HASH: fact.stream_hash,
    }
    for name, value in ((ACTOR, fact.actor), (CORRELATION, fact.correlation_id), (CAUSATION, fact.causation_id)):
        if value:
            headers[name] = header_text(value)
    if span := of_fact(service, fact.correlation_id, fact.causation_id):
        headers[TRACEPARENT] = str(span)
    return headers


class _Written(str):
    """Header lines that are written already. The client checks, strips and encodes header by header, which costs more
    than all else that a relay does; as one value that stays as it is, twenty cost as much as one."""

    __slots__ = ()

    def strip(self, chars: str | None = None, /) -> str:
        return self

    def translate(self, table: object, /) -> str:
        return self


def written(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers as the client shall send them; none of their values holds a line's end (`header_text`)."""
    (first, value), *others = headers.items()
    lines = [value, *(f"{name}: {text}" for name, text in others)]
    return {first: _Written("\r\n".join(lines))}


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The headers of a message, read."""

    source: str
    epoch: str
    position: int
    previous: int
    stream: str
    version: int
    tag: str
    recorded_at: datetime
    agency: str
    agency_sequence: int
    actor: str
    correlation_id: str
    event_id: str
    stream_hash: str
    traceparent: str = ""


def envelope_of(headers: Mapping[str, str]) -> Envelope:
    """`Malformed` where one is missing."""
    try:
        _, _, source, epoch = headers["ce-source"].split("/")
        return Envelope(
            source=source,
            epoch=epoch,
            position=int(headers[POSITION]),
            previous=int(headers[PREVIOUS]),
            stream=header_value(headers[STREAM]),
            version=int(headers[VERSION]),
            tag=headers["ce-type"],
            recorded_at=datetime.fromisoformat(headers["ce-time"]),
            agency=header_value(headers[AGENCY]),
            agency_sequence=int(headers[AGENCY_SEQUENCE]),
            actor=header_value(headers.get(ACTOR, "")),
            correlation_id=header_value(headers.get(CORRELATION, "")),
            event_id=headers["ce-id"],
            stream_hash=headers[STREAM_HASH],
            traceparent=headers.get(TRACEPARENT, ""),
        )
    except (KeyError, ValueError) as error:
        raise Malformed(f"not a fact of a relay: {error}") from error

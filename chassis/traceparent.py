"""W3C trace context, without any library: what of a caller's trace goes into what is recorded, and out of it again.

A traced call's facts carry the trace id as their correlation id, and the call's own context as what brought them about;
what follows in other services carries the trace id on. So each fact names its trace and its parent span, and nothing
more is stored than without a trace. A call whose caller does not sample its trace has its correlation id written with
hyphens, as a UUID: then nobody downstream takes it for a trace.
"""

from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

HEADER = "traceparent"
SAMPLED = "01"


class TraceParent(NamedTuple):
    """A span of somebody's trace."""

    trace_id: str
    span_id: str
    sampled: bool = True

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{SAMPLED if self.sampled else '00'}"

    @property
    def correlation_id(self) -> str:
        return self.trace_id if self.sampled else str(UUID(hex=self.trace_id))


def parsed(text: str) -> TraceParent | None:
    """None where it is none; what a later version adds at the end is passed over, as the specification wants."""
    version, *rest = text.split("-")
    if len(rest) < 3 or not _is_hex(version, 2) or version == "ff" or (version == "00" and len(rest) != 3):
        return None
    trace_id, span_id, flags = rest[:3]
    if not (is_trace_id(trace_id) and _is_hex(span_id, 16) and span_id.strip("0") and _is_hex(flags, 2)):
        return None
    return TraceParent(trace_id, span_id, bool(int(flags, 16) & 1))


def is_trace_id(text: str) -> bool:
    return _is_hex(text, 32) and bool(text.strip("0"))


def span_of_reaction(service: str, event_id: str) -> str:
    """The id of the span in which a service takes in a fact: follows from both, so that it need not be stored."""
    return blake2b(f"{service} {event_id}".encode(), digest_size=8).hexdigest()


def of_fact(service: str, correlation_id: str, causation_id: str) -> TraceParent | None:
    """The span in which a fact of `service` was recorded; None for one that is in no trace."""
    if causation_id.startswith("00-"):
        return parsed(causation_id)
    if len(correlation_id) == 32 and is_trace_id(correlation_id):
        return TraceParent(correlation_id, span_of_reaction(service, causation_id))
    return None


def _is_hex(text: str, length: int) -> bool:
    return len(text) == length and not text.strip("0123456789abcdef")

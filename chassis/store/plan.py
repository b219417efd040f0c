"""Which drafts may be appended, and as which rows: decided on what the database says, before anything is written.

Conflicts are found by reading, not by failing: a draft whose streams are not at the versions that it was decided on is
left out, with all that was decided on it; the others go in. So nothing half fails inside a transaction, and streams,
numbers and chains have no gaps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from chassis.catalog import parse_tag
from chassis.store.chain import chained
from chassis.store.draft import Draft, DraftEvent, Fate, Outcome
from chassis.store.records import Receipt, Recorded, Request

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Head(NamedTuple):
    """The last event of a stream."""

    version: int
    stream_hash: str


class Tip(NamedTuple):
    """The last event of an agency."""

    sequence: int
    recorded_at_us: int


class Kept(NamedTuple):
    """A request as it was kept."""

    body_hash: str
    stream: str
    version: int
    position: int
    names: tuple[str, ...]


class Row(NamedTuple):
    """An event as the table has it, in the order of its columns."""

    stream: str
    version: int
    tag: str
    payload: bytes
    position: int
    previous: int
    recorded_at_us: int
    agency: str
    actor: str
    correlation_id: str
    causation_id: str
    stream_hash: str
    agency_sequence: int


class RequestRow(NamedTuple):
    agency: str
    request_id: str
    kept: Kept


@dataclass(slots=True)
class Ground:
    """What the database says, read in the transaction that will append; moved on while drafts are laid on it."""

    heads: dict[str, Head]
    tips: dict[str, Tip]
    requests: dict[tuple[str, str], Kept]
    marks: dict[str, int]
    last_position: int
    next_position: int
    last_recorded_at_us: int


@dataclass(slots=True)
class Plan:
    """What to write, and what to answer."""

    rows: list[Row] = field(default_factory=list)
    requests: list[RequestRow] = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.rows or self.requests or self.marks)


NO_HEAD = Head(0, "")
NO_TIP = Tip(0, 0)


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def lay_out(drafts: Sequence[Draft], ground: Ground, clock_us: int, *, rehearsal: bool) -> Plan:
    """Lay the drafts on the ground in their order. `clock_us` is the store's clock in microseconds since 1970."""
    plan = Plan()
    fates: dict[int, Fate] = {}
    for draft in drafts:
        outcome = _left_out(draft, ground, fates)
        if outcome is None:
            outcome = NOTHING if draft.refusal is not None else _put_in(draft, ground, plan, clock_us, rehearsal)
        fates[id(draft)] = outcome.fate
        plan.outcomes.append(outcome)
    return plan


NOTHING = Outcome(Fate.APPENDED)
OVERTAKEN = Outcome(Fate.OVERTAKEN)


def _left_out(draft: Draft, ground: Ground, fates: Mapping[int, Fate]) -> Outcome | None:
    """Why a draft does not go in; None where it does."""
    request = draft.request
    if request is not None:
        kept = ground.requests.get((draft.context.agency, request.request_id))
        if kept is not None:
            return _answer_again(kept, request)
    if draft.tracking is not None and ground.marks.get(draft.tracking.source, 0) != draft.tracking.after:
        return Outcome(Fate.MOVED)
    for before in draft.after:
        if fates.get(id(before), before.fate) is not Fate.APPENDED:
            return OVERTAKEN
    heads = ground.heads
    for stream, version in draft.expected.items():
        if heads.get(stream, NO_HEAD).version != version:
            return OVERTAKEN
    return None


def _answer_again(kept: Kept, request: Request) -> Outcome:
    if kept.body_hash != request.body_hash:
        return Outcome(Fate.REUSED)
    return Outcome(Fate.REPEATED, Receipt(kept.stream, kept.version, kept.position, kept.names, repeated=True))


def _put_in(draft: Draft, ground: Ground, plan: Plan, clock_us: int, rehearsal: bool) -> Outcome:
    recorded = [_record(event, ground, plan, clock_us, rehearsal) for event in draft.events]
    if draft.tracking is not None:
        plan.marks[draft.tracking.source] = ground.marks[draft.tracking.source] = draft.tracking.position
    receipt = Receipt(draft.stream, draft.version, ground.last_position, draft.names)
    request = draft.request
    if request is not None:
        agency = draft.context.agency
        kept = Kept(request.body_hash, draft.stream, draft.version, ground.last_position, draft.names)
        ground.requests[agency, request.request_id] = kept
        plan.requests.append(RequestRow(agency, request.request_id, kept))
    return Outcome(Fate.APPENDED, receipt, recorded)


def _record(event: DraftEvent, ground: Ground, plan: Plan, clock_us: int, rehearsal: bool) -> Recorded:
    """The event as a row: position, version, chain, agency's sequence, and a time that never runs back."""
    stream, tag, fact, payload, context = event.stream, event.tag, event.event, event.payload, event.context
    agency, actor = context.agency, context.actor
    tip = ground.tips.get(agency, NO_TIP)
    head = ground.heads.get(stream, NO_HEAD)
    at_us = _recording_time(context.now, tip, ground, clock_us, rehearsal)
    version, sequence, position, previous = (
        head.version + 1,
        tip.sequence + 1,
        ground.next_position,
        ground.last_position,
    )
    stream_hash = chained(head.stream_hash, stream, version, tag, at_us, actor, payload)
    why, cause = context.correlation_id, context.causation_id
    plan.rows.append(
        Row(
            stream,
            version,
            tag,
            payload,
            position,
            previous,
            at_us,
            agency,
            actor,
            why,
            cause,
            stream_hash,
            sequence,
        )
    )
    ground.heads[stream] = Head(version, stream_hash)
    ground.tips[agency] = Tip(sequence, at_us)
    ground.last_position = position
    ground.next_position = position + 1
    if at_us > ground.last_recorded_at_us:
        ground.last_recorded_at_us = at_us
    name, event_version = parse_tag(tag)
    return Recorded(
        position,
        previous,
        stream,
        version,
        name,
        event_version,
        fact,
        payload,
        EPOCH + timedelta(microseconds=at_us),
        agency,
        actor,
        why,
        cause,
        stream_hash,
        sequence,
    )


def _recording_time(now: datetime | None, tip: Tip, ground: Ground, clock_us: int, rehearsal: bool) -> int:
    """Never before what was recorded last (R37). In a rehearsal the callers' time counts, agency by agency, and stands
    still where nobody names one: so each agency can rehearse a year of its own."""
    if rehearsal:
        return max(microseconds(now) if now else tip.recorded_at_us or clock_us, tip.recorded_at_us)
    return max(microseconds(now) if now else clock_us, ground.last_recorded_at_us)

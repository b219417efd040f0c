"""One thing that a client is told: queued once, addressed, then for each contact sent, tried again, or given up.

    Refused
    └── NothingToResend    it is on its way, or everybody has got it

Sending itself happens between two decisions, so a crash may repeat it; the Message-ID (letters' `message_id`) is then
the same again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from services.notify.domain.news import comes_too_late, document_of, notice_id
from services.notify.domain.notice_state import NOBODY, Notice, Stage
from services.notify.events import (
    DocumentReady,
    News,
    NoticeAddressed,
    NoticeDeferred,
    NoticeEvent,
    NoticeFailed,
    NoticeGivenUp,
    NoticeQueued,
    NoticeRequeued,
    NoticeSent,
    NoticeUndeliverable,
    NoticeWithheld,
)
from vocabulary.identity import ClientId, DocumentNumber
from vocabulary.personal import Personal
from vocabulary.refusal import Kind, Refused

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440, 2880))
"""How long after each failed try the next one comes; after the last, four days on, the letter is given up."""
LOOK_AGAIN_AFTER = tuple(
    timedelta(seconds=seconds) for seconds in (1, 2, 5, 15, 60, 300, 900, *([3600] * 48), *([86_400] * 5))
)
"""The same for what is missing in the house, which mostly comes within a second; given up after a week."""


# Commands.


class Tell(msgspec.Struct, frozen=True):
    client_id: ClientId
    news: News


class NoteDocument(msgspec.Struct, frozen=True):
    """Billing has drawn it."""

    number: DocumentNumber


class Defer(msgspec.Struct, frozen=True):
    waits_for: str
    now: datetime


class Way(msgspec.Struct, frozen=True):
    """To one contact: open, or shut for a reason, or withheld by choice."""

    contact_id: str
    shut_because: str = ""
    withheld: bool = False


class Address(msgspec.Struct, frozen=True):
    """`why_nobody` where there are no ways at all."""

    ways: tuple[Way, ...]
    why_nobody: str = ""


class NoteSent(msgspec.Struct, frozen=True):
    contact_id: str
    channel: str
    message_id: str
    recipient: Personal
    subject: Personal
    text: Personal
    sent_at: datetime


class NoteFailure(msgspec.Struct, frozen=True):
    """`for_good`: the channel says that another try will not help."""

    contact_id: str
    channel: str
    reason: str
    for_good: bool
    now: datetime


class NoteUndeliverable(msgspec.Struct, frozen=True):
    contact_id: str
    reason: str


class Resend(msgspec.Struct, frozen=True):
    """Somebody asks to try once more."""


NoticeCommand = Tell | NoteDocument | Defer | Address | NoteSent | NoteFailure | NoteUndeliverable | Resend


class NothingToResend(Refused, kind=Kind.CONFLICT):
    """The letter is on its way, or everybody has got it."""


# Decisions.


def decide(command: NoticeCommand, notice: Notice | None) -> Sequence[NoticeEvent]:
    """A repeated order records nothing; what comes for a notice that is settled meanwhile neither."""
    if isinstance(command, Tell):
        if notice is not None or comes_too_late(command.news):
            return []
        news_id = notice_id(command.news)
        return [NoticeQueued(notice_id=news_id, client_id=command.client_id, news=command.news)]
    if notice is None:
        return []
    match command:
        case NoteDocument():
            waits = notice.look_at is not None and document_of(notice.news) == command.number
            return [DocumentReady(notice_id=notice.notice_id, number=command.number)] if waits else []
        case Defer():
            return _defer(command, notice)
        case Address():
            return [] if notice.addressed else _address(command, notice)
        case NoteSent():
            return _note_sent(command, notice)
        case NoteFailure():
            return _note_failure(command, notice)
        case NoteUndeliverable():
            if not notice.is_open(command.contact_id):
                return []
            return [
                NoticeUndeliverable(notice_id=notice.notice_id, contact_id=command.contact_id, reason=command.reason)
            ]
        case Resend():
            return _resend(notice)
        case _:
            assert_never(command)


def _defer(command: Defer, notice: Notice) -> Sequence[NoticeEvent]:
    if notice.is_settled:
        return []
    if notice.deferrals < len(LOOK_AGAIN_AFTER):
        until = command.now + LOOK_AGAIN_AFTER[notice.deferrals]
        return [NoticeDeferred(notice_id=notice.notice_id, waits_for=command.waits_for, until=until)]
    return [
        NoticeGivenUp(notice_id=notice.notice_id, contact_id=NOBODY, channel="", attempt=0, reason=command.waits_for)
    ]


def _address(command: Address, notice: Notice) -> Sequence[NoticeEvent]:
    """Who has got it already (before somebody asked for another try) is left out."""
    has_it = {contact_id for contact_id, delivery in notice.deliveries.items() if delivery.stage is Stage.SENT}
    ways = [way for way in command.ways if way.contact_id not in has_it]
    events: list[NoticeEvent] = [
        NoticeAddressed(notice_id=notice.notice_id, contact_ids=tuple(way.contact_id for way in ways))
    ]
    for way in ways:
        if way.withheld:
            events.append(NoticeWithheld(notice_id=notice.notice_id, contact_id=way.contact_id))
        elif way.shut_because:
            events.append(
                NoticeUndeliverable(notice_id=notice.notice_id, contact_id=way.contact_id, reason=way.shut_because)
            )
    if not ways and not has_it:
        events.append(NoticeUndeliverable(notice_id=notice.notice_id, contact_id=NOBODY, reason=command.why_nobody))
    return events


def _note_sent(command: NoteSent, notice: Notice) -> Sequence[NoticeEvent]:
    if not notice.is_open(command.contact_id):
        return []
    return [
        NoticeSent(
            notice_id=notice.notice_id,
            contact_id=command.contact_id,
            channel=command.channel,
            message_id=command.message_id,
            recipient=command.recipient,
            subject=command.subject,
            text=command.text,
            sent_at=command.sent_at,
        )
    ]


def _note_failure(command: NoteFailure, notice: Notice) -> Sequence[NoticeEvent]:
    if not notice.is_open(command.contact_id):
        return []
    before = notice.deliveries[command.contact_id].attempts
    if command.for_good or before >= len(RETRY_AFTER):
        return [
            NoticeGivenUp(
                notice_id=notice.notice_id,
                contact_id=command.contact_id,
                channel=command.channel,
                attempt=before + 1,
                reason=command.reason,
            )
        ]
    return [
        NoticeFailed(
            notice_id=notice.notice_id,
            contact_id=command.contact_id,
            channel=command.channel,
            attempt=before + 1,
            reason=command.reason,
            retry_at=command.now + RETRY_AFTER[before],
        )
    ]


def _resend(notice: Notice) -> Sequence[NoticeEvent]:
    if not notice.is_settled:
        raise NothingToResend("the letter is on its way: see its next_attempt_time")
    if notice.stage is Stage.SENT and all(item.stage is Stage.SENT for item in notice.deliveries.values()):
        raise NothingToResend("everybody who was to have the letter has got it")
    return [NoticeRequeued(notice_id=notice.notice_id)]

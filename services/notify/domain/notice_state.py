"""What has become of one thing that a client is told."""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

import msgspec

from services.notify.events import (
    DocumentReady,
    News,
    NoticeAddressed,
    NoticeDeferred,
    NoticeEvent,
    NoticeFailed,
    NoticeGivenUp,
    NoticeId,
    NoticeQueued,
    NoticeRequeued,
    NoticeSent,
    NoticeUndeliverable,
    NoticeWithheld,
)
from vocabulary.identity import ClientId

NOBODY = ""
"""The contact of a delivery that has nobody to go to."""


class Stage(StrEnum):
    """Of a delivery, and of a notice."""

    QUEUED = "queued"
    RETRYING = "retrying"
    GIVEN_UP = "given_up"
    UNDELIVERABLE = "undeliverable"
    SENT = "sent"
    WITHHELD = "withheld"


class Delivery(msgspec.Struct, frozen=True):
    """The way of a letter to one contact."""

    stage: Stage = Stage.QUEUED
    attempts: int = 0
    channel: str = ""
    reason: str = ""
    retry_at: datetime | None = None
    sent: NoticeSent | None = None


class Notice(msgspec.Struct, frozen=True):
    notice_id: NoticeId
    client_id: ClientId
    news: News
    deliveries: dict[str, Delivery] = {}
    addressed: bool = False
    waits_for: str = ""
    deferrals: int = 0
    look_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """What concerns somebody goes before what is done. Between being addressed to nobody and the fact that says so
        (a view may be filled up to there) it is queued."""
        if not self.addressed:
            return Stage.QUEUED
        stages = {delivery.stage for delivery in self.deliveries.values()}
        return next((stage for stage in Stage if stage in stages), Stage.QUEUED)

    def is_due(self, contact_id: str, now: datetime) -> bool:
        """Whether this contact's letter is to be tried now."""
        delivery = self.deliveries[contact_id]
        match delivery.stage:
            case Stage.QUEUED:
                return True
            case Stage.RETRYING:
                return delivery.retry_at is None or delivery.retry_at <= now
            case Stage.SENT | Stage.GIVEN_UP | Stage.UNDELIVERABLE | Stage.WITHHELD:
                return False
            case _:
                assert_never(delivery.stage)

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do."""
        return self.addressed and not {Stage.QUEUED, Stage.RETRYING} & {item.stage for item in self.deliveries.values()}

    @property
    def next_look(self) -> datetime | None:
        """When something is to be done; None where that is at once. Has no meaning once all is settled."""
        if self.look_at is not None:
            return self.look_at
        if not self.addressed:
            return None
        waiting = [item for item in self.deliveries.values() if item.stage in (Stage.QUEUED, Stage.RETRYING)]
        times = [item.retry_at for item in waiting if item.retry_at is not None]
        return min(times) if times and len(times) == len(waiting) else None

    def is_open(self, contact_id: str) -> bool:
        """Whether something is left to do for this contact."""
        delivery = self.deliveries.get(contact_id)
        return delivery is not None and delivery.stage in (Stage.QUEUED, Stage.RETRYING)


def evolve(notice: Notice | None, event: NoticeEvent) -> Notice:
    if isinstance(event, NoticeQueued):
        return Notice(event.notice_id, event.client_id, event.news)
    assert notice is not None, "a notice begins with being queued"
    match event:
        case DocumentReady():
            return msgspec.structs.replace(notice, look_at=None, waits_for="")
        case NoticeDeferred():
            return msgspec.structs.replace(
                notice, look_at=event.until, waits_for=event.waits_for, deferrals=notice.deferrals + 1
            )
        case NoticeAddressed():
            fresh = {contact_id: Delivery() for contact_id in event.contact_ids}
            return msgspec.structs.replace(
                _nothing_missing(notice), addressed=True, deliveries={**notice.deliveries, **fresh}
            )
        case NoticeSent():
            return _delivery(notice, event.contact_id, stage=Stage.SENT, channel=event.channel, reason="", sent=event)
        case NoticeFailed():
            return _delivery(
                notice,
                event.contact_id,
                stage=Stage.RETRYING,
                channel=event.channel,
                reason=event.reason,
                attempts=event.attempt,
                retry_at=event.retry_at,
            )
        case NoticeGivenUp():
            return _given_up(notice, event)
        case NoticeUndeliverable():
            return _delivery(notice, event.contact_id, stage=Stage.UNDELIVERABLE, reason=event.reason)
        case NoticeWithheld():
            return _delivery(notice, event.contact_id, stage=Stage.WITHHELD)
        case NoticeRequeued():
            kept = {name: delivery for name, delivery in notice.deliveries.items() if delivery.stage is Stage.SENT}
            return msgspec.structs.replace(
                notice, deliveries=kept, addressed=False, deferrals=0, look_at=None, waits_for=""
            )
        case _:
            assert_never(event)


def _delivery(notice: Notice, contact_id: str, **changes: object) -> Notice:
    before = notice.deliveries.get(contact_id, Delivery())
    if changes.get("stage") is Stage.SENT:
        changes["attempts"] = before.attempts + 1
    after = msgspec.structs.replace(before, **{"retry_at": None, **changes})
    return msgspec.structs.replace(
        _nothing_missing(notice), deliveries={**notice.deliveries, contact_id: after}, addressed=True
    )


def _given_up(notice: Notice, event: NoticeGivenUp) -> Notice:
    """Of one contact, or with nobody named of all that was still open."""
    still_open = [name for name in notice.deliveries if notice.is_open(name)]
    for contact_id in [event.contact_id] if event.contact_id or not still_open else still_open:
        notice = _delivery(
            notice,
            contact_id,
            stage=Stage.GIVEN_UP,
            channel=event.channel,
            reason=event.reason,
            attempts=event.attempt,
        )
    return notice


def _nothing_missing(notice: Notice) -> Notice:
    return msgspec.structs.replace(notice, waits_for="", look_at=None, deferrals=0)

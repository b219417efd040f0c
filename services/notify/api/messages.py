"""Notices as messages; nothing personal is opened here."""

from chassis.freshness import Freshness
from chassis.store import EtagStale, Receipt
from messages.dates import instant_message
from messages.etags import etag_of
from services.notify.domain.news import contract_of, document_of, kind_of
from services.notify.domain.notice_state import Delivery, Stage
from services.notify.events import NoticeKind
from services.notify.views.letters import LetterRow
from wire.retainer.notify.v1 import letter_pb2 as messages
from wire.retainer.receipt.v1 import receipt_pb2

KINDS: dict[NoticeKind, messages.LetterKind] = {
    "threshold": messages.LETTER_KIND_THRESHOLD,
    "pace": messages.LETTER_KIND_PACE,
    "invoice": messages.LETTER_KIND_INVOICE,
    "credit_note": messages.LETTER_KIND_CREDIT_NOTE,
    "reminder": messages.LETTER_KIND_REMINDER,
    "renewal": messages.LETTER_KIND_RENEWAL,
}
STATES: dict[Stage, messages.LetterState] = {
    Stage.QUEUED: messages.LETTER_STATE_QUEUED,
    Stage.SENT: messages.LETTER_STATE_SENT,
    Stage.RETRYING: messages.LETTER_STATE_RETRYING,
    Stage.GIVEN_UP: messages.LETTER_STATE_GIVEN_UP,
    Stage.UNDELIVERABLE: messages.LETTER_STATE_UNDELIVERABLE,
    Stage.WITHHELD: messages.LETTER_STATE_WITHHELD,
}


def letter(row: LetterRow) -> messages.Letter:
    notice = row.notice
    contract_id, number = contract_of(notice.news), document_of(notice.news)
    next_look = None if notice.is_settled else notice.next_look
    return messages.Letter(
        name=f"letters/{notice.notice_id}",
        kind=KINDS[kind_of(notice.news)],
        client=f"clients/{notice.client_id}",
        contract=f"contracts/{contract_id}" if contract_id else "",
        invoice=f"invoices/{number}" if number else "",
        state=STATES[notice.stage],
        deliveries=[_delivery(contact_id, delivery) for contact_id, delivery in notice.deliveries.items()],
        waits_for=notice.waits_for,
        create_time=instant_message(row.queued_at),
        next_attempt_time=instant_message(next_look),
        etag=etag_of(row.version),
    )


def _delivery(contact_id: str, delivery: Delivery) -> messages.Delivery:
    return messages.Delivery(
        contact_id=contact_id,
        channel=delivery.channel,
        state=STATES[delivery.stage],
        attempts=delivery.attempts,
        reason=delivery.reason,
        next_attempt_time=instant_message(delivery.retry_at),
        sent_time=instant_message(delivery.sent.sent_at if delivery.sent else None),
        message_id=delivery.sent.message_id if delivery.sent else "",
    )


def receipt(name: str, outcome: Receipt, freshness: Freshness) -> receipt_pb2.Receipt:
    return receipt_pb2.Receipt(
        name=name,
        etag=etag_of(outcome.version),
        consistency_token=freshness.token(outcome),
        repeated_request=outcome.repeated,
    )


def tried_out(name: str, version: int) -> receipt_pb2.Receipt:
    """Of a try-out (`validate_only`): nothing was recorded."""
    return receipt_pb2.Receipt(name=name, etag=etag_of(version))


def must_be_fresh(decided_on: int | None, version: int) -> None:
    """As the store does it for a command, so that a try-out is refused by the same name."""
    if decided_on is not None and decided_on != version:
        raise EtagStale("it has changed since you read it: read it again and repeat", field="etag")

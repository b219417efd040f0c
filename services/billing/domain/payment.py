"""The external id of a payment, used up once per agency (R32).

Refused
└── PaymentDiffers   the id belongs to another client's payment, or to another amount
"""

from collections.abc import Sequence

import msgspec

from services.billing.events import PaymentNoted
from vocabulary.identity import ClientId, PaymentId
from vocabulary.money import Minor
from vocabulary.refusal import Kind, Refused


class PaymentDiffers(Refused, kind=Kind.EXISTS):
    """A payment is known by its id; this one says something else than the first."""


class NotePayment(msgspec.Struct, frozen=True, kw_only=True):
    """`amount` is below zero for a refund."""

    payment_id: PaymentId
    client_id: ClientId
    currency: str
    amount: Minor


NEVER_SEEN: PaymentNoted | None = None


def decide(command: NotePayment, noted: PaymentNoted | None) -> Sequence[PaymentNoted]:
    """Nothing where the same payment is known: it counts once."""
    fresh = PaymentNoted(
        payment_id=command.payment_id,
        client_id=command.client_id,
        currency=command.currency,
        amount=command.amount,
    )
    if noted is None:
        return [fresh]
    if noted != fresh:
        raise PaymentDiffers(
            f"{command.payment_id} is the id of a payment of another client or amount: take the id that the bank gave",
            field="payment_id",
        )
    return []


def evolve(_: PaymentNoted | None, event: PaymentNoted) -> PaymentNoted:
    return event

"""Facts of notify. Streams: `<agency>/addressee/<client>`, `<agency>/sender/profile`, `<agency>/contract/<contract>`,
`<agency>/notice/<notice>`.

A notice is one thing that a client is told; its id follows from what it is about, so that the same fact heard twice is
the same notice. Each contact of the client who is to have it gets a letter of his own, a delivery.
Amounts are minor units of `currency`; figures are minutes, minor units or units, as `measure` says.
"""

from datetime import date, datetime
from typing import Literal, NewType

import msgspec

from vocabulary.fact import Fact
from vocabulary.identity import AgencyId, ClientId, ContractId, DocumentNumber
from vocabulary.money import Minor
from vocabulary.personal import Personal

NoticeId = NewType("NoticeId", str)
Measure = Literal["minutes", "money", "units"]
NoticeKind = Literal["threshold", "pace", "invoice", "credit_note", "reminder", "renewal"]
Way = Literal["email", "none"]


# Who is told, and by whom: heard of contracts.


class Recipient(msgspec.Struct, frozen=True, omit_defaults=True):
    """A contact at the client. `receives` names the letters he gets: `invoices`, `budget`; empty is all."""

    contact_id: str
    name: Personal
    email: Personal | None = None
    receives: tuple[str, ...] = ()


class AddresseeNoted(Fact, frozen=True, tag="notify.AddresseeNoted@1"):
    """How a client is reached; the whole of it as it is now."""

    client_id: ClientId
    name: Personal
    locale: str
    time_zone: str
    recipients: tuple[Recipient, ...] = ()


class AddresseeForgotten(Fact, frozen=True, tag="notify.AddresseeForgotten@1"):
    """The client was erased: nobody is written to any more, and letters in the outbox are destroyed."""

    client_id: ClientId


class ChannelChosen(Fact, frozen=True, tag="notify.ChannelChosen@1"):
    """By which way a client, or one contact of his, is told of these kinds (none named: of all)."""

    client_id: ClientId
    way: Way
    contact_id: str = ""
    kinds: tuple[NoticeKind, ...] = ()


class SenderNoted(Fact, frozen=True, tag="notify.SenderNoted@1"):
    """In whose name letters go out."""

    agency_id: AgencyId
    name: Personal
    email: Personal | None = None
    phone: Personal | None = None


class ContractNoted(Fact, frozen=True, tag="notify.ContractNoted@1"):
    """What letters call a contract. `unit` names a deliverable: `blog post`."""

    contract_id: ContractId
    client_id: ClientId
    title: str
    currency: str
    unit: str = ""


# What a client is told.


class BudgetFigures(msgspec.Struct, frozen=True):
    """A period's figures as they were when it was told."""

    start: date
    end: date
    """The first date no longer in the period."""
    measure: Measure
    available: int
    used: int
    remaining: int
    overage: int


class ThresholdNews(msgspec.Struct, frozen=True, tag="threshold", tag_field="kind"):
    """Use reached a share of what is available (R36)."""

    contract_id: ContractId
    percent: int
    figures: BudgetFigures
    on: date
    runs_out_on: date | None = None


class PaceNews(msgspec.Struct, frozen=True, tag="pace", tag_field="kind"):
    """At its pace the budget runs out before the period ends (R36)."""

    contract_id: ContractId
    runs_out_on: date
    figures: BudgetFigures
    on: date


class InvoiceNews(msgspec.Struct, frozen=True, tag="invoice", tag_field="kind"):
    """An invoice was issued."""

    contract_id: ContractId
    number: DocumentNumber
    currency: str
    net: Minor
    tax: Minor
    gross: Minor
    issued_on: date
    due_on: date
    title: str = ""


class CreditNoteNews(msgspec.Struct, frozen=True, tag="credit_note", tag_field="kind"):
    """A credit note was issued; its amounts are below zero. `cancels` names the invoice that it takes back (R30)."""

    contract_id: ContractId
    number: DocumentNumber
    currency: str
    net: Minor
    tax: Minor
    gross: Minor
    issued_on: date
    title: str = ""
    cancels: DocumentNumber | None = None


class ReminderNews(msgspec.Struct, frozen=True, tag="reminder", tag_field="kind"):
    """An invoice is overdue (R33); `step` counts the reminders from 1."""

    number: DocumentNumber
    step: int
    currency: str
    open: Minor
    late_fee: Minor
    due_on: date
    on: date


class RenewalNews(msgspec.Struct, frozen=True, tag="renewal", tag_field="kind"):
    """The contract's end comes near; it renews by itself, or ends (R25)."""

    contract_id: ContractId
    ends_on: date
    days_ahead: int
    renews: bool


News = ThresholdNews | PaceNews | InvoiceNews | CreditNoteNews | ReminderNews | RenewalNews


class NoticeQueued(Fact, frozen=True, tag="notify.NoticeQueued@1"):
    """The client is to be told; once for each notice id."""

    notice_id: NoticeId
    client_id: ClientId
    news: News


class DocumentReady(Fact, frozen=True, tag="notify.DocumentReady@1"):
    """The document that the notice brings has been drawn."""

    notice_id: NoticeId
    number: DocumentNumber


class NoticeDeferred(Fact, frozen=True, tag="notify.NoticeDeferred@1"):
    """Something is missing in the house (a document, the client's data); looked at again at `until`."""

    notice_id: NoticeId
    waits_for: str
    until: datetime


class NoticeAddressed(Fact, frozen=True, tag="notify.NoticeAddressed@1"):
    """Who is to get it; from now on each has a delivery of his own."""

    notice_id: NoticeId
    contact_ids: tuple[str, ...]


class NoticeSent(Fact, frozen=True, tag="notify.NoticeSent@1"):
    """The channel took the letter for this contact. Address, subject and text are kept as they were sent, sealed with
    the client's key; `message_id` follows from notice and contact, so that a mail sent twice can be recognised."""

    notice_id: NoticeId
    contact_id: str
    channel: str
    message_id: str
    recipient: Personal
    subject: Personal
    text: Personal
    sent_at: datetime


class NoticeFailed(Fact, frozen=True, tag="notify.NoticeFailed@1"):
    """The channel did not take the letter for this contact; tried again at `retry_at`. `reason` names no address."""

    notice_id: NoticeId
    contact_id: str
    channel: str
    attempt: int
    reason: str
    retry_at: datetime


class NoticeGivenUp(Fact, frozen=True, tag="notify.NoticeGivenUp@1"):
    """The last try failed, or the channel refused for good. Without a contact: the whole notice."""

    notice_id: NoticeId
    contact_id: str
    channel: str
    attempt: int
    reason: str


class NoticeUndeliverable(Fact, frozen=True, tag="notify.NoticeUndeliverable@1"):
    """There is no way to this contact, or without a contact to anybody: `reason` says why."""

    notice_id: NoticeId
    contact_id: str
    reason: str


class NoticeWithheld(Fact, frozen=True, tag="notify.NoticeWithheld@1"):
    """The client's channels say that this contact is not told."""

    notice_id: NoticeId
    contact_id: str


class NoticeRequeued(Fact, frozen=True, tag="notify.NoticeRequeued@1"):
    """Somebody asked to try once more; who has got it does not get it again."""

    notice_id: NoticeId


NoticeEvent = (
    NoticeQueued
    | DocumentReady
    | NoticeDeferred
    | NoticeAddressed
    | NoticeSent
    | NoticeFailed
    | NoticeGivenUp
    | NoticeUndeliverable
    | NoticeWithheld
    | NoticeRequeued
)
AddresseeEvent = AddresseeNoted | AddresseeForgotten | ChannelChosen
NotifyEvent = AddresseeEvent | SenderNoted | ContractNoted | NoticeEvent

"""Facts of billing. Streams: `<agency>/account/<contract>`, `<agency>/series/<series>-<year>`,
`<agency>/receivables/<client>-<currency>`, `<agency>/payment/<payment>`, `<agency>/reminders/settings`,
`<agency>/document/<number>`, `<agency>/client/<client>`, `<agency>/sender/profile`.

`known_at` is when the fact that is noted here was recorded by the service that decided it: cut-offs go by it (R27).
`fact_hash` is the hash of that fact in its own stream's chain, so that a client can check what was counted.
Amounts are minor units of the contract's currency. Figures are minutes, minor units or units, as `measure` says.
"""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from vocabulary.duration import Minutes, Seconds
from vocabulary.fact import Fact
from vocabulary.identity import (
    BlockId,
    ClientId,
    ContractId,
    CreditId,
    DeliveryId,
    DocumentNumber,
    EntryId,
    ExtraId,
    PaymentId,
    PersonId,
)
from vocabulary.money import Minor
from vocabulary.personal import Personal
from vocabulary.terms import Agreement, Tax

Measure = Literal["minutes", "money", "units"]


class Figures(msgspec.Struct, frozen=True, omit_defaults=True):
    """A period's figures as the account knows them after a fact (R34), without what depends on today."""

    start: date
    end: date
    measure: Measure
    allowance: int = 0
    carried: int = 0
    borrowed: int = 0
    used: int = 0
    remaining: int = 0
    overage: int = 0
    expired: int = 0
    expiring_next: int = 0
    """What lapses at this period's end if nothing more is used."""
    waiting: int = 0
    """Minutes that wait for approval (R13)."""
    undecided: int = 0
    """Overage that the client has neither approved nor declined (R18)."""
    fee: Minor = Minor(0)
    time_value: Minor = Minor(0)
    """The value of the counted time at its rates (R9), where it has any."""
    charged: Minor = Minor(0)
    """The net sum of the statement's charges as of now."""
    entries: int = 0


# Who is asked for money, and who asks: noted from contracts, with the texts sealed as they came.


class PaperAddress(msgspec.Struct, frozen=True, omit_defaults=True):
    """`lines` is one text with line breaks."""

    name: Personal
    lines: Personal | None = None
    postal_code: str = ""
    city: str = ""
    country: str = ""


class SenderNoted(Fact, frozen=True, tag="billing.SenderNoted@1"):
    """The agency's data as they stand on documents from now on."""

    address: PaperAddress
    email: Personal | None = None
    phone: Personal | None = None
    vat_id: str = ""
    tax_number: str = ""
    bank_holder: Personal | None = None
    iban: Personal | None = None
    bic: str = ""
    registration: str = ""
    contact_name: Personal | None = None
    logo: str = ""
    """The file in base64."""
    colour: str = ""


class ClientNoted(Fact, frozen=True, tag="billing.ClientNoted@1"):
    client_id: ClientId
    address: PaperAddress
    currency: str
    locale: str = "en"
    vat_id: str = ""
    email: Personal | None = None
    """Of the first contact who gets invoices."""
    buyer_reference: str = ""


# The account of a contract: what it hears of contracts.


class AccountOpened(Fact, frozen=True, tag="billing.AccountOpened@1"):
    """The contract binds from here on."""

    contract_id: ContractId
    client_id: ClientId
    title: str
    agreement: Agreement
    known_at: datetime


class TermsNoted(Fact, frozen=True, tag="billing.TermsNoted@1"):
    """New terms (R22); `patch` is a merge patch over the JSON of Terms."""

    contract_id: ContractId
    patch: dict[str, Any]
    effective_on: date
    known_at: datetime
    immediately: bool = False


class PauseNoted(Fact, frozen=True, tag="billing.PauseNoted@1"):
    """No work and no fee in `[from_on, to_on)` (R24)."""

    contract_id: ContractId
    from_on: date
    to_on: date
    known_at: datetime


class PlanNoted(Fact, frozen=True, tag="billing.PlanNoted@1"):
    """Hours that are planned for a period, as contracts says; they are shown and never charged (R34)."""

    contract_id: ContractId
    period: date
    planned: Minutes
    task: str = ""


class EndNoted(Fact, frozen=True, tag="billing.EndNoted@1"):
    """`ends_on` is the first date no longer covered; earlier than agreed before (R6)."""

    contract_id: ContractId
    ends_on: date
    known_at: datetime


class RenewalNoted(Fact, frozen=True, tag="billing.RenewalNoted@1"):
    """The end moved on (R25)."""

    contract_id: ContractId
    ends_on: date
    known_at: datetime


# What it hears of timelog.


class CountedWork(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What of an entry matters here: a start instant (UTC) or a date alone (R7), and the worked seconds (R3)."""

    person_id: PersonId
    worked: Seconds
    started_at: datetime | None = None
    worked_on: date | None = None
    role: str = ""
    task: str = ""
    billable: bool = True
    rate: Minor | None = None
    approved: bool = False


class EntryCounted(Fact, frozen=True, tag="billing.EntryCounted@1"):
    """An entry is on the account. `figures` are those of its period after it; none where it is in no period (R7)."""

    contract_id: ContractId
    entry_id: EntryId
    work: CountedWork
    known_at: datetime
    fact_hash: str
    figures: Figures | None = None


class EntryRecounted(Fact, frozen=True, tag="billing.EntryRecounted@1"):
    """The entry was corrected or approved: the whole of it as it counts now."""

    contract_id: ContractId
    entry_id: EntryId
    work: CountedWork
    known_at: datetime
    fact_hash: str
    figures: Figures | None = None


class EntryUncounted(Fact, frozen=True, tag="billing.EntryUncounted@1"):
    """The entry was deleted, or went over to another contract."""

    contract_id: ContractId
    entry_id: EntryId
    known_at: datetime
    fact_hash: str
    figures: Figures | None = None


class DeliveryCounted(Fact, frozen=True, tag="billing.DeliveryCounted@1"):
    contract_id: ContractId
    delivery_id: DeliveryId
    units: int
    delivered_on: date
    known_at: datetime
    fact_hash: str
    figures: Figures | None = None


class DeliveryUncounted(Fact, frozen=True, tag="billing.DeliveryUncounted@1"):
    contract_id: ContractId
    delivery_id: DeliveryId
    known_at: datetime
    fact_hash: str
    figures: Figures | None = None


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """What another service said, kept whole while it is not counted: exactly one of the changes."""

    change: Literal[
        "logged", "corrected", "deleted", "approved", "delivered", "withdrawn", "terms", "pause", "end", "renewal"
    ]
    known_at: datetime
    fact_hash: str
    entry_id: EntryId | None = None
    work: CountedWork | None = None
    delivery_id: DeliveryId | None = None
    units: int = 0
    delivered_on: date | None = None
    patch: dict[str, Any] = {}
    from_on: date | None = None
    to_on: date | None = None
    immediately: bool = False


class FactWaits(Fact, frozen=True, tag="billing.FactWaits@1"):
    """It came before the contract that it is about, and is counted when the terms come."""

    contract_id: ContractId
    heard: Heard


class FactLeftOut(Fact, frozen=True, tag="billing.FactLeftOut@1"):
    """It crossed another fact on the way, and the rules have no place for it here; `reason` is the refusal's name."""

    contract_id: ContractId
    heard: Heard
    reason: str
    message: str
    field: str = ""


class FiguresRestated(Fact, frozen=True, tag="billing.FiguresRestated@1"):
    """The figures of periods that a fact moved besides its own, or that a period's beginning brought about. `gone` are
    the starts of periods that an early end took away."""

    contract_id: ContractId
    figures: tuple[Figures, ...]
    gone: tuple[date, ...] = ()


class ThresholdsSet(Fact, frozen=True, tag="billing.ThresholdsSet@1"):
    """Which shares of the contract's budget are told (R36), in order of size."""

    contract_id: ContractId
    percents: tuple[int, ...]


class BoundaryAwaited(Fact, frozen=True, tag="billing.BoundaryAwaited@1"):
    """What the calendar holds next for this account. At `begins_at` its figures move by themselves: a period begins, or
    a block lapses. At `settles_at` the boundary `settles_on` is settled (R27, R28); None where nothing is left to
    ask."""

    contract_id: ContractId
    begins_on: date | None = None
    begins_at: datetime | None = None
    settles_on: date | None = None
    settles_at: datetime | None = None


class ThresholdReached(Fact, frozen=True, tag="billing.ThresholdReached@1"):
    """Use reached a share of what is available, told once per period and threshold (R36); `percent` is the highest of
    those crossed at once."""

    contract_id: ContractId
    client_id: ClientId
    percent: int
    figures: Figures
    on: date
    runs_out_on: date | None = None
    """The working day on which the budget runs out at the pace so far (R35); None: not within the period."""


class PaceWarned(Fact, frozen=True, tag="billing.PaceWarned@1"):
    """At its pace the budget runs out before the period ends (R36); at most once per period."""

    contract_id: ContractId
    client_id: ClientId
    runs_out_on: date
    figures: Figures
    on: date


# What is put on the account by command.


class BlockBought(Fact, frozen=True, tag="billing.BlockBought@1"):
    """A block of hours bought ahead (R20)."""

    contract_id: ContractId
    block_id: BlockId
    minutes: Minutes
    price: Minor
    bought_on: date
    known_at: datetime
    expires_on: date | None = None


class BlockWithdrawn(Fact, frozen=True, tag="billing.BlockWithdrawn@1"):
    contract_id: ContractId
    block_id: BlockId
    known_at: datetime


class CreditGiven(Fact, frozen=True, tag="billing.CreditGiven@1"):
    """Goodwill, net; `amount` is above zero."""

    contract_id: ContractId
    credit_id: CreditId
    amount: Minor
    on: date
    known_at: datetime
    why: str = ""


class CreditWithdrawn(Fact, frozen=True, tag="billing.CreditWithdrawn@1"):
    contract_id: ContractId
    credit_id: CreditId
    known_at: datetime


class ExtraAdded(Fact, frozen=True, tag="billing.ExtraAdded@1"):
    """R39. Once on a date, or with each period that begins from that date on; None as tax is the terms' own."""

    contract_id: ContractId
    extra_id: ExtraId
    amount: Minor
    description: str
    on: date
    known_at: datetime
    each_period: bool = False
    until: date | None = None
    tax: Tax | None = None


class ExtraWithdrawn(Fact, frozen=True, tag="billing.ExtraWithdrawn@1"):
    contract_id: ContractId
    extra_id: ExtraId
    known_at: datetime


class OverageApproved(Fact, frozen=True, tag="billing.OverageApproved@1"):
    """R18; `quantity` in the contract's measure."""

    contract_id: ContractId
    period: date
    quantity: int
    known_at: datetime
    measure: Measure = "minutes"


class OverageDeclined(Fact, frozen=True, tag="billing.OverageDeclined@1"):
    """All that was undecided of the period is written off (R18)."""

    contract_id: ContractId
    period: date
    known_at: datetime


class TakenBucket(msgspec.Struct, frozen=True, omit_defaults=True):
    """Unused allowance of an earlier period; `periods_left` counts from the one that begins at the take-over."""

    period: date
    left: int
    periods_left: int | None = None


class TakenBlock(msgspec.Struct, frozen=True, omit_defaults=True):
    block_id: BlockId
    left: Minutes
    bought_on: date
    expires_on: date | None = None


class TakenOpen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document of the system before; below zero: in the client's favour."""

    number: str
    issued_on: date
    due_on: date
    open: Minor


class RetainerTakenOver(Fact, frozen=True, tag="billing.RetainerTakenOver@1"):
    """R38: nothing before the boundary `on` is invoiced here."""

    contract_id: ContractId
    on: date
    known_at: datetime
    buckets: tuple[TakenBucket, ...] = ()
    borrowed: int = 0
    blocks: tuple[TakenBlock, ...] = ()
    fee_paid_until: date | None = None
    open: tuple[TakenOpen, ...] = ()


class LateFeeCharged(Fact, frozen=True, tag="billing.LateFeeCharged@1"):
    """A reminder's fee (R33), on the account of the contract whose invoice is overdue."""

    contract_id: ContractId
    number: DocumentNumber
    step: int
    amount: Minor
    on: date
    known_at: datetime


# Invoices.


class InvoiceLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One kind of charge of one period. `quantity` is minutes, or with `in_units` units, where the kind has one; `rate`
    minor units per hour or unit; `correction` True where the period had been settled before."""

    kind: str
    period: date
    period_end: date
    amount: Minor
    tax_category: str
    tax_rate_ppm: int = 0
    quantity: int | None = None
    rate: Minor | None = None
    in_units: bool = False
    correction: bool = False
    description: str = ""
    ref: str = ""
    """What a line is about besides its period: the extra's id, or the number of the invoice that a late fee is for."""


class TaxTotal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tax of one category and rate on the sum of its lines (R31)."""

    category: str
    rate_ppm: int
    net: Minor
    tax: Minor


class PeriodSettled(Fact, frozen=True, tag="billing.PeriodSettled@1"):
    """The books were settled at a boundary, by the facts known before `cut_off` (R27). `figures` are those of the
    period that ended and of the one that begins."""

    contract_id: ContractId
    boundary: date
    cut_off: datetime
    figures: tuple[Figures, ...] = ()


class InvoiceDrafted(Fact, frozen=True, tag="billing.InvoiceDrafted@1"):
    """Drawn up and waiting for its release (R28); without number."""

    contract_id: ContractId
    client_id: ClientId
    currency: str
    boundary: date
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxTotal, ...]
    net: Minor
    tax: Minor
    gross: Minor
    title: str = ""


class InvoiceIssued(Fact, frozen=True, tag="billing.InvoiceIssued@1"):
    """An invoice, or a credit note where `gross` is below zero (R28). It never changes (R30)."""

    number: DocumentNumber
    contract_id: ContractId
    client_id: ClientId
    currency: str
    boundary: date
    issued_on: date
    due_on: date
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxTotal, ...]
    net: Minor
    tax: Minor
    gross: Minor
    title: str = ""
    cancels: DocumentNumber | None = None
    replaces: DocumentNumber | None = None
    released: bool = False
    """It was a draft of this boundary before."""


class AmountWrittenOff(Fact, frozen=True, tag="billing.AmountWrittenOff@1"):
    """A cancelled invoice was not replaced: what it asked enters the statement as a credit (R30)."""

    contract_id: ContractId
    number: DocumentNumber
    lines: tuple[InvoiceLine, ...]
    on: date
    known_at: datetime


class NumberTaken(Fact, frozen=True, tag="billing.NumberTaken@1"):
    """On the series' stream, in one append with the document."""

    number: DocumentNumber
    contract_id: ContractId


class NextNumberSet(Fact, frozen=True, tag="billing.NextNumberSet@1"):
    """R38: the series goes on from another system's."""

    next: int


class DocumentDrawn(Fact, frozen=True, tag="billing.DocumentDrawn@1"):
    """The document's PDF file, drawn once; the same bytes for ever. `content` is their base64, sealed with the key of
    the agency: an erasure of the client leaves the books readable to the owner for as long as the law wants them."""

    number: DocumentNumber
    client_id: ClientId
    sha256: str
    content: Personal
    missing: tuple[str, ...] = ()
    """What an e-invoice inside would have needed; empty where it is inside."""
    xrechnung: Personal | None = None
    """The XRechnung in base64, where nothing was missing for it."""
    xrechnung_sha256: str = ""
    xrechnung_missing: tuple[str, ...] = ()


# Receivables: one ledger for each client and currency.


class InvoiceBooked(Fact, frozen=True, tag="billing.InvoiceBooked@1"):
    """A document enters the client's ledger; below zero it is a credit note. Taken over ones carry what is open."""

    number: str
    contract_id: ContractId
    client_id: ClientId
    currency: str
    gross: Minor
    issued_on: date
    due_on: date
    time_zone: str
    cancels: DocumentNumber | None = None
    taken_over: bool = False


class PaymentReceived(Fact, frozen=True, tag="billing.PaymentReceived@1"):
    """Money came in; counted once by `payment_id` (R32)."""

    payment_id: PaymentId
    client_id: ClientId
    currency: str
    amount: Minor
    paid_on: date
    number: DocumentNumber | None = None


class BalanceRefunded(Fact, frozen=True, tag="billing.BalanceRefunded@1"):
    """Paid back out of the credit balance (R32)."""

    refund_id: PaymentId
    client_id: ClientId
    currency: str
    amount: Minor
    refunded_on: date


class OpenAmount(msgspec.Struct, frozen=True):
    number: str
    open: Minor


class OpenRestated(Fact, frozen=True, tag="billing.OpenRestated@1"):
    """What is open of the documents that a fact moved, and the client's credit balance after it (R32)."""

    client_id: ClientId
    currency: str
    open: tuple[OpenAmount, ...]
    credit: Minor


class ReminderDue(Fact, frozen=True, tag="billing.ReminderDue@1"):
    """An invoice is overdue and a reminder is due for what is open (R33)."""

    number: DocumentNumber
    client_id: ClientId
    currency: str
    step: int
    open: Minor
    due_on: date
    on: date
    late_fee: Minor = Minor(0)


class RemindersStopped(Fact, frozen=True, tag="billing.RemindersStopped@1"):
    """For one document, or for all of the client's in this currency (R33)."""

    client_id: ClientId
    currency: str
    number: DocumentNumber | None = None


class RemindersResumed(Fact, frozen=True, tag="billing.RemindersResumed@1"):
    client_id: ClientId
    currency: str
    number: DocumentNumber | None = None


class InvoiceUncollectible(Fact, frozen=True, tag="billing.InvoiceUncollectible@1"):
    """Given up as a loss by the agency; a later payment still counts."""

    number: DocumentNumber
    client_id: ClientId
    currency: str


class PaymentNoted(Fact, frozen=True, tag="billing.PaymentNoted@1"):
    """On the payment's own stream, in one append with what it pays: its external id is used up (R32)."""

    payment_id: PaymentId
    client_id: ClientId
    currency: str
    amount: Minor


class ReminderStep(msgspec.Struct, frozen=True, omit_defaults=True):
    days: int
    late_fee: Minor = Minor(0)
    currency: str = ""


class RemindersSet(Fact, frozen=True, tag="billing.RemindersSet@1"):
    """When reminders go out after the due date, and what they cost (R33)."""

    steps: tuple[ReminderStep, ...]


BillingEvent = (
    SenderNoted
    | ClientNoted
    | AccountOpened
    | TermsNoted
    | PauseNoted
    | PlanNoted
    | EndNoted
    | RenewalNoted
    | EntryCounted
    | EntryRecounted
    | EntryUncounted
    | DeliveryCounted
    | DeliveryUncounted
    | FactWaits
    | FactLeftOut
    | FiguresRestated
    | BoundaryAwaited
    | ThresholdsSet
    | ThresholdReached
    | PaceWarned
    | BlockBought
    | BlockWithdrawn
    | CreditGiven
    | CreditWithdrawn
    | ExtraAdded
    | ExtraWithdrawn
    | OverageApproved
    | OverageDeclined
    | RetainerTakenOver
    | LateFeeCharged
    | PeriodSettled
    | InvoiceDrafted
    | InvoiceIssued
    | AmountWrittenOff
    | NumberTaken
    | NextNumberSet
    | DocumentDrawn
    | InvoiceBooked
    | PaymentReceived
    | BalanceRefunded
    | OpenRestated
    | ReminderDue
    | RemindersStopped
    | RemindersResumed
    | InvoiceUncollectible
    | PaymentNoted
    | RemindersSet
)

"""Facts of billing. Streams: `<agency>/account/<contract>`, `<agency>/series/<series>-<year>`,
`<agency>/receivables/<client>-<currency>`.

`known_at` is when the fact that is noted here was recorded by the service that decided it: cut-offs go by it (R27).
Amounts are minor units of the contract's currency. Figures are minutes, minor units or units, as `measure` says.
"""

from datetime import date
from typing import Literal

import msgspec

from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId, DocumentNumber
from vocabulary.money import Minor

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
    fee: Minor = Minor(0)
    time_value: Minor = Minor(0)
    """The value of the counted time at its rates (R9), where it has any."""
    charged: Minor = Minor(0)
    """The net sum of the statement's charges as of now."""
    entries: int = 0


class ThresholdReached(Fact, frozen=True, tag="billing.ThresholdReached@1"):
    """Use reached a share of what is available, told once per period and threshold (R36); `percent` is the highest of
    those crossed at once."""

    contract_id: ContractId
    client_id: ClientId
    percent: int
    figures: Figures
    on: date


class PaceWarned(Fact, frozen=True, tag="billing.PaceWarned@1"):
    """At its pace the budget runs out before the period ends (R36); at most once per period."""

    contract_id: ContractId
    client_id: ClientId
    runs_out_on: date
    figures: Figures
    on: date


class InvoiceLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One kind of charge of one period. `quantity` is minutes or units where the kind has one, `rate` minor units per
    hour or unit, `correction` True where the period had been settled before."""

    kind: str
    period: date
    period_end: date
    amount: Minor
    tax_category: str
    tax_rate_ppm: int = 0
    quantity: int | None = None
    rate: Minor | None = None
    correction: bool = False
    description: str = ""


class TaxTotal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tax of one category and rate on the sum of its lines (R31)."""

    category: str
    rate_ppm: int
    net: Minor
    tax: Minor


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


class PaymentReceived(Fact, frozen=True, tag="billing.PaymentReceived@1"):
    """Money came in; counted once by `payment_id` (R32)."""

    payment_id: str
    client_id: ClientId
    currency: str
    amount: Minor
    paid_on: date
    number: DocumentNumber | None = None


BillingEvent = ThresholdReached | PaceWarned | InvoiceIssued | ReminderDue | PaymentReceived

"""What can be asked of an account. Ids, instants and looked-up facts arrive here, so that decisions stay pure."""

from datetime import date, datetime

import msgspec

from services.billing.events import Heard, InvoiceLine, Measure, TakenBlock, TakenBucket, TakenOpen
from vocabulary.duration import Minutes
from vocabulary.identity import BlockId, ClientId, ContractId, CreditId, DocumentNumber, ExtraId
from vocabulary.money import Minor
from vocabulary.terms import Agreement, Tax


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Every command names its contract."""

    contract_id: ContractId


class OpenAccount(Order, frozen=True):
    """The contract binds; what waited for it is counted now."""

    client_id: ClientId
    title: str
    agreement: Agreement
    known_at: datetime


class Hear(Order, frozen=True):
    """Another service's fact. It is history: it is counted, waits, or is left out with a reason, and never refused."""

    heard: Heard


class NotePlan(Order, frozen=True):
    """Hours that contracts plans for a period (R34)."""

    period: date
    planned: Minutes
    task: str


class BuyBlock(Order, frozen=True):
    """R20."""

    block_id: BlockId
    minutes: Minutes
    price: Minor
    bought_on: date
    expires_on: date | None
    now: datetime


class WithdrawBlock(Order, frozen=True):
    block_id: BlockId
    now: datetime


class GiveCredit(Order, frozen=True):
    credit_id: CreditId
    amount: Minor
    on: date
    why: str
    now: datetime


class WithdrawCredit(Order, frozen=True):
    credit_id: CreditId
    now: datetime


class AddExtra(Order, frozen=True):
    """R39."""

    extra_id: ExtraId
    amount: Minor
    description: str
    on: date
    each_period: bool
    until: date | None
    tax: Tax | None
    now: datetime


class WithdrawExtra(Order, frozen=True):
    extra_id: ExtraId
    now: datetime


class ApproveOverage(Order, frozen=True):
    """R18; `quantity` in the measure that it says."""

    period: date
    measure: Measure
    quantity: int
    now: datetime


class DeclineOverage(Order, frozen=True):
    """R18."""

    period: date
    now: datetime


class SetThresholds(Order, frozen=True):
    """R36, for this contract."""

    percents: tuple[int, ...]


class TakeOver(Order, frozen=True):
    """R38."""

    on: date
    buckets: tuple[TakenBucket, ...]
    borrowed: int
    blocks: tuple[TakenBlock, ...]
    fee_paid_until: date | None
    open: tuple[TakenOpen, ...]
    now: datetime


class BeginPeriod(Order, frozen=True):
    """A period has begun: its figures are stated, also where its boundary is settled days later (R28)."""

    now: datetime


class WarnOfPace(Order, frozen=True):
    """Look at the pace of the present period on a day (R35, R36)."""

    on: date


class ChargeLateFee(Order, frozen=True):
    """A reminder went out that costs something (R33)."""

    number: DocumentNumber
    step: int
    amount: Minor
    on: date
    now: datetime


class WriteOff(Order, frozen=True):
    """A cancelled invoice is not replaced: what it asked enters the statement as a credit (R30)."""

    number: DocumentNumber
    lines: tuple[InvoiceLine, ...]
    on: date
    now: datetime


AccountCommand = (
    OpenAccount
    | Hear
    | NotePlan
    | BuyBlock
    | WithdrawBlock
    | GiveCredit
    | WithdrawCredit
    | AddExtra
    | WithdrawExtra
    | ApproveOverage
    | DeclineOverage
    | SetThresholds
    | TakeOver
    | BeginPeriod
    | WarnOfPace
    | ChargeLateFee
    | WriteOff
)

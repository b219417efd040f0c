"""The facts of one contract, as the fold takes them in: frozen, each with the instant at which it was recorded.

`known_at` (UTC) is when the service that decided the fact recorded it: cut-offs go by it, and facts apply in its order
(R27). The same id again replaces what it said before; a withdrawal takes it away.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from services.billing.events import CountedWork, TakenBlock, TakenBucket
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.terms import Tax


class Noted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact, and when it became known. `version` is that of the event on the account's stream that says it; 0 where it
    stands on none."""

    known_at: datetime
    version: int = 0


class EntryNoted(Noted, frozen=True):
    """An entry as it is from now on: logged, corrected or approved."""

    entry_id: str
    work: CountedWork


class EntryWithdrawn(Noted, frozen=True):
    entry_id: str


class DeliveryNoted(Noted, frozen=True):
    delivery_id: str
    units: int
    on: date


class DeliveryWithdrawn(Noted, frozen=True):
    delivery_id: str


class BlockNoted(Noted, frozen=True):
    """A block of hours bought ahead (R20). None: it never expires."""

    block_id: str
    minutes: Minutes
    price: Minor
    bought_on: date
    expires_on: date | None = None


class BlockWithdrawn(Noted, frozen=True):
    block_id: str


class CreditNoted(Noted, frozen=True):
    """Goodwill, net; the amount is above zero."""

    credit_id: str
    amount: Minor
    on: date


class CreditWithdrawn(Noted, frozen=True):
    credit_id: str


class ExtraNoted(Noted, frozen=True):
    """R39: on a date, or with each period that begins from that date on (and before `until`)."""

    extra_id: str
    amount: Minor
    on: date
    each_period: bool = False
    until: date | None = None
    tax: Tax | None = None
    description: str = ""


class ExtraWithdrawn(Noted, frozen=True):
    extra_id: str


class OverageApproved(Noted, frozen=True):
    """R18; `quantity` in the measure of the period that starts on `period`."""

    period: date
    quantity: int


class OverageDeclined(Noted, frozen=True):
    """All of the period's overage that is undecided now is written off (R18)."""

    period: date


class TermsNoted(Noted, frozen=True):
    """New terms from a date (R22), as a merge patch over the JSON of Terms."""

    patch: dict[str, Any]
    effective_on: date
    immediately: bool = False


class PauseNoted(Noted, frozen=True):
    """No work and no fee in `[from_on, to_on)` (R24)."""

    from_on: date
    to_on: date


class EndNoted(Noted, frozen=True):
    """The contract ends early (R6): `ends_on` is the first date no longer covered."""

    ends_on: date


class RenewalNoted(Noted, frozen=True):
    """The end moved on (R25)."""

    ends_on: date


class LateFeeNoted(Noted, frozen=True):
    """A reminder's fee (R33), outside the scope of tax."""

    number: str
    step: int
    amount: Minor
    on: date


class ForgivenLine(msgspec.Struct, frozen=True):
    """What a cancelled invoice asked about a period, by tax; `amount` as it was asked."""

    period: date
    amount: Minor
    tax_category: str
    tax_rate_ppm: int = 0


class WriteOffNoted(Noted, frozen=True):
    """A cancelled invoice is not replaced: what it asked enters the statement as a credit (R30)."""

    number: str
    lines: tuple[ForgivenLine, ...]
    on: date


class TakeOverNoted(Noted, frozen=True):
    """R38: the books begin at the boundary `on`, with what was left and owed then."""

    on: date
    buckets: tuple[TakenBucket, ...] = ()
    borrowed: int = 0
    blocks: tuple[TakenBlock, ...] = ()
    fee_paid_until: date | None = None


ContractFact = (
    EntryNoted
    | EntryWithdrawn
    | DeliveryNoted
    | DeliveryWithdrawn
    | BlockNoted
    | BlockWithdrawn
    | CreditNoted
    | CreditWithdrawn
    | ExtraNoted
    | ExtraWithdrawn
    | OverageApproved
    | OverageDeclined
    | TermsNoted
    | PauseNoted
    | EndNoted
    | RenewalNoted
    | LateFeeNoted
    | WriteOffNoted
    | TakeOverNoted
)

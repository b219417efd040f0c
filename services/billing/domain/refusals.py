"""Why a fact has no place in the books of a contract. `field` is the path of the value at fault in the fact.

Refused
└── NoPlace
    ├── OutsideContract       billable time or a delivery on a date that the contract does not cover (R7)
    ├── OnPausedDay           billable time on a paused day (R24)
    ├── TooLong               an entry of more than 24 hours (R12)
    ├── RateMissing           an entry, or terms that would leave one, without a rate that is needed (R9)
    ├── PauseEmpty, PauseOutside, PauseOverTime   R24
    ├── EndTooLate, EndTooEarly, EndBeforeTime    R6, R7
    ├── OffBoundary           terms that are not immediate take effect at a boundary (R22)
    ├── TermsOutside          terms take effect while the contract lasts
    ├── CycleChanged          cycle and anchor stay for the contract's life (R5)
    ├── KindChangedInPeriod   kind and measure change at a boundary alone (R22)
    ├── TaxAlreadyInvoiced    the tax of an invoiced boundary stays (R31)
    ├── TermsShapeless        the patch makes no terms
    ├── NoBank, BlockUnfit    R20
    ├── NoUnits               a delivery under terms that have no place for it (R20)
    ├── PlaceTaken            new terms leave a block or a delivery without its place
    ├── NothingToApprove      no such period, or its overage is not for approval, or of another measure (R18)
    ├── TakeOverUnfit         R38
    ├── BeforeTakeOver        what lies before the boundary of a take-over is not on these books
    ├── AmountUnfit           zero or below where something above zero is meant
    ├── IdTaken, IdUnknown    a block, credit, extra or delivery
"""

from vocabulary.refusal import Kind, Refused


class NoPlace(Refused, kind=Kind.CONFLICT):
    """The rules have no place for the fact in the present state of the books."""


class OutsideContract(NoPlace):
    """R7."""


class OnPausedDay(NoPlace):
    """R24."""


class TooLong(NoPlace, kind=Kind.INVALID):
    """R12."""


class RateMissing(NoPlace):
    """R9."""


class PauseEmpty(NoPlace, kind=Kind.INVALID):
    """A pause covers a day at least."""


class PauseOutside(NoPlace):
    """The contract covers none of its days."""


class PauseOverTime(NoPlace):
    """R24."""


class EndTooLate(NoPlace):
    """R6: never later than agreed."""


class EndTooEarly(NoPlace):
    """A contract covers a day at least."""


class EndBeforeTime(NoPlace):
    """R7."""


class OffBoundary(NoPlace):
    """R22."""


class TermsOutside(NoPlace):
    """They would take effect where the contract covers nothing."""


class CycleChanged(NoPlace):
    """R5."""


class KindChangedInPeriod(NoPlace):
    """R22."""


class TaxAlreadyInvoiced(NoPlace):
    """R31."""


class TermsShapeless(NoPlace, kind=Kind.INVALID):
    """What the patch leaves are no terms."""


class NoBank(NoPlace):
    """R20."""


class BlockUnfit(NoPlace, kind=Kind.INVALID):
    """A block has hours, a price that is not below zero, and expires after it was bought."""


class NoUnits(NoPlace):
    """R20."""


class PlaceTaken(NoPlace):
    """R20."""


class NothingToApprove(NoPlace):
    """R18."""


class TakeOverUnfit(NoPlace):
    """R38."""


class BeforeTakeOver(NoPlace):
    """R38."""


class AmountUnfit(NoPlace, kind=Kind.INVALID):
    """It must be above zero."""


class IdTaken(NoPlace, kind=Kind.EXISTS):
    """Ids are used once."""


class IdUnknown(NoPlace, kind=Kind.NOT_FOUND):
    """There is no such thing on this account, or it was withdrawn."""

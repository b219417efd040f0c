"""The account of one period: its figures and the charges that they lead to (R14 to R21).

A statement follows from what the period is based on (`Basis`), what was used in it, and what the period before passed
on; nothing else. So it is reckoned anew only where one of these changed.
"""

from datetime import date

import msgspec

from services.billing.domain.allowance import (
    BlockLeft,
    Carry,
    Draws,
    Lapsed,
    Loan,
    drawn,
    draws,
    given_back,
    passed_on,
)
from services.billing.domain.charges import Charge, charge_of, cycle_fee, tax_of
from services.billing.domain.consumption import Consumption
from services.billing.domain.course import Course, Part
from services.billing.domain.grounds import CalledIn, Excess, Given, Ground, Shortfall, TimeValue
from services.billing.domain.overage import Decision
from services.billing.domain.usage import Usage
from vocabulary.calendar import Period
from vocabulary.kind import TermsKind, kind_of, measures_the_same
from vocabulary.terms import OveragePolicy, Terms


class Basis(msgspec.Struct, frozen=True):
    """What a period is, by the course of the contract alone."""

    period: Period
    terms: Terms
    kind: TermsKind
    allowance: int
    goes_on: bool
    """The next period measures the same, so that something can pass into it (R15)."""
    lends: bool
    """A later period has such an allowance, so that loans can be given back (R18)."""
    allowed: tuple[Part, ...]
    """What the allowance is the sum of (R8, R22)."""
    minimum: Part
    charges: tuple[Charge, ...]
    """Fee and access fee."""


class Statement(msgspec.Struct, frozen=True):
    """Figures in the measure of the kind: minutes, minor units or units. `lapsed` says when what was left expired."""

    basis: Basis
    usage: Usage
    brought: Carry
    bought: tuple[BlockLeft, ...]
    decisions: tuple[Decision, ...]
    allowance: int
    carried: int
    borrowed: int
    used: int
    remaining: int
    overage: int
    lapsed: tuple[Lapsed, ...]
    passes: Carry
    charges: tuple[Charge, ...]
    draws: Draws | None = None

    @property
    def period(self) -> Period:
        return self.basis.period

    def expired(self, on: date) -> int:
        """What has lapsed by a date, that date included (R17)."""
        return sum(quantity for day, quantity in self.lapsed if day <= on)

    @property
    def undecided(self) -> int:
        """Overage that the client has neither approved nor declined (R18)."""
        if self.basis.terms.overage.policy is not OveragePolicy.APPROVE:
            return 0
        return max(0, self.overage - (self.decisions[-1].to if self.decisions else 0))

    def follows_from(
        self,
        basis: Basis,
        usage: Usage,
        brought: Carry,
        bought: tuple[BlockLeft, ...],
        decisions: tuple[Decision, ...],
    ) -> bool:
        """Whether it would come out the same."""
        return (
            self.usage is usage
            and (self.basis is basis or self.basis == basis)
            and self.brought == brought
            and self.bought == bought
            and self.decisions == decisions
        )


def basis_of(course: Course, period: Period) -> Basis:
    """What a period is; kept on the course."""
    key = ("basis", period.index)
    kept = course.kept(key)
    if kept is None:
        kept = course.keep(key, _basis(course, period))
    return kept  # type: ignore[no-any-return]  # the keeping place holds several sorts of things


def _basis(course: Course, period: Period) -> Basis:
    terms = course.terms_of(period)
    following = course.period(period.index + 1)
    charges = []
    fee = cycle_fee(course, period)
    if fee is not None:
        charges.append(fee)
    if terms.access_fee:
        charges.append(charge_of("access", period, period.start, tax_of(terms), Given(terms.access_fee, "access fee")))
    allowed = course.allowed(period)
    return Basis(
        period=period,
        terms=terms,
        kind=kind_of(terms),
        allowance=sum(part.amount for part in allowed),
        allowed=allowed,
        goes_on=following is not None and measures_the_same(terms, course.terms_of(following)),
        lends=course.borrows and course.measured_later(period, terms),
        minimum=course.prorated(terms.minimum or 0, period),
        charges=tuple(charges),
    )


def statement_of(
    basis: Basis,
    usage: Usage,
    brought: Carry,
    bought: tuple[BlockLeft, ...],
    decisions: tuple[Decision, ...],
    before: Statement | None = None,
) -> Statement:
    """The account of a period. `before` is its statement until now, whose draws on a bank are gone on with."""
    match basis.kind:
        case TermsKind.HOURS:
            return _of_allowance(basis, usage, brought, decisions, usage.entries.minutes)
        case TermsKind.AMOUNT:
            return _of_allowance(basis, usage, brought, decisions, usage.entries.value)
        case TermsKind.UNITS:
            return _of_allowance(basis, usage, brought, decisions, usage.units)
        case TermsKind.BANK:
            return _of_bank(basis, usage, brought, bought, decisions, before)
        case TermsKind.FLAT | TermsKind.HOURLY:
            return _of_time(basis, usage, brought, bought, decisions)


def _of_time(
    basis: Basis, usage: Usage, brought: Carry, bought: tuple[BlockLeft, ...], decisions: tuple[Decision, ...]
) -> Statement:
    """Without an allowance: the time is shown, and charged where the terms are hourly (R14)."""
    charges = list(basis.charges)
    if basis.kind is TermsKind.HOURLY:
        worth = usage.entries.value
        if worth:
            charges.append(_arrears(basis, "time", TimeValue(usage.entries), quantity=usage.entries.minutes))
        if basis.minimum.amount > worth:
            charges.append(_arrears(basis, "minimum", Shortfall(basis.minimum, usage.entries)))
    return Statement(
        basis=basis,
        usage=usage,
        brought=brought,
        bought=bought,
        decisions=decisions,
        allowance=0,
        carried=0,
        borrowed=0,
        used=usage.entries.minutes,
        remaining=0,
        overage=0,
        lapsed=(),
        passes=Carry(loans=brought.loans),
        charges=tuple(charges),
    )


def _of_allowance(basis: Basis, usage: Usage, brought: Carry, decisions: tuple[Decision, ...], used: int) -> Statement:
    """Hours, an amount or units, with buckets of earlier periods and loans to give back (R15, R16, R18)."""
    terms, period = basis.terms, basis.period
    carried = sum(bucket.left for bucket in brought.buckets)
    loans, borrowed = brought.loans, 0
    if loans:
        owed = sum(loan.quantity for loan in loans if measures_the_same(loan.terms, terms))
        borrowed = min(basis.allowance, owed)
        loans = given_back(loans, borrowed, terms)
    own = basis.allowance - borrowed
    available = own + carried
    overage, remaining = max(0, used - available), max(0, available - used)
    buckets, lacking = drawn(brought.buckets, min(used, available)) if carried else ([], min(used, available))
    if terms.rollover is not None and basis.goes_on:
        passing, lapsing = passed_on(buckets, own - lacking, terms.rollover, period.index, period.start)
    else:
        passing, lapsing = (), remaining
    if overage and terms.overage.policy is OveragePolicy.BORROW:
        loans = (*loans, _loan(basis, usage, available, overage))
    called_in = None
    if loans and not basis.lends:
        due = tuple(loan for loan in loans if measures_the_same(loan.terms, terms))
        loans = tuple(loan for loan in loans if not measures_the_same(loan.terms, terms))
        called_in = CalledIn(basis.kind, terms, due) if due else None
    excess = _excess(basis, overage, decisions, usage.entries, available)
    charges = (*basis.charges, *_overage(basis, excess, called_in))
    return Statement(
        basis=basis,
        usage=usage,
        brought=brought,
        bought=(),
        decisions=decisions,
        allowance=basis.allowance,
        carried=carried,
        borrowed=borrowed,
        used=used,
        remaining=remaining,
        overage=overage,
        lapsed=((period.end, lapsing),) if lapsing else (),
        passes=Carry(passing, loans) if passing or loans else Carry(),
        charges=charges,
    )


def _of_bank(
    basis: Basis,
    usage: Usage,
    brought: Carry,
    bought: tuple[BlockLeft, ...],
    decisions: tuple[Decision, ...],
    before: Statement | None,
) -> Statement:
    """Blocks of hours, each usable between its dates (R20)."""
    period = basis.period
    goes_on_with = None
    if before is not None and before.brought == brought and before.bought == bought:
        goes_on_with = before.draws
    earlier, new = blocks_at_hand(period, brought, bought)
    drawn_on = draws((*earlier, *new), usage.entries, goes_on_with)
    carried = sum(block.left for block in earlier)
    allowance = sum(block.left for block in new)
    used, overage = usage.entries.minutes, drawn_on.uncovered.minutes
    lapsed, passing = [], []
    for block in drawn_on.blocks:
        if block.expires_on is not None and block.expires_on <= period.end:
            lapsed.append((block.expires_on, block.left))
        elif not basis.goes_on:
            lapsed.append((period.end, block.left))
        elif block.left:
            passing.append(block)
    charges = (*basis.charges, *_overage(basis, _excess(basis, overage, decisions, drawn_on.uncovered, 0)))
    return Statement(
        basis=basis,
        usage=usage,
        brought=brought,
        bought=bought,
        decisions=decisions,
        allowance=allowance,
        carried=carried,
        borrowed=0,
        used=used,
        remaining=allowance + carried - (used - overage),
        overage=overage,
        lapsed=tuple(sorted((day, left) for day, left in lapsed if left)),
        passes=Carry((), brought.loans, tuple(passing)),
        charges=charges,
        draws=drawn_on,
    )


def blocks_at_hand(
    period: Period, brought: Carry, bought: tuple[BlockLeft, ...]
) -> tuple[tuple[BlockLeft, ...], tuple[BlockLeft, ...]]:
    """The earlier blocks that are not expired at the period's start, and those bought in it (R20)."""
    earlier = (*brought.blocks, *(block for block in bought if block.bought_on < period.start))
    usable = tuple(block for block in earlier if block.expires_on is None or block.expires_on > period.start)
    return usable, tuple(block for block in bought if block.bought_on >= period.start)


def _excess(
    basis: Basis, overage: int, decisions: tuple[Decision, ...], entries: Consumption, available: int
) -> Excess | None:
    """The period's own overage, where it is charged at all: what of the entries goes beyond the available (R18)."""
    if not overage:
        return None
    match basis.terms.overage.policy:
        case OveragePolicy.BILL:
            return Excess(basis.kind, basis.terms, entries, available, overage)
        case OveragePolicy.APPROVE:
            return Excess(basis.kind, basis.terms, entries, available, overage, decisions)
        case OveragePolicy.STOP | OveragePolicy.BORROW:
            return None


def _loan(basis: Basis, usage: Usage, available: int, overage: int) -> Loan:
    """What the period takes off later ones' allowance (R18)."""
    pieces: tuple[tuple[int, int], ...] = ()
    if basis.kind is TermsKind.HOURS:
        named = basis.terms.overage.rate or 0  # for an entry that needs no rate because the overage has one (R9)
        beyond = usage.entries.beyond(available)
        pieces = tuple((part.minutes, named if part.entry.rate is None else part.entry.rate) for part in beyond)
    return Loan(basis.period.start, overage, basis.terms, pieces)


def _overage(basis: Basis, *found: Excess | CalledIn | None) -> tuple[Charge, ...]:
    """One charge of what is beyond and of what is called in; none where it comes to nothing."""
    grounds = [ground for ground in found if ground is not None]
    if not grounds:
        return ()
    made = _arrears(basis, "overage", *grounds, quantity=sum(ground.charged for ground in grounds))
    return (made,) if made.amount else ()


def _arrears(basis: Basis, kind: str, *grounds: Ground, quantity: int | None = None) -> Charge:
    """A charge that is due when its period has ended (R28)."""
    period, terms = basis.period, basis.terms
    return charge_of(
        kind,
        period,
        period.end,
        tax_of(terms),
        *grounds,
        quantity=quantity if kind == "time" or basis.kind is not TermsKind.AMOUNT else None,
        rate=terms.overage.rate if kind == "overage" else None,
        in_units=basis.kind is TermsKind.UNITS,
    )

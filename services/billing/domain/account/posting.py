"""Commands: what is put on an account besides time, and what the client decides about overage."""

from collections.abc import Sequence
from datetime import datetime

from services.billing.domain import books as fold
from services.billing.domain.account import commands, notes
from services.billing.domain.account.evolving import AccountEvent, evolve, evolved
from services.billing.domain.account.state import Account
from services.billing.domain.account.telling import alerts, awaited, pace_alert, restated, stated_by
from services.billing.domain.refusals import TakeOverUnfit
from services.billing.events import (
    AmountWrittenOff,
    BlockBought,
    BlockWithdrawn,
    CreditGiven,
    CreditWithdrawn,
    ExtraAdded,
    ExtraWithdrawn,
    LateFeeCharged,
    Measure,
    OverageApproved,
    OverageDeclined,
    RetainerTakenOver,
    ThresholdsSet,
)
from vocabulary.refusal import Kind, Refused


class AlreadyRunning(Refused, kind=Kind.CONFLICT):
    """A retainer is taken over before anything else is on its account (R38)."""


class WrongMeasure(Refused, kind=Kind.INVALID):
    """The quantity is in another measure than the contract's allowance."""


Posting = (
    commands.BuyBlock
    | commands.WithdrawBlock
    | commands.GiveCredit
    | commands.WithdrawCredit
    | commands.AddExtra
    | commands.WithdrawExtra
    | commands.ApproveOverage
    | commands.DeclineOverage
    | commands.TakeOver
    | commands.ChargeLateFee
    | commands.WriteOff
)


def post(account: Account, command: Posting) -> Sequence[AccountEvent]:
    """The fact itself, checked by the rules of the books, and what follows from it."""
    books = account.opened_books
    posted = _posted(account, command)
    if not isinstance(command, commands.ChargeLateFee | commands.WriteOff):
        fold.check(books, notes.fact_of(posted))
    on = fold.local_date(books, command.now)
    after = evolve(account, posted)
    told = restated(account, after.opened_books, on)
    later = evolved(after, told)
    figures = [one for fact in told for one in fact.figures]
    return [posted, *told, *alerts(later, figures, on), *awaited(later, on)]


def _posted(account: Account, command: Posting) -> notes.Noted:
    contract_id, known_at = account.contract_id, command.now
    match command:
        case commands.BuyBlock():
            return BlockBought(
                contract_id=contract_id,
                block_id=command.block_id,
                minutes=command.minutes,
                price=command.price,
                bought_on=command.bought_on,
                expires_on=command.expires_on,
                known_at=known_at,
            )
        case commands.WithdrawBlock():
            return BlockWithdrawn(contract_id=contract_id, block_id=command.block_id, known_at=known_at)
        case commands.GiveCredit():
            return CreditGiven(
                contract_id=contract_id,
                credit_id=command.credit_id,
                amount=command.amount,
                on=command.on,
                why=command.why,
                known_at=known_at,
            )
        case commands.WithdrawCredit():
            return CreditWithdrawn(contract_id=contract_id, credit_id=command.credit_id, known_at=known_at)
        case commands.AddExtra():
            return ExtraAdded(
                contract_id=contract_id,
                extra_id=command.extra_id,
                amount=command.amount,
                description=command.description,
                on=command.on,
                each_period=command.each_period,
                until=command.until,
                tax=command.tax,
                known_at=known_at,
            )
        case commands.WithdrawExtra():
            return ExtraWithdrawn(contract_id=contract_id, extra_id=command.extra_id, known_at=known_at)
        case _:
            return _decided(account, command)


def _decided(account: Account, command: Posting) -> notes.Noted:
    contract_id, known_at = account.contract_id, command.now
    match command:
        case commands.ApproveOverage():
            _same_measure(account, command)
            return OverageApproved(
                contract_id=contract_id,
                period=command.period,
                quantity=command.quantity,
                known_at=known_at,
                measure=command.measure,
            )
        case commands.DeclineOverage():
            return OverageDeclined(contract_id=contract_id, period=command.period, known_at=known_at)
        case commands.TakeOver():
            return _taken_over(account, command)
        case commands.ChargeLateFee():
            return LateFeeCharged(
                contract_id=contract_id,
                number=command.number,
                step=command.step,
                amount=command.amount,
                on=command.on,
                known_at=known_at,
            )
        case commands.WriteOff():
            return AmountWrittenOff(
                contract_id=contract_id,
                number=command.number,
                lines=command.lines,
                on=command.on,
                known_at=known_at,
            )
    raise AssertionError(f"{type(command).__name__} is no posting")


def _same_measure(account: Account, command: commands.ApproveOverage) -> None:
    period = fold.period_of(account.opened_books, command.period)
    if period is None or period.start != command.period:
        return  # the books refuse it by name
    measure: Measure = fold.figures(account.opened_books, period.start, period.start).measure
    if command.measure != measure:
        raise WrongMeasure(f"overage of that period is measured in {measure}, not {command.measure}", field="approved")


def _taken_over(account: Account, command: commands.TakeOver) -> RetainerTakenOver:
    if account.settled is not None or account.documents or account.drafts:
        raise AlreadyRunning(
            "its books run here already: take it over before its first boundary is settled", field="contract"
        )
    awaited = account.terms_of_contract.taken_over_on
    if awaited is not None and awaited != command.on.isoformat():
        raise TakeOverUnfit(f"it was agreed that its books begin on {awaited} (R38)", field="on")
    return RetainerTakenOver(
        contract_id=account.contract_id,
        on=command.on,
        known_at=command.now,
        buckets=command.buckets,
        borrowed=command.borrowed,
        blocks=command.blocks,
        fee_paid_until=command.fee_paid_until,
        open=command.open,
    )


def set_thresholds(account: Account, command: commands.SetThresholds) -> Sequence[AccountEvent]:
    """From now on these; what was told is not told again (R36)."""
    percents = tuple(sorted(command.percents))
    if percents == account.thresholds and account.opened_books:
        return []
    return [ThresholdsSet(contract_id=account.contract_id, percents=percents)]


def state_figures(account: Account, now: datetime) -> Sequence[AccountEvent]:
    """What the passing of days has moved by itself: a period began or ended, a block lapsed."""
    books = account.opened_books
    on = fold.local_date(books, now)
    told = stated_by(account, books, on)
    later = evolved(account, told)
    figures = [one for fact in told for one in fact.figures]
    return [*told, *alerts(later, figures, on), *awaited(later, on)]


def look_at_pace(account: Account, command: commands.WarnOfPace) -> Sequence[AccountEvent]:
    """Days go by without work: a pace can fall below its warning, never rise; yet a budget can run out by a day that is
    reckoned anew (R36)."""
    period = fold.period_of(account.opened_books, command.on)
    if period is None:
        return []
    return pace_alert(account, fold.figures(account.opened_books, period.start, command.on), command.on)

"""A charge as a reason: what each of its grounds says (R8, R9, R14, R18, R19, R21)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

import msgspec

from services.billing.domain.charges import Charge
from services.billing.domain.consumption import Counted
from services.billing.domain.course import Part
from services.billing.domain.explaining.entries import Source, listed, part_of, part_value, value_of
from services.billing.domain.explaining.period import Share, beyond, delivery_reason, part_reason, shares, unit_of
from services.billing.domain.facts import OverageApproved, OverageDeclined
from services.billing.domain.grounds import CalledIn, Excess, Given, Ground, Settled, Shortfall, TimeValue
from services.billing.domain.overage import approved
from services.billing.domain.reasons import Reason, Unit
from services.billing.domain.statement import Statement
from vocabulary.kind import TermsKind
from vocabulary.money import divide

WORDS = {"block": "block", "credit": "credit", "extra": "extra", "late": "late fee", "invoice": "written off"}


def charge_reason(source: Source, charge: Charge, statement: Statement) -> Reason:
    """`statement` is that of the period that the charge names."""
    return Reason(
        word=charge.kind,
        unit="money",
        value=charge.amount,
        law="sum",
        reasons=tuple(ground_reason(source, ground, statement) for ground in charge.grounds),
        from_on=charge.period,
        to_on=charge.period_end,
        text=charge.description,
    )


def ground_reason(source: Source, ground: Ground, statement: Statement) -> Reason:
    match ground:
        case Part():
            return part_reason(source, "for days", "money", ground)
        case Settled():
            paid = part_reason(source, "for days", "money", ground.part)
            return Reason(word="paid before", unit="money", value=ground.amount, law="less", reasons=(paid,))
        case Given():
            return _given(source, ground, statement)
        case TimeValue():
            return _time(source, ground)
        case Shortfall():
            minimum = part_reason(source, "minimum", "money", ground.minimum)
            time = _time(source, TimeValue(ground.entries))
            less = Reason(word="less its time", unit="money", value=-time.value, law="less", reasons=(time,))
            return Reason(word="up to minimum", unit="money", value=ground.amount, law="sum", reasons=(minimum, less))
        case Excess():
            return _excess(source, ground, statement)
        case CalledIn():
            return _called_in(ground)
    assert_never(ground)


def _given(source: Source, ground: Given, statement: Statement) -> Reason:
    """What stands in a fact, or in the terms."""
    sort, _, name = ground.subject.partition("/")
    fact = source.books.dated.get(ground.subject) or source.books.dated.get(f"write-off/{name}")
    if fact is None:
        said = source.terms_said_by(statement.period.start)
        return Reason(word=ground.subject, unit="money", value=ground.amount, versions=said)
    number = name.partition("/")[0] if sort == "late" else name
    collection = "invoices" if sort in ("late", "invoice") else f"{sort}s"
    return Reason(
        word=WORDS[sort],
        unit="money",
        value=ground.amount,
        subject=f"{collection}/{number}",
        versions=(fact.version,) if fact.version else (),
    )


def _time(source: Source, ground: TimeValue) -> Reason:
    entries = listed(source, "money", ground.entries, lambda one: one.value, lambda one: value_of(source, one))
    return Reason(word="time", unit="money", value=ground.amount, law="sum", reasons=entries)


def _excess(source: Source, ground: Excess, statement: Statement) -> Reason:
    if not ground.at_own_rates:
        quantity = _charged(source, ground, statement)
        if ground.kind is TermsKind.AMOUNT:
            return quantity
        return Reason(
            word="overage",
            unit="money",
            value=ground.amount,
            law="priced",
            rate=ground.terms.overage.rate,
            rate_source="overage",
            versions=source.terms_said_by(statement.period.start),
            reasons=(quantity,),
        )
    entries = statement.usage.entries
    priced = listed(
        source,
        "money",
        ((entries.at(part.entry.place), minutes) for part, minutes in ground.pieces()),
        lambda piece: _worth(*piece),
        lambda piece: part_value(source, *piece, _worth(*piece)),
    )
    return Reason(word="overage", unit="money", value=ground.amount, law="sum", reasons=priced)


def _worth(entry: Counted, minutes: int) -> int:
    return divide(minutes * (entry.rate or 0), 60)


def _charged(source: Source, ground: Excess, statement: Statement) -> Reason:
    """How much of what is beyond is charged: all, or what the client approved of it, in order (R18, R19)."""
    decided = () if ground.decisions is None else decisions_on(source, statement.period.start)
    entries = statement.usage.entries
    if ground.kind in (TermsKind.HOURS, TermsKind.BANK):
        reasons = listed(
            source,
            "minutes",
            ground.pieces(),
            lambda piece: piece[1],
            lambda piece: part_of(source, entries.at(piece[0].entry.place), piece[1]),
        )
        return Reason(word="beyond", unit="minutes", value=ground.charged, law="sum", reasons=reasons, versions=decided)
    unit = unit_of(statement)

    def reason(piece: tuple[Share, int]) -> Reason:
        share, quantity = piece
        whole = delivery_reason(source, share.name, share.size) if share.counted is None else None
        told = whole or value_of(source, share.counted)  # type: ignore[arg-type]  # one of the two is there
        if quantity == share.size:
            return told
        return msgspec.structs.replace(
            told, word=f"part of {told.word}", value=quantity, law="part", whole=share.size, reasons=()
        )

    pieces = _charged_pieces(ground, shares(source, statement))
    reasons = listed(source, unit, pieces, lambda piece: piece[1], reason)
    return Reason(word="beyond", unit=unit, value=ground.charged, law="sum", reasons=reasons, versions=decided)


def _charged_pieces(ground: Excess, found: Iterable[Share]) -> Iterator[tuple[Share, int]]:
    reached = 0
    for share in found:
        over = beyond(share)
        charged = over
        if ground.decisions is not None:
            charged = approved(ground.decisions, reached, reached + over)
        reached += over
        if charged:
            yield share, charged


def decisions_on(source: Source, period: date) -> tuple[int, ...]:
    """The events by which the client approved or declined overage of a period (R18)."""
    return tuple(
        fact.version
        for fact in source.books.history.since(0)
        if isinstance(fact, OverageApproved | OverageDeclined)
        and fact.period == period
        and fact.version
        and fact.known_at <= source.books.latest
    )


def _called_in(ground: CalledIn) -> Reason:
    """Loans that nobody gives back, oldest first (R18)."""
    pieces = ground.apart
    if pieces is not None:
        in_units = ground.kind is TermsKind.UNITS
        reasons = tuple(
            Reason(
                word="called in",
                unit="money",
                value=quantity * rate if in_units else divide(quantity * rate, 60),
                law="priced",
                rate=rate,
                rate_source="overage" if in_units else "entry",
                reasons=(_loan(loan.period, "units" if in_units else "minutes", quantity),),
            )
            for loan, quantity, rate in pieces
        )
        return Reason(word="called in", unit="money", value=ground.amount, law="sum", reasons=reasons)
    unit: Unit = {TermsKind.AMOUNT: "money", TermsKind.UNITS: "units"}.get(ground.kind, "minutes")  # type: ignore[assignment]
    loans = tuple(_loan(loan.period, unit, loan.quantity) for loan in ground.loans)
    quantity = Reason(word="called in", unit=unit, value=ground.charged, law="sum", reasons=loans)
    if ground.kind is TermsKind.AMOUNT:
        return quantity
    return Reason(
        word="called in",
        unit="money",
        value=ground.amount,
        law="priced",
        rate=ground.terms.overage.rate or 0,
        rate_source="overage",
        reasons=(quantity,),
    )


def _loan(period: date, unit: Unit, quantity: int) -> Reason:
    return Reason(word="borrowed in", unit=unit, value=quantity, subject=f"periods/{period}", from_on=period)

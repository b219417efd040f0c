"""Facts of a case file as billing's fold takes them in."""

from datetime import UTC, datetime
from typing import assert_never

import msgspec

from retainer import case_told as told
from retainer.case_places import place_of
from retainer.case_told import Case
from retainer.yaml_exact import Flaw
from services.billing.domain import books, facts
from services.billing.domain.books import Books
from services.billing.events import CountedWork, TakenBlock, TakenBucket
from vocabulary.duration import Minutes, Seconds
from vocabulary.identity import BlockId, PersonId
from vocabulary.kind import TermsKind, kind_of
from vocabulary.money import Minor
from vocabulary.refusal import Refused

_MEASURES = {
    TermsKind.HOURS: "minutes",
    TermsKind.BANK: "minutes",
    TermsKind.AMOUNT: "amount",
    TermsKind.UNITS: "units",
}


def fact_of(case: Case, known: Books, fact: told.Fact, known_at: datetime) -> facts.ContractFact:
    """The fact; a `Flaw` where it is about something that is not there."""
    match fact:
        case told.EntryTold():
            return facts.EntryNoted(entry_id=fact.id, work=_work(case, fact), known_at=known_at)
        case told.CorrectTold():
            return facts.EntryNoted(entry_id=fact.id, work=_corrected(case, known, fact), known_at=known_at)
        case told.ApproveTimeTold():
            work = msgspec.structs.replace(_entry(known, fact.id, f"{fact.place}.approve"), approved=True)
            return facts.EntryNoted(entry_id=fact.id, work=work, known_at=known_at)
        case told.DeleteTold():
            return _deleted(known, fact, known_at)
        case told.ApproveOverageTold():
            _check_measure(known, fact)
            return facts.OverageApproved(period=fact.period, quantity=fact.quantity, known_at=known_at)
        case told.DeclineOverageTold():
            return facts.OverageDeclined(period=fact.period, known_at=known_at)
        case told.TermsTold():
            return facts.TermsNoted(
                patch=fact.patch, effective_on=fact.from_on, immediately=fact.immediately, known_at=known_at
            )
        case told.PauseTold():
            return facts.PauseNoted(from_on=fact.from_on, to_on=fact.to_on, known_at=known_at)
        case told.EndTold():
            return facts.EndNoted(ends_on=fact.ends_on, known_at=known_at)
        case told.BuyTold():
            return facts.BlockNoted(
                block_id=fact.id,
                minutes=Minutes(fact.minutes),
                price=Minor(fact.price),
                bought_on=fact.on,
                expires_on=fact.expires_on,
                known_at=known_at,
            )
        case told.DeliverTold():
            return facts.DeliveryNoted(delivery_id=fact.id, units=fact.units, on=fact.on, known_at=known_at)
        case told.CreditTold():
            return facts.CreditNoted(credit_id=fact.id, amount=Minor(fact.amount), on=fact.on, known_at=known_at)
        case told.ExtraTold():
            return facts.ExtraNoted(
                extra_id=fact.id,
                amount=Minor(fact.amount),
                on=fact.on,
                each_period=fact.each_period,
                until=fact.until,
                tax=fact.tax,
                description=fact.why,
                known_at=known_at,
            )
        case (
            told.PayTold()
            | told.RefundTold()
            | told.NoticeTold()
            | told.ReleaseTold()
            | told.CancelTold()
            | told.StopRemindersTold()
        ):
            raise AssertionError(f"{fact} is not about the books of the contract")
        case _ as never:
            assert_never(never)


def taken_over(before: Books, taken: told.TakenOver, place: str = "contract.taken_over") -> Books:
    """The books as they begin at the take-over (R38)."""
    fact = facts.TakeOverNoted(
        on=taken.on,
        buckets=tuple(TakenBucket(one.period, one.left, one.periods_left) for one in taken.buckets),
        borrowed=taken.borrowed,
        blocks=tuple(
            TakenBlock(BlockId(one.id), Minutes(one.left), one.bought_on, one.expires_on) for one in taken.blocks
        ),
        fee_paid_until=taken.fee_paid_until,
        known_at=datetime(1, 1, 2, tzinfo=UTC),
    )
    try:
        books.check(before, fact)
    except Refused as refused:
        raise Flaw(f"{place}.{refused.field}", refused.message) from None
    return books.note(before, fact)


def _work(case: Case, fact: told.EntryTold) -> CountedWork:
    return CountedWork(
        person_id=PersonId(fact.person),
        worked=Seconds(fact.worked),
        started_at=None if fact.at is None else fact.at.astimezone(UTC),
        worked_on=fact.on,
        role=case.people.get(fact.person, ""),
        task=fact.task,
        billable=fact.billable,
        rate=None if fact.rate is None else Minor(fact.rate),
    )


def _entry(known: Books, name: str, place: str) -> CountedWork:
    entry = books.entry(known, name)
    if entry is None:
        raise Flaw(place, f"there is no entry {name}, or not yet")
    return entry.work


def _corrected(case: Case, known: Books, fact: told.CorrectTold) -> CountedWork:
    work = _entry(known, fact.id, f"{fact.place}.correct")
    given = dict(fact.changes)
    if "at" in given:
        work = msgspec.structs.replace(work, started_at=given.pop("at").astimezone(UTC), worked_on=None)
    if "on" in given:
        work = msgspec.structs.replace(work, started_at=None, worked_on=given.pop("on"))
    if "person" in given:
        person = given.pop("person")
        work = msgspec.structs.replace(work, person_id=PersonId(person), role=case.people.get(person, ""))
    return msgspec.structs.replace(work, **given)


def _deleted(known: Books, fact: told.DeleteTold, known_at: datetime) -> facts.ContractFact:
    """What the id is the id of."""
    if books.entry(known, fact.id) is not None:
        return facts.EntryWithdrawn(entry_id=fact.id, known_at=known_at)
    if books.delivery(known, fact.id) is not None:
        return facts.DeliveryWithdrawn(delivery_id=fact.id, known_at=known_at)
    if f"block/{fact.id}" in known.dated:
        return facts.BlockWithdrawn(block_id=fact.id, known_at=known_at)
    if f"credit/{fact.id}" in known.dated:
        return facts.CreditWithdrawn(credit_id=fact.id, known_at=known_at)
    if f"extra/{fact.id}" in known.dated:
        return facts.ExtraWithdrawn(extra_id=fact.id, known_at=known_at)
    raise Flaw(f"{fact.place}.delete", f"there is no {fact.id}, or not yet")


def _check_measure(known: Books, fact: told.ApproveOverageTold) -> None:
    """Overage is approved in the measure of the period's allowance (R18)."""
    period = books.period_of(known, fact.period)
    if period is None or period.start != fact.period:
        raise Flaw(place_of(fact, "period"), f"no period of the contract begins on {fact.period}")
    measure = _MEASURES.get(kind_of(known.course.terms_of(period)))
    if measure is not None and measure != fact.measure:
        raise Flaw(place_of(fact, "quantity"), f"the allowance is measured in {measure}")

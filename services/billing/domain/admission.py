"""Whether the rules have a place for a fact in the books of a contract; why not is in `refusals`. Nothing is changed.

A fact about the whole contract (terms, a pause, an end) is checked against the entries that are there, so it costs
O(entries); one entry costs O(1).
"""

from collections.abc import Callable
from datetime import date
from typing import assert_never

from services.billing.domain.admission_of_terms import check_terms_noted
from services.billing.domain.facts import (
    BlockNoted,
    BlockWithdrawn,
    ContractFact,
    CreditNoted,
    CreditWithdrawn,
    DeliveryNoted,
    DeliveryWithdrawn,
    EndNoted,
    EntryNoted,
    EntryWithdrawn,
    ExtraNoted,
    ExtraWithdrawn,
    LateFeeNoted,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    RenewalNoted,
    TakeOverNoted,
    TermsNoted,
    WriteOffNoted,
)
from services.billing.domain.kept import Books, Dated, key_of
from services.billing.domain.placing import day_of, from_day
from services.billing.domain.rating import rate
from services.billing.domain.refusals import (
    AmountUnfit,
    BeforeTakeOver,
    BlockUnfit,
    EndBeforeTime,
    EndTooEarly,
    EndTooLate,
    IdTaken,
    IdUnknown,
    NoBank,
    NothingToApprove,
    NoUnits,
    OnPausedDay,
    OutsideContract,
    PauseEmpty,
    PauseOutside,
    PauseOverTime,
    RateMissing,
    TakeOverUnfit,
    TooLong,
)
from vocabulary.kind import TermsKind, kind_of, needs_rates
from vocabulary.terms import OveragePolicy

DAY_SECONDS = 24 * 3600


def check(books: Books, fact: ContractFact) -> None:
    """Raises the refusal. An entry that is there already is checked as its correction."""
    match fact:
        case EntryNoted():
            _check_entry(books, fact)
        case EntryWithdrawn(entry_id=name):
            _check_known(name in books.entries, name, "entry_id")
        case DeliveryNoted():
            _check_delivery(books, fact)
        case DeliveryWithdrawn(delivery_id=name):
            _check_known(name in books.deliveries, name, "delivery_id")
        case BlockNoted():
            _check_block(books, fact)
        case CreditNoted(amount=amount) | LateFeeNoted(amount=amount):
            _check_positive(amount, "amount")
            _check_fresh(books, fact)
        case ExtraNoted():
            _check_positive(fact.amount, "amount")
            _check_fresh(books, fact)
        case BlockWithdrawn(block_id=name):
            _check_known(f"block/{name}" in books.dated, name, "block_id")
        case CreditWithdrawn(credit_id=name):
            _check_known(f"credit/{name}" in books.dated, name, "credit_id")
        case ExtraWithdrawn(extra_id=name):
            _check_known(f"extra/{name}" in books.dated, name, "extra_id")
        case OverageApproved():
            _check_positive(fact.quantity, "quantity")
            _check_for_approval(books, fact.period)
        case OverageDeclined():
            _check_for_approval(books, fact.period)
        case TermsNoted():
            check_terms_noted(books, fact)
        case PauseNoted():
            _check_pause(books, fact)
        case EndNoted():
            _check_end(books, fact)
        case RenewalNoted():
            _check_renewal(books, fact)
        case WriteOffNoted():
            pass
        case TakeOverNoted():
            _check_take_over(books, fact)
        case _ as never:
            assert_never(never)


def _check_entry(books: Books, fact: EntryNoted) -> None:
    """R7, R9, R12, R24. What is not billable is kept for the record wherever it lies."""
    work, course = fact.work, books.course
    if not 0 <= work.worked <= DAY_SECONDS:
        raise TooLong("an entry lasts no longer than 24 hours, and not less than none (R12)", field="work.worked")
    if not work.billable:
        return
    day = day_of(books, fact)
    _check_covered(books, day, "work.date")
    if course.is_paused(day):
        raise OnPausedDay(f"the contract is paused on {day} (R24)", field="work.date")
    index = course.index_at(day)
    terms = course.on_paper(course.calendar.start(index))
    if needs_rates(terms) and rate(work, course.terms_on(day)) is None:
        raise RateMissing(f"the terms of {day} need a rate, and the entry has none (R9)", field="work.rate")


def _check_covered(books: Books, day: date, field: str) -> None:
    course = books.course
    if day < course.calendar.starts_on or (course.ends_on is not None and day >= course.ends_on):
        raise OutsideContract(f"the contract does not cover {day} (R7)", field=field)
    if course.taken_over is not None and day < course.taken_over.on:
        raise BeforeTakeOver(f"the books begin on {course.taken_over.on}, after {day} (R38)", field=field)


def _check_delivery(books: Books, fact: DeliveryNoted) -> None:
    _check_positive(fact.units, "units")
    _check_covered(books, fact.on, "on")
    period = books.course.period_at(fact.on)
    assert period is not None
    if kind_of(books.course.terms_of(period)) is not TermsKind.UNITS:
        raise NoUnits(f"the terms of {fact.on} have no deliverables (R20)", field="units")


def _check_block(books: Books, fact: BlockNoted) -> None:
    """R20: it may be bought before the start, never after the end, and where the terms are a bank."""
    course = books.course
    if fact.minutes <= 0:
        raise BlockUnfit("a block has hours", field="hours")
    if fact.price < 0:
        raise BlockUnfit("a block's price is not below zero", field="price")
    if fact.expires_on is not None and fact.expires_on <= fact.bought_on:
        raise BlockUnfit("a block expires after it was bought", field="expires_on")
    _check_fresh(books, fact)
    if course.ends_on is not None and fact.bought_on >= course.ends_on:
        raise OutsideContract(f"the contract has ended on {fact.bought_on} (R20)", field="bought_on")
    if course.taken_over is not None and fact.bought_on < course.taken_over.on:
        raise BeforeTakeOver(f"the books begin on {course.taken_over.on} (R38)", field="bought_on")
    period = course.named(fact.bought_on)
    if kind_of(course.terms_of(period)) is not TermsKind.BANK:
        raise NoBank(f"the terms of {fact.bought_on} have no place for a block: they are no bank (R20)", field="")


def _check_for_approval(books: Books, start: date) -> None:
    """R18: also ahead of time, but for a period of the contract whose overage waits for approval."""
    period = books.course.period_at(start)
    if period is None or period.start != start:
        raise NothingToApprove(f"no period of the contract begins on {start}", field="period")
    if period.index < books.course.first_index:
        raise BeforeTakeOver(
            f"the books begin on {books.course.calendar.start(books.course.first_index)}", field="period"
        )
    terms = books.course.terms_of(period)
    has_overage = kind_of(terms) not in (TermsKind.FLAT, TermsKind.HOURLY)
    if not has_overage or terms.overage.policy is not OveragePolicy.APPROVE:
        raise NothingToApprove(f"overage of the period of {start} is not for approval (R18)", field="period")


def _check_pause(books: Books, fact: PauseNoted) -> None:
    course = books.course
    if fact.to_on <= fact.from_on:
        raise PauseEmpty("a pause ends after it begins", field="to_on")
    if fact.to_on <= course.calendar.starts_on or (course.ends_on is not None and fact.from_on >= course.ends_on):
        raise PauseOutside("the contract covers no day of the pause", field="from_on")
    worked = _first(books, fact.from_on, lambda entry: day_of(books, entry) < fact.to_on)
    if worked is not None:
        raise PauseOverTime(f"there is billable time on {worked} (R24)", field="from_on")


def _check_end(books: Books, fact: EndNoted) -> None:
    """R6: earlier than agreed before, and not before what was worked or delivered (R7)."""
    course = books.course
    if course.ends_on is not None and fact.ends_on > course.ends_on:
        raise EndTooLate(f"the contract ends on {course.ends_on} already (R6)", field="ends_on")
    first = course.calendar.start(course.first_index)
    if fact.ends_on <= first:
        raise EndTooEarly(f"the contract begins on {first} and covers a day at least", field="ends_on")
    worked = _first(books, fact.ends_on, lambda _: True, deliveries=True)
    if worked is not None:
        raise EndBeforeTime(f"there is billable time or a delivery on {worked} (R7)", field="ends_on")


def _check_renewal(books: Books, fact: RenewalNoted) -> None:
    ends_on = books.course.ends_on
    if ends_on is None or fact.ends_on <= ends_on:
        raise EndTooEarly("a renewal moves the end on", field="ends_on")


def _first(
    books: Books, from_on: date, matters: Callable[[EntryNoted], bool], *, deliveries: bool = False
) -> date | None:
    """The first day from a date on with billable time that matters, or with a delivery."""
    days = [
        day_of(books, fact)
        for fact in from_day(books, from_on)
        if (isinstance(fact, EntryNoted) and fact.work.billable and matters(fact))
        or (deliveries and isinstance(fact, DeliveryNoted))
    ]
    return min(days, default=None)


def _check_take_over(books: Books, fact: TakeOverNoted) -> None:
    course = books.course
    if course.taken_over is not None or len(books.history):
        raise TakeOverUnfit("a retainer is taken over before anything else is on its books (R38)", field="on")
    if not course.calendar.is_start(fact.on) or course.period_at(fact.on) is None:
        raise TakeOverUnfit(f"a retainer is taken over on a boundary, and {fact.on} is none (R38)", field="on")
    if fact.borrowed < 0:
        raise AmountUnfit("what is taken over is not below zero", field="borrowed")
    kind = kind_of(course.terms_of(course.named(fact.on)))
    if kind not in _MEASURED and (fact.buckets or fact.borrowed):
        field = "buckets" if fact.buckets else "borrowed"
        raise TakeOverUnfit(f"the terms of {fact.on} have no allowance that could be carried or borrowed", field=field)
    if kind is not TermsKind.BANK and fact.blocks:
        raise TakeOverUnfit(f"the terms of {fact.on} are no bank: blocks have no place (R20)", field="blocks")
    for place, bucket in enumerate(fact.buckets):
        _check_taken(bucket.left, bucket.period, fact.on, f"buckets[{place}]", "period")
        if bucket.periods_left is not None and bucket.periods_left < 1:
            raise TakeOverUnfit("a bucket that is left has a period left", field=f"buckets[{place}].periods_left")
    for place, block in enumerate(fact.blocks):
        _check_taken(block.left, block.bought_on, fact.on, f"blocks[{place}]", "bought_on")
        if block.expires_on is not None and block.expires_on <= fact.on:
            raise TakeOverUnfit(f"it has expired by {fact.on}", field=f"blocks[{place}].expires_on")
    if fact.fee_paid_until is not None and fact.fee_paid_until < fact.on:
        raise TakeOverUnfit(f"what lies before {fact.on} is not invoiced here anyway", field="fee_paid_until")


_MEASURED = (TermsKind.HOURS, TermsKind.AMOUNT, TermsKind.UNITS)


def _check_taken(left: int, day: date, on: date, item: str, field: str) -> None:
    if left <= 0:
        raise AmountUnfit("what is taken over is above zero, or left out", field=f"{item}.left")
    if day >= on:
        raise TakeOverUnfit(f"what is taken over lies before {on}", field=f"{item}.{field}")


def _check_positive(amount: int, field: str) -> None:
    if amount <= 0:
        raise AmountUnfit("it must be above zero", field=field)


def _check_known(is_known: bool, name: str, field: str) -> None:
    if not is_known:
        raise IdUnknown(f"there is no {name} on this contract, or it was withdrawn", field=field)


def _check_fresh(books: Books, fact: Dated) -> None:
    key = key_of(fact)
    if key in books.dated or key in books.gone:
        raise IdTaken(f"{key.partition('/')[2]} is there already: ids are used once", field="id")

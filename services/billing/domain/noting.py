"""How facts enter the books of one contract, and how statements are reckoned from them and kept.

`Books` is a value: `note` gives new ones and leaves the old as they were. What was reckoned before is shared, so that
counting an entry costs what its own period costs, however many entries the contract has:

    note an entry          O(log n + n / 128) of the n entries of its period
    statement, figures     O(1) after it, for hours, amounts and units; a bank draws the newest entry alone
    new terms, a pause     the entries from their date on are rated anew
    as_known(cut-off)      each fact is read once, when asked with growing cut-offs

The tests note the same facts from scratch and in any order (tests/billing/domain/test_fold_properties.py), and compare.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter

from services.billing.domain.course import Course, course_of
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
    Noted,
    OverageApproved,
    OverageDeclined,
    PauseNoted,
    RenewalNoted,
    TakeOverNoted,
    TermsNoted,
    WriteOffNoted,
)
from services.billing.domain.history import Past
from services.billing.domain.kept import LONG_AGO, Books, Dated, key_of
from services.billing.domain.overage import Decision, with_approval, with_decline
from services.billing.domain.steps import Steps, at_once, some_at_a_time
from services.billing.domain.usage import (
    NO_USAGE,
    Placed,
    placed,
    usage_of,
    with_delivery,
    with_entry,
    without_delivery,
    without_entry,
)
from vocabulary.terms import Agreement

_known_at = attrgetter("known_at")


def opened(agreement: Agreement) -> Books:
    """The books of a contract; what was agreed on counts as known always."""
    return Books(course_of(agreement))


def note(books: Books, fact: ContractFact) -> Books:
    """The books with one more fact; nothing is refused here. A fact that another, later known one overtook, or that a
    decline should have seen, takes its place in the order of `known_at` (R18, R27)."""
    if books._next is not None and books._next[0] == fact:
        return books._next[1]
    declines_late = isinstance(fact, OverageDeclined) and fact.known_at < books.latest
    if fact.known_at < books.declined_at or declines_late:
        facts = [*books.history.since(0), fact]
        after = _noted_all(Books(_first_course(books)), sorted(facts, key=lambda fact: fact.known_at))
        after.history = books.history.with_(fact)
    else:
        after = _noted(books, fact)
        after.history = books.history.with_(fact)
    books._next = (fact, after)
    return after


def with_entries_together(books: Books, entries: Iterable[Placed]) -> Steps[Books]:
    """The books of a contract without entries, with all of these billable ones: quicker than one by one."""
    assert not books.entries, "there are no entries yet"
    after, by_period = books.copy(), dict[int, list[Placed]]()
    for some in some_at_a_time(entries):
        for entry in some:
            if entry.day >= books.course.calendar.starts_on:
                by_period.setdefault(books.course.index_at(entry.day), []).append(entry)
        yield
    for index, placed_in in by_period.items():
        usage = yield from usage_of(placed_in, after.usages.get(index, NO_USAGE), after.course, index)
        after.usages = after.usages.set(index, usage)
    after.touch_all()
    return after


def as_known(books: Books, before: datetime) -> Books:
    """The books by the facts that were known before an instant; the same where all of them were (R27)."""
    history = books.history
    if books.latest < before:
        history.past = None
        return books
    past = history.past
    if past is None or before < past.until or any(fact.known_at < past.until for fact in history.since(past.noted)):
        past = Past(LONG_AGO, 0, Books(_first_course(books)), ())
    waiting = past.waiting
    if len(history) > past.noted:
        waiting = sorted((*waiting, *history.since(past.noted)), key=_known_at)
    count = bisect_left(waiting, before, key=_known_at)
    known = _noted_all(past.books, waiting[:count])
    history.past = Past(before, len(history), known, waiting[count:])
    return known


def as_then(books: Books, noted: int, before: datetime | None = None, pasts: Sequence[Books] = ()) -> Books:
    """The books as they were when so many facts had been noted, by those of them that were known before an instant.

    `pasts` are earlier values of the same books: the newest that fits is gone on from."""
    if noted == len(books.history) and (before is None or books.latest < before):
        return books
    start, begun = Books(_first_course(books)), 0
    for past in pasts:
        if begun <= len(past.history) <= noted and (before is None or past.latest < before):
            start, begun = past, len(past.history)
    facts = [fact for fact in books.history.between(begun, noted) if before is None or fact.known_at < before]
    if any(fact.known_at < start.declined_at for fact in facts):  # a decline should have seen them (R18)
        return as_then(books, noted, before)
    then = _noted_all(start.copy(), sorted(facts, key=lambda fact: fact.known_at))
    then.history = books.history.first(noted)
    return then


def _noted_all(books: Books, facts: Sequence[ContractFact]) -> Books:
    for fact in facts:
        books = _noted(books, fact)
    return books


def _first_course(books: Books) -> Course:
    return course_of(books.course.agreement)


def _noted(books: Books, fact: ContractFact) -> Books:
    after = books.copy()
    if fact.known_at > books.latest:
        after.latest = fact.known_at
    match fact:
        case EntryNoted():
            _note_entry(after, fact)
        case EntryWithdrawn():
            _withdraw_entry(after, fact)
        case DeliveryNoted():
            _note_delivery(after, fact)
        case DeliveryWithdrawn():
            _withdraw_delivery(after, fact)
        case BlockNoted() | CreditNoted() | ExtraNoted() | LateFeeNoted() | WriteOffNoted():
            _note_dated(after, fact)
        case BlockWithdrawn() | CreditWithdrawn() | ExtraWithdrawn():
            _withdraw_dated(after, fact)
        case OverageApproved():
            _decide(after, fact.period, with_approval(after.decisions.get(fact.period, ()), fact.quantity))
        case OverageDeclined():
            index = after.course.index_at(fact.period)
            overage = after.statement(index).overage
            after.declined_at = max(after.declined_at, fact.known_at)
            _decide(after, fact.period, with_decline(after.decisions.get(fact.period, ()), overage))
        case TermsNoted():
            after.course = after.course.with_terms(fact)
            _rate_anew(after, fact.effective_on)
        case PauseNoted():
            after.course = after.course.with_pause(fact)
            after.touch_all()
        case EndNoted() | RenewalNoted():
            after.course = after.course.with_end(fact)
            after.touch_all()
        case TakeOverNoted():
            after.course = after.course.with_take_over(fact)
            after._chain = []
            after.touch_all()
    return after


def is_the_latest(fact: Noted, old: Noted | None, gone_at: datetime) -> bool:
    """Whether it is the latest known word on what it is about: later ones may have arrived before it (R27). `old`
    stands so far; where nothing does, it was withdrawn at `gone_at` or never."""
    return (gone_at if old is None else old.known_at) <= fact.known_at


def _note_entry(books: Books, fact: EntryNoted) -> None:
    """In place: `books` is fresh and nobody else's yet."""
    entry_id = fact.entry_id
    old = books.entries.get(entry_id)
    if not is_the_latest(fact, old, books.gone.get(entry_id, LONG_AGO)):
        return
    if old is not None:
        _unplace(books, old)
    books.entries = books.entries.set(entry_id, fact)
    if fact.work.billable:
        entry = placed(entry_id, fact.work, books.course)
        if entry.day >= books.course.calendar.starts_on:
            index = books.course.index_at(entry.day)
            usage = with_entry(books.usages.get(index, NO_USAGE), entry, books.course, index)
            books.usages = books.usages.set(index, usage)
            books.touch(index)


def _withdraw_entry(books: Books, fact: EntryWithdrawn) -> None:
    _withdraw(books, fact.entry_id, fact.known_at)
    old = books.entries.get(fact.entry_id)
    if old is not None and old.known_at <= fact.known_at:
        _unplace(books, old)
        books.entries = books.entries.delete(fact.entry_id)


def _unplace(books: Books, old: EntryNoted) -> None:
    if not old.work.billable:
        return
    entry = placed(old.entry_id, old.work, books.course)
    if entry.day >= books.course.calendar.starts_on:
        index = books.course.index_at(entry.day)
        usage = without_entry(books.usages.get(index, NO_USAGE), entry, books.course)
        books.usages = books.usages.set(index, usage)
        books.touch(index)


def _note_delivery(books: Books, fact: DeliveryNoted) -> None:
    old = books.deliveries.get(fact.delivery_id)
    if not is_the_latest(fact, old, books.gone.get(f"delivery/{fact.delivery_id}", LONG_AGO)):
        return
    if old is not None:
        _undeliver(books, old)
    books.deliveries = books.deliveries.set(fact.delivery_id, fact)
    if fact.on >= books.course.calendar.starts_on:
        index = books.course.index_at(fact.on)
        usage = with_delivery(books.usages.get(index, NO_USAGE), fact.delivery_id, fact.units)
        books.usages = books.usages.set(index, usage)
        books.touch(index)


def _withdraw_delivery(books: Books, fact: DeliveryWithdrawn) -> None:
    _withdraw(books, f"delivery/{fact.delivery_id}", fact.known_at)
    old = books.deliveries.get(fact.delivery_id)
    if old is not None and old.known_at <= fact.known_at:
        books.deliveries = books.deliveries.delete(fact.delivery_id)
        _undeliver(books, old)


def _undeliver(books: Books, delivery: DeliveryNoted) -> None:
    if delivery.on >= books.course.calendar.starts_on:
        index = books.course.index_at(delivery.on)
        books.usages = books.usages.set(index, without_delivery(books.usages[index], delivery.delivery_id))
        books.touch(index)


def _note_dated(books: Books, fact: Dated) -> None:
    key = key_of(fact)
    if books.gone and books.gone.get(key, LONG_AGO) > fact.known_at:
        return
    books.dated = books.dated.set(key, fact)
    if isinstance(fact, BlockNoted):
        books.touch_all()


def _withdraw_dated(books: Books, fact: BlockWithdrawn | CreditWithdrawn | ExtraWithdrawn) -> None:
    match fact:
        case BlockWithdrawn(block_id=name):
            key = f"block/{name}"
            books.touch_all()
        case CreditWithdrawn(credit_id=name):
            key = f"credit/{name}"
        case ExtraWithdrawn(extra_id=name):
            key = f"extra/{name}"
    _withdraw(books, key, fact.known_at)
    if key in books.dated:
        books.dated = books.dated.delete(key)


def _withdraw(books: Books, key: str, known_at: datetime) -> None:
    """The latest known withdrawal counts, in whichever order they arrive (R27)."""
    books.gone = books.gone.set(key, max(known_at, books.gone.get(key, LONG_AGO)))


def _decide(books: Books, period: date, decisions: tuple[Decision, ...]) -> None:
    books.decisions = books.decisions.set(period, decisions)
    books.touch(books.course.index_at(period))


def _rate_anew(books: Books, from_on: date) -> None:
    """All entries of the period in which new terms begin, and of those after it; O(entries)."""
    calendar = books.course.calendar
    first = calendar.index_at(max(from_on, calendar.starts_on))
    by_period: dict[int, list[Placed]] = {index: [] for index in books.usages if index >= first}
    for fact in books.entries.values():
        if fact.work.billable:
            entry = placed(fact.entry_id, fact.work, books.course)
            if entry.day >= calendar.starts_on and (index := calendar.index_at(entry.day)) >= first:
                by_period[index].append(entry)
    for index, entries in by_period.items():
        usage = at_once(usage_of(entries, books.usages[index], books.course, index))
        books.usages = books.usages.set(index, usage)
    books.touch_all()

"""An entry as a reason: its rounding (R10), its rate and where that came from (R9), what of it was beyond (R19)."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec

from services.billing.domain.consumption import Counted
from services.billing.domain.kept import Books
from services.billing.domain.reasons import Reason, Unit
from vocabulary.rate import rate_of

T = TypeVar("T")


class Window(NamedTuple):
    """Which entries of a list are told one by one; what stands before and behind them is told as one sum each."""

    first: int = 0
    most: int = 1_000


ALL = Window(0, 10**9)


class Source(msgspec.Struct, frozen=True):
    """What is read out: the books by which the amounts were reckoned, and the version of the event that opened them."""

    books: Books
    opened_by: int = 0
    window: Window = Window()

    def terms_said_by(self, day: date) -> tuple[int, ...]:
        """The event that the terms in force on a day come from: the last change up to it, or the agreement."""
        course = self.books.course
        place = bisect_right(course.dates, day)
        version = course.changes[place - 1].version if place else self.opened_by
        return (version,) if version else ()


def listed(
    source: Source, unit: Unit, items: Iterable[T], size: Callable[[T], int], reason: Callable[[T], Reason]
) -> tuple[Reason, ...]:
    """A list inside the window, with the sums of what stands before and behind it."""
    first, most = source.window
    before, behind, shown = [0, 0], [0, 0], []
    for place, item in enumerate(items):
        if first <= place < first + most:
            shown.append(reason(item))
            continue
        side = before if place < first else behind
        side[0] += 1
        side[1] += size(item)
    reasons = [*_aside("earlier", unit, *before), *shown, *_aside("later", unit, *behind)]
    return tuple(reasons)


def _aside(word: str, unit: Unit, count: int, value: int) -> list[Reason]:
    return [Reason(word=word, unit=unit, value=value, text=str(count))] if count else []


def minutes_of(source: Source, counted: Counted, shares: tuple[Reason, ...] = ()) -> Reason:
    """The rounded minutes of an entry; `shares` say what they were taken from."""
    books = source.books
    noted = books.entries[counted.entry_id]
    rounding = books.course.terms_on(counted.day).rounding
    said = (noted.version,) if noted.version else ()
    alone = Reason(
        word="entry",
        unit="minutes",
        value=counted.minutes,
        law="rounded",
        reasons=shares,
        subject=f"entries/{counted.entry_id}",
        versions=said,
        from_on=counted.day,
        worked=noted.work.worked,
        rounding=rounding,
        person=str(noted.work.person_id),
        text=noted.work.task,
    )
    if rounding.per != "day":
        return alone
    usage = books.usages[books.course.index_at(counted.day)]
    day = usage.days[counted.day, str(noted.work.person_id)]
    return msgspec.structs.replace(
        alone,
        law="shared",
        together=sum(shared.entry.work.worked for shared in day),
        together_minutes=sum(shared.minutes for shared in day),
    )


def rate_source(source: Source, counted: Counted) -> str:
    """Where the rate came from (R9): the same question that rated it."""
    work = source.books.entries[counted.entry_id].work
    terms = source.books.course.terms_on(counted.day)
    rated = rate_of(terms, entry_rate=work.rate, task=work.task, person=work.person_id, role=work.role)
    assert (rated.rate if rated else None) == counted.rate, "an entry has the rate that its terms give it"
    return rated.source if rated else ""


def value_of(source: Source, counted: Counted) -> Reason:
    """The value of a whole entry: minutes at its rate."""
    minutes = minutes_of(source, counted)
    return _priced(source, counted, counted.value, minutes)


def part_of(source: Source, counted: Counted, minutes: int) -> Reason:
    """Some minutes of an entry: those beyond what was available (R19)."""
    whole = minutes_of(source, counted)
    if minutes == counted.minutes:
        return whole
    return Reason(
        word="part of entry",
        unit="minutes",
        value=minutes,
        law="part",
        whole=counted.minutes,
        subject=whole.subject,
        versions=whole.versions,
        from_on=whole.from_on,
        worked=whole.worked,
        rounding=whole.rounding,
        person=whole.person,
        text=whole.text,
    )


def part_value(source: Source, counted: Counted, minutes: int, value: int) -> Reason:
    """What those minutes come to at the entry's rate."""
    return _priced(source, counted, value, part_of(source, counted, minutes))


def _priced(source: Source, counted: Counted, value: int, minutes: Reason) -> Reason:
    return Reason(
        word="entry",
        unit="money",
        value=value,
        law="priced",
        rate=counted.rate or 0,
        rate_source=rate_source(source, counted),
        reasons=(minutes,),
        subject=minutes.subject,
        versions=(*minutes.versions, *source.terms_said_by(counted.day)),
        from_on=counted.day,
        person=minutes.person,
        text=minutes.text,
    )

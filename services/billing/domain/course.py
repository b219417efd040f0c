"""The course of a contract: periods, pauses, the end, and the terms in force on each day, as known (R5 to R8, R22).

A `Course` is a value. Asking it costs the logarithm of the number of changes; what it reckons of a period is kept.
`before(horizon)` is the course without what takes effect on or after a date: what a boundary does not count yet (R27).
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from services.billing.domain.facts import EndNoted, PauseNoted, RenewalNoted, TakeOverNoted, TermsNoted
from vocabulary.calendar import ONE_DAY, Calendar, Period, zone
from vocabulary.kind import TermsKind, kind_of, measures_the_same
from vocabulary.money import divide
from vocabulary.terms import Agreement, Amount, Hours, OveragePolicy, Terms, Units, merged
from vocabulary.terms_in_force import calendar_of, moved_within


class Part(msgspec.Struct, frozen=True):
    """A stretch of days under one value: `amount = value · active_days / of_days`, rounded on its own (R2, R8)."""

    from_on: date
    to_on: date
    value: int
    active_days: int
    of_days: int
    amount: int


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    agreement: Agreement
    zone: ZoneInfo
    calendar: Calendar
    versions: tuple[Terms, ...]
    """The terms as merged after none, one, two … of the changes."""
    changes: tuple[TermsNoted, ...] = ()
    dates: tuple[date, ...] = ()
    """When each change takes effect, in order."""
    pauses: tuple[PauseNoted, ...] = ()
    ends: tuple[EndNoted | RenewalNoted, ...] = ()
    ends_on: date | None = None
    """The first date no longer covered."""
    taken_over: TakeOverNoted | None = None
    horizon: date | None = None
    _indexes: dict[date, int] = field(default_factory=dict, compare=False, repr=False)
    """By date; the same for every course of the contract, since cycle and anchor stay."""
    _kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    # Terms

    def on_paper(self, day: date) -> Terms:
        """All changes up to a day merged, as if each moved everything at once."""
        return self.versions[bisect_right(self.dates, day)] if self.dates else self.versions[0]

    def terms_of(self, period: Period) -> Terms:
        """What is in force for the whole of a period: all that an immediate change does not move (R22)."""
        return self.on_paper(period.start)

    def terms_on(self, day: date) -> Terms:
        """The terms in force on a day from the start on, for rates and rounding (R9, R10)."""
        if not self.dates:
            return self.versions[0]
        start = self.calendar.start(self.index_at(day))
        places = (bisect_right(self.dates, start), bisect_right(self.dates, day))
        kept = self._kept.get(places)
        if kept is None:
            kept = self._kept[places] = moved_within(self.versions[places[0]], self.versions[places[1]])
        return kept

    def terms_settled_on(self, day: date) -> Terms:
        """Payment terms on a day: those of the last boundary up to it (R22, R32)."""
        if self.ends_on is not None and day >= self.ends_on:
            return self.on_paper(day)
        index = self.index_at(max(day, self.calendar.starts_on))
        return self.on_paper(self.calendar.start(index))

    @property
    def approves(self) -> bool:
        """Whether any of the terms wants time approved (R13)."""
        return any(version.approval == "required" for version in self.versions)

    @property
    def borrows(self) -> bool:
        """Whether any of the terms borrows, or something borrowed was taken over (R18, R38)."""
        taken = self.taken_over is not None and self.taken_over.borrowed > 0
        return taken or any(version.overage.policy is OveragePolicy.BORROW for version in self.versions)

    def issue_day(self, boundary: date) -> date:
        """When a boundary's invoice is drawn up: `after_days` later (R28), and in the order of boundaries where that
        number shrinks."""
        day = boundary + timedelta(days=self.terms_settled_on(boundary).invoicing.after_days)
        if boundary > self.calendar.starts_on:
            start = self.calendar.start(self.index_at(boundary - ONE_DAY))
            day = max(day, start + timedelta(days=self.terms_settled_on(start).invoicing.after_days))
        return day

    # Periods

    def index_at(self, day: date) -> int:
        """The index of the period in which a date from the start on lies; kept for each date that was asked for."""
        kept = self._indexes.get(day)
        if kept is None:
            kept = self._indexes[day] = self.calendar.index_at(day)
        return kept

    @property
    def first_index(self) -> int:
        """The first period of the books: the contract's first, or that which begins at the take-over (R38)."""
        return 0 if self.taken_over is None else self.index_at(self.taken_over.on)

    def last_index(self) -> int | None:
        """The contract's last period; None where it has no end."""
        return None if self.ends_on is None else self.index_at(self.ends_on - ONE_DAY)

    def period(self, index: int) -> Period | None:
        """The period with that index; None after the contract's end."""
        kept = self._kept.get(index)
        if kept is None:
            period = self.calendar.period(index, self.ends_on)
            kept = self._kept[index] = None if period.start >= period.end else period
        return kept

    def period_at(self, day: date) -> Period | None:
        """The period in which a date lies; None outside the contract."""
        if day < self.calendar.starts_on or (self.ends_on is not None and day >= self.ends_on):
            return None
        return self.period(self.index_at(day))

    def named(self, day: date) -> Period:
        """The period that a line with a date names: the first for an earlier date, the last for a later one."""
        first = self.first_index
        index = max(first, self.index_at(max(day, self.calendar.starts_on)))
        last = self.last_index()
        period = self.period(index if last is None else max(min(index, last), min(first, last)))
        assert period is not None
        return period

    def span_of(self, index: int, periods: int) -> Period:
        """The span of several periods in which a period lies, counted from the contract's first one (R29)."""
        first = index - index % periods
        nominal_start = self.calendar.nominal_start(first)
        nominal_end = self.calendar.nominal_start(first + periods)
        end = nominal_end if self.ends_on is None else min(nominal_end, self.ends_on)
        return Period(first, self.calendar.start(first), end, nominal_start, nominal_end)

    # Days

    def active_days(self, from_on: date, to_on: date) -> int:
        """How many days of `[from_on, to_on)` are not paused (R8)."""
        days = max(0, (to_on - from_on).days)
        reached = from_on
        for pause in self.pauses:
            start, end = max(pause.from_on, reached), min(pause.to_on, to_on)
            if start < end:
                days -= (end - start).days
                reached = end
        return days

    def is_paused(self, day: date) -> bool:
        return any(pause.from_on <= day < pause.to_on for pause in self.pauses)

    def parts(self, from_on: date, to_on: date, of_days: int, value: Callable[[Terms], int]) -> tuple[Part, ...]:
        """A value over days, cut where a change moves it and nowhere else, each part prorated on its own (R8, R22)."""
        cuts = [from_on, *(day for day in self.dates if from_on < day < to_on), to_on]
        stretches: list[tuple[date, date, int]] = []
        for start, end in pairwise(cuts):
            if start == end:
                continue
            worth = value(self.on_paper(start))
            if stretches and stretches[-1][2] == worth:
                stretches[-1] = (stretches[-1][0], end, worth)
            else:
                stretches.append((start, end, worth))
        return tuple(self._part(start, end, worth, of_days) for start, end, worth in stretches)

    def _part(self, from_on: date, to_on: date, value: int, of_days: int) -> Part:
        if self.agreement.trial:  # nothing prorated (R26)
            return Part(from_on, to_on, value, of_days, of_days, value)
        days = self.active_days(from_on, to_on)
        return Part(from_on, to_on, value, days, of_days, divide(value * days, of_days))

    def prorated(self, value: int, period: Period) -> Part:
        """A value of the whole period by its active days (R8)."""
        return self._part(period.start, period.end, value, period.nominal_days)

    def allowed(self, period: Period) -> tuple[Part, ...]:
        """What the period includes, in parts that add up (R8, R22)."""
        return self.parts(period.start, period.end, period.nominal_days, allowance_of)

    def measured_later(self, period: Period, terms: Terms) -> bool:
        """Whether a later period has an allowance of the same measure (R18, borrow)."""
        following = self.period(period.index + 1)
        if following is None:
            return False
        later = [self.on_paper(following.start)]
        for day, version in zip(self.dates, self.versions[1:], strict=True):
            if day > following.start:
                index = self.index_at(day)
                start = self.calendar.start(index)
                begins = start if start == day else self.calendar.start(index + 1)
                if self.ends_on is None or begins < self.ends_on:
                    later.append(version)
        return any(measures_the_same(terms, version) for version in later)

    def span_named(self, span: Period) -> Period:
        """The period that a span's line names: its first, or the first of the books where they begin later (R38)."""
        period = self.period(max(span.index, self.first_index))
        assert period is not None
        return period

    # What was reckoned before

    def kept(self, key: object) -> Any:
        return self._kept.get(key)

    def keep(self, key: object, value: Any) -> Any:
        self._kept[key] = value
        return value

    # Becoming known

    def with_terms(self, fact: TermsNoted) -> "Course":
        """Changes apply in order of their dates, those of one date in the order in which they became known."""
        place = bisect_right([(c.effective_on, c.known_at) for c in self.changes], (fact.effective_on, fact.known_at))
        changes = (*self.changes[:place], fact, *self.changes[place:])
        versions = list(self.versions[: place + 1])
        for change in changes[place:]:
            versions.append(merged(versions[-1], change.patch))
        return self._anew(changes=changes, versions=tuple(versions), dates=tuple(c.effective_on for c in changes))

    def with_pause(self, fact: PauseNoted) -> "Course":
        return self._anew(pauses=tuple(sorted((*self.pauses, fact), key=lambda pause: (pause.from_on, pause.to_on))))

    def with_end(self, fact: EndNoted | RenewalNoted) -> "Course":
        ends = tuple(sorted((*self.ends, fact), key=lambda end: end.known_at))
        return self._anew(ends=ends, ends_on=_end(self.agreement, ends))

    def with_take_over(self, fact: TakeOverNoted) -> "Course":
        return self._anew(taken_over=fact)

    def end_known(self, before: datetime) -> date | None:
        """The contract's end, as it was known before an instant."""
        return _end(self.agreement, [end for end in self.ends if end.known_at < before])

    def known_by(self, instant: datetime) -> "Course":
        """As it was known at an instant, that included."""
        course = course_of(self.agreement)
        for change in self.changes:
            course = course.with_terms(change) if change.known_at <= instant else course
        for pause in self.pauses:
            course = course.with_pause(pause) if pause.known_at <= instant else course
        for end in self.ends:
            course = course.with_end(end) if end.known_at <= instant else course
        return course

    def before(self, horizon: date) -> "Course":
        """Without the changes, pauses and early ends that take effect on or after the horizon (R27)."""
        kept = bisect_right(self.dates, horizon - ONE_DAY)
        pauses = self.pauses
        if pauses and pauses[-1].from_on >= horizon:
            pauses = tuple(pause for pause in pauses if pause.from_on < horizon)
        ends = self.ends
        if any(isinstance(end, EndNoted) and end.ends_on >= horizon for end in ends):
            ends = tuple(end for end in ends if isinstance(end, RenewalNoted) or end.ends_on < horizon)
        if kept == len(self.dates) and pauses is self.pauses and ends is self.ends:
            return self
        return self._anew(
            changes=self.changes[:kept],
            versions=self.versions[: kept + 1],
            dates=self.dates[:kept],
            pauses=pauses,
            ends=ends,
            ends_on=_end(self.agreement, ends),
            horizon=horizon,
        )

    def _anew(self, **changes: Any) -> "Course":
        return replace(self, **changes, _kept={})


def course_of(agreement: Agreement) -> Course:
    """The course as it was agreed on."""
    return Course(
        agreement=agreement,
        zone=zone(agreement.time_zone),
        calendar=calendar_of(agreement),
        versions=(agreement.terms,),
        ends_on=_end(agreement, ()),
    )


def allowance_of(terms: Terms) -> int:
    """The size of the allowance in its own measure; 0 where there is none."""
    match terms.allowance:
        case Hours(minutes=quantity) | Amount(amount=quantity) | Units(units=quantity):
            return quantity
        case None:
            return 0


def fee_of(terms: Terms) -> int:
    return 0 if terms.fee is None else terms.fee.amount


def has_allowance(terms: Terms) -> bool:
    return kind_of(terms) in (TermsKind.HOURS, TermsKind.AMOUNT, TermsKind.UNITS)


def _end(agreement: Agreement, ends: Sequence[EndNoted | RenewalNoted]) -> date | None:
    ends_on = None if agreement.ends_on is None else date.fromisoformat(agreement.ends_on)
    if ends_on is None and agreement.trial:
        ends_on = calendar_of(agreement).nominal_start(1)  # one period (R26)
    for end in ends:
        match end:
            case EndNoted():
                ends_on = end.ends_on if ends_on is None else min(ends_on, end.ends_on)
            case RenewalNoted():
                ends_on = end.ends_on
    return ends_on

"""Dates and their first instants, against reckonings that do it another way (R4, R5, R6)."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocabulary.calendar import Calendar, add_months, first_instant, local_date, zone
from vocabulary.terms import Cycle

ODD_ZONES = [
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # +05:45
    "America/Havana",  # 00:00 occurs twice in autumn
    "Asia/Beirut",  # skips midnight in spring
    "Africa/Cairo",
    "America/St_Johns",  # changed at 00:01
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Kwajalein",  # had no 21 August 1993
    "Europe/Berlin",
]
MINUTE = timedelta(minutes=1)


def walked(day: date, where: ZoneInfo) -> datetime:
    """The first minute of UTC at which the wall shows the date, or a later one."""
    wall = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    while instant.astimezone(where).replace(tzinfo=None) < wall:
        instant += MINUTE
    return instant


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(ODD_ZONES), st.dates(date(1975, 1, 1), date(2074, 12, 31)))
def test_a_date_begins_when_the_wall_first_shows_it(name: str, day: date) -> None:
    assert first_instant(day, zone(name)) == walked(day, zone(name))


@pytest.mark.parametrize(
    ("name", "day", "begins"),
    [
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00+00:00"),  # the earlier of two
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28T22:00:00+00:00"),  # 01:00 is the first that exists
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00+00:00"),  # the whole day was skipped
        ("America/St_Johns", date(2010, 11, 7), "2010-11-07T02:30:00+00:00"),  # 00:00, and again an hour later
    ],
)
def test_midnights_that_are_missing_or_come_twice(name: str, day: date, begins: str) -> None:
    assert first_instant(day, zone(name)) == datetime.fromisoformat(begins) == walked(day, zone(name))


def test_an_instant_has_the_date_of_the_wall() -> None:
    instant = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert local_date(instant, zone("Europe/Berlin")) == date(2026, 11, 1)
    assert local_date(instant, zone("America/New_York")) == date(2026, 10, 31)


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        zone("Europe/Nowhere")


calendars = st.builds(
    Calendar,
    st.dates(date(1980, 1, 1), date(2079, 12, 31)),
    st.sampled_from([Cycle.MONTH, Cycle.QUARTER, Cycle.YEAR]),
    st.none() | st.integers(1, 31),
)
STEP = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.YEAR: 12}


def is_boundary(calendar: Calendar, day: date) -> bool:
    """By the rule's words alone: the anchor's day, or the month's last where it is shorter (R5)."""
    months = (day.year - calendar.starts_on.year) * 12 + day.month - calendar.starts_on.month
    wanted = min(calendar.anchor or calendar.starts_on.day, monthrange(day.year, day.month)[1])
    return months % STEP[calendar.cycle] == 0 and day.day == wanted


@settings(max_examples=80, deadline=None)
@given(calendars, st.integers(0, 900))
def test_periods_are_those_of_a_walk_along_the_days(calendar: Calendar, days: int) -> None:
    day = calendar.starts_on + timedelta(days=days)
    period = calendar.period(calendar.index_at(day))
    before, after = day, day + timedelta(days=1)
    while not is_boundary(calendar, before):
        before -= timedelta(days=1)
    while not is_boundary(calendar, after):
        after += timedelta(days=1)
    assert (period.nominal_start, period.nominal_end) == (before, after)
    assert period.start == max(before, calendar.starts_on) <= day < period.end == after
    assert calendar.next_by_anchor(day) == after


@given(st.dates(date(1980, 1, 1), date(2079, 12, 31)), st.none() | st.integers(1, 7), st.integers(0, 900))
def test_weeks_begin_on_their_weekday(starts_on: date, anchor: int | None, days: int) -> None:
    calendar = Calendar(starts_on, Cycle.WEEK, anchor)
    day = starts_on + timedelta(days=days)
    period = calendar.period(calendar.index_at(day))
    assert period.nominal_start.isoweekday() == (anchor or starts_on.isoweekday())
    assert period.nominal_days == 7
    assert period.start <= day < period.end


@settings(max_examples=80, deadline=None)
@given(calendars, st.integers(0, 200))
def test_periods_follow_one_another_without_gap(calendar: Calendar, index: int) -> None:
    assert calendar.period(index).end == calendar.period(index + 1).start
    assert calendar.index_at(calendar.period(index).start) == index
    assert calendar.is_start(calendar.start(index))


def test_the_thirty_first_comes_back_after_february() -> None:
    calendar = Calendar(date(2027, 1, 31), Cycle.MONTH, 31)
    assert [calendar.start(index) for index in range(4)] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]


def test_a_period_is_cut_by_the_contracts_end() -> None:
    period = Calendar(date(2026, 1, 15), Cycle.MONTH, 1).period(0, ends_on=date(2026, 1, 20))
    assert (period.start, period.end, period.nominal_days) == (date(2026, 1, 15), date(2026, 1, 20), 31)


def test_months_are_added_to_the_day_or_to_the_months_last() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), 14) == date(2027, 3, 31)


@pytest.mark.long
@pytest.mark.parametrize("name", ODD_ZONES)
def test_dates_around_every_change_of_the_clock_in_a_hundred_years(name: str) -> None:
    where, day, changes = zone(name), date(1950, 1, 1), 0
    while day < date(2050, 1, 1):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        if noon.astimezone(where).utcoffset() != (noon + timedelta(days=1)).astimezone(where).utcoffset():
            changes += 1
            for near in (day, day + timedelta(days=1), day + timedelta(days=2)):
                assert first_instant(near, where) == walked(near, where), near
        day += timedelta(days=1)
    assert changes

"""Pace, run-out and thresholds (R35, R36)."""

from datetime import date

import pytest

from services.billing.domain.pace import Pace, crossed, knows_region, pace, working_days
from services.billing.events import Figures

DEFAULTS = (50, 75, 90, 100)


def june(used: int, available: int = 2400) -> Figures:
    return Figures(date(2026, 6, 1), date(2026, 7, 1), "minutes", allowance=available, used=used)


def test_twenty_three_hours_in_ten_days_of_june_run_out_on_the_24th() -> None:
    # 23:00 / 10 = 2:18 a day; 40:00 / 2:18 = 17.4: the 18th of 22 working days
    assert pace(june(23 * 60), date(2026, 6, 12), "DE") == Pace(138, 10, 22, date(2026, 6, 24))


def test_a_day_counts_once_it_has_begun_and_weekends_do_not() -> None:
    assert [pace(june(60), date(2026, 6, day), "DE").elapsed for day in (1, 5, 6, 7, 8)] == [1, 5, 5, 5, 6]


def test_holidays_of_the_region_are_no_working_days() -> None:
    corpus_christi = date(2026, 6, 4)
    assert corpus_christi in working_days(date(2026, 6, 1), date(2026, 7, 1), "DE-BE")
    assert corpus_christi not in working_days(date(2026, 6, 1), date(2026, 7, 1), "DE-BY")


def test_a_budget_that_lasts_has_no_run_out_date() -> None:
    assert pace(june(18 * 60), date(2026, 6, 12), "DE").runs_out_on is None  # 1:48 a day, 39:36 in 22 days
    assert pace(june(1091), date(2026, 6, 12), "DE").runs_out_on == date(2026, 6, 30)  # 2400.2 minutes in 22 days


def test_nothing_used_and_nothing_begun_have_no_pace() -> None:
    assert pace(june(0), date(2026, 6, 12), "DE") == Pace(0, 10, 22, None)
    august = Figures(date(2026, 8, 1), date(2026, 9, 1), "minutes", allowance=600, used=60)
    assert pace(august, date(2026, 8, 2), "DE") == Pace(0, 0, 21, None)  # a weekend


@pytest.mark.parametrize(
    ("used", "told", "percent"),
    [
        (1199, (), None),
        (1200, (), 50),  # reached, not passed
        (2200, (), 90),  # the highest of three
        (2200, (90,), None),
        (1300, (90,), None),  # a correction dropped below: 50 and 75 were told with 90
        (2400, (90,), 100),
    ],
)
def test_thresholds_are_told_once_and_the_highest_of_those_crossed(
    used: int, told: tuple[int, ...], percent: int | None
) -> None:
    assert crossed(june(used), told, DEFAULTS) == percent


def test_terms_without_allowance_have_no_thresholds() -> None:
    assert crossed(june(600, available=0), (), DEFAULTS) is None


def test_regions_are_known_or_not() -> None:
    assert knows_region("DE") and knows_region("DE-BE") and knows_region("US-CA")
    assert not knows_region("XX")

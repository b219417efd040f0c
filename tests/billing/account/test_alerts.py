"""Thresholds and pace: the account decides them, each once per period (R35, R36)."""

from datetime import date

import pytest

from services.billing.domain.account.commands import WarnOfPace
from services.billing.events import PaceWarned, ThresholdReached
from tests.billing.account.sentences import WEB, Story, agreement, day, hours


def thresholds(story: Story) -> list[int]:
    return [fact.percent for fact in story.told if isinstance(fact, ThresholdReached)]


def test_crossing_three_quarters_tells_once():  # R36: 7:25 of 10:00, then 7:35
    story = Story().opened(hours(10)).logged("e1", day(1, 8), "7:25")
    assert thresholds(story) == [50]
    assert thresholds(story.logged("e2", day(1, 9), "0:10")) == [75]
    assert thresholds(story.logged("e3", day(1, 9), "0:10")) == []


def test_exactly_at_a_threshold_is_reached():  # R36, on the edge: 5:00 of 10:00; one minute less is not
    assert thresholds(Story().opened(hours(10)).logged("e1", day(1, 8), "4:59")) == []
    assert thresholds(Story().opened(hours(10)).logged("e1", day(1, 8), "5:00")) == [50]


def test_several_at_once_are_one_message_that_names_the_highest():  # R36
    story = Story().opened(hours(10)).logged("e1", day(1, 8), "9:30")
    assert thresholds(story) == [90]
    assert thresholds(story.logged("e2", day(1, 9), "0:30")) == [100]


def test_a_correction_that_drops_below_does_not_arm_it_again():  # R36
    story = Story().opened(hours(10)).logged("e1", day(1, 8), "8:00")
    story.corrected("e1", day(1, 8), "1:00", known_on=day(1, 9))
    assert thresholds(story.corrected("e1", day(1, 8), "8:00", known_on=day(1, 10))) == []


def test_each_period_tells_for_itself():  # R36
    story = Story().opened(hours(10)).logged("e1", day(1, 8), "8:00")
    assert thresholds(story.logged("e2", day(2, 3), "8:00")) == [75]


def test_without_an_allowance_there_is_nothing_to_reach():  # R14, R36
    story = Story().opened(agreement(rate=10_000)).logged("e1", day(1, 8), "99:00"[:5])
    assert thresholds(story) == []


def test_the_pace_warns_once_when_it_first_says_that_the_budget_runs_out():  # R36
    # June 2026 in Germany has 22 working days; 23:00 of 40:00 in ten of them: 2:18 a day, 17.39 days: the 18th
    june = hours(40, starts_on="2026-06-01")
    story = Story().opened(june, known_on=date(2026, 6, 1))
    story.logged("e1", day(6, 11), "16:00")  # nine days: 1:47 a day, 22.5 days
    assert not [fact for fact in story.told if isinstance(fact, PaceWarned)]
    story.logged("e2", day(6, 12), "7:00")
    [warned] = [fact for fact in story.told if isinstance(fact, PaceWarned)]
    assert warned.runs_out_on == date(2026, 6, 24)
    story.logged("e3", day(6, 15), "1:00", known_on=day(6, 15))
    assert not [fact for fact in story.told if isinstance(fact, PaceWarned)]
    assert story.do(WarnOfPace(contract_id=WEB, on=day(6, 16))).told == []


def test_a_threshold_says_when_the_budget_runs_out():  # R35
    story = Story().opened(hours(40, starts_on="2026-06-01"), known_on=day(6, 1))
    story.logged("e1", day(6, 12), "23:00")
    [reached] = [fact for fact in story.told if isinstance(fact, ThresholdReached)]
    assert (reached.percent, reached.runs_out_on) == (50, date(2026, 6, 24))


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 3, 1)])
def test_outside_the_contract_nothing_runs_out(on: date):
    story = Story().opened(hours(10, ends_on="2026-03-01"))
    assert story.do(WarnOfPace(contract_id=WEB, on=on)).told == []

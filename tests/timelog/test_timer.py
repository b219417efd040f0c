"""Timers: one runs for a person (R12)."""

from chassis.testing import given
from services.timelog.deciders import TIMER
from services.timelog.domain.timer import (
    DiscardTimer,
    NoTimerRuns,
    StartTimer,
    StopTimer,
    TimerRunsTooLong,
    worked_by,
)
from services.timelog.domain.work import EndsBeforeStart
from services.timelog.events import TimerDiscarded, TimerStarted, TimerStopped
from tests.timelog.samples import ANNA, WEB, clock, instant, said
from vocabulary.identity import EntryId
from vocabulary.personal import of_person

NINE = "2026-01-16T09:00:00+01:00"
TEN = "2026-01-16T10:35:00+01:00"


def start(entry_id: str = "t1", at: str = NINE) -> StartTimer:
    return StartTimer(ANNA, EntryId(entry_id), WEB, instant(at), note="Call")


def started(entry_id: str = "t1", at: str = NINE) -> TimerStarted:
    return TimerStarted(
        person_id=ANNA,
        entry_id=EntryId(entry_id),
        contract_id=WEB,
        started_at=instant(at),
        note=of_person(ANNA, "Call"),
    )


def stopped(entry_id: str = "t1", at: str = TEN) -> TimerStopped:
    return TimerStopped(person_id=ANNA, entry_id=EntryId(entry_id), stopped_at=instant(at))


def stop(now: str = TEN, ended_at: str = "") -> StopTimer:
    return StopTimer(ANNA, instant(now), instant(ended_at) if ended_at else None)


def test_starting_one_stops_the_other() -> None:
    given(TIMER).when(start()).then(started()).when(start("t2", TEN)).then(stopped(), started("t2", TEN))


def test_a_stopped_timer_says_what_was_worked() -> None:
    timer = given(TIMER, started()).state
    assert timer is not None
    assert worked_by(timer, stopped()) == said(NINE, "1:35", note=of_person(ANNA, "Call"))


def test_a_timer_stops_once() -> None:
    given(TIMER, started()).when(stop()).then(stopped()).when(stop()).refused(NoTimerRuns, field="person")


def test_a_discarded_timer_is_gone() -> None:
    discarded = TimerDiscarded(person_id=ANNA, entry_id=EntryId("t1"))
    given(TIMER, started()).when(DiscardTimer(ANNA)).then(discarded).when(DiscardTimer(ANNA)).refused(NoTimerRuns)


def test_the_end_can_be_told_later_and_lies_between_start_and_now() -> None:
    given(TIMER, started()).when(stop("2026-01-18T08:00:00+01:00", TEN)).then(stopped())
    given(TIMER, started()).when(stop(TEN, "2026-01-16T08:59:59+01:00")).refused(EndsBeforeStart, field="end_time")
    given(TIMER, started()).when(stop(TEN, "2026-01-16T10:35:01+01:00")).refused(EndsBeforeStart, field="end_time")


def test_a_timer_runs_for_a_day_and_not_a_second_more() -> None:  # R12
    whole_day = "2026-01-17T09:00:00+01:00"
    timer = given(TIMER, started())
    timer.when(stop(whole_day)).then(stopped(at=whole_day))
    timer.when(stop("2026-01-17T09:00:01+01:00")).refused(TimerRunsTooLong, field="end_time")
    timer.when(start("t2", "2026-01-18T09:00:00+01:00")).refused(TimerRunsTooLong, field="end_time")


def test_parts_of_a_second_are_not_worked() -> None:  # R3
    timer = given(TIMER, started()).state
    assert timer is not None
    end = stopped(at="2026-01-16T09:00:59.900000+01:00")
    assert worked_by(timer, end).worked == clock("0:00:59")

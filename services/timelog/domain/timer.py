"""A running clock for each person: one at a time (R12).

    Refused
    ├── NoTimerRuns         there is none to stop or to discard
    └── TimerRunsTooLong    more than 24 hours (R12): it was forgotten

Starting one stops the other: two facts here (TimerStopped, TimerStarted) and the old one's TimeLogged on its entry's
stream, in one append by the api. What was worked is logged by `time_entry`, with all that it refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.timelog.domain.work import DAY_SECONDS, SECOND, EndsBeforeStart, Said
from services.timelog.events import TimerDiscarded, TimerStarted, TimerStopped
from vocabulary.duration import Seconds
from vocabulary.identity import ContractId, EntryId, PersonId
from vocabulary.personal import Personal, of_person
from vocabulary.refusal import Kind, Refused


class NoTimerRuns(Refused, kind=Kind.NOT_FOUND):
    """No timer runs for this person."""


class TimerRunsTooLong(Refused, kind=Kind.CONFLICT):
    """It has run for more than 24 hours, and no entry may last so long (R12)."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Where another one runs it is stopped at the same instant."""

    person_id: PersonId
    entry_id: EntryId
    contract_id: ContractId
    at: datetime
    task: str = ""
    billable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class StopTimer:
    """`ended_at` is when the work ended, where that was before now."""

    person_id: PersonId
    now: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DiscardTimer:
    person_id: PersonId


TimerCommand = StartTimer | StopTimer | DiscardTimer
TimerEvent = TimerStarted | TimerStopped | TimerDiscarded


@dataclass(frozen=True, slots=True)
class Running:
    """A timer that runs."""

    person_id: PersonId
    entry_id: EntryId
    contract_id: ContractId
    started_at: datetime
    task: str
    billable: bool
    note: Personal | None


def decide(command: TimerCommand, timer: Running | None) -> Sequence[TimerEvent]:
    match command:
        case StartTimer():
            return start_timer(command, timer)
        case StopTimer():
            return [_stopped(_must_run(timer), command.ended_at, command.now)]
        case DiscardTimer():
            running = _must_run(timer)
            return [TimerDiscarded(person_id=running.person_id, entry_id=running.entry_id)]
        case _:
            assert_never(command)


def evolve(_: Running | None, event: TimerEvent) -> Running | None:
    match event:
        case TimerStarted():
            return Running(
                event.person_id,
                event.entry_id,
                event.contract_id,
                event.started_at,
                event.task,
                event.billable,
                event.note,
            )
        case TimerStopped() | TimerDiscarded():
            return None
        case _:
            assert_never(event)


def start_timer(command: StartTimer, timer: Running | None) -> Sequence[TimerEvent]:
    """Starts it; the one that runs stops first (R12)."""
    started = TimerStarted(
        person_id=command.person_id,
        entry_id=command.entry_id,
        contract_id=command.contract_id,
        started_at=command.at,
        task=command.task,
        billable=command.billable,
        note=of_person(command.person_id, command.note) if command.note else None,
    )
    return [started] if timer is None else [_stopped(timer, None, command.at), started]


def worked_by(timer: Running, stopped: TimerStopped) -> Said:
    """What a stopped timer says of its entry."""
    return Said(
        contract_id=timer.contract_id,
        person_id=timer.person_id,
        worked=Seconds((stopped.stopped_at - timer.started_at) // SECOND),
        started_at=timer.started_at,
        task=timer.task,
        billable=timer.billable,
        note=timer.note or "",
    )


def _stopped(timer: Running, ended_at: datetime | None, now: datetime) -> TimerStopped:
    stopped_at = ended_at or now
    if stopped_at < timer.started_at or stopped_at > now:
        raise EndsBeforeStart(
            "a timer stops after it started, and not in the future" if ended_at else "a timer stops after it started",
            field="end_time",
        )
    if (stopped_at - timer.started_at) // SECOND > DAY_SECONDS:
        raise TimerRunsTooLong(
            f"the timer of {timer.person_id} has run for more than 24 hours: stop it with an end_time, or discard it",
            field="end_time",
        )
    return TimerStopped(person_id=timer.person_id, entry_id=timer.entry_id, stopped_at=stopped_at)


def _must_run(timer: Running | None) -> Running:
    if timer is None:
        raise NoTimerRuns("no timer runs for this person", field="person")
    return timer

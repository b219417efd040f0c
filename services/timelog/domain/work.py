"""What is said of worked time, and the work that an entry holds of it.

    Refused
    ├── WhenMissing         neither a start instant nor a date, or both (R7)
    ├── DurationMissing     neither a duration nor an end, or both
    ├── EndsBeforeStart     less than no time (R12)
    ├── LongerThanADay      more than 24 hours (R12)
    ├── RateNegative        a rate below zero
    ├── TagsTooMany, TextTooLong
    ├── NotYourTime         a member logs and changes his own time alone
    └── what known_contract and person refuse

Contract and person are looked up by the api (`Ground`), so that the decision stays pure.
"""

from datetime import date, datetime, timedelta

import msgspec

from services.timelog.domain.known_contract import (
    Contract,
    CurrencyDiffers,
    KnownContract,
    check_currency,
    check_work,
    must_be_known,
)
from services.timelog.domain.person import Person, must_be_here
from services.timelog.events import Work
from vocabulary.duration import Seconds, clock_of_seconds
from vocabulary.identity import ContractId, PersonId
from vocabulary.money import Minor, Money
from vocabulary.personal import Personal, of_person
from vocabulary.refusal import Kind, Refused

DAY_SECONDS = 24 * 3600
SECOND = timedelta(seconds=1)
MOST_TAGS = 50
LONGEST_TAG = 100
LONGEST_TASK = 100
LONGEST_NOTE = 3000


class WhenMissing(Refused, kind=Kind.INVALID):
    """An entry has a start instant or a date, and not both (R7)."""


class DurationMissing(Refused, kind=Kind.INVALID):
    """An entry has a duration, or a start and an end, and not both."""


class EndsBeforeStart(Refused, kind=Kind.INVALID):
    """An entry may not end before it starts (R12)."""


class LongerThanADay(Refused, kind=Kind.INVALID):
    """An entry may not last longer than 24 hours (R12)."""


class RateNegative(Refused, kind=Kind.INVALID):
    """A rate is zero or more."""


class TagsTooMany(Refused, kind=Kind.INVALID):
    """More tags than an entry can carry."""


class TextTooLong(Refused, kind=Kind.INVALID):
    """A tag, a task or a note is longer than it may be."""


class NotYourTime(Refused, kind=Kind.FORBIDDEN):
    """A member logs, changes and sees his own time alone."""


class Author(msgspec.Struct, frozen=True, gc=False):
    """Who gives the command. `may_approve`: owner or manager; else `person_id` is whose time he may touch."""

    may_approve: bool
    person_id: PersonId


class Said(msgspec.Struct, frozen=True, gc=False):
    """What a caller says of an entry, as he said it."""

    contract_id: ContractId
    person_id: PersonId
    worked: Seconds | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    """Instead of `worked`."""
    worked_on: date | None = None
    task: str = ""
    billable: bool = True
    rate: Money | None = None
    note: str | Personal = ""
    """In clear, or sealed already (a timer's)."""
    tags: tuple[str, ...] = ()


class Ground(msgspec.Struct, frozen=True, gc=False):
    """What was looked up for a decision: the entry's contract and person as they are known now, and who decides."""

    contract: Contract
    person: Person | None
    author: Author


def accepted(said: Said, ground: Ground) -> Work:
    """What is said, as an entry holds it; refused where a rule says no."""
    check_owner(ground.author, said.person_id)
    person = must_be_here(ground.person, said.person_id)
    contract = must_be_known(ground.contract, said.contract_id)
    _check_texts(said)
    work = Work(
        contract_id=said.contract_id,
        person_id=said.person_id,
        worked=worked_seconds(said.worked, said.started_at, said.ended_at),
        started_at=said.started_at,
        worked_on=said.worked_on,
        role=person.role,
        task=said.task,
        billable=said.billable,
        rate=_rate(said.rate, contract),
        note=_note(said.person_id, said.note),
        tags=tuple(dict.fromkeys(said.tags)),
        counted_on=_local_date(said.started_at, said.worked_on, contract),
    )
    _check_place(contract, work)
    return work


def corrected(work: Work, said: Said, paths: frozenset[str], ground: Ground) -> Work:
    """The entry's work with the named fields as they are said."""
    _check_texts(said)
    changes: dict[str, object] = {name: getattr(said, name) for name in paths & PLAIN}
    if "tags" in paths:
        changes["tags"] = tuple(dict.fromkeys(said.tags))
    if "note" in paths:
        changes["note"] = _note(said.person_id if "person_id" in paths else work.person_id, said.note)
    if paths & {"started_at", "worked_on"}:
        changes["started_at"] = said.started_at if "started_at" in paths else None
        changes["worked_on"] = said.worked_on if "worked_on" in paths else None
    if not paths - {"note", "tags"}:
        return msgspec.structs.replace(work, **changes)
    if "person_id" in paths and said.person_id != work.person_id:
        check_owner(ground.author, said.person_id)
        changes["role"] = must_be_here(ground.person, said.person_id).role
    contract = must_be_known(ground.contract, said.contract_id if "contract_id" in paths else work.contract_id)
    if "rate" in paths:
        changes["rate"] = _rate(said.rate, contract)
    elif "contract_id" in paths and said.contract_id != work.contract_id and work.rate is not None:
        raise CurrencyDiffers(
            "the entry has a rate of its own: say what it is in the other contract's currency, or take it away",
            field="rate",
        )
    started_at = changes.get("started_at", work.started_at)
    assert started_at is None or isinstance(started_at, datetime)
    if paths & {"worked", "ended_at"}:
        changes["worked"] = worked_seconds(
            said.worked if "worked" in paths else None, started_at, said.ended_at if "ended_at" in paths else None
        )
    after = msgspec.structs.replace(work, **changes)
    after = msgspec.structs.replace(after, counted_on=_local_date(after.started_at, after.worked_on, contract))
    _check_place(contract, after)
    return after


PLAIN = frozenset({"contract_id", "person_id", "task", "billable"})
"""Fields that an entry holds as they are said."""


def worked_seconds(worked: Seconds | None, started_at: datetime | None, ended_at: datetime | None) -> Seconds:
    """The duration in whole seconds, as it is said or as the difference of instants (R7); R12."""
    if worked is None and ended_at is not None:
        if started_at is None:
            raise DurationMissing("an end needs a start: give start_time, or the duration", field="end_time")
        if ended_at < started_at:
            raise EndsBeforeStart("it ends before it starts", field="end_time")
        worked, field = Seconds((ended_at - started_at) // SECOND), "end_time"
    elif worked is None or ended_at is not None:
        raise DurationMissing("say how long it was, or when it ended, and not both", field="worked")
    else:
        field = "worked"
    if worked < 0:
        raise EndsBeforeStart("worked time is not below zero", field=field)
    if worked > DAY_SECONDS:
        raise LongerThanADay(
            f"{clock_of_seconds(worked)} is longer than 24 hours: log it as several entries", field=field
        )
    return worked


def _check_place(contract: KnownContract, work: Work) -> None:
    """Whether its contract takes it, on the date to which it belongs (R7, R9, R24)."""
    assert work.counted_on is not None
    check_work(contract, work, work.counted_on, "start_time" if work.started_at is not None else "work_date")


def _local_date(started_at: datetime | None, worked_on: date | None, contract: KnownContract) -> date:
    """The date to which an entry belongs (R7)."""
    if started_at is not None and worked_on is None:
        return contract.local_date(started_at)
    if worked_on is not None and started_at is None:
        return worked_on
    raise WhenMissing("say when it began, or on which date it was, and not both", field="start_time")


def _rate(rate: Money | None, contract: KnownContract) -> Minor | None:
    if rate is None:
        return None
    check_currency(contract, rate.currency, "rate")
    if rate.minor < 0:
        raise RateNegative("a rate is zero or more", field="rate")
    return Minor(rate.minor)


def _note(person_id: PersonId, note: str | Personal) -> Personal | None:
    if isinstance(note, Personal):
        return note
    return of_person(person_id, note) if note else None


def _check_texts(said: Said) -> None:
    if len(said.task) > LONGEST_TASK:
        raise TextTooLong(f"a task has at most {LONGEST_TASK} characters", field="task")
    if isinstance(said.note, str) and len(said.note) > LONGEST_NOTE:
        raise TextTooLong(f"a note has at most {LONGEST_NOTE} characters", field="note")
    if len(said.tags) > MOST_TAGS:
        raise TagsTooMany(f"an entry has at most {MOST_TAGS} tags", field="tags")
    if any(not 0 < len(tag) <= LONGEST_TAG for tag in said.tags):
        raise TextTooLong(f"a tag has 1 to {LONGEST_TAG} characters", field="tags")


def check_owner(author: Author, person_id: PersonId) -> None:
    if not author.may_approve and author.person_id != person_id:
        raise NotYourTime("a member touches his own time alone: the token's subject is the person's id", field="person")

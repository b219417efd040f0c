"""Time entries: logged, corrected, deleted, approved.

Refused
├── EntryExists           the id is taken
├── EntryUnknown          no such entry (any more)
├── ApprovedEntryLocked   an approved entry is changed by who may approve alone (R13)
└── what work refuses
"""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from services.timelog.domain.work import Author, Ground, Said, accepted, check_owner, corrected
from services.timelog.events import ImportedFrom, TimeApproved, TimeCorrected, TimeDeleted, TimeLogged, Work
from vocabulary.identity import EntryId
from vocabulary.refusal import Kind, Refused


class EntryExists(Refused, kind=Kind.EXISTS):
    """The id belongs to an entry already, or did."""


class EntryUnknown(Refused, kind=Kind.NOT_FOUND):
    """There is no such entry, or it was deleted."""


class ApprovedEntryLocked(Refused, kind=Kind.FORBIDDEN):
    """An approved entry is changed by who may approve alone (R13)."""


class LogTime(msgspec.Struct, frozen=True, gc=False):
    entry_id: EntryId
    said: Said
    ground: Ground
    imported: ImportedFrom | None = None


class CorrectTime(msgspec.Struct, frozen=True, gc=False):
    """`paths` are the fields of `said` that count, by name. `ground` is that of the entry as it will be."""

    entry_id: EntryId
    said: Said
    paths: frozenset[str]
    ground: Ground


class DeleteTime(msgspec.Struct, frozen=True, gc=False):
    entry_id: EntryId
    author: Author


class ApproveTime(msgspec.Struct, frozen=True, gc=False):
    entry_id: EntryId


TimeEntryCommand = LogTime | CorrectTime | DeleteTime | ApproveTime
TimeEntryEvent = TimeLogged | TimeCorrected | TimeDeleted | TimeApproved


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An entry as it stands."""

    entry_id: EntryId
    work: Work
    approved: bool = False
    deleted: bool = False


def decide(command: TimeEntryCommand, entry: Entry | None) -> Sequence[TimeEntryEvent]:
    match command:
        case LogTime():
            return log_time(command, entry)
        case CorrectTime():
            return correct_time(command, entry)
        case DeleteTime():
            return delete_time(command, entry)
        case ApproveTime():
            return approve_time(command, entry)
        case _:
            assert_never(command)


def evolve(entry: Entry | None, event: TimeEntryEvent) -> Entry:
    match event:
        case TimeLogged():
            return Entry(event.entry_id, event.work, event.approved)
        case TimeCorrected():
            return Entry(event.entry_id, event.work, event.approved)
        case TimeDeleted():
            assert entry is not None
            return msgspec.structs.replace(entry, deleted=True)
        case TimeApproved():
            assert entry is not None
            return msgspec.structs.replace(entry, approved=True)
        case _:
            assert_never(event)


def log_time(command: LogTime, entry: Entry | None) -> Sequence[TimeLogged]:
    if entry is not None:
        raise EntryExists(f"there is an entry {command.entry_id} already, or there was", field="entry_id")
    return [
        TimeLogged(entry_id=command.entry_id, work=accepted(command.said, command.ground), imported=command.imported)
    ]


def correct_time(command: CorrectTime, entry: Entry | None) -> Sequence[TimeCorrected]:
    """The whole entry as it is from now on; nothing where nothing changes. Where only its note or tags do, the contract
    is not asked again."""
    entry = _must_stand(entry, command.entry_id)
    check_owner(command.ground.author, entry.work.person_id)
    _check_unlocked(command.ground.author, entry)
    work = corrected(entry.work, command.said, command.paths, command.ground)
    if work == entry.work:
        return ()
    moved = entry.work.contract_id if work.contract_id != entry.work.contract_id else None
    return [TimeCorrected(entry_id=entry.entry_id, work=work, was=moved, approved=entry.approved)]


def delete_time(command: DeleteTime, entry: Entry | None) -> Sequence[TimeDeleted]:
    entry = _must_stand(entry, command.entry_id)
    check_owner(command.author, entry.work.person_id)
    _check_unlocked(command.author, entry)
    return [TimeDeleted(entry_id=entry.entry_id, contract_id=entry.work.contract_id)]


def approve_time(command: ApproveTime, entry: Entry | None) -> Sequence[TimeApproved]:
    """Nothing where it is approved already."""
    entry = _must_stand(entry, command.entry_id)
    if entry.approved:
        return ()
    return [TimeApproved(entry_id=entry.entry_id, contract_id=entry.work.contract_id)]


def _must_stand(entry: Entry | None, entry_id: EntryId) -> Entry:
    if entry is None or entry.deleted:
        raise EntryUnknown(
            f"there is no entry {entry_id}" if entry is None else f"entry {entry_id} was deleted", field="name"
        )
    return entry


def _check_unlocked(author: Author, entry: Entry) -> None:
    if entry.approved and not author.may_approve:
        raise ApprovedEntryLocked(f"entry {entry.entry_id} is approved: ask who may approve to change it", field="name")

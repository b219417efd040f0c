"""Entries between messages and the domain.

Refused
├── TimeInvalid     an instant out of range, or a duration with fractions of a second
└── what messages.names, messages.dates and messages.amounts refuse
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from messages.amounts import minor_of, money_of
from messages.dates import (
    LAST_YEAR,
    TimeInvalid,
    date_message,
    instant_message,
    instant_of,
    optional_date,
    seconds_message,
)
from messages.etags import etag_of
from messages.masks import checked
from messages.names import id_in, name_of
from services.timelog.domain.work import Said
from services.timelog.views.entries import EntryRow
from vocabulary.duration import Seconds
from vocabulary.identity import ContractId, PersonId
from vocabulary.money import Money
from vocabulary.personal import Personal
from wire.retainer.timelog.v1 import time_entry_pb2 as messages

FIRST_YEAR = 1900
PATHS: Mapping[str, str] = {
    "contract": "contract_id",
    "person": "person_id",
    "start_time": "started_at",
    "work_date": "worked_on",
    "worked": "worked",
    "end_time": "ended_at",
    "task": "task",
    "billable": "billable",
    "rate": "rate",
    "note": "note",
    "tags": "tags",
}
"""What can be corrected: the field of the message -> that of `Said`."""


def said_of(entry: messages.TimeEntry) -> Said:
    """A new entry, as the caller says it."""
    return _said(
        entry,
        ContractId(id_in(entry.contract, "contracts", "contract")),
        PersonId(id_in(entry.person, "people", "person")),
    )


def correction_of(request: messages.CorrectTimeRequest) -> tuple[Said, frozenset[str]]:
    """What is to change, and which fields that are (those that are set, where no mask says)."""
    entry = request.entry
    named = checked(request.update_mask, entry, tuple(PATHS)) or [field for field in PATHS if _is_set(entry, field)]
    contract_id = id_in(entry.contract, "contracts", "contract") if "contract" in named else ""
    person_id = id_in(entry.person, "people", "person") if "person" in named else ""
    said = _said(entry, ContractId(contract_id), PersonId(person_id))
    return said, frozenset(PATHS[field] for field in named)


def shown(
    row: EntryRow, notes: Mapping[Personal, str | None], overlaps: Sequence[str], currency: str
) -> messages.TimeEntry:
    """An entry as a caller sees it, its note opened."""
    work = row.work
    return messages.TimeEntry(
        name=name_of("entries", row.entry_id),
        contract=name_of("contracts", work.contract_id),
        person=name_of("people", work.person_id),
        start_time=instant_message(work.started_at),
        work_date=date_message(work.worked_on),
        worked=seconds_message(work.worked),
        task=work.task,
        billable=work.billable,
        rate=None if work.rate is None else money_of(work.rate, currency),
        note=(notes.get(work.note) or "") if work.note else "",
        tags=work.tags,
        counted_on=date_message(work.counted_on),
        role=work.role,
        approved=row.approved,
        overlaps=[name_of("entries", entry_id) for entry_id in overlaps],
        create_time=instant_message(row.created_at),
        update_time=instant_message(row.updated_at),
        etag=etag_of(row.version),
        import_name=name_of("imports", row.import_id) if row.import_id else "",
    )


def instant_in(message: Timestamp, field: str) -> datetime:
    """An instant that calendars can be reckoned around."""
    found = instant_of(message, field)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise TimeInvalid(f"{field} lies in the year {found.year}", field=field)
    return found


def _said(entry: messages.TimeEntry, contract_id: ContractId, person_id: PersonId) -> Said:
    has = entry.HasField
    return Said(
        contract_id=contract_id,
        person_id=person_id,
        worked=_seconds(entry) if has("worked") else None,
        started_at=instant_in(entry.start_time, "start_time") if has("start_time") else None,
        ended_at=instant_in(entry.end_time, "end_time") if has("end_time") else None,
        worked_on=optional_date(entry, "work_date", "work_date") if has("work_date") else None,
        task=entry.task,
        billable=entry.billable if has("billable") else True,
        rate=_rate(entry) if has("rate") else None,
        note=entry.note,
        tags=tuple(entry.tags),
    )


def _seconds(entry: messages.TimeEntry) -> Seconds:
    """Whole seconds (R3); whether they are too few or too many the domain says (R12)."""
    if entry.worked.nanos:
        raise TimeInvalid("worked time is whole seconds", field="worked")
    return Seconds(entry.worked.seconds)


def _rate(entry: messages.TimeEntry) -> Money:
    currency = entry.rate.currency_code
    return Money(minor_of(entry.rate, currency, "rate"), currency)


def _is_set(entry: messages.TimeEntry, field: str) -> bool:
    return any(descriptor.name == field for descriptor, _ in entry.ListFields())

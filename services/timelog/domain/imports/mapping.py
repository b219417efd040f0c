"""Whose time it is and what for: a file's users and projects in our words.

`Unusable` with the reason `PersonUnmapped`, `ContractUnmapped`, `TimeSkippedByClock` or `TimeShownTwice`.
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec

from services.timelog.domain.imports.clocks import ClockTwice, instant_meant, instants
from services.timelog.domain.imports.formats import DateOrder
from services.timelog.domain.imports.rows import Note, ReadRow, Unusable
from services.timelog.domain.work import SECOND, Said
from vocabulary.calendar import zone
from vocabulary.duration import clock_of_seconds
from vocabulary.identity import ContractId, PersonId


class MappedPerson(msgspec.Struct, frozen=True):
    """`time_zone` is that of the user's profile in the source, where it is his alone."""

    person_id: PersonId
    time_zone: str = ""


class Options(msgspec.Struct, frozen=True):
    """How a file is to be read. Keys are as `key` makes them; an empty client or project stands for any."""

    contracts: Mapping[tuple[str, str], ContractId] = {}
    people: Mapping[str, MappedPerson] = {}
    time_zone: str = ""
    date_order: DateOrder | None = None
    no_is_billable: bool = False
    """What "no" means in the column Billable: not billable, or unknown and so billable."""
    clock_twice: ClockTwice = ClockTwice.ASK


class Known(msgspec.Struct, frozen=True):
    """The people of the agency: by e-mail address, and each one's own zone."""

    by_email: Mapping[str, PersonId] = {}
    zones: Mapping[PersonId, str] = {}


def key(text: str) -> str:
    """A name as it is compared: upper and lower case, and spaces around it, being the same."""
    return " ".join(text.split()).casefold()


def contract_of(row: ReadRow, options: Options) -> ContractId:
    """By client and project; the mapping that names more of the two goes first, and project before client."""
    client, project = key(row.client), key(row.project)
    for wanted in ((client, project), ("", project), (client, ""), ("", "")):
        if found := options.contracts.get(wanted):
            return found
    named = " / ".join(name for name in (row.client, row.project) if name) or "no client and no project"
    raise Unusable("ContractUnmapped", f"no contract is named for {named}")


def person_of(row: ReadRow, options: Options, known: Known) -> MappedPerson:
    """By the mapping, else by the e-mail address of a person of the agency."""
    for name in (row.email, row.user):
        if name and (mapped := options.people.get(key(name))):
            return mapped
    if row.email and (person_id := known.by_email.get(key(row.email))):
        return MappedPerson(person_id)
    raise Unusable("PersonUnmapped", f"nobody of the agency is named for {row.who or 'a user without a name'}")


def zone_of(person: MappedPerson, options: Options, known: Known) -> ZoneInfo:
    """The zone in which a person's times are written: his own in the mapping, the file's, or his profile's here."""
    return zone(person.time_zone or options.time_zone or known.zones.get(person.person_id, "UTC"))


def said_by(row: ReadRow, options: Options, known: Known) -> tuple[Said, tuple[Note, ...]]:
    """What the row says of an entry, and what to look at."""
    contract_id = contract_of(row, options)
    person = person_of(row, options, known)
    where = zone_of(person, options, known)
    said = Said(
        contract_id=contract_id,
        person_id=person.person_id,
        worked=row.worked,
        started_at=instant_meant(row.started, where, options.clock_twice),
        task=row.task,
        billable=row.billable is not False or options.no_is_billable,
        note=row.note,
        tags=row.tags,
    )
    return said, (*row.warnings, *_disagreement(row, where))


def _disagreement(row: ReadRow, where: ZoneInfo) -> tuple[Note, ...]:
    """The stated duration counts; where no reading of start and end gives it, that is worth a look."""
    if row.ended is None:
        return ()
    elapsed = [
        (ended - started) // SECOND for started in instants(row.started, where) for ended in instants(row.ended, where)
    ]
    if row.worked in elapsed or not elapsed:
        return ()
    return (
        Note(
            row.line,
            "DurationDisagrees",
            f"the duration is {clock_of_seconds(row.worked)}, and start to end are {clock_of_seconds(elapsed[0])}:"
            " the duration counts",
        ),
    )


def nobody(row: ReadRow, options: Options, known: Known) -> bool:
    """Whether the row's user is nobody of the agency."""
    try:
        person_of(row, options, known)
    except Unusable:
        return True
    return False

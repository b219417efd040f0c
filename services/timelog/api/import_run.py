"""A file gone through row by row: planned, or logged into a ledger. Both ways are one, so that the plan says what an
import would do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from chassis.projector import Views
from chassis.store import Ledger
from services.timelog import streams
from services.timelog.api.lookup import ground_of
from services.timelog.deciders import TIME_ENTRY
from services.timelog.domain.imports.identity import Occurrences
from services.timelog.domain.imports.mapping import Known, Options, nobody, said_by
from services.timelog.domain.imports.rows import Note, ReadRow, Row, Unusable
from services.timelog.domain.imports.sources import source_named
from services.timelog.domain.imports.table import Table
from services.timelog.domain.imports.tally import Tally
from services.timelog.domain.time_entry import EntryExists, LogTime
from services.timelog.domain.work import Author, Ground, Said, accepted
from services.timelog.events import ImportedFrom, TimeLogged, Work
from services.timelog.views import entries
from vocabulary.identity import ContractId, EntryId, ImportId, PersonId
from vocabulary.refusal import Refused

CHUNK = 200
"""Rows looked up together; after each such lot others have their turn."""

Keep = Callable[[EntryId, Said, Ground], Awaitable[Work]]
"""Log an entry, or find out what it would be; `Refused` where a rule says no."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is understood as a whole, and how its rows are to be taken."""

    source: str
    table: Table
    options: Options
    known: Known
    author: Author

    def rows(self) -> Iterator[Row]:
        return source_named(self.source).rows(self.table, self.options.date_order)


async def planned(ledger: Ledger, views: Views, reading: Reading) -> Tally:
    """What an import would do."""

    async def keep(_: EntryId, said: Said, ground: Ground) -> Work:
        return accepted(said, ground)

    return await _gone_through(ledger, views, reading, keep)


async def logged(ledger: Ledger, views: Views, reading: Reading, import_id: ImportId) -> Tally:
    """Every row that can be, in the ledger."""
    agency = ledger.context.agency

    async def keep(entry_id: EntryId, said: Said, ground: Ground) -> Work:
        imported = ImportedFrom(reading.source, entry_id, import_id)
        command = LogTime(entry_id, said, ground, imported)
        (fact,) = await ledger.decide(TIME_ENTRY, streams.entry(agency, entry_id), command)
        assert isinstance(fact, TimeLogged)
        return fact.work

    return await _gone_through(ledger, views, reading, keep)


async def _gone_through(ledger: Ledger, views: Views, reading: Reading, keep: Keep) -> Tally:
    tally = Tally()
    occurrences = Occurrences(reading.source)
    grounds: dict[tuple[ContractId, PersonId], Ground] = {}
    for chunk in _chunks(reading.rows()):
        ids = [(row, None if isinstance(row, Note) else occurrences.entry_id(row)) for row in chunk]
        here = await entries.known(views, ledger.context.agency, [entry_id for _, entry_id in ids if entry_id])
        for row, entry_id in ids:
            if isinstance(row, Note):
                tally.skip(row)
            elif entry_id is None or entry_id in here:
                tally.know()
            else:
                await _take(ledger, reading, keep, tally, grounds, row, entry_id)
        await asyncio.sleep(0)
    return tally


async def _take(
    ledger: Ledger,
    reading: Reading,
    keep: Keep,
    tally: Tally,
    grounds: dict[tuple[ContractId, PersonId], Ground],
    row: ReadRow,
    entry_id: EntryId,
) -> None:
    """One row that is new: logged, or skipped with its reason."""
    try:
        said, warnings = said_by(row, reading.options, reading.known)
        whom = (said.contract_id, said.person_id)
        ground = grounds.get(whom)
        if ground is None:
            ground = grounds[whom] = await ground_of(ledger, *whom, reading.author)
        work = await keep(entry_id, said, ground)
    except Unusable as reason:
        tally.skip_row(row, reason.reason, reason.message)
        if reason.reason == "ContractUnmapped" and nobody(row, reading.options, reading.known):
            tally.miss("", "", row.who, row.line)
    except EntryExists:
        tally.know()  # another import of the same rows was faster
    except Refused as refusal:
        tally.skip_row(row, refusal.name, refusal.message)
    else:
        tally.log(work, warnings)


def _chunks(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk

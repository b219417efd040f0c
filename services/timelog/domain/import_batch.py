"""A batch of imported time that was applied whole.

Refused
├── ImportExists       the id is taken
├── NothingToImport    no row can be logged, and none is here already
└── RowsSkipped        a row would be skipped, and the caller wants all or none
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.timelog.domain.imports.tally import Tally
from services.timelog.events import TimeImported
from vocabulary.identity import ImportId
from vocabulary.refusal import Kind, Refused


class ImportExists(Refused, kind=Kind.EXISTS):
    """The id belongs to an import already."""


class NothingToImport(Refused, kind=Kind.CONFLICT):
    """No row of the file can be logged, and none is here already: mostly a mapping that fits nothing."""


class RowsSkipped(Refused, kind=Kind.CONFLICT):
    """A row would be skipped, and the caller wants all or none."""


@dataclass(frozen=True, slots=True)
class NoteImport:
    """What an import came to; its entries are facts of their own, in the same append."""

    import_id: ImportId
    source: str
    file_sha256: str
    tally: Tally
    only_if_whole: bool = False


def decide(command: NoteImport, batch: TimeImported | None) -> Sequence[TimeImported]:
    if batch is not None:
        raise ImportExists(f"there is an import {command.import_id} already", field="import_id")
    tally = command.tally
    if command.only_if_whole and tally.skipped_count:
        first = tally.skipped[0]
        raise RowsSkipped(
            f"{tally.skipped_count} of {tally.rows} rows would be skipped; the first is line {first.line}:"
            f" {first.message}",
            field="content",
            line=str(first.line),
            reason=first.reason,
        )
    if not tally.to_log and not tally.known_already:
        why = f"; line {tally.skipped[0].line}: {tally.skipped[0].message}" if tally.skipped else ""
        raise NothingToImport(f"none of the {tally.rows} rows can be logged{why}", field="content")
    return [
        TimeImported(
            import_id=command.import_id,
            source=command.source,
            file_sha256=command.file_sha256,
            logged=tally.to_log,
            known_already=tally.known_already,
            skipped=tally.skipped_count,
        )
    ]


def evolve(_: TimeImported | None, event: TimeImported) -> TimeImported:
    match event:
        case TimeImported():
            return event
        case _:
            assert_never(event)

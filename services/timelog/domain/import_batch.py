"""A batch of imported time that was applied whole.

Refused
└── ImportExists    the id is taken
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.timelog.events import TimeImported
from vocabulary.identity import ImportId
from vocabulary.refusal import Kind, Refused


class ImportExists(Refused, kind=Kind.EXISTS):
    """The id belongs to an import already."""


@dataclass(frozen=True, slots=True)
class NoteImport:
    """What an import came to; its entries are facts of their own, in the same append."""

    import_id: ImportId
    source: str
    file_sha256: str
    logged: int
    known_already: int
    skipped: int


def decide(command: NoteImport, batch: TimeImported | None) -> Sequence[TimeImported]:
    if batch is not None:
        raise ImportExists(f"there is an import {command.import_id} already", field="import_id")
    return [
        TimeImported(
            import_id=command.import_id,
            source=command.source,
            file_sha256=command.file_sha256,
            logged=command.logged,
            known_already=command.known_already,
            skipped=command.skipped,
        )
    ]


def evolve(_: TimeImported | None, event: TimeImported) -> TimeImported:
    match event:
        case TimeImported():
            return event
        case _:
            assert_never(event)

"""What would come of a file: in figures, and in notes for who decides whether to apply it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.timelog.domain.imports.rows import Note, ReadRow
from services.timelog.events import Work
from vocabulary.identity import ContractId

MOST_NOTES = 1000
"""Notes kept of each sort; the figures count all of them."""


@dataclass(slots=True)
class Unknown:
    """A client and project without a contract, or a user who is nobody of the agency."""

    client: str
    project: str
    user: str
    first_line: int
    rows: int = 0


@dataclass(slots=True)
class Share:
    """What comes of one contract's rows."""

    rows: int = 0
    worked: int = 0
    first_on: date | None = None
    last_on: date | None = None


@dataclass(slots=True)
class Tally:
    """Counts while rows go by."""

    rows: int = 0
    to_log: int = 0
    known_already: int = 0
    skipped_count: int = 0
    warning_count: int = 0
    skipped: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    unknown: dict[tuple[str, str, str], Unknown] = field(default_factory=dict)
    shares: dict[ContractId, Share] = field(default_factory=dict)

    @property
    def worked(self) -> int:
        return sum(share.worked for share in self.shares.values())

    def skip(self, note: Note) -> None:
        self.rows += 1
        self.skipped_count += 1
        if len(self.skipped) < MOST_NOTES:
            self.skipped.append(note)

    def skip_row(self, row: ReadRow, reason: str, message: str) -> None:
        """A row that can be read and not be logged."""
        self.skip(Note(row.line, reason, message))
        if reason == "ContractUnmapped":
            self.miss(row.client, row.project, "", row.line)
        elif reason == "PersonUnmapped":
            self.miss("", "", row.who, row.line)

    def know(self) -> None:
        """A row that is here already."""
        self.rows += 1
        self.known_already += 1

    def log(self, work: Work, warnings: Sequence[Note]) -> None:
        """A row that is, or would be, logged."""
        self.rows += 1
        self.to_log += 1
        self.warning_count += len(warnings)
        self.warnings.extend(warnings[: max(0, MOST_NOTES - len(self.warnings))])
        share = self.shares.setdefault(work.contract_id, Share())
        share.rows += 1
        share.worked += work.worked
        day = work.counted_on
        assert day is not None
        share.first_on = day if share.first_on is None else min(share.first_on, day)
        share.last_on = day if share.last_on is None else max(share.last_on, day)

    def miss(self, client: str, project: str, user: str, line: int) -> None:
        """Somebody or something of the file that has no name here."""
        missed = self.unknown.setdefault((client, project, user), Unknown(client, project, user, line))
        missed.rows += 1

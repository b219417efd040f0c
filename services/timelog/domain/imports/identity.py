"""By what a row is known again: a file without ids is known by its rows' contents.

A digest of all that a row says, and how many rows like it came before in the file: so the same file again, or one that
overlaps, adds nothing, and two rows that are equal in everything stay two. Whom and what the row is mapped to does not
count, so that another mapping does not log it twice.

The digest is the entry's id: an entry that is there, or was there and was deleted, is known by the store itself.
"""

from collections import Counter
from hashlib import sha256

from services.timelog.domain.imports.rows import ReadRow
from vocabulary.identity import EntryId

DIGITS = 32
SEPARATOR = "\x1f"


class Occurrences:
    """Counts equal rows in the order of the file."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._seen: Counter[bytes] = Counter()

    def entry_id(self, row: ReadRow) -> EntryId:
        """`toggl-` and 32 hexadecimal digits."""
        digest = sha256(content_of(self._source, row).encode()).digest()[:16]
        ordinal = self._seen[digest]
        self._seen[digest] += 1
        if ordinal:
            digest = sha256(digest + ordinal.to_bytes(4, "big")).digest()[:16]
        return EntryId(f"{self._source}-{digest.hex()}")


def content_of(source: str, row: ReadRow) -> str:
    """All that a row says, in one text."""
    said = (
        source,
        row.who.casefold(),
        row.client,
        row.project,
        row.task,
        row.started.isoformat(),
        str(int(row.worked)),
        row.note,
        SEPARATOR.join(sorted(row.tags)),
        {True: "yes", False: "no", None: ""}[row.billable],
    )
    return f"{SEPARATOR}{SEPARATOR}".join(said)

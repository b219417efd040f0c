"""Which exports can be read.

Refused
└── SourceUnknown    no reader for this source
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from services.timelog.domain.imports import toggl
from services.timelog.domain.imports.formats import DateOrder
from services.timelog.domain.imports.rows import Row
from services.timelog.domain.imports.table import Table
from vocabulary.refusal import Kind, Refused


class SourceUnknown(Refused, kind=Kind.INVALID):
    """There is no reader for this source."""


class Source(NamedTuple):
    """A reader: the file as a whole, then its rows."""

    open: Callable[[bytes], Table]
    rows: Callable[[Table, DateOrder | None], Iterator[Row]]


SOURCES = {"toggl": Source(toggl.open_export, toggl.rows)}


def source_named(name: str) -> Source:
    found = SOURCES.get(name)
    if found is None:
        raise SourceUnknown(f"{name!r} cannot be imported: take one of {', '.join(SOURCES)}", field="source")
    return found

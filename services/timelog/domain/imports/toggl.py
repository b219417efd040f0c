"""The "detailed" CSV export of Toggl Track.

`User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags` and an
`Amount (EUR)`; no ids, no zone, no rate. The stated duration is the truth, also where it differs from end less start:
Toggl lets people edit it. An amount is not read: it is what Toggl would have billed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.timelog.domain.imports.formats import (
    DateOrder,
    Dates,
    read_duration,
    read_tags,
    read_time,
    read_yes_or_no,
)
from services.timelog.domain.imports.rows import Note, ReadRow, Row, Unusable
from services.timelog.domain.imports.table import Cells, Columns, Table, open_table
from vocabulary.duration import Seconds, clock_of_seconds

DAY_SECONDS = 24 * 3600
SECOND = timedelta(seconds=1)
ONE_DAY = timedelta(days=1)
COLUMNS = Columns(
    words={
        "user": "user",
        "member": "user",
        "email": "email",
        "client": "client",
        "project": "project",
        "task": "task",
        "description": "description",
        "billable": "billable",
        "start date": "start date",
        "start time": "start time",
        "end date": "end date",
        "stop date": "end date",
        "end time": "end time",
        "stop time": "end time",
        "duration": "duration",
        "tags": "tags",
    },
    required=(("email", "user"), ("start date",), ("start time",), ("duration",)),
)


def open_export(content: bytes) -> Table:
    return open_table(content, COLUMNS)


def rows(table: Table, order: DateOrder | None) -> Iterator[Row]:
    """Every row that is not blank: read, or with the reason why it is skipped."""
    dates = Dates(order, lambda: _all_dates(table))
    for cells in table.rows():
        if isinstance(cells, Note):
            yield cells
            continue
        try:
            yield _read(cells, dates)
        except Unusable as reason:
            yield Note(cells.line, reason.reason, reason.message)


def _all_dates(table: Table) -> Iterator[str]:
    for cells in table.rows():
        if isinstance(cells, Cells):
            yield cells.values["start date"]
            yield cells.values.get("end date", "")


def _read(cells: Cells, dates: Dates) -> ReadRow:
    line, values = cells
    worked = _worked(values["duration"])
    started = datetime.combine(dates.read(values["start date"]), read_time(values["start time"]))
    ended = None
    if "end date" in values and "end time" in values:
        if not values["end date"] or not values["end time"]:
            raise Unusable("RunningTimer", "the timer still ran when the file was exported: export it again later")
        ended = datetime.combine(dates.read(values["end date"]), read_time(values["end time"]))
    warnings: list[Note] = []
    if ended is not None and ended < started:
        if ended.date() != started.date():
            raise Unusable("EndsBeforeStart", f"it ends ({ended}) before it starts ({started})")
        ended += ONE_DAY
        warnings.append(Note(line, "EndsNextDay", "the end is before the start: taken for one on the next day"))
    if worked == 0:
        warnings.append(Note(line, "ZeroDuration", "no time was worked"))
    return ReadRow(
        line=line,
        user=values.get("user", ""),
        email=values.get("email", ""),
        client=values.get("client", ""),
        project=values.get("project", ""),
        task=values.get("task", ""),
        note=values.get("description", ""),
        billable=read_yes_or_no(values.get("billable", "")),
        started=started,
        ended=ended,
        worked=worked,
        tags=read_tags(values.get("tags", "")),
        warnings=tuple(warnings),
    )


def _worked(text: str) -> Seconds:
    worked = read_duration(text)
    if worked < 0:
        raise Unusable("NegativeDuration", f"the duration is below zero: {text}")
    if worked > DAY_SECONDS:
        raise Unusable("LongerThanADay", f"{clock_of_seconds(worked)} is longer than 24 hours: split it in Toggl first")
    return worked

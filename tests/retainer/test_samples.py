"""The sample time sheet: written by its program, with the quirks that a reader must get right."""

import csv
import io
from collections import Counter
from itertools import pairwise

from retainer.samples import TIME_SHEET
from retainer.samples.time_sheet import COLUMNS, time_sheet

ROWS = list(csv.DictReader(io.StringIO(TIME_SHEET.read_bytes().decode("utf-8-sig"))))


def test_the_file_is_what_its_program_writes() -> None:
    assert TIME_SHEET.read_bytes() == time_sheet()


def test_it_is_a_quarter_of_two_people_for_three_clients() -> None:
    assert len(ROWS) >= 400
    assert tuple(ROWS[0]) == COLUMNS
    assert {row["User"] for row in ROWS} == {"Anna Berg", "Tom Reed"}
    assert len({row["Client"] for row in ROWS} - {""}) == 3
    assert {row["Start date"][:7] for row in ROWS} == {"2026-01", "2026-02", "2026-03"}


def test_it_has_the_quirks_of_real_exports() -> None:
    assert TIME_SHEET.read_bytes().startswith(b"\xef\xbb\xbf")
    assert all(bool(row["Amount (EUR)"]) == (row["Billable"] == "Yes") for row in ROWS)
    assert any(row["Duration"] == "00:00:00" for row in ROWS)
    assert any(row["Start date"] != row["End date"] for row in ROWS)
    assert any("," in row["Tags"] for row in ROWS)
    assert any('"' in row["Description"] for row in ROWS)
    assert any("ü" in row["Client"] for row in ROWS)
    assert max(Counter(tuple(row.values()) for row in ROWS).values()) == 2
    assert any(_seconds(row["End time"]) - _seconds(row["Start time"]) != _seconds(row["Duration"]) for row in ROWS)


def test_rows_of_one_person_overlap() -> None:
    anna = sorted((row["Start date"] + row["Start time"], row) for row in ROWS if row["User"] == "Anna Berg")
    ends = [(row["Start date"], row["End date"] + row["End time"], begins) for begins, row in anna]
    assert any(end > later for (_, end, _), (_, _, later) in pairwise(ends))


def _seconds(clock: str) -> int:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + seconds

"""Toggl's export: what is read, what is skipped with its line, what is refused as a whole."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from services.timelog.domain.imports import table, toggl
from services.timelog.domain.imports.formats import DateOrder, DatesAmbiguous, DatesContradict
from services.timelog.domain.imports.rows import Note, ReadRow, Row
from vocabulary.duration import parse_clock
from vocabulary.refusal import Refused

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "toggl"
HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
    "Amount (EUR)"
)
GOOD = "Anna,anna@example.com,Acme,Web,,Call,Yes,2026-02-03,09:00:00,2026-02-03,10:35:00,01:35:00,,190.00"


def csv(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return (end.join((header, *rows)) + end).encode()


def read(content: bytes, order: DateOrder | None = None) -> Sequence[Row]:
    return list(toggl.rows(toggl.open_export(content), order))


def row(content: bytes, order: DateOrder | None = None) -> ReadRow:
    """The only row of the file, which can be used."""
    (only,) = read(content, order)
    assert isinstance(only, ReadRow), only
    return only


def reasons(content: bytes) -> list[tuple[int, str]]:
    """Lines and reasons of the rows that are skipped."""
    return [(note.line, note.reason) for note in read(content) if isinstance(note, Note)]


def refusal(content: bytes, order: DateOrder | None = None) -> Refused:
    with pytest.raises(Refused) as raised:
        read(content, order)
    return raised.value


def with_cells(**cells: str) -> str:
    """The good row with some cells changed; names as in the header, with `_` for a space."""
    names = HEADER.split(",")
    values = dict(zip(names, GOOD.split(","), strict=True))
    for name, value in cells.items():
        key = name.replace("_", " ").capitalize()
        assert key in values, key
        values[key] = value
    return ",".join(values.values())


def test_a_row_is_read_as_it_stands() -> None:
    assert row(csv(GOOD)) == ReadRow(
        line=2,
        user="Anna",
        email="anna@example.com",
        client="Acme",
        project="Web",
        task="",
        note="Call",
        billable=True,
        started=datetime(2026, 2, 3, 9),  # noqa: DTZ001 - local to the profile
        ended=datetime(2026, 2, 3, 10, 35),  # noqa: DTZ001
        worked=parse_clock("1:35"),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_does_not_matter_how_the_file_is_written(encoding: str, delimiter: str, quoted: bool, end: str) -> None:
    lines = [
        delimiter.join(f'"{cell}"' if quoted else cell for cell in line.split(","))
        for line in (HEADER, GOOD.replace("Call", "Grüße"))
    ]
    (only,) = read(end.join(lines).encode(encoding))
    assert isinstance(only, ReadRow)
    assert (only.note, only.worked) == ("Grüße", 5700)


def test_quotes_commas_line_breaks_and_formulas_inside_a_note_are_kept() -> None:
    note = '"He said ""no"", then\nleft; =SUM(A1) \\"'
    content = csv(with_cells(description=note), with_cells(description="=1+1"))
    first, second = read(content)
    assert isinstance(first, ReadRow) and isinstance(second, ReadRow)
    assert first.note == 'He said "no", then\nleft; =SUM(A1) \\'
    assert (first.line, second.line) == (2, 4)
    assert second.note == "=1+1"


def test_control_signs_are_left_out_of_texts() -> None:
    filler = "x" * table.CHUNK  # a NUL near the beginning is a sign of another encoding
    read_row = read(csv(with_cells(Description=filler), with_cells(Task="a\x00b", Description="red\x1b[31m")))[1]
    assert isinstance(read_row, ReadRow)
    assert (read_row.task, read_row.note) == ("ab", "red[31m")


def test_a_header_may_lie_below_a_preamble_and_be_written_in_any_case() -> None:
    content = csv(GOOD, header=f"Time report\n\n{HEADER.upper()}")
    assert row(content).line == 4


@pytest.mark.parametrize("amount", ["", ",Amount (USD)", ",Amount ()", ",Amount (USD),Amount (EUR)"])
def test_the_amount_may_be_missing_empty_or_there_twice(amount: str) -> None:
    header = HEADER.removesuffix(",Amount (EUR)") + amount
    cells = GOOD.removesuffix(",190.00") + "," * amount.count(",")
    assert row(csv(cells, header=header)).worked == 5700


def test_a_trailing_delimiter_is_no_field() -> None:
    assert row(csv(GOOD + ",,")).worked == 5700
    assert row(csv(GOOD + ",", header=HEADER + ",")).worked == 5700


def test_blank_lines_are_no_rows() -> None:
    assert len(read(csv("", GOOD, ",,,,,,,,,,,,,", ""))) == 1


def test_tags_are_split_in_order_each_once() -> None:
    assert row(csv(with_cells(tags='" Development, Backend,,Development"'))).tags == ("Development", "Backend")


@pytest.mark.parametrize(
    ("said", "meant"), [("Yes", True), ("No", False), ("true", True), ("", None), ("Ja", True), ("nein", False)]
)
def test_billable_is_yes_no_or_not_said(said: str, meant: bool | None) -> None:
    assert row(csv(with_cells(billable=said))).billable is meant


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("01:35:00", 5700), ("1:35:20", 5720), ("00:00:00", 0), ("24:00:00", 86_400), ("1:35", 5700), ("47:06 min", 2826)],
)
def test_durations_are_read_to_the_second(written: str, seconds: int) -> None:
    assert row(csv(with_cells(duration=written))).worked == seconds


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"duration": "26:00:00"}, "LongerThanADay"),
        ({"duration": "24:00:01"}, "LongerThanADay"),
        ({"duration": "-00:04:20"}, "NegativeDuration"),
        ({"duration": "-1"}, "RunningTimer"),
        ({"duration": "-1770109200"}, "RunningTimer"),
        ({"duration": ""}, "RunningTimer"),
        ({"end_date": "", "end_time": ""}, "RunningTimer"),
        ({"duration": "1.58"}, "DurationUnreadable"),
        ({"duration": "1:75:00"}, "DurationUnreadable"),
        ({"start_date": "2026-02-30"}, "DateUnreadable"),
        ({"start_date": "yesterday"}, "DateUnreadable"),
        ({"start_time": "25:00:00"}, "TimeUnreadable"),
        ({"start_time": "13:00 PM"}, "TimeUnreadable"),
        ({"end_date": "2026-02-02"}, "EndsBeforeStart"),
        ({"billable": "perhaps"}, "BillableUnreadable"),
    ],
)
def test_a_row_that_cannot_be_used_is_skipped_with_its_line_and_its_reason(cells: dict[str, str], reason: str) -> None:
    assert reasons(csv(GOOD, with_cells(**cells), GOOD)) == [(3, reason)]


def test_a_row_with_the_wrong_number_of_fields_is_skipped_and_the_others_go_on() -> None:
    assert reasons(csv(GOOD, "Anna,anna@example.com", GOOD + ",extra", GOOD)) == [
        (3, "FieldsMiscounted"),
        (4, "FieldsMiscounted"),
    ]


def test_a_row_with_broken_quotes_is_skipped_and_the_others_go_on() -> None:
    broken = with_cells(description='"He said" no')
    assert reasons(csv(broken, GOOD)) == [(2, "QuotesBroken")]


def test_a_row_that_ends_before_it_starts_on_one_date_ends_the_next_day() -> None:
    crossing = row(csv(with_cells(start_time="23:30:00", end_time="01:05:00")))
    assert crossing.ended == datetime(2026, 2, 4, 1, 5)  # noqa: DTZ001
    assert [note.reason for note in crossing.warnings] == ["EndsNextDay"]
    printed = row(csv(with_cells(start_time="23:30:00", end_date="2026-02-04", end_time="01:05:00")))
    assert printed.warnings == ()


def test_a_row_of_no_time_is_kept_and_deserves_a_look() -> None:
    zero = row(csv(with_cells(end_time="09:00:00", duration="00:00:00")))
    assert [note.reason for note in zero.warnings] == ["ZeroDuration"]


@pytest.mark.parametrize(
    ("written", "on"),
    [("2026-02-03", (2, 3)), ("2026/02/03", (2, 3)), ("03.02.2026", (2, 3)), ("3.2.2026", (2, 3))],
)
def test_some_dates_need_no_order(written: str, on: tuple[int, int]) -> None:
    started = row(csv(with_cells(start_date=written))).started
    assert (started.month, started.day) == on


def test_slashed_dates_have_one_order_for_the_whole_file() -> None:
    first, second = (
        with_cells(start_date="01/06/2026", end_date="01/06/2026"),
        with_cells(start_date="22/06/2026", end_date="22/06/2026"),
    )
    june, also_june = read(csv(first, second))
    assert isinstance(june, ReadRow) and isinstance(also_june, ReadRow)
    assert (june.started.month, june.started.day) == (6, 1)
    us = with_cells(start_date="6/22/26", end_date="6/22/26")
    january, _ = read(csv(with_cells(start_date="6/1/26", end_date="6/1/26"), us))
    assert isinstance(january, ReadRow)
    assert (january.started.year, january.started.month, january.started.day) == (2026, 6, 1)


def test_an_order_that_the_file_leaves_open_is_asked_for() -> None:
    open_question = csv(with_cells(start_date="03/04/2026", end_date="03/04/2026"))
    told = refusal(open_question)
    assert (type(told), told.field) == (DatesAmbiguous, "options.date_order")
    assert row(open_question, DateOrder.DAY_FIRST).started.month == 4
    assert row(open_question, DateOrder.MONTH_FIRST).started.month == 3


def test_two_orders_in_one_file_are_refused() -> None:
    both = csv(with_cells(start_date="13/04/2026"), with_cells(start_date="04/13/2026"))
    assert type(refusal(both)) is DatesContradict
    assert type(refusal(csv(with_cells(start_date="13/15/2026")))) is DatesContradict


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", table.FileEmpty),
        (b"\n \n", table.FileEmpty),
        (b"\xef\xbb\xbf", table.FileEmpty),
        (b"just a line\nanother one\n", table.DelimiterUnclear),
        (csv(GOOD, header=HEADER.replace("Duration", "Length")), table.ColumnsMissing),
        (csv(GOOD, header=HEADER.replace("Client", "Start date")), table.ColumnsDoubled),
        (csv(GOOD.replace("Call", "Grüße")).decode().encode("latin-1"), table.EncodingWrong),
        (csv(GOOD).decode().encode("utf-16-le"), table.EncodingWrong),
        (b"PK\x03\x04 and so on", table.EncodingWrong),
    ],
    ids=["empty", "blank", "mark", "text", "missing", "doubled", "latin-1", "utf-16 without mark", "zip"],
)
def test_a_file_that_cannot_be_understood_is_refused_as_a_whole(content: bytes, reason: type[Refused]) -> None:
    told = refusal(content)
    assert (type(told), told.field) == (reason, "content")


def test_the_columns_found_are_named_where_one_is_missing() -> None:
    told = refusal(csv(GOOD, header=HEADER.replace("Start time", "Beginn")))
    assert "'start time'" in told.message and "Beginn" in told.message and "Duration" in told.message


def test_a_wrong_encoding_names_its_line() -> None:
    content = csv(GOOD, GOOD, GOOD.replace("Call", "Grüße")).decode().encode("latin-1")
    assert refusal(content).facts["line"] == "4"


def test_a_file_that_ends_inside_of_quotes_skips_what_cannot_be_told_apart() -> None:
    content = csv(GOOD, with_cells(description='"never closed')).rstrip(b"\n")
    assert reasons(content) == [(3, "QuotesBroken")]


def fixture(name: str) -> bytes:
    path = FIXTURES / name
    if not path.exists():
        pytest.skip("the shared fixtures are not on this machine")
    return path.read_bytes()


def test_forty_nine_real_rows() -> None:
    rows = read(fixture("detailed_csv_49rows_zoho.csv"))
    assert all(isinstance(one, ReadRow) for one in rows)
    assert len(rows) == 49
    first = rows[0]
    assert isinstance(first, ReadRow)
    assert (first.worked, first.task, first.tags) == (parse_clock("1:09:11"), "Task A", ("Research",))


def test_an_unquoted_export_of_two_users() -> None:
    rows = read(fixture("detailed_csv_kimai_demo.csv"))
    assert {one.who for one in rows if isinstance(one, ReadRow)} == {"bob@example.com", "johnsmith@example.com"}
    assert not reasons(fixture("detailed_csv_kimai_demo.csv"))


def test_an_export_with_a_mark_a_row_of_no_time_and_two_tags() -> None:
    zero, worked = read(fixture("detailed_csv_solidtime_1.csv"))
    assert isinstance(zero, ReadRow) and isinstance(worked, ReadRow)
    assert (zero.worked, zero.client, zero.tags) == (0, "", ("Development", "Backend"))
    assert worked.worked == 3601

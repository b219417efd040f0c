"""What holds for any file: rows come back as they were written, are known again in any order, and nothing crashes."""

import csv as csv_module
import io
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.timelog.domain.imports import toggl
from services.timelog.domain.imports.clocks import ClockTwice, instant_meant, instants
from services.timelog.domain.imports.identity import Occurrences
from services.timelog.domain.imports.mapping import Known, MappedPerson, Options, contract_of, key, person_of
from services.timelog.domain.imports.rows import Note, ReadRow, Unusable
from tests.timelog.test_toggl import HEADER
from vocabulary.identity import ContractId, PersonId
from vocabulary.refusal import Refused

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=20).map(
    lambda text: " ".join(text.split())
)
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - local to a profile
    lambda moment: moment.replace(microsecond=0)
)
ROWS = st.lists(
    st.tuples(TEXT, TEXT, TEXT, TEXT, STARTS, st.integers(0, 86_400), st.sampled_from(["Yes", "No"])),
    max_size=12,
)
Written = Sequence[tuple[str, str, str, str, datetime, int, str]]


def written(rows: Written, delimiter: str = ",", quoting: int = csv_module.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    writer = csv_module.writer(out, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]  # one of its words
    writer.writerow(HEADER.split(","))
    for client, project, task, note, start, seconds, billable in rows:
        end = start + timedelta(seconds=seconds)
        minutes, second = divmod(seconds, 60)
        writer.writerow(
            [
                "Anna",
                "anna@example.com",
                client,
                project,
                task,
                note,
                billable,
                start.date().isoformat(),
                start.time().isoformat(),
                end.date().isoformat(),
                end.time().isoformat(),
                f"{minutes // 60:02}:{minutes % 60:02}:{second:02}",
                "",
                "",
            ]
        )
    return out.getvalue().encode()


def read(content: bytes) -> list[ReadRow]:
    rows = list(toggl.rows(toggl.open_export(content), None))
    assert all(isinstance(row, ReadRow) for row in rows), rows
    return [row for row in rows if isinstance(row, ReadRow)]


def ids(rows: Sequence[ReadRow]) -> list[str]:
    occurrences = Occurrences("toggl")
    return [occurrences.entry_id(row) for row in rows]


@given(ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from([csv_module.QUOTE_MINIMAL, csv_module.QUOTE_ALL]))
def test_rows_come_back_as_they_were_written(rows: Written, delimiter: str, quoting: int) -> None:
    found = read(written(rows, delimiter, quoting))
    assert [
        (row.client, row.project, row.task, row.note, row.started, int(row.worked), "Yes" if row.billable else "No")
        for row in found
    ] == list(rows)
    assert all(row.ended == row.started + timedelta(seconds=row.worked) for row in found)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_rows_are_known_again_in_any_order(files: tuple[Written, Written]) -> None:
    first, second = (ids(read(written(rows))) for rows in files)
    assert set(first) == set(second)
    assert len(set(first)) == len(first), "two rows are two entries, also where they are equal in everything"


@given(ROWS, ROWS, ROWS)
def test_an_overlapping_file_adds_what_it_has_more(before: Written, both: Written, after: Written) -> None:
    here = set(ids(read(written([*before, *both]))))
    come = set(ids(read(written([*both, *after]))))
    had, have = Counter(map(tuple, [*before, *both])), Counter(map(tuple, [*both, *after]))
    assert len(come - here) == (have - had).total()


@given(st.binary(max_size=300))
@example(HEADER.encode() + b'\n"')
@example(HEADER.encode() + b"\n\xff")
@example(b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\n")
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for tried in (content, HEADER.encode() + b"\n" + content):
        with suppress(Refused):
            for row in toggl.rows(toggl.open_export(tried), None):
                assert isinstance(row, ReadRow | Note)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "UTC"])
@given(minutes=st.integers(0, 60 * 24 * 366 * 10))
def test_a_local_time_is_what_a_clock_there_shows_at_each_of_its_instants(name: str, minutes: int) -> None:
    zone = ZoneInfo(name)
    local = datetime(2010, 1, 1) + timedelta(minutes=minutes)  # noqa: DTZ001 - local
    found = instants(local, zone)
    shown = [
        instant
        for offset in range(-26 * 60, 26 * 60 + 1, 30)
        if (instant := local.replace(tzinfo=UTC) + timedelta(minutes=offset)).astimezone(zone).replace(tzinfo=None)
        == local
    ]
    assert list(found) == shown
    for twice in ClockTwice:
        if len(found) == 1:
            assert instant_meant(local, zone, twice) == found[0]


@given(st.dictionaries(st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["", "x", "y"])), st.integers(0, 9)))
def test_the_mapping_that_names_more_goes_first(mapping: dict[tuple[str, str], int]) -> None:
    options = Options(contracts={names: ContractId(f"c{number}") for names, number in mapping.items()})
    (row,) = read(written([("A", " X", "", "", datetime(2026, 1, 1), 60, "Yes")]))  # noqa: DTZ001
    wanted = [mapping[names] for names in (("a", "x"), ("", "x"), ("a", ""), ("", "")) if names in mapping]
    if wanted:
        assert contract_of(row, options) == f"c{wanted[0]}"
    else:
        with pytest.raises(Unusable, match="no contract is named"):
            contract_of(row, options)


def test_a_user_is_known_by_the_mapping_before_the_address() -> None:
    (row,) = read(written([("", "", "", "", datetime(2026, 1, 1), 60, "Yes")]))  # noqa: DTZ001
    known = Known(by_email={"anna@example.com": PersonId("anna")})
    assert person_of(row, Options(), known).person_id == "anna"
    by_name = Options(people={key(" ANNA "): MappedPerson(PersonId("other"))})
    assert person_of(row, by_name, known).person_id == "other"

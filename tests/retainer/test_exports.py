"""The books for other programs: exact, harmless to spreadsheets, flat in memory; DATEV's format to the byte."""

import csv
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import openpyxl
import pytest

from messages.amounts import money_of
from messages.dates import date_message, seconds_message
from retainer.exports.columns import ENTRIES, INVOICES
from retainer.exports.datev import read_books, write_bookings
from retainer.exports.heads import GERMAN, head
from retainer.exports.sources import EXPORTS
from retainer.exports.writers import csv_rows, json_rows, xlsx_rows
from retainer.failures import ExitStatus, Failure
from tests.house import ROOT, RunningHouse
from tests.retainer.desk import TERMS, Desk
from wire.retainer.billing.v1.invoice_pb2 import Invoice, TaxTotal
from wire.retainer.timelog.v1.time_entry_pb2 import TimeEntry

JANUARY = date(2026, 1, 15)


def invoice(number: str, net: int, tax: int, *, category: str = "standard", rate: str = "19") -> Invoice:
    return Invoice(
        number=number,
        client="clients/acme",
        contract="contracts/web",
        currency="EUR",
        issued_on=date_message(JANUARY),
        due_on=date_message(JANUARY),
        taxes=[TaxTotal(category=category, rate_percent=rate, net=money_of(net, "EUR"), tax=money_of(tax, "EUR"))],
        net=money_of(net, "EUR"),
        tax=money_of(tax, "EUR"),
        gross=money_of(net + tax, "EUR"),
        open=money_of(0, "EUR"),
        state=Invoice.STATE_PAID,
    )


def entry(note: str) -> TimeEntry:
    return TimeEntry(
        name="entries/e1",
        contract="contracts/web",
        person="people/anna",
        counted_on=date_message(JANUARY),
        worked=seconds_message(5_700),
        note=note,
        tags=["one", "two"],
    )


def read_csv(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_csv_opens_right_in_german_and_in_english(tmp_path: Path) -> None:
    for german, delimiter, net, day in ((True, ";", "3000,50", "15.01.2026"), (False, ",", "3000.50", "2026-01-15")):
        path = tmp_path / f"{german}.csv"
        with csv_rows(path, INVOICES, german=german) as rows:
            rows.write(invoice("2026-0001", 300_050, 57_010))
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # without it Excel takes UTF-8 for something else
        (row,) = read_csv(path, delimiter)
        heads = ("Nummer", "netto", "ausgestellt", "Stand") if german else ("number", "net", "issued", "state")
        assert tuple(row[head] for head in heads) == ("2026-0001", net, day, "paid")


def test_an_instant_is_written_as_the_language_has_it(tmp_path: Path) -> None:
    one = entry("a note")
    one.start_time.FromJsonString("2026-01-15T08:30:05Z")
    for german, above, text in (
        (True, "Beginn (UTC)", "15.01.2026 08:30:05"),
        (False, "start", "2026-01-15 08:30:05Z"),
    ):
        with csv_rows(tmp_path / "a.csv", ENTRIES, german=german) as rows:
            rows.write(one)
            rows.write(entry("by its date alone"))
        assert [row[above] for row in read_csv(tmp_path / "a.csv", ";" if german else ",")] == [text, ""]
        with xlsx_rows(tmp_path / "a.xlsx", ENTRIES, german=german) as rows:
            rows.write(one)
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
        cells = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
        assert cells[above].value == datetime(2026, 1, 15, 8, 30, 5)  # noqa: DTZ001 - a workbook knows no zones
        assert cells[above].number_format == ("dd.mm.yyyy hh:mm:ss" if german else "yyyy-mm-dd hh:mm:ss")
    with json_rows(tmp_path / "a.jsonl", ENTRIES) as rows:
        rows.write(one)
    assert json.loads((tmp_path / "a.jsonl").read_text())["start"] == "2026-01-15 08:30:05Z"


def test_every_column_has_a_head_of_its_own_in_both_languages() -> None:
    for export in EXPORTS.values():
        names = [column.name for column in export.columns]
        assert len({head(name, german=True) for name in names}) == len({head(name, german=False) for name in names})
    assert {column.name for export in EXPORTS.values() for column in export.columns} == set(GERMAN)


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula(note: str, tmp_path: Path) -> None:
    with csv_rows(tmp_path / "a.csv", ENTRIES, german=False) as rows:
        rows.write(entry(note))
    assert read_csv(tmp_path / "a.csv", ",")[0]["note"] == f"'{note}"
    with xlsx_rows(tmp_path / "a.xlsx", ENTRIES) as rows:
        rows.write(entry(note))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cell = next(cell for cell in sheet[2] if cell.column_letter == "M")
    assert cell.data_type in ("s", "inlineStr")


def test_a_workbook_holds_numbers_and_dates(tmp_path: Path) -> None:
    with xlsx_rows(tmp_path / "a.xlsx", INVOICES) as rows:
        rows.write(invoice("2026-0001", 300_050, 57_010))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    found = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert found["issued"].value == datetime(2026, 1, 15)  # noqa: DTZ001 - a workbook knows no zones
    assert (found["net"].value, found["net"].number_format) == (3000.5, "#,##0.00")
    assert found["number"].value == "2026-0001"


def test_a_line_of_json_holds_exact_texts(tmp_path: Path) -> None:
    with json_rows(tmp_path / "a.jsonl", INVOICES) as rows:
        rows.write(invoice("2026-0001", 300_050, 57_010))
    told = json.loads((tmp_path / "a.jsonl").read_text())
    assert (told["gross"], told["currency"], told["issued"]) == ("3570.60", "EUR", "2026-01-15")


BOOKS = "{consultant: 29098, client: 55003, year_begins: 2026-01-01, debtors: {acme: 10001}}"


def bookings(tmp_path: Path, books: str, *invoices: Invoice) -> list[str]:
    (tmp_path / "books.yaml").write_text(books)
    path = tmp_path / "EXTF_2026-01.csv"
    count = write_bookings(
        path,
        read_books(tmp_path / "books.yaml"),
        invoices,
        date(2026, 1, 1),
        date(2026, 2, 1),
        datetime(2026, 2, 1, 8, tzinfo=UTC),
    )
    lines = path.read_bytes().decode("cp1252").split("\r\n")
    assert lines.pop() == ""
    assert len(lines) == count + 2
    return lines


def test_datev_takes_an_invoice_and_a_credit_note(tmp_path: Path) -> None:
    # 3000.50 and 19 % are 3570.60; the credit note gives 119.00 back
    lines = bookings(tmp_path, BOOKS, invoice("2026-0001", 300_050, 57_010), invoice("CN-2026-0001", -10_000, -1_900))
    assert lines[0] == (
        '"EXTF";700;21;"Buchungsstapel";13;20260201080000000;;"RE";"";"";29098;55003;20260101;4;20260101;20260131;'
        '"Retainer";"";1;0;0;"EUR";;"";;;"";;;"";""'
    )
    assert lines[1].startswith("Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;")
    assert lines[2] == '3570,60;"S";"EUR";;;;10001;8400;"";1501;"2026-0001";"";;"acme web"'
    assert lines[3] == '119,00;"H";"EUR";;;;10001;8400;"";1501;"CN-2026-0001";"";;"acme web"'


def test_datev_knows_the_charts_and_ones_own_accounts(tmp_path: Path) -> None:
    small = invoice("2026-0001", 10_000, 0, category="small_business", rate="")
    assert ";10001;8195;" in bookings(tmp_path, BOOKS, small)[2]
    assert ";10001;4185;" in bookings(tmp_path, BOOKS.replace("}}", "}, chart: SKR04}"), small)[2]
    own = BOOKS.replace("}}", "}, revenue: {small_business 0: 8196}}")
    assert ";10001;8196;" in bookings(tmp_path, own, small)[2]
    with pytest.raises(Failure, match="no revenue account for standard at 16 %"):
        bookings(tmp_path, BOOKS, invoice("2026-0001", 10_000, 1_600, rate="16"))


@pytest.mark.parametrize(
    ("books", "said"),
    [
        ("{client: 1, year_begins: 2026-01-01}", "consultant is needed"),
        ("{consultant: 1, client: 1, year_begins: 2026-01-01, chart: SKR99}", "chart is SKR03 or SKR04"),
        ("{consultant: 1, client: 1, year_begins: 2026-01-01, debitors: {}}", "debitors is no key"),
        ("[1, 2", "is no YAML"),
        ("hello", "write keys and values"),
    ],
)
def test_a_wrong_file_of_accounts_is_refused_by_its_key(books: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "books.yaml").write_text(books)
    with pytest.raises(Failure, match=said):
        read_books(tmp_path / "books.yaml")


@pytest.fixture
def desk(house: RunningHouse, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(house, f"exp-{crc32(request.node.name.encode()):08x}", capsys)


def test_everything_can_be_exported_from_a_running_system(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "terms.yaml").write_text(TERMS)
    desk.done("client", "add", "acme", "--name", "Acme GmbH")
    desk.done("person", "add", "anna", "--name", "Anna Berg", "--zone", "Europe/Berlin")
    desk.done("contract", "draft", "web", "--client", "acme", "--terms", str(tmp_path / "terms.yaml"), "--activate")
    february = "2026-02-02T12:00:00Z"
    for number in (1, 2):
        words = ("--person", "anna", "--on", f"2026-01-1{number}", "--id", f"e{number}", "--note", "=cmd")
        desk.done("log", "web", "1:35", *words, now="2026-01-20T12:00:00Z")
    desk.done("close", "--on", "2026-02-01", now=february)
    desk.done("pay", "100.00", "--invoice", "2026-0001", "--id", "p1", "--on", "2026-02-01", now=february)
    rows = {"entries": 2, "statements": 2, "invoices": 2, "lines": 2, "payments": 1}
    for what, count in rows.items():
        for ending in ("csv", "xlsx", "jsonl"):
            said = desk.json("export", what, str(tmp_path / f"{what}.{ending}"), now=february)
            assert said["rows"] == count, what
    assert [row["note"] for row in read_csv(tmp_path / "entries.csv", ",")] == ["'=cmd", "'=cmd"]
    january = desk.json(
        *("export", "entries", str(tmp_path / "one.csv"), "--since", "2026-01-12", "--before", "2026-02-01"),
        now=february,
    )
    assert january["rows"] == 1
    (tmp_path / "books.yaml").write_text(BOOKS)
    words = ("--since", "2026-01-01", "--before", "2026-03-01")
    said = desk.json("datev", str(tmp_path / "books.yaml"), str(tmp_path / "EXTF_1.csv"), *words, now=february)
    assert said["bookings"] == 2
    assert desk("export", "wishes", "a.csv").status is ExitStatus.WRONG_INPUT
    assert desk("export", "entries", "a.doc").status is ExitStatus.WRONG_INPUT


MANY = """
import resource, sys
from pathlib import Path
from retainer.exports.columns import ENTRIES
from retainer.exports.writers import csv_rows, json_rows, xlsx_rows
from tests.retainer.test_exports import entry
many, row = int(sys.argv[2]), entry("a note")
folder = Path(sys.argv[1])
for rows in (csv_rows(folder / "a.csv", ENTRIES, german=True), json_rows(folder / "a.jsonl", ENTRIES),
             xlsx_rows(folder / "a.xlsx", ENTRIES)):
    with rows as file:
        for number in range(many):
            file.write(row)
            if number == many // 3:
                third = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    end = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert end <= third * 1.1, (rows, third, end)
"""


@pytest.mark.parametrize("many", [20_000, pytest.param(1_000_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])])
def test_memory_stays_flat(many: int, tmp_path: Path) -> None:
    command: list[Any] = [sys.executable, "-c", MANY, tmp_path, str(many)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

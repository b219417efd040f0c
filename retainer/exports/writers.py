"""The files, a row at a time: what is written is forgotten."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from retainer.exports.cells import Amount, Cell, neutral
from retainer.exports.columns import Column
from retainer.exports.heads import head

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of its machine."""


class Rows(Protocol):
    """A file that takes rows."""

    def write(self, row: Any) -> None: ...


class CsvRows:
    """As Excel opens it right: German with semicolons, commas in numbers and days first; English with commas, points
    and ISO dates. UTF-8 with its mark."""

    def __init__(self, file: Any, columns: Sequence[Column], *, german: bool) -> None:
        self._columns = columns
        self._german = german
        self._writer = csv.writer(file, delimiter=";" if german else ",", lineterminator="\r\n")
        file.write(BYTE_ORDER_MARK)
        self._writer.writerow([head(column.name, german=german) for column in columns])

    def write(self, row: Any) -> None:
        self._writer.writerow([self._text(column.read(row)) for column in self._columns])

    def _text(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case bool():
                return {True: "ja", False: "nein"}[cell] if self._german else {True: "yes", False: "no"}[cell]
            case Amount():
                return str(cell).replace(".", ",") if self._german else str(cell)
            case datetime():
                return f"{cell:%d.%m.%Y %H:%M:%S}" if self._german else f"{cell:%Y-%m-%d %H:%M:%SZ}"
            case date():
                return f"{cell:%d.%m.%Y}" if self._german else cell.isoformat()
            case str():
                return neutral(cell)
            case _:
                return str(cell)


class XlsxRows:
    """A workbook with one sheet. Its numbers are binary fractions, because that is what the format has; each is written
    with all of its currency's digits."""

    def __init__(self, workbook: Any, columns: Sequence[Column], *, german: bool) -> None:
        self._columns = columns
        self._sheet = workbook.add_worksheet()
        day = "dd.mm.yyyy" if german else "yyyy-mm-dd"
        self._day = workbook.add_format({"num_format": day})
        self._instant = workbook.add_format({"num_format": f"{day} hh:mm:ss"})
        self._workbook = workbook
        self._money: dict[str, Any] = {}
        self._next = 1
        bold = workbook.add_format({"bold": True})
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, head(column.name, german=german), bold)
        self._sheet.freeze_panes(1, 0)

    def write(self, row: Any) -> None:
        for place, column in enumerate(self._columns):
            self._cell(place, column.read(row))
        self._next += 1

    def _cell(self, place: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case bool():
                self._sheet.write_boolean(self._next, place, cell)
            case Amount():
                self._sheet.write_number(self._next, place, cell.decimal, self._format_of(cell))
            case int():
                self._sheet.write_number(self._next, place, cell)
            case datetime():  # a workbook knows no zones
                self._sheet.write_datetime(self._next, place, cell.replace(tzinfo=None), self._instant)
            case date():
                self._sheet.write_datetime(self._next, place, cell, self._day)
            case str():
                self._sheet.write_string(self._next, place, cell)

    def _format_of(self, amount: Amount) -> Any:
        places = -int(amount.decimal.as_tuple().exponent)
        pattern = "#,##0" + ("." + "0" * places if places else "")
        if pattern not in self._money:
            self._money[pattern] = self._workbook.add_format({"num_format": pattern})
        return self._money[pattern]


class JsonLines:
    """One object a line, with the names of the columns; money is an exact text with its currency beside it."""

    def __init__(self, file: Any, columns: Sequence[Column]) -> None:
        self._file = file
        self._columns = columns

    def write(self, row: Any) -> None:
        values = {column.name: self._value(column.read(row)) for column in self._columns}
        self._file.write(json.dumps(values, ensure_ascii=False) + "\n")

    def _value(self, cell: Cell) -> Any:
        match cell:
            case Amount():
                return str(cell)
            case datetime():
                return f"{cell:%Y-%m-%d %H:%M:%SZ}"
            case date():
                return cell.isoformat()
            case _:
                return cell


@contextmanager
def csv_rows(path: Path, columns: Sequence[Column], *, german: bool) -> Iterator[Rows]:
    with path.open("w", encoding="utf-8", newline="") as file:
        yield CsvRows(file, columns, german=german)


@contextmanager
def json_rows(path: Path, columns: Sequence[Column]) -> Iterator[Rows]:
    with path.open("w", encoding="utf-8") as file:
        yield JsonLines(file, columns)


@contextmanager
def xlsx_rows(path: Path, columns: Sequence[Column], *, german: bool = False) -> Iterator[Rows]:
    from xlsxwriter import Workbook  # loads where it is used

    # Rows go to the disk as they come; a text is never taken for a formula, a link or a number.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as workbook:
        yield XlsxRows(workbook, columns, german=german)

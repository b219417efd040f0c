"""Bytes of a CSV file -> its header and its rows, each with the line on which it begins (RFC 4180, no escapes).

Takes a byte order mark or none, UTF-8 or UTF-16, comma, semicolon or tab, quotes or none, lines before the header,
fields with line breaks inside, CRLF or LF, no line break at the end. Reads row by row: memory does not grow with rows.

    Refused
    ├── FileEmpty           nothing in it
    ├── EncodingWrong       not text in UTF-8 or UTF-16
    ├── DelimiterUnclear    no line with columns that can be told apart
    ├── ColumnsMissing      a column is missing that the source always writes; names those found
    ├── ColumnsDoubled      a column that matters is there twice
    └── FileTooLarge        more rows than are taken at once
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from services.timelog.domain.imports.rows import Note, Unusable
from vocabulary.refusal import Kind, Refused
from vocabulary.signs import CONTROL

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 100_000
LINES_BEFORE_HEADER = 20
CHUNK = 1 << 20
FIELD = "content"


class FileEmpty(Refused, kind=Kind.INVALID):
    """There is nothing in the file."""


class EncodingWrong(Refused, kind=Kind.INVALID):
    """The file is not text in UTF-8 or UTF-16."""


class DelimiterUnclear(Refused, kind=Kind.INVALID):
    """No line of the file can be told apart into columns."""


class ColumnsMissing(Refused, kind=Kind.INVALID):
    """A column is missing that the source always writes."""


class ColumnsDoubled(Refused, kind=Kind.INVALID):
    """A column that matters is there twice."""


class FileTooLarge(Refused, kind=Kind.INVALID):
    """More rows than are taken at once."""


class Columns(msgspec.Struct, frozen=True):
    """What a source's header looks like: names as they are written, in small letters -> our word for the column.

    `required` are groups of words: of each group at least one must be there."""

    words: Mapping[str, str]
    required: tuple[tuple[str, ...], ...]


class Cells(NamedTuple):
    """A row by our words for its columns; a column that the file has not is not there."""

    line: int
    values: Mapping[str, str]


class Table(msgspec.Struct, frozen=True):
    """A file whose header is understood."""

    content: bytes
    encoding: str
    delimiter: str
    header_line: int
    width: int
    places: Mapping[str, int]
    """Our word for a column -> where it is."""

    def has(self, word: str) -> bool:
        return word in self.places

    def rows(self) -> Iterator[Cells | Note]:
        """Every row below the header that is not blank; a `Note` for one that cannot be taken apart."""
        count = 0
        for line, fields in _lines(self.content, self.encoding, self.delimiter):
            if line <= self.header_line:
                continue
            if isinstance(fields, Unusable):
                yield Note(line, fields.reason, fields.message)
            elif not any(field.strip() for field in fields):
                continue
            elif (found := self._fitting(fields)) is None:
                yield Note(
                    line, "FieldsMiscounted", f"the row has {len(fields)} fields, and the header {self.width} columns"
                )
            else:
                yield Cells(line, {word: CONTROL.sub("", found[place]).strip() for word, place in self.places.items()})
            count += 1
            if count > MOST_ROWS:
                raise FileTooLarge(
                    f"the file has more than {MOST_ROWS:,} rows: export a shorter time at once", field=FIELD
                )

    def _fitting(self, fields: Sequence[str]) -> Sequence[str] | None:
        """The row with as many fields as the header; a trailing delimiter is no field."""
        while len(fields) > self.width and not fields[-1].strip():
            fields = fields[:-1]
        return fields if len(fields) == self.width else None


def open_table(content: bytes, columns: Columns) -> Table:
    """The file with its header understood; refused as a whole where that cannot be."""
    encoding = _encoding(content)
    best: tuple[int, str, int, Sequence[str]] | None = None
    for delimiter in DELIMITERS:
        for line, fields in _first_lines(content, encoding, delimiter):
            known = sum(_word(field, columns) is not None for field in fields)
            if best is None or known > best[0] or (known == best[0] == 0 and len(fields) > len(best[3])):
                best = (known, delimiter, line, fields)
    if best is None:
        raise FileEmpty("the file is empty", field=FIELD)
    _, delimiter, line, header = best
    if len(header) < 2:
        raise DelimiterUnclear(
            "the file has no line of columns with commas, semicolons or tabs between them", field=FIELD
        )
    return Table(content, encoding, delimiter, line, len(_trimmed(header)), _places(header, columns))


def _places(header: Sequence[str], columns: Columns) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for place, field in enumerate(header):
        word = _word(field, columns)
        if word is None:
            continue
        if word in places:
            raise ColumnsDoubled(
                f"the columns {header[places[word]].strip()!r} and {field.strip()!r} are the same: leave one out",
                field=FIELD,
            )
        places[word] = place
    for group in columns.required:
        if not any(word in places for word in group):
            found = ", ".join(field.strip() for field in header if field.strip())
            raise ColumnsMissing(f"there is no column {' or '.join(group)!r}; found are: {found}", field=FIELD)
    return places


def _word(field: str, columns: Columns) -> str | None:
    return columns.words.get(" ".join(field.split()).casefold())


def _trimmed(header: Sequence[str]) -> Sequence[str]:
    while header and not header[-1].strip():
        header = header[:-1]
    return header


def _encoding(content: bytes) -> str:
    """By the byte order mark, else UTF-8; `EncodingWrong` where it does not decode, with the line."""
    if not content.strip():
        raise FileEmpty("the file is empty", field=FIELD)
    if content.startswith(b"PK\x03\x04"):
        raise EncodingWrong("this is a ZIP file or a spreadsheet: export it as CSV", field=FIELD)
    encoding = "utf-8"
    if content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in content[:CHUNK]:
        raise EncodingWrong("this is no text in UTF-8: save the file as CSV in UTF-8", field=FIELD)
    decoder = codecs.getincrementaldecoder(encoding)()
    for begin in range(0, len(content), CHUNK):
        chunk = content[begin : begin + CHUNK]
        try:
            decoder.decode(chunk, final=begin + CHUNK >= len(content))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, begin + error.start) + 1
            raise EncodingWrong(
                f"line {line} is not text in {encoding}: save the file as CSV in UTF-8", field=FIELD, line=str(line)
            ) from None
    return encoding


def _first_lines(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    for line, fields in islice(_lines(content, encoding, delimiter), LINES_BEFORE_HEADER):
        if not isinstance(fields, Unusable) and any(field.strip() for field in fields):
            yield line, fields


def _lines(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, Sequence[str] | Unusable]]:
    """Each record with the line on which it begins; one whose quotes are broken as `Unusable`."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields: Sequence[str] | Unusable = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields = Unusable("QuotesBroken", f"the quotes of this row do not fit: {error}")
        yield line, fields

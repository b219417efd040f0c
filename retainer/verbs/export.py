"""`retainer export …`: the books for other programs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

from retainer.exports.datev import read_books, write_bookings
from retainer.exports.sources import EXPORTS, Wanted, invoices
from retainer.exports.writers import Rows, csv_rows, json_rows, xlsx_rows
from retainer.failures import ExitStatus, Failure
from retainer.output import console, json_out, say
from retainer.verbs.asking import DEFAULT, Language, Options
from retainer.words import parse_date

SHOWN_EACH = 1000


def export(
    what: str,
    file: Path,
    /,
    *,
    since: str = "",
    before: str = "",
    filter: str = "",
    language: Language = Language.EN,
    options: Options = DEFAULT,
) -> None:
    """Write entries, statements, invoices, lines (of invoices) or payments into a file: .csv, .xlsx or .jsonl.

    Memory stays flat however many rows there are. In CSV a text that a spreadsheet would take for a formula gets an
    apostrophe before it.

    Example: retainer export entries entries.csv --since 2026-01-01 --before 2026-02-01 --language de
    Example: retainer export invoices invoices.xlsx --filter 'client = "clients/acme"'

    Parameters
    ----------
    what
        entries, statements, invoices, lines or payments.
    file
        Where to write it; its ending says the format. An existing file is replaced.
    since
        First date: of the work, the period's start, the issue, the payment.
    before
        First date that is not wanted any more.
    filter
        As the listing of the API takes it.
    language
        de or en: how CSV and workbooks head their columns and write dates, and CSV its numbers, so that Excel in that
        language opens it right.
    """
    chosen = EXPORTS.get(what)
    if chosen is None:
        raise Failure(f"{what!r} cannot be exported: take {', '.join(EXPORTS)}")
    wanted = Wanted(_date(since, "--since"), _date(before, "--before"), filter)
    beside = file.with_name(f".{file.name}.part")
    formats: dict[str, Callable[[], AbstractContextManager[Rows]]] = {
        ".csv": lambda: csv_rows(beside, chosen.columns, german=language is Language.DE),
        ".xlsx": lambda: xlsx_rows(beside, chosen.columns, german=language is Language.DE),
        ".jsonl": lambda: json_rows(beside, chosen.columns),
    }
    if file.suffix not in formats:
        raise Failure(f"{file.name}: the ending says the format; take {', '.join(formats)}")
    count = 0
    try:
        with (
            options.client() as client,
            console(stderr=True).status("Exporting …") as status,
            formats[file.suffix]() as rows,
        ):
            for row in chosen.rows(client, wanted):
                rows.write(row)
                count += 1
                if count % SHOWN_EACH == 0:
                    status.update(f"Exporting … {count} rows")
        beside.replace(file)
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}", ExitStatus.WRONG_INPUT) from None
    finally:
        beside.unlink(missing_ok=True)
    json_out({"file": str(file), "rows": count}) if options.json else say(f"Wrote {file} ({count} rows).")


def datev(books: Path, file: Path, /, *, since: str, before: str, options: Options = DEFAULT) -> None:
    """Write invoices and credit notes as DATEV bookings (EXTF, Buchungsstapel), for the tax adviser.

    The first file names the adviser's numbers and accounts, in YAML:
    `{consultant: 29098, client: 55003, year_begins: 2026-01-01, chart: SKR03, debtors: {acme: 10001}}`.

    Example: retainer datev books.yaml EXTF_2026-01.csv --since 2026-01-01 --before 2026-02-01

    Parameters
    ----------
    books
        The adviser's numbers and accounts.
    file
        Where to write it; DATEV wants a name that begins with EXTF_.
    since
        First date of issue.
    before
        First date that is not wanted any more; the same financial year.
    """
    known = read_books(books)
    first, end = parse_date(since, "--since"), parse_date(before, "--before")
    if not known.year_begins <= first < end <= known.year_begins.replace(year=known.year_begins.year + 1):
        raise Failure(f"--since and --before lie within the financial year that begins on {known.year_begins}")
    try:
        with options.client() as client:
            rows = invoices(client, Wanted(first, end))
            count = write_bookings(file, known, rows, first, end, datetime.now(UTC))
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}", ExitStatus.WRONG_INPUT) from None
    json_out({"file": str(file), "bookings": count}) if options.json else say(f"Wrote {file} ({count} bookings).")


def _date(text: str, where: str) -> date | None:
    return parse_date(text, where) if text else None

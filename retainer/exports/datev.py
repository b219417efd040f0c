"""Invoices as bookings in DATEV's format (EXTF 700, Buchungsstapel 13), for the tax adviser's program.

One booking for each document and rate of tax: the client's account against a revenue account. Revenue accounts of the
standard charts know their tax by themselves, so that no tax key is given; a credit note is booked the other way round.
The field list is the format's from its beginning up to the last one that we fill.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from retainer.exports.cells import Amount
from retainer.failures import ExitStatus, Failure
from retainer.words import day_of, id_of, minor

ENCODING = "cp1252"
CHARTS: Mapping[str, Mapping[tuple[str, str], str]] = {
    "SKR03": {
        ("standard", "19"): "8400",
        ("reduced", "7"): "8300",
        ("reverse_charge", "0"): "8336",
        ("small_business", "0"): "8195",
        ("outside_scope", "0"): "8200",
    },
    "SKR04": {
        ("standard", "19"): "4400",
        ("reduced", "7"): "4300",
        ("reverse_charge", "0"): "4336",
        ("small_business", "0"): "4185",
        ("outside_scope", "0"): "4200",
    },
}
"""Chart of accounts -> category and rate of tax (R31) -> revenue account."""
FIELDS = (
    "Umsatz (ohne Soll/Haben-Kz)",
    "Soll/Haben-Kennzeichen",
    "WKZ Umsatz",
    "Kurs",
    "Basis-Umsatz",
    "WKZ Basis-Umsatz",
    "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel",
    "Belegdatum",
    "Belegfeld 1",
    "Belegfeld 2",
    "Skonto",
    "Buchungstext",
)
LONGEST_NUMBER, LONGEST_TEXT = 36, 60


@dataclass(frozen=True, slots=True)
class Books:
    """The adviser's view of the agency; read from a YAML file. `debtors` maps clients to their accounts."""

    consultant: int
    client: int
    year_begins: date
    chart: str = "SKR03"
    account_length: int = 4
    debtors: Mapping[str, int] = field(default_factory=dict)
    other_debtors: int = 10000
    """For clients who are not named."""
    revenue: Mapping[str, int] = field(default_factory=dict)
    """`category rate` -> account, instead of the chart's: `standard 19: 8401`."""

    def debtor(self, client_id: str) -> int:
        return self.debtors.get(client_id, self.other_debtors)

    def revenue_account(self, category: str, rate: str) -> str:
        own = self.revenue.get(f"{category} {rate}")
        account = str(own) if own else CHARTS[self.chart].get((category, rate))
        if account is None:
            raise Failure(
                f"{self.chart} names no revenue account for {category} at {rate} %: add it to the file,"
                f" `revenue: {{{category} {rate}: 8400}}`"
            )
        return account


def read_books(path: Path) -> Books:
    """From YAML; `Failure` names the key that is wrong."""
    import yaml

    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}", ExitStatus.WRONG_INPUT) from None
    except yaml.YAMLError as error:
        raise Failure(f"{path} is no YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(said, dict):
        raise Failure(f"{path}: write keys and values; consultant, client and year_begins are needed")
    unknown = set(said) - set(Books.__dataclass_fields__)
    if unknown:
        raise Failure(f"{path}: {min(map(str, unknown))} is no key; there are {', '.join(Books.__dataclass_fields__)}")
    for key, kind in (("consultant", int), ("client", int), ("year_begins", date)):
        if not isinstance(said.get(key), kind):
            raise Failure(f"{path}: {key} is needed, a {'date' if kind is date else 'number'}")
    books = Books(**said)
    if books.chart not in CHARTS:
        raise Failure(f"{path}: chart is {' or '.join(CHARTS)}, not {books.chart}")
    return books


def write_bookings(path: Path, books: Books, invoices: Iterable[Any], since: date, before: date, now: datetime) -> int:
    """Write the file; returns how many bookings it holds. Dates of one financial year (the format has no years)."""
    count = 0
    with path.open("w", encoding=ENCODING, errors="replace", newline="") as file:
        file.write(_header(books, since, before, now))
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerow(FIELDS)
        for invoice in invoices:
            for booking in _bookings(invoice, books):
                file.write(booking)
                count += 1
    return count


def _header(books: Books, since: date, before: date, now: datetime) -> str:
    last = date.fromordinal(before.toordinal() - 1)
    fields = (
        *('"EXTF"', "700", "21", '"Buchungsstapel"', "13", f"{now:%Y%m%d%H%M%S}000", "", '"RE"', '""', '""'),
        *(str(books.consultant), str(books.client), f"{books.year_begins:%Y%m%d}", str(books.account_length)),
        *(f"{since:%Y%m%d}", f"{last:%Y%m%d}", '"Retainer"', '""', "1", "0", "0", '"EUR"'),
        *("", '""', "", "", '""', "", "", '""', '""'),
    )
    return ";".join(fields) + "\r\n"


def _bookings(invoice: Any, books: Books) -> Iterator[str]:
    """The client owes the gross of each rate; the sum of the bookings is the document's gross."""
    issued_on = day_of(invoice.issued_on)
    assert issued_on is not None, "a document has its date"
    for total in invoice.taxes:
        gross = minor(total.net) + minor(total.tax)
        if not gross:
            continue
        amount = Amount(abs(gross), invoice.currency)
        yield (
            ";".join(
                (
                    str(amount).replace(".", ","),
                    _text("S" if gross > 0 else "H"),
                    _text(invoice.currency),
                    *("", "", ""),
                    str(books.debtor(id_of(invoice.client))),
                    books.revenue_account(total.category, total.rate_percent or "0"),
                    '""',
                    f"{issued_on:%d%m}",
                    _text(invoice.number[:LONGEST_NUMBER]),
                    '""',
                    "",
                    _text(f"{id_of(invoice.client)} {id_of(invoice.contract)}"[:LONGEST_TEXT]),
                )
            )
            + "\r\n"
        )


def _text(text: str) -> str:
    """Quoted, without what breaks a line."""
    plain = "".join(sign for sign in text if sign.isprintable())
    return '"' + plain.replace('"', '""') + '"'

"""The time sheet of a document: what each line was made of, in rows whose visible amounts add up to the line.

A sheet of its own, drawn when it is asked for: the document that was issued never changes.
"""

from collections.abc import Sequence

from services.billing.documents.drawing import SHEET, typeset
from services.billing.documents.paper import BLACK, Paper, Speech, Table, address_lines, line_texts
from services.billing.documents.parties import Recipient, Sender
from services.billing.documents.words import Words, words_for
from services.billing.domain.explaining import Explained, LineExplained, SheetRow, time_sheet
from services.billing.events import InvoiceIssued
from vocabulary.duration import clock

MOST_ENTRIES = 5_000
"""Told one by one in a line, on some hundred pages; further ones are one row with their sum."""


def as_pdf(document: InvoiceIssued, explained: Explained, sender: Sender, recipient: Recipient) -> bytes:
    return typeset(SHEET, sheet_of(document, explained, sender, recipient), document.issued_on)


def sheet_of(document: InvoiceIssued, explained: Explained, sender: Sender, recipient: Recipient) -> Paper:
    words = words_for(recipient.locale)
    speech = Speech(recipient.locale, document.currency)
    title = words.credit_note if document.gross < 0 else words.invoice
    tables = [_table(line, words, speech) for line in explained.lines]
    tables.append(Table(rows=[], wide=0, total=[words.net, speech.money(document.net)]))
    return {
        "language": words.language,
        "title": words.time_sheet,
        "subtitle": words.about.format(title=title, number=document.number, day=speech.day(document.issued_on)),
        "sender": address_lines(sender.address),
        "recipient": address_lines(
            recipient.address, speech.country(recipient.address.country, sender.address.country)
        ),
        "as_of": document.title,
        "colour": sender.colour or BLACK,
        "charts": [],
        "tables": tables,
        "page": words.page,
    }


def _table(line: LineExplained, words: Words, speech: Speech) -> Table:
    what, period, *_ = line_texts(line.line, words, speech)
    heads = [words.date, words.item, words.person, words.time, words.rate, words.amount]
    return Table(
        title=f"{what}, {period}",
        heads=heads,
        rows=[_row(row, words, speech) for row in _told(time_sheet(line))],
        wide=1,
        left=3,
        total=[words.total, speech.money(line.line.amount)],
    )


def _told(rows: Sequence[SheetRow]) -> Sequence[SheetRow]:
    """Without those that have neither time nor money."""
    return [row for row in rows if row.minutes or row.amount]


def _row(row: SheetRow, words: Words, speech: Speech) -> list[str]:
    said = words.rows.get(row.word, row.word)
    subject = row.subject.partition("/")[2] if not row.minutes and not row.task else ""
    return [
        "" if row.on is None else speech.day(row.on),
        " · ".join(part for part in (row.task, subject, said) if part) or words.no_task,
        row.person,
        _clock(row.minutes) if row.minutes else "",
        "" if row.rate is None else speech.money(row.rate),
        "" if row.amount is None else speech.money(row.amount),
    ]


def _clock(minutes: int) -> str:
    return f"-{clock(-minutes)}" if minutes < 0 else clock(minutes)

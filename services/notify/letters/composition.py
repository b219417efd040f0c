"""What is needed for a letter, and who writes it."""

from typing import assert_never

import msgspec

from services.notify.events import (
    CreditNoteNews,
    InvoiceNews,
    News,
    PaceNews,
    ReminderNews,
    RenewalNews,
    ThresholdNews,
)
from services.notify.letters import english, german
from services.notify.letters.formats import Formats
from services.notify.letters.layout import Content, as_html, as_text, one_line


class Correspondents(msgspec.Struct, frozen=True):
    """Who writes to whom, opened. `locale` is the reader's."""

    reader: str
    locale: str
    sender: str
    sender_email: str = ""
    sender_phone: str = ""


class About(msgspec.Struct, frozen=True):
    """What the letters of a contract speak of; a reminder has no contract."""

    title: str = ""
    currency: str = ""
    unit: str = ""


class Composed(msgspec.Struct, frozen=True):
    """A letter as it goes out. `subject` is one line."""

    subject: str
    text: str
    html: str
    language: str


def compose(news: News, about: About, correspondents: Correspondents) -> Composed:
    formats = Formats(correspondents.locale)
    people = msgspec.structs.replace(
        correspondents,
        reader=one_line(correspondents.reader),
        sender=one_line(correspondents.sender),
    )
    about = msgspec.structs.replace(about, title=one_line(about.title), unit=one_line(about.unit))
    words = german if formats.language == "de" else english
    match news:
        case ThresholdNews():
            content = words.threshold(news, about.title, about.currency, about.unit, people.reader, formats)
        case PaceNews():
            content = words.pace(news, about.title, about.currency, about.unit, people.reader, formats)
        case InvoiceNews():
            content = words.invoice(news, one_line(news.title) or about.title, people.reader, people.sender, formats)
        case CreditNoteNews():
            content = words.credit_note(
                news, one_line(news.title) or about.title, people.reader, people.sender, formats
            )
        case ReminderNews():
            content = words.reminder(news, people.reader, formats)
        case RenewalNews():
            content = words.renewal(news, about.title, people.reader, formats)
        case _:
            assert_never(news)
    return _laid_out(content, people, formats.language)


def _laid_out(content: Content, people: Correspondents, language: str) -> Composed:
    signature = tuple(
        line for line in (people.sender, one_line(people.sender_email), one_line(people.sender_phone)) if line
    )
    return Composed(
        subject=one_line(content.subject),
        text=as_text(content, signature),
        html=as_html(content, signature, language),
        language=language,
    )

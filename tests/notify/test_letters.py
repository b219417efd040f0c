"""Letters as their readers get them, in German and in English; every amount, date and hour in the reader's format."""

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from services.notify.events import News, ThresholdNews
from services.notify.letters import About, Composed, Correspondents, compose
from services.notify.letters.formats import Formats
from tests.notify.samples import CREDITED, INVOICED, MARCH, PACE, REMINDER, RENEWAL, THRESHOLD
from vocabulary.money import Minor

LETTERS = Path(__file__).with_name("letters")
WEBSITE = About("Website 2026", "EUR")
ENDS = msgspec.structs.replace(RENEWAL, renews=False)
USED_UP = ThresholdNews(
    THRESHOLD.contract_id,
    100,
    msgspec.structs.replace(MARCH, used=640, remaining=0, overage=40),
    date(2026, 3, 26),
    date(2026, 3, 26),
)
EVERY_LETTER: dict[str, News] = {
    "threshold": THRESHOLD,
    "used_up": USED_UP,
    "pace": PACE,
    "invoice": INVOICED,
    "credit_note": CREDITED,
    "reminder": REMINDER,
    "renewal": RENEWAL,
    "end": ENDS,
}


def written(news: News, locale: str, about: About = WEBSITE, reader: str = "Jörg Weiß") -> Composed:
    return compose(news, about, Correspondents(reader, locale, "Studio Müller", "hallo@studio.example"))


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("kind", EVERY_LETTER)
def test_each_letter_reads_as_it_was_approved(kind: str, locale: str) -> None:
    """The approved texts lie beside this test; a changed letter is approved by writing them anew and reading them."""
    letter = written(EVERY_LETTER[kind], locale)
    approved = LETTERS / f"{kind}.{locale}.txt"
    assert f"Subject: {letter.subject}\n\n{letter.text}" == approved.read_text(encoding="utf-8")


def test_a_german_reader_sees_german_figures() -> None:
    text = written(INVOICED, "de-DE").text
    assert "1.645,16\N{NO-BREAK SPACE}€" in text
    assert "15. April 2026" in text
    assert "7 Stunden, 35 Minuten" in written(THRESHOLD, "de_AT").text


def test_an_english_reader_sees_english_figures() -> None:
    text = written(INVOICED, "en-US").text
    assert "€1,645.16" in text
    assert "April 15, 2026" in text
    assert "15 April 2026" in written(INVOICED, "en-GB").text


@pytest.mark.parametrize("locale", ["fr-FR", "", "no such locale", "\r\nBcc: x", "xx", "de" * 50])
def test_who_reads_no_language_of_ours_gets_english(locale: str) -> None:
    assert written(THRESHOLD, locale).language == "en"


def test_amounts_have_the_digits_of_their_currency() -> None:  # R1
    english = Formats("en-US")
    assert english.amount(1645, "JPY") == "¥1,645"
    assert english.amount(1645164, "TND") == "TND1,645.164"
    assert english.amount(9007199254740993_01, "USD") == "$9,007,199,254,740,993.01", "no float on the way"


def test_a_budget_is_told_in_its_own_measure() -> None:
    money = msgspec.structs.replace(MARCH, measure="money", available=100000, used=75000, remaining=25000)
    units = msgspec.structs.replace(MARCH, measure="units", available=4, used=3, remaining=1)
    assert "€750.00" in written(msgspec.structs.replace(THRESHOLD, figures=money), "en").text
    posts = About("Blog", "EUR", "blog post")
    assert "3 × blog post" in written(msgspec.structs.replace(THRESHOLD, figures=units), "en", posts).text


def test_an_invoice_of_nothing_asks_for_nothing() -> None:  # R28
    nothing = msgspec.structs.replace(INVOICED, net=Minor(0), tax=Minor(0), gross=Minor(0))
    assert "There is nothing to pay." in written(nothing, "en").text
    assert "Due on" not in written(nothing, "en").text
    assert "Es ist nichts zu zahlen." in written(nothing, "de").text


def test_no_tax_is_not_shown_as_tax() -> None:  # R31
    reverse = msgspec.structs.replace(INVOICED, net=INVOICED.gross, tax=Minor(0))
    assert "Umsatzsteuer" not in written(reverse, "de").text


def test_a_first_reminder_without_a_fee_is_a_plain_reminder() -> None:  # R33
    first = msgspec.structs.replace(REMINDER, step=1, late_fee=Minor(0))
    assert written(first, "de").subject == "Zahlungserinnerung: Rechnung 2026-0001"
    assert "berechnen" not in written(first, "de").text


def test_names_cannot_write_markup_or_lines() -> None:
    letter = written(
        THRESHOLD, "en", About("<b>Web</b>\r\nBcc: all@example.org", "EUR"), reader='"><script>alert(1)</script>'
    )
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "<script>" not in letter.html
    assert "<b>" not in letter.html
    assert "&lt;script&gt;" in letter.html


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.extend(data.split())


@pytest.mark.parametrize("kind", EVERY_LETTER)
def test_the_html_says_what_the_text_says(kind: str) -> None:
    letter = written(EVERY_LETTER[kind], "de")
    html = _Text()
    html.feed(letter.html)
    in_text = [word.rstrip(":") for word in letter.text.split()]
    in_html = [word.rstrip(":") for word in html.words]
    assert in_html[len(letter.subject.split()) :] == in_text, json.dumps([in_html, in_text], ensure_ascii=False)

"""The statement of a period as a sheet: the same texts in PDF and HTML, in both languages; the burn-down as SVG."""

from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import msgspec
import pytest
from pypdf import PdfReader

from services.billing.documents.chart import days_between
from services.billing.documents.parties import Recipient
from services.billing.documents.statement_sheet import Facts, as_html, as_pdf, as_svg
from services.billing.domain.use import DayUse, DeliveryUse, TaskUse
from services.billing.events import Figures
from tests.billing.documents.test_paper import ENGLISH, GERMAN, SENDER, line
from vocabulary.money import Minor

# 30:00 and 5:00 carried are 35:00; 37:15 used are 2:15 beyond, at 120.00 an hour 270.00, with the fee 3270.00
FEBRUARY = Facts(
    title="Website 2026",
    currency="EUR",
    today=date(2026, 3, 3),
    figures=Figures(
        start=date(2026, 2, 1),
        end=date(2026, 3, 1),
        measure="minutes",
        allowance=1800,
        carried=300,
        used=2235,
        overage=135,
        expired=0,
        waiting=90,
        charged=Minor(327_000),
    ),
    tasks=(TaskUse("seo", 1500, 300_000, 4), TaskUse("", 735, 147_000, 2)),
    days=(DayUse(date(2026, 2, 3), 900), DayUse(date(2026, 2, 20), 2235)),
    deliveries=(),
    charges=(line("fee", 300_000), line("overage", 27_000, quantity=135, rate=12_000)),
)


def pdf_text(recipient: Recipient, facts: Facts = FEBRUARY) -> str:
    reader = PdfReader(BytesIO(as_pdf(facts, SENDER, recipient)))
    return "\n".join(page.extract_text() for page in reader.pages).replace("\xa0", " ").replace("\u202f", " ")


SAID = {
    "de": (
        GERMAN,
        ("Kontoauszug", "Übertrag", "5:00 Std.", "37:15 Std.", "2:15 Std.", "seo", "(ohne Aufgabe)", "3.270,00 €"),
    ),
    "en": (ENGLISH, ("Statement", "Carried over", "5:00 h", "37:15 h", "2:15 h", "seo", "(no task)", "€3,270.00")),
}


@pytest.mark.parametrize("language", SAID)
def test_both_shapes_say_the_same(language: str):
    recipient, said = SAID[language]
    on_paper = pdf_text(recipient)
    page = as_html(FEBRUARY, SENDER, recipient).decode().replace("\xa0", " ").replace("\u202f", " ")
    for words in said:
        assert words in on_paper, words
        assert words in page, words


def test_the_page_holds_nothing_from_elsewhere_and_no_markup_of_others():
    cunning = msgspec.structs.replace(FEBRUARY, tasks=(TaskUse("<script>alert(1)</script>", 60, 0, 1),))
    page = as_html(cunning, SENDER, GERMAN).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_the_burn_down_ends_below_the_line_where_more_was_used_than_available():
    root = ElementTree.fromstring(as_svg(FEBRUARY, SENDER, GERMAN))
    (drawn,) = root.iter("{http://www.w3.org/2000/svg}polyline")
    points = [tuple(int(number) for number in point.split(",")) for point in drawn.attrib["points"].split()]
    zero = next(int(one.attrib["y1"]) for one in root.iter("{http://www.w3.org/2000/svg}line"))
    assert [y for _, y in points] == sorted(y for _, y in points)  # downwards
    assert points[0][1] < zero < points[-1][1]


def test_deliveries_stand_by_their_dates():
    figures = msgspec.structs.replace(FEBRUARY.figures, measure="units", allowance=4, carried=0, used=3, overage=0)
    posts = msgspec.structs.replace(
        FEBRUARY, figures=figures, tasks=(), deliveries=(DeliveryUse("post-7", date(2026, 2, 9), 3),)
    )
    text = pdf_text(ENGLISH, posts)
    assert "post-7" in text
    assert "Deliveries" in text


def test_without_anything_available_there_is_no_chart():
    figures = msgspec.structs.replace(FEBRUARY.figures, allowance=0, carried=0, overage=0)
    hourly = msgspec.structs.replace(FEBRUARY, figures=figures)
    assert as_svg(hourly, SENDER, GERMAN) == b""
    assert "Kontoauszug" in pdf_text(GERMAN, hourly)


def test_the_same_facts_are_the_same_file_to_the_byte():
    assert as_pdf(FEBRUARY, SENDER, GERMAN) == as_pdf(FEBRUARY, SENDER, GERMAN)


def test_periods_stand_in_a_row_with_what_was_available_behind_them():
    january = msgspec.structs.replace(FEBRUARY.figures, start=date(2026, 1, 1), end=date(2026, 2, 1), used=600)
    both = msgspec.structs.replace(FEBRUARY, recent=(january, FEBRUARY.figures))
    page = as_html(both, SENDER, GERMAN).decode()
    assert "Zeitraum für Zeitraum" in page
    row = page[page.index("01/26") - 800 :]
    assert "02/26" in row
    assert "Zeitraum für Zeitraum" not in as_html(FEBRUARY, SENDER, GERMAN).decode()  # one period is no row
    assert as_pdf(both, SENDER, GERMAN).startswith(b"%PDF")


@pytest.mark.parametrize(("recipient", "named"), [(GERMAN, "15. Feb."), (ENGLISH, "15 Feb")])
def test_the_axis_names_days_between_the_first_and_the_last(recipient: Recipient, named: str):
    texts = [text for text in ElementTree.fromstring(as_svg(FEBRUARY, SENDER, recipient)).itertext() if text.strip()]
    assert named in texts, texts


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 2, 1), date(2026, 3, 1), [8, 15, 22]),
        (date(2026, 1, 1), date(2026, 2, 1), [8, 15, 22]),
        (date(2026, 3, 2), date(2026, 3, 9), [4, 5, 6, 7]),
        (date(2026, 3, 2), date(2026, 3, 3), []),
    ],
)
def test_no_day_of_the_axis_stands_on_its_ends(start: date, end: date, days: list[int]):
    named = days_between(msgspec.structs.replace(FEBRUARY.figures, start=start, end=end))
    assert [day.day for day in named] == days
    assert all(start < day < end for day in named)

"""Whatever stands on a document, it gets its file: what cannot be set is marked or left out."""

from datetime import date
from io import BytesIO

import msgspec
import pytest
from pypdf import PdfReader

from services.billing.documents.drawing import SHEET, draw, typeset
from services.billing.documents.einvoice import Profile, einvoice
from services.billing.documents.legible import LACKING, legible
from services.billing.documents.paper import Table, paper_of
from services.billing.documents.parties import Address, Recipient
from tests.billing.documents.test_paper import ENGLISH, SENDER, USUAL, text_of


def named(name: str) -> Recipient:
    return Recipient(Address(name, ("1 High Street",), "N1", "London", "GB"), "", "en-GB")


@pytest.mark.parametrize(
    ("name", "set_as"),
    [
        ("Łukasz Żółć, Ελλάς, Москва", "Łukasz Żółć, Ελλάς, Москва"),  # the fonts have them
        ("Acme 株式 Ltd", f"Acme {LACKING * 2} Ltd"),
        ("Rocket 🚀", f"Rocket {LACKING}"),
        ("a\x00b", f"a{LACKING}b"),
    ],
)
def test_a_sign_that_the_fonts_lack_is_marked(name: str, set_as: str):
    assert set_as in text_of(USUAL, named(name))


def test_the_data_inside_name_the_client_unaltered():
    data = einvoice(USUAL, SENDER, named("株式会社 東京"), Profile.EN16931)
    drawn = PdfReader(BytesIO(draw(paper_of(USUAL, SENDER, named("株式会社 東京")), data)))
    assert drawn.attachments["factur-x.xml"] == [data]
    assert "株式会社 東京" in data.decode()


@pytest.mark.parametrize("logo", [b"<svg onload=alert(1)></svg>", b"\x89PNG\r\n\x1a\n" + b"\x00" * 20])
def test_a_logo_that_is_no_picture_is_left_out(logo: bytes):
    sender = msgspec.structs.replace(SENDER, logo=logo)
    assert draw(paper_of(USUAL, sender, ENGLISH)) == draw(paper_of(USUAL, SENDER, ENGLISH))


def test_a_good_logo_stays_where_a_sign_is_lacking():
    good = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    paper = paper_of(USUAL, msgspec.structs.replace(SENDER, logo=good), named("🚀"))
    assert legible(paper)["logo"] == list(good)


def test_rows_of_a_sheet_are_marked_too():
    table = Table(title="Tasks", heads=["task"], rows=[["déploy 🚀"]], wide=0)
    texts = {"language": "en", "title": "T", "subtitle": "", "as_of": "", "colour": "#000000", "page": "{page}"}
    paper = texts | {"sender": ["S"], "recipient": ["R"], "charts": [], "tables": [table]}
    drawn = typeset(SHEET, paper, date(2026, 1, 1))
    assert f"déploy {LACKING}" in PdfReader(BytesIO(drawn)).pages[0].extract_text()

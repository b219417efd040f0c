"""The e-invoice is valid by the official XSD and schematrons, says what the sheet says, and is inside the PDF."""

from datetime import date
from io import BytesIO

import facturx
import msgspec
import pytest
from lxml import etree
from pypdf import PdfReader

from services.billing.documents.drawer import drawn_of
from services.billing.documents.drawing import draw
from services.billing.documents.einvoice import Profile, einvoice, missing
from services.billing.documents.paper import paper_of
from services.billing.documents.parties import Address, Recipient, Sender
from services.billing.events import InvoiceIssued, TaxTotal
from tests.billing.documents.judges import EN16931, FACTUR_X, XRECHNUNG, check_schema, found_by
from tests.billing.documents.test_paper import ENGLISH, GERMAN, SENDER, USUAL, document, line
from vocabulary.identity import DocumentNumber
from vocabulary.money import Minor

NORD = msgspec.structs.replace(SENDER, phone="+49 40 123456", contact_name="Nora Nord", tax_number="27/123/45678")
OFFICE = msgspec.structs.replace(GERMAN, email="rechnung@acme.example", buyer_reference="04011000-12345-03")
RAM = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}


def untaxed(category: str, **more: object) -> InvoiceIssued:
    lines = (line("fee", 10_000, tax_category=category, tax_rate_ppm=0),)
    return document(*lines, net=10_000, tax=0, taxes=(TaxTotal(category, 0, Minor(10_000), Minor(0)),), **more)


CREDIT_NOTE = document(
    line("fee", -300_000),
    line("extra", 5_000, description="Fotos"),
    net=-295_000,
    tax=-56_050,
    number="CN-2026-0001",
    cancels=DocumentNumber("2026-0007"),
)
UPFRONT = document(line("fee", 3_600_000, period_end=date(2027, 1, 1)), net=3_600_000, tax=684_000)
REDUCED = document(
    line("fee", 10_000, tax_category="reduced", tax_rate_ppm=70_000),
    line("extra", 5_000),
    net=15_000,
    tax=1_650,
    taxes=(
        TaxTotal("reduced", 70_000, Minor(10_000), Minor(700)),
        TaxTotal("standard", 190_000, Minor(5_000), Minor(950)),
    ),
)
# 0:35 at 100.00 are 58.33; three at 33.33 are 99.99; corrections take 12.50 back: 145.82, 19 % of it 27.71
PARTS = document(
    line("overage", 5_833, quantity=35, rate=10_000),
    line("overage", 9_999, quantity=3, rate=3_333, in_units=True),
    line("time", -1_250, quantity=-15, rate=5_000, correction=True),
    net=14_582,
    tax=2_771,
)
# a late fee is outside the scope of tax, beside what is taxed (R33)
LATE = document(
    line("fee", 10_000),
    line("late_fee", 4_000, tax_category="outside_scope", tax_rate_ppm=0, ref="2026-0001"),
    net=14_000,
    tax=1_900,
    taxes=(
        TaxTotal("standard", 190_000, Minor(10_000), Minor(1_900)),
        TaxTotal("outside_scope", 0, Minor(4_000), Minor(0)),
    ),
)
DOLLARS = document(line("time", 100_000, quantity=600, rate=10_000), net=100_000, tax=19_000, currency="USD")
YEN = document(line("fee", 300_000), net=300_000, tax=57_000, currency="JPY")
CASES = {
    "standard": USUAL,
    "reduced": REDUCED,
    "reverse charge": untaxed("reverse_charge"),
    "small business": untaxed("small_business"),
    "outside the scope": untaxed("outside_scope"),
    "a late fee beside what is taxed": LATE,
    "a credit note with the invoice before it": CREDIT_NOTE,
    "an upfront fee": UPFRONT,
    "parts of hours, units and a correction": PARTS,
    "dollars": DOLLARS,
    "yen": YEN,
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_valid_by_the_official_rules(case: str):
    issued = CASES[case]
    data = einvoice(issued, NORD, OFFICE, Profile.EN16931)
    check_schema(data)
    assert found_by(FACTUR_X, data) == []
    assert found_by(EN16931, data) == []
    xrechnung = einvoice(issued, NORD, OFFICE, Profile.XRECHNUNG)
    check_schema(xrechnung)
    assert found_by(EN16931, xrechnung) == []
    assert found_by(XRECHNUNG, xrechnung) == []


def test_the_judges_do_find_what_is_wrong():
    data = einvoice(USUAL, NORD, OFFICE, Profile.XRECHNUNG)
    wrong = data.replace(b">3712.80<", b">3712.81<")
    assert any(found.startswith("BR-CO-") for found in found_by(EN16931, wrong))
    without_reference = data.replace(b"<ram:BuyerReference>04011000-12345-03</ram:BuyerReference>", b"")
    assert any(found.startswith("BR-DE-15") for found in found_by(XRECHNUNG, without_reference))


def texts(data: bytes, path: str) -> list[str]:
    return [str(node.text) for node in etree.fromstring(data).iterfind(f".//{path}", RAM)]


def test_it_says_what_the_sheet_says():
    data = einvoice(USUAL, NORD, OFFICE, Profile.EN16931)
    assert texts(data, "ram:GrandTotalAmount") == ["3712.80"]
    assert texts(data, "ram:LineTotalAmount") == ["120.00", "3000.00", "3120.00"]
    assert texts(data, "ram:BilledQuantity")[0] == "60"  # minutes, at 120.00 for sixty
    assert texts(data, "ram:BuyerReference") == ["04011000-12345-03"]


def test_a_credit_note_gives_back_what_it_names():
    data = einvoice(CREDIT_NOTE, NORD, OFFICE, Profile.EN16931)
    assert texts(data, "ram:TypeCode")[0] == "381"
    assert texts(data, "ram:GrandTotalAmount") == ["3510.50"]
    assert texts(data, "ram:BilledQuantity") == ["1", "-1"]
    assert texts(data, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == ["2026-0007"]


def test_what_is_missing_is_named():
    nobody, anybody = Sender(Address("agency")), Recipient(Address("acme"))
    assert set(missing(USUAL, nobody, anybody, Profile.EN16931)) == {
        "agency.address.country",
        "client.address.country",
        "agency.vat_id",
    }
    assert "client.vat_id" in missing(untaxed("reverse_charge"), NORD, ENGLISH, Profile.EN16931)
    assert missing(USUAL, NORD, GERMAN, Profile.EN16931) == []
    assert missing(USUAL, NORD, GERMAN, Profile.XRECHNUNG) == ["client.buyer_reference", "client.contacts"]
    dinars = msgspec.structs.replace(USUAL, currency="TND")
    assert missing(dinars, NORD, OFFICE, Profile.EN16931) == ["a currency of at most two digits"]


def test_the_pdf_carries_it_and_declares_it():
    content = draw(paper_of(USUAL, NORD, OFFICE), einvoice(USUAL, NORD, OFFICE, Profile.EN16931))
    name, inside = facturx.get_xml_from_pdf(content, check_xsd=True, check_schematron=True)
    assert (name, inside) == ("factur-x.xml", einvoice(USUAL, NORD, OFFICE, Profile.EN16931))
    root = PdfReader(BytesIO(content)).trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    for said in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
    ):
        assert said in xmp
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Alternative"
    assert root["/OutputIntents"]


def test_the_same_document_is_the_same_files_to_the_byte():
    drawn = drawn_of("nord", USUAL, NORD, OFFICE)
    assert drawn == drawn_of("nord", USUAL, NORD, OFFICE)
    assert drawn.xrechnung is not None
    assert not drawn.missing


def test_without_the_sender_there_is_a_sheet_all_the_same():
    drawn = drawn_of("nord", USUAL, Sender(Address("nord")), ENGLISH)
    assert "agency.vat_id" in drawn.missing
    assert drawn.xrechnung is None


def test_a_giro_code_is_on_german_invoices_alone():
    assert paper_of(USUAL, NORD, GERMAN)["giro_code"]
    assert not paper_of(CREDIT_NOTE, NORD, GERMAN)["giro_code"]
    assert not paper_of(DOLLARS, NORD, GERMAN)["giro_code"]
    abroad = msgspec.structs.replace(NORD, address=msgspec.structs.replace(NORD.address, country="AT"))
    assert not paper_of(USUAL, abroad, GERMAN)["giro_code"]

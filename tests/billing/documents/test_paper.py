"""What stands on an invoice, in both languages; the PDF is read back as a reader would."""

from datetime import date
from io import BytesIO

import msgspec
from pypdf import PdfReader

from services.billing.documents.drawing import draw
from services.billing.documents.paper import paper_of
from services.billing.documents.parties import Address, Recipient, Sender
from services.billing.events import InvoiceIssued, InvoiceLine, TaxTotal
from vocabulary.identity import ClientId, ContractId, DocumentNumber
from vocabulary.money import Minor

SENDER = Sender(
    Address("Studio Nord GmbH", ("Hafenstraße 12",), "20359", "Hamburg", "DE"),
    email="hallo@studio-nord.example",
    vat_id="DE123456789",
    bank_holder="Studio Nord GmbH",
    iban="DE02120300000000202051",
    bic="BYLADEM1001",
)
GERMAN = Recipient(Address("Acme AG", ("Frau Beispiel", "Weg 1"), "10115", "Berlin", "DE"), "DE987654321", "de")
ENGLISH = Recipient(Address("Acme Ltd", ("1 High Street",), "N1", "London", "GB"), "", "en-GB")


def line(kind: str, amount: int, **more: object) -> InvoiceLine:
    start, end = date(2026, 1, 1), date(2026, 2, 1)
    shape = {"kind": kind, "period": start, "period_end": end, "amount": amount, "tax_category": "standard"}
    return msgspec.convert(shape | {"tax_rate_ppm": 190_000} | more, InvoiceLine)


def document(*lines: InvoiceLine, net: int, tax: int, number: str = "2026-0007", **more: object) -> InvoiceIssued:
    plain = InvoiceIssued(
        number=DocumentNumber(number),
        contract_id=ContractId("web"),
        client_id=ClientId("acme"),
        currency="EUR",
        boundary=date(2026, 2, 1),
        issued_on=date(2026, 2, 1),
        due_on=date(2026, 2, 15),
        lines=lines,
        taxes=(TaxTotal("standard", 190_000, Minor(net), Minor(tax)),),
        net=Minor(net),
        tax=Minor(tax),
        gross=Minor(net + tax),
        title="Website 2026",
    )
    return msgspec.structs.replace(plain, **more)


def text_of(issued: InvoiceIssued, recipient: Recipient) -> str:
    reader = PdfReader(BytesIO(draw(paper_of(issued, SENDER, recipient))))
    # The typesetter parts numbers from their currency with spaces that do not break.
    return "\n".join(page.extract_text() for page in reader.pages).replace("\xa0", " ").replace(" ", " ")


# 1:00 beyond at 120.00 and a fee of 3000.00: 3120.00, 19 % of it 592.80, together 3712.80
USUAL = document(line("overage", 12_000, quantity=60, rate=12_000), line("fee", 300_000), net=312_000, tax=59_280)


def test_a_german_client_reads_german():
    text = text_of(USUAL, GERMAN)
    for said in (
        "Rechnung 2026-0007",
        "Acme AG",
        "Weg 1",
        "10115 Berlin",
        "Fällig am 15.02.2026",
        "Mehrleistung über das Kontingent hinaus 01.01.2026 – 31.01.2026 1:00 Std. 120,00 € /Std. 120,00 €",
        "Pauschale 01.01.2026 – 31.01.2026 3.000,00 €",
        "USt. 19 % auf 3.120,00 € 592,80 €",
        "Gesamt 3.712,80 €",
        "Bitte zahlen Sie 3.712,80 € bis zum 15.02.2026",
        "DE02120300000000202051",
        "USt-IdNr. DE123456789",
        "Seite 1 von 1",
    ):
        assert said in text, said


def test_everybody_else_reads_english():
    text = text_of(USUAL, ENGLISH)
    for said in ("Invoice 2026-0007", "Total €3,712.80", "VAT 19 % on €3,120.00 €592.80", "Page 1 of 1"):
        assert said in text, said


def test_each_category_brings_its_legal_note():  # R31
    for category, german, english in (
        ("reverse_charge", "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
        ("small_business", "§ 19 UStG", "§ 19 UStG"),
        ("outside_scope", "nicht steuerbar", "outside its scope"),
    ):
        lines = (line("fee", 10_000, tax_category=category, tax_rate_ppm=0),)
        taxes = (TaxTotal(category, 0, Minor(10_000), Minor(0)),)
        issued = document(*lines, net=10_000, tax=0, taxes=taxes)
        assert german in text_of(issued, GERMAN)
        assert english in text_of(issued, ENGLISH)


def test_a_credit_note_names_what_it_cancels_and_asks_for_nothing():  # R28, R30
    issued = document(
        line("fee", -300_000),
        net=-300_000,
        tax=-57_000,
        number="CN-2026-0001",
        cancels=DocumentNumber("2026-0007"),
    )
    text = text_of(issued, GERMAN)
    assert "Rechnungskorrektur CN-2026-0001" in text
    assert "storniert 2026-0007" in text
    assert "-3.570,00 €" in text
    assert "Bitte zahlen" not in text
    assert "DE02120300000000202051" not in text


def test_a_long_document_counts_its_pages():
    lines = tuple(line("extra", 100, description=f"Teil {number}") for number in range(80))
    text = text_of(document(*lines, net=8_000, tax=1_520), GERMAN)
    assert "Seite 1 von 3" in text
    assert "Teil 79" in text


def test_names_are_texts_and_never_markup():
    cunning = msgspec.structs.replace(GERMAN, address=Address("#panic() $x$ *Acme*", ("<b>@you</b>",), "1", "X", "DE"))
    assert "#panic() $x$ *Acme*" in text_of(USUAL, cunning)


def test_the_same_document_is_the_same_file_to_the_byte():
    paper = paper_of(USUAL, SENDER, GERMAN)
    assert draw(paper) == draw(paper)


def test_a_currency_keeps_its_digits():  # R1
    yen = document(line("fee", 300_000), net=300_000, tax=0, currency="JPY", taxes=())
    assert "JP¥300,000" in text_of(yen, ENGLISH) or "¥300,000" in text_of(yen, ENGLISH)

"""The time sheet of a document: its visible amounts add up to each line and to the document, in both languages."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import msgspec
import pytest
from pypdf import PdfReader

from services.billing.deciders import ACCOUNT
from services.billing.documents.paper import Table
from services.billing.documents.time_sheet import as_pdf, sheet_of
from services.billing.domain.account.explained import explained
from services.billing.domain.explaining import Explained, Window
from services.billing.events import InvoiceIssued
from services.timelog import events as timelog
from tests.billing.account.sentences import agreement
from tests.billing.documents.test_paper import ENGLISH, GERMAN, SENDER
from tests.billing.rehearsal import WEB, Office, at
from tests.billing.test_explanations import FEBRUARY, MARCH, overrun
from tests.billing.test_settling import close, log
from vocabulary.identity import EntryId
from wire.retainer.billing.v1 import invoice_pb2

SAID = {"de": (GERMAN, ("Stundennachweis", "Summe", "Person")), "en": (ENGLISH, ("Time sheet", "Total", "Person"))}


async def document(office: Office, window: Window) -> tuple[InvoiceIssued, Explained]:
    await overrun(office)
    issued = (await office.facts(InvoiceIssued))[1]
    account, _ = await office.store.state(ACCOUNT, f"{office.agency}/account/{WEB}")
    return issued, explained(account, issued, window, None)


def cents(text: str) -> int:
    """What a reader takes an amount for."""
    digits = re.sub(r"[^\d-]", "", text.replace("\u2212", "-"))
    assert re.search(r"[.,]\d\d\D*$", text), text
    return int(Decimal(digits))


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("window", [Window(), Window(0, 1)])
async def test_visible_amounts_add_up_to_each_line_and_to_the_document(
    nord: Office, language: str, window: Window
) -> None:
    recipient, said = SAID[language]
    issued, told = await document(nord, window)
    *tables, whole = _tables(sheet_of(issued, told, SENDER, recipient))
    for table, line in zip(tables, issued.lines, strict=True):
        priced = [cents(row[5]) for row in table.rows if row[5]]
        assert priced
        assert sum(priced) == cents(table.total[1]) == line.amount
    assert cents(whole.total[1]) == sum(line.amount for line in issued.lines) == issued.net
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(as_pdf(issued, told, SENDER, recipient))).pages)
    for words in (*said, issued.number):
        assert words in text, words


def shown(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\xa0", " ") for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("language", SAID)
async def test_a_long_one_goes_over_pages_and_every_entry_is_on_it(nord: Office, language: str) -> None:
    """180 entries of ten minutes at 100.00 an hour: each is worth 16.67 (R9), all of them 3000.60."""
    recipient, _ = SAID[language]
    await nord.activate(agreement(rate=10_000))
    for number in range(180):
        await log(nord, f"e{number:03}", date(2026, 1, 2 + number % 28), 10)
    await close(nord, FEBRUARY)
    [issued] = await nord.facts(InvoiceIssued)
    account, _ = await nord.store.state(ACCOUNT, f"{nord.agency}/account/{WEB}")
    told = explained(account, issued, Window(0, 1_000), None)
    [table, whole] = _tables(sheet_of(issued, told, SENDER, recipient))
    assert [cents(row[5]) for row in table.rows] == [1667] * 180
    assert cents(table.total[1]) == cents(whole.total[1]) == issued.net == 300_060
    pages = shown(as_pdf(issued, told, SENDER, recipient))
    assert len(pages) >= 3
    assert all(str(len(pages)) in page.splitlines()[-1] for page in pages)  # the foot counts them
    assert all("Person" in page for page in pages)  # heads stand on each
    assert "\n".join(pages).count(table.rows[0][5].replace("\xa0", " ")) == 180


@pytest.mark.parametrize("language", SAID)
async def test_a_credit_note_of_a_correction_adds_up_too(nord: Office, language: str) -> None:
    """Two of twelve hours are taken back after they were charged: the sheet of the next document comes to less."""
    recipient, _ = SAID[language]
    await overrun(nord)
    for name in ("e10", "e11"):
        await nord.hear(timelog.TimeDeleted(entry_id=EntryId(name), contract_id=WEB), at(date(2026, 2, 8)))
    await close(nord, MARCH)
    issued = (await nord.facts(InvoiceIssued))[-1]
    assert any(line.amount < 0 for line in issued.lines)
    account, _ = await nord.store.state(ACCOUNT, f"{nord.agency}/account/{WEB}")
    told = explained(account, issued, Window(), None)
    *tables, whole = _tables(sheet_of(issued, told, SENDER, recipient))
    for table, line in zip(tables, issued.lines, strict=True):
        assert sum(cents(row[5]) for row in table.rows if row[5]) == cents(table.total[1]) == line.amount
    assert cents(whole.total[1]) == issued.net


async def test_it_is_given_by_the_call_before_the_document_is_drawn(nord: Office) -> None:
    await nord.introduce_agency(at(date(2025, 12, 1)))
    await overrun(nord)
    await nord.seen()
    request = invoice_pb2.GetInvoiceDocumentRequest(
        name="invoices/2026-0002", format=invoice_pb2.DOCUMENT_FORMAT_TIME_SHEET
    )
    reply = await nord.invoices.GetInvoiceDocument(request, nord.call(at(date(2026, 2, 2))))
    assert (reply.media_type, reply.file_name) == ("application/pdf", "2026-0002-time.pdf")
    assert "2026-0002" in PdfReader(BytesIO(reply.content)).pages[0].extract_text()


def _tables(sheet: dict[str, object]) -> list[Table]:
    return msgspec.convert(msgspec.to_builtins(sheet["tables"]), list[Table])

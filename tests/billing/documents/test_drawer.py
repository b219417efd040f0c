"""Each issued document is drawn once, from what is known of sender and client, and is the same file for ever."""

import asyncio
from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader

from chassis.auth import Role
from services.billing.api.invoices import InvoiceUnknown, NotDrawnYet
from services.billing.documents.drawer import Drawer, draw_documents
from services.billing.events import DocumentDrawn
from tests.billing.account.sentences import hours
from tests.billing.rehearsal import Office, at
from tests.billing.test_settling import close
from wire.retainer.billing.v1 import invoice_pb2

REQUEST = invoice_pb2.GetInvoiceDocumentRequest(name="invoices/2026-0001")
NOW = at(date(2026, 1, 2))


async def issue(office: Office) -> None:
    await office.introduce_agency(at(date(2025, 12, 1)))
    await office.activate(hours(10))
    await close(office, date(2026, 1, 1))


async def test_the_loop_draws_what_was_issued(nord: Office):
    drawing = asyncio.create_task(draw_documents(nord.parts))
    await issue(nord)
    reply = await nord.invoices.GetInvoiceDocument(REQUEST, nord.call(NOW))
    drawing.cancel()
    assert (reply.media_type, reply.file_name) == ("application/pdf", "2026-0001.pdf")
    assert reply.sha256 == sha256(reply.content).hexdigest()
    text = PdfReader(BytesIO(reply.content)).pages[0].extract_text()
    for said in ("Rechnung 2026-0001", "Acme AG", "Studio Nord", "Hamburg", "Pauschale"):
        assert said in text, said


async def test_two_loops_record_one_file(nord: Office):
    await issue(nord)
    drawer = Drawer(nord.store, nord.parts.views, nord.parts.keyring)
    await asyncio.gather(drawer.draw(nord.agency, "2026-0001"), drawer.draw(nord.agency, "2026-0001"))
    assert len(await nord.facts(DocumentDrawn)) == 1


async def test_nothing_personal_is_in_clear_in_what_is_recorded(nord: Office):
    await issue(nord)
    await Drawer(nord.store, nord.parts.views, nord.parts.keyring).draw(nord.agency, "2026-0001")
    for fact in await nord.store.read_log(0, 500):
        assert b"Acme AG" not in fact.payload
        assert b"%PDF" not in fact.payload
        assert b"JVBERi" not in fact.payload  # the same in base64


async def test_a_service_is_told_to_come_again_and_a_guest_sees_his_own_alone(nord: Office):
    await issue(nord)
    with pytest.raises(NotDrawnYet):
        await nord.invoices.GetInvoiceDocument(REQUEST, nord.call(NOW, role=Role.SERVICE))
    await Drawer(nord.store, nord.parts.views, nord.parts.keyring).draw(nord.agency, "2026-0001")
    await nord.invoices.GetInvoiceDocument(REQUEST, nord.call(NOW, role=Role.SERVICE))
    await nord.invoices.GetInvoiceDocument(REQUEST, nord.call(NOW, role=Role.GUEST, client_id="acme"))
    with pytest.raises(InvoiceUnknown):  # as of a document that is none
        await nord.invoices.GetInvoiceDocument(REQUEST, nord.call(NOW, role=Role.GUEST, client_id="other"))
    unknown = invoice_pb2.GetInvoiceDocumentRequest(name="invoices/2026-0099")
    with pytest.raises(InvoiceUnknown):
        await nord.invoices.GetInvoiceDocument(unknown, nord.call(NOW))

"""InvoiceService: documents and drafts, their files, and what becomes of them."""

import asyncio
import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from hashlib import sha256

from chassis.auth import Role
from chassis.call import Call, NotFound
from chassis.projector import Row, Wanted
from chassis.store import EtagStale, Ledger
from messages.dates import date_message, instant_of
from messages.filters import Condition
from messages.names import id_in, name_of
from services.billing import settling, streams
from services.billing.api.desk import Desk
from services.billing.api.explanations import ENTRIES, Explanations
from services.billing.api.invoice_shapes import STATES, Seen, etag_of_row, invoice_message
from services.billing.api.lists import Field, Listing, page
from services.billing.api.past import ABOUT_INVOICES, replayed
from services.billing.documents.correspondents import Correspondents
from services.billing.documents.time_sheet import MOST_ENTRIES, as_pdf
from services.billing.domain.explaining import Window
from services.billing.events import DocumentDrawn, InvoiceIssued
from services.billing.views.documents import Document, document
from services.billing.views.invoices import content_of, invoice, invoices
from vocabulary.personal import Personal
from vocabulary.refusal import Kind, Refused
from wire.retainer.billing.v1 import invoice_pb2 as wire
from wire.retainer.billing.v1.invoice_pb2_grpc import InvoiceServiceServicer

DRAWING_SECONDS = 10.0
LISTING: Listing[Seen] = Listing(
    {
        "contract": Field(lambda one: f"contracts/{one.row['contract_id']}", collection="contracts"),
        "client": Field(lambda one: f"clients/{one.row['client_id']}", collection="clients"),
        "number": Field(lambda one: one.row["number"] or None, ordered=True),
        "state": Field(lambda one: STATES[one.state]),
        "currency": Field(lambda one: str(one.row["currency"])),
        "issued_on": Field(lambda one: one.row["issued_on"] or None, ordered=True),
        "due_on": Field(lambda one: one.row["due_on"] or None, ordered=True),
        "boundary": Field(lambda one: str(one.row["boundary"]), ordered=True),
    },
    ("issued_on", "due_on", "number", "client", "contract"),
    (),
)


class InvoiceUnknown(Refused, kind=Kind.NOT_FOUND):
    """No such document or draft in this agency, or none of the guest's own client."""


class NotDrawnYet(Refused, kind=Kind.CONFLICT):
    """It was issued a moment ago, or is a draft; its file comes when it is drawn: ask again."""


class NoXRechnung(Refused, kind=Kind.CONFLICT):
    """Something was missing for it when the document was drawn; the message and the metadata say what."""


class RetentionOver(Refused, kind=Kind.NOT_FOUND):
    """The client was erased, and the law does not ask for the document any longer."""


class AlreadyIssued(Refused, kind=Kind.CONFLICT):
    """Only a draft can be released (R28)."""


class StillADraft(Refused, kind=Kind.CONFLICT):
    """A draft has no number, and nothing to cancel (R28, R30)."""


class Invoices(InvoiceServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = desk.parts.views
        self._explanations = Explanations(desk.parts.store)
        self._correspondents = Correspondents(desk.parts.views, desk.parts.keyring)

    async def GetInvoice(self, request: wire.GetInvoiceRequest, call: Call) -> wire.Invoice:
        return invoice_message(Seen(await self._row(call, request.name), call.now.date()))

    async def ListInvoices(self, request: wire.ListInvoicesRequest, call: Call) -> wire.ListInvoicesResponse:
        conditions = LISTING.conditions(request.filter)
        as_of = instant_of(request.as_of, "as_of") if request.HasField("as_of") else None
        rows = await self._rows(call, conditions, as_of)
        seen = [Seen(row, (as_of or call.now).date()) for row in rows]
        found = LISTING.ordered(LISTING.selected(seen, conditions), request.order_by)
        known_at = as_of.isoformat() if as_of else ""
        query = (call.agency, call.identity.client_id, "ListInvoices", request.filter, request.order_by, known_at)
        shown, next_page_token = page(found, request.page_size, request.page_token, *query)
        return wire.ListInvoicesResponse(
            invoices=[invoice_message(one) for one in shown],
            next_page_token=next_page_token,
            total_size=len(found),
        )

    async def _rows(self, call: Call, conditions: Sequence[Condition], as_of: datetime | None) -> Sequence[Row]:
        """The documents that the filter's contract or client may have, now or as they were known (R37)."""
        contract_id = LISTING.fixed(conditions, "contract", "contracts")
        client_id = call.identity.client_id or LISTING.fixed(conditions, "client", "clients")
        if as_of is None:
            return await invoices(self._views, call.agency, contract_id=contract_id, client_id=client_id)
        wanted = Wanted(call.agency, kinds=ABOUT_INVOICES)
        async with replayed(self._desk.parts, call.agency, as_of, wanted) as then:
            return await invoices(then, call.agency, contract_id=contract_id, client_id=client_id)

    async def GetInvoiceDocument(
        self, request: wire.GetInvoiceDocumentRequest, call: Call
    ) -> wire.GetInvoiceDocumentResponse:
        number = id_in(request.name, "invoices", "name")
        found = await self._document(call, number)
        await self._must_be_readable(call, found, number)
        if request.format == wire.DOCUMENT_FORMAT_TIME_SHEET:
            return await self._time_sheet(call, number)
        drawn = found.drawn
        if drawn is None and call.identity.role is not Role.SERVICE:
            drawn = await self._drawn(call, number)
        if drawn is None:
            raise NotDrawnYet(f"{number} is being drawn: ask again in a moment", field="name")
        if request.format == wire.DOCUMENT_FORMAT_XRECHNUNG:
            return await self._xrechnung(call, drawn)
        return wire.GetInvoiceDocumentResponse(
            content=await self._opened(call, drawn, drawn.content),
            media_type="application/pdf",
            sha256=drawn.sha256,
            file_name=f"{number}.pdf",
            missing=drawn.missing,
        )

    async def ListKeptDocuments(
        self, request: wire.ListKeptDocumentsRequest, call: Call
    ) -> wire.ListKeptDocumentsResponse:
        client_id = id_in(request.client, "clients", "client")
        documents = []
        for row in await invoices(self._views, call.agency, client_id=client_id):
            issued = content_of(row)
            if isinstance(issued, InvoiceIssued) and self._kept_until(issued) >= call.now.date():
                documents.append(
                    wire.KeptDocument(
                        name=name_of("invoices", issued.number),
                        issue_date=date_message(issued.issued_on),
                        keep_until=date_message(self._kept_until(issued)),
                    )
                )
        return wire.ListKeptDocumentsResponse(documents=documents)

    def _kept_until(self, issued: InvoiceIssued) -> date:
        """The law counts from the end of the year of issue."""
        return date(issued.issued_on.year + self._desk.parts.settings.retention_years, 12, 31)

    async def _must_be_readable(self, call: Call, found: Document, number: str) -> None:
        """Of an erased client: to owners, and no longer than the law wants it."""
        if not await self._desk.parts.keyring.is_erased(call.agency, f"client/{found.client_id}"):
            return
        if call.identity.role is not Role.OWNER:
            raise InvoiceUnknown(f"there is no document {number}; a draft has none", field="name")
        row = await invoice(self._views, call.agency, number)
        issued = content_of(row) if row is not None else None
        if not isinstance(issued, InvoiceIssued) or self._kept_until(issued) < call.now.date():
            raise RetentionOver(f"the client was erased, and {number} need not be kept any more", field="name")

    async def ExplainInvoice(self, request: wire.ExplainInvoiceRequest, call: Call) -> wire.ExplainInvoiceResponse:
        row = await self._row(call, request.name)
        window = Window(request.skip_entries, request.most_entries or ENTRIES)
        told, shapes = await self._explanations.answer(call.agency, row["contract_id"], content_of(row), window, None)
        return wire.ExplainInvoiceResponse(
            invoice=invoice_message(Seen(row, call.now.date())),
            whole=shapes.whole(told),
            lines=[shapes.line(line, place + 1) for place, line in enumerate(told.lines)],
        )

    async def ExplainLine(self, request: wire.ExplainLineRequest, call: Call) -> wire.ExplainLineResponse:
        row = await self._row(call, request.name)
        window = Window(request.skip_entries, request.most_entries or ENTRIES)
        place = request.line_number - 1
        told, shapes = await self._explanations.answer(call.agency, row["contract_id"], content_of(row), window, place)
        explanation = shapes.line(told.lines[0], request.line_number)
        return wire.ExplainLineResponse(explanation=explanation, currency=row["currency"])

    async def ReleaseInvoice(self, request: wire.ReleaseInvoiceRequest, call: Call) -> wire.ReleaseInvoiceResponse:
        row = await self._row(call, request.name)
        if row["number"]:
            raise AlreadyIssued(f"{row['number']} was issued on {row['issued_on']}", field="name")
        _fresh(row, request.etag)
        stream = streams.account(call.agency, row["contract_id"])

        async def work(ledger: Ledger) -> None:
            await settling.release(ledger, stream, date.fromisoformat(row["boundary"]), call.now)

        receipt = await self._desk.order(call, request, stream, request.name, work)
        return wire.ReleaseInvoiceResponse(receipt=receipt)

    async def CancelInvoice(self, request: wire.CancelInvoiceRequest, call: Call) -> wire.CancelInvoiceResponse:
        row = await self._row(call, request.name)
        if not row["number"]:
            raise StillADraft("a draft has no number and asks for nothing yet: it cannot be cancelled", field="name")
        _fresh(row, request.etag)
        stream = streams.account(call.agency, row["contract_id"])

        async def work(ledger: Ledger) -> None:
            await settling.cancel(ledger, stream, row["number"], call.now, write_off=request.write_off)

        receipt = await self._desk.order(call, request, stream, request.name, work)
        return wire.CancelInvoiceResponse(receipt=receipt)

    async def _time_sheet(self, call: Call, number: str) -> wire.GetInvoiceDocumentResponse:
        row = await self._row(call, name_of("invoices", number))
        issued = content_of(row)
        assert isinstance(issued, InvoiceIssued)
        told, _ = await self._explanations.answer(
            call.agency, row["contract_id"], issued, Window(0, MOST_ENTRIES), None
        )
        sender = await self._correspondents.sender(call.agency)
        recipient = await self._correspondents.recipient(call.agency, issued.client_id)
        content = await asyncio.to_thread(as_pdf, issued, told, sender, recipient)
        return wire.GetInvoiceDocumentResponse(
            content=content,
            media_type="application/pdf",
            sha256=sha256(content).hexdigest(),
            file_name=f"{number}-time.pdf",
        )

    async def _xrechnung(self, call: Call, drawn: DocumentDrawn) -> wire.GetInvoiceDocumentResponse:
        if drawn.xrechnung is None:
            lacking = ", ".join(drawn.xrechnung_missing) or "what came with a later release"
            raise NoXRechnung(
                f"{drawn.number} was drawn without an XRechnung, for which it lacked: {lacking}; a document never"
                " changes: give what is missing, then cancel and replace it",
                field="format",
                missing=lacking,
            )
        return wire.GetInvoiceDocumentResponse(
            content=await self._opened(call, drawn, drawn.xrechnung),
            media_type="application/xml",
            sha256=drawn.xrechnung_sha256,
            file_name=f"{drawn.number}.xml",
        )

    async def _opened(self, call: Call, drawn: DocumentDrawn, sealed: Personal) -> bytes:
        text = await self._desk.parts.keyring.open(call.agency, sealed)
        if text is None:
            raise NotFound(f"the file of {drawn.number} was erased with its agency")
        return base64.b64decode(text)

    async def _document(self, call: Call, number: str) -> Document:
        found = await document(self._views, call.agency, number)
        if found is None or not call.sees_client(found.client_id):
            raise InvoiceUnknown(f"there is no document {number}; a draft has none", field="name")
        return found

    async def _drawn(self, call: Call, number: str) -> DocumentDrawn | None:
        """A person waits a moment for a document that was issued just now; a service hears when it is drawn."""
        found = await self._document(call, number)
        with suppress(TimeoutError):
            async with asyncio.timeout(min(DRAWING_SECONDS, call.deadline_seconds / 2)):
                while found.drawn is None:
                    position = self._views.position
                    found = await self._document(call, number)
                    if found.drawn is None:
                        await self._views.wait_beyond(position)
        return found.drawn

    async def _row(self, call: Call, name: str) -> Row:
        invoice_id = id_in(name, "invoices", "name")
        row = await invoice(self._views, call.agency, invoice_id)
        if row is None or (call.identity.client_id and call.identity.client_id != row["client_id"]):
            raise InvoiceUnknown(f"there is no invoice {invoice_id}", field="name")
        return row


def _fresh(row: Row, etag: str) -> None:
    if etag and etag != etag_of_row(row):
        raise EtagStale("it has changed since you read it: read it again and repeat", field="etag")

"""PDF files of invoices and credit notes, from billing's door."""

import grpc

from chassis.neighbours import Neighbours
from services.notify.channels.mail import Attachment
from services.notify.desk import Missing
from vocabulary.identity import DocumentNumber
from wire.retainer.billing.v1 import invoice_pb2, invoice_pb2_grpc

SECONDS = 15.0
NOT_DRAWN = frozenset({grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION})


class InvoiceDocuments:
    """Fetched when the letter goes out, with a service's token for the agency whose document it is."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours

    async def fetch(self, agency: str, number: DocumentNumber) -> Attachment:
        stub = invoice_pb2_grpc.InvoiceServiceStub(await self._neighbours.channel("billing"))
        request = invoice_pb2.GetInvoiceDocumentRequest(name=f"invoices/{number}")
        try:
            reply = await stub.GetInvoiceDocument(request, metadata=self._neighbours.metadata(agency), timeout=SECONDS)
        except grpc.aio.AioRpcError as error:
            if error.code() in NOT_DRAWN:
                raise Missing("the PDF is not drawn yet") from error
            raise Missing(f"billing does not give the PDF now ({error.code().name})") from error
        if not reply.content:
            raise Missing("the PDF is not drawn yet")
        return Attachment(reply.file_name or f"{number}.pdf", reply.content)

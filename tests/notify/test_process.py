"""notify as a process: a real NATS and real doors; its neighbours tell facts, lend keys and give documents."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

import grpc
import pytest

from chassis.auth import SERVICES, Identity, Role, Rule
from chassis.catalog import Catalog
from chassis.grpc_server import Call, Door, NotFound
from chassis.run import Parts, Running, Wiring, serving
from chassis.settings import Settings
from chassis.store import Context
from chassis.testing import NatsServer, nats_server
from services import KEEPERS
from services.billing.events import BillingEvent
from services.contracts.events import ContractsEvent
from services.notify.__main__ import WIRING
from tests.notify.samples import (
    AGENCY,
    AGENCY_DESCRIBED,
    JOERG,
    activated,
    client_added,
    document_drawn,
    invoice_issued,
    threshold_reached,
)
from vocabulary.fact import Fact
from wire.retainer.billing.v1 import invoice_pb2, invoice_pb2_grpc
from wire.retainer.notify.v1 import letter_pb2, letter_pb2_grpc

INVOICES = "retainer.billing.v1.InvoiceService"
PDF = b"%PDF-1.7 of billing"


class Invoices(invoice_pb2_grpc.InvoiceServiceServicer):
    """As billing gives documents: to a service, of the agency that its token names."""

    def __init__(self) -> None:
        self.drawn: dict[tuple[str, str], bytes] = {}
        self.callers: list[Identity] = []

    async def GetInvoiceDocument(
        self, request: invoice_pb2.GetInvoiceDocumentRequest, call: Call
    ) -> invoice_pb2.GetInvoiceDocumentResponse:
        self.callers.append(call.identity)
        content = self.drawn.get((call.agency, request.name))
        if content is None:
            raise NotFound("it is not drawn yet")
        return invoice_pb2.GetInvoiceDocumentResponse(content=content, file_name="2026-0001.pdf")


@dataclass(frozen=True)
class Neighbourhood:
    """notify with its neighbours, in one process for the test."""

    contracts: Parts
    billing: Parts
    invoices: Invoices
    notify: Running

    async def tell(self, who: Parts, *facts: Fact, agency: str = AGENCY) -> int:
        """Recorded by a neighbour; its relay does the rest. Returns the position."""
        context = Context(agency=agency, actor="anna", correlation_id="told")
        receipt = await who.store.transact(
            lambda ledger: ledger.record(f"{agency}/told/x", facts), context=context, stream=f"{agency}/told/x"
        )
        return receipt.position

    async def letter(self, name: str, until: Callable[[letter_pb2.Letter], bool]) -> letter_pb2.Letter:
        """The letter, as soon as the door of notify shows it so."""
        views = self.notify.parts.views
        async with grpc.aio.insecure_channel(self.notify.address) as channel:
            stub = letter_pb2_grpc.LetterServiceStub(channel)
            while True:
                seen = views.position
                reply = await stub.ListLetters(letter_pb2.ListLettersRequest(), metadata=self.token(Role.OWNER))
                letter: letter_pb2.Letter
                for letter in reply.letters:
                    if letter.name == name and until(letter):
                        return letter
                await views.wait_beyond(seen)

    def token(self, role: Role, agency: str = AGENCY) -> tuple[tuple[str, str], ...]:
        client = "acme" if role is Role.GUEST else ""
        issued = self.notify.parts.tokens.issue(Identity(agency, "anna", role, client))
        return (("authorization", f"Bearer {issued}"),)


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    with nats_server(tmp_path) as server:
        yield server


@asynccontextmanager
async def neighbourhood(folder: Path, nats: NatsServer) -> AsyncIterator[Neighbourhood]:
    settings = Settings(data_dir=folder / "data", nats_url=nats.url)
    invoices = Invoices()
    contracts = Wiring(
        "contracts",
        Catalog("contracts", ContractsEvent),
        doors=lambda parts: [],
        rules={},
        owns_keys_of=("agency", "client"),
    )
    billing = Wiring(
        "billing",
        Catalog("billing", BillingEvent),
        doors=lambda parts: [Door(invoice_pb2_grpc.add_InvoiceServiceServicer_to_server, invoices, INVOICES)],
        rules={f"/{INVOICES}/GetInvoiceDocument": Rule(SERVICES)},
        keepers=KEEPERS,
    )
    async with AsyncExitStack() as stack:
        teller = await stack.enter_async_context(serving(contracts, settings))
        biller = await stack.enter_async_context(serving(billing, settings))
        notify = await stack.enter_async_context(serving(WIRING, settings))
        await notify.ready.wait()
        yield Neighbourhood(teller.parts, biller.parts, invoices, notify)


def read(page: str) -> bytes:
    with urlopen(page) as reply:
        content: bytes = reply.read()
    return content


def is_sent(letter: letter_pb2.Letter) -> bool:
    return letter.state == letter_pb2.LETTER_STATE_SENT


async def test_facts_of_the_neighbours_become_letters_in_the_outbox(tmp_path: Path, nats: NatsServer) -> None:
    async with neighbourhood(tmp_path, nats) as near:
        # The threshold arrives before what is needed to tell of it, as can happen on a bus.
        await near.tell(near.billing, threshold_reached())
        await near.letter("letters/threshold.web-2026.2026-03-01.75", lambda letter: letter.waits_for != "")
        await near.tell(near.contracts, AGENCY_DESCRIBED, client_added(JOERG), activated())
        await near.letter("letters/threshold.web-2026.2026-03-01.75", is_sent)

        await near.tell(near.billing, invoice_issued())
        waits = await near.letter("letters/invoice.2026-0001", lambda letter: letter.waits_for != "")
        assert waits.waits_for == "the PDF is not drawn yet"
        near.invoices.drawn[AGENCY, "invoices/2026-0001"] = PDF
        await near.tell(near.billing, document_drawn())
        sent = await near.letter("letters/invoice.2026-0001", is_sent)
        assert {(one.agency, one.subject, one.role) for one in near.invoices.callers} == {
            (AGENCY, "notify", Role.SERVICE)
        }
        metrics = await asyncio.to_thread(read, f"http://{near.notify.metrics_address}/metrics")
        assert b'retainer_letters_total{channel="outbox",result="sent"} 2.0' in metrics

    outbox = sorted((tmp_path / "data" / "outbox" / AGENCY).iterdir())
    assert [file.name for file in outbox] == [
        "invoice.2026-0001.joerg.eml",
        "threshold.web-2026.2026-03-01.75.joerg.eml",
    ]
    invoice = message_from_bytes(outbox[0].read_bytes(), policy=policy.default)
    assert invoice["Message-ID"] == f"<{sent.deliveries[0].message_id}>"
    assert str(invoice["Subject"]) == "Rechnung 2026-0001 von Studio Müller"
    assert [part.get_content() for part in invoice.iter_attachments()] == [PDF]


async def test_after_a_restart_and_a_wiped_bus_nobody_is_told_twice(tmp_path: Path, nats: NatsServer) -> None:
    name = "letters/threshold.web-2026.2026-03-01.75"
    async with neighbourhood(tmp_path, nats) as near:
        await near.tell(near.contracts, AGENCY_DESCRIBED, client_added(JOERG), activated())
        await near.tell(near.billing, threshold_reached())
        first = await near.letter(name, is_sent)
    (file,) = (tmp_path / "data" / "outbox" / AGENCY).iterdir()
    written = file.stat().st_mtime_ns
    nats.stop()
    nats.wipe()
    nats.start()
    async with neighbourhood(tmp_path, nats) as near:
        await near.tell(near.billing, threshold_reached(), threshold_reached(90))
        await near.letter("letters/threshold.web-2026.2026-03-01.90", is_sent)
        again = await near.letter(name, is_sent)
    assert again == first
    assert file.stat().st_mtime_ns == written


async def test_letters_are_for_who_runs_the_agency(tmp_path: Path, nats: NatsServer) -> None:
    async with (
        neighbourhood(tmp_path, nats) as near,
        grpc.aio.insecure_channel(near.notify.address) as channel,
    ):
        stub = letter_pb2_grpc.LetterServiceStub(channel)
        for role in (Role.MEMBER, Role.GUEST, Role.SERVICE):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await stub.ListLetters(letter_pb2.ListLettersRequest(), metadata=near.token(role))
            assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
        with pytest.raises(grpc.aio.AioRpcError) as unknown:
            await stub.ListLetters(letter_pb2.ListLettersRequest())
        assert unknown.value.code() is grpc.StatusCode.UNAUTHENTICATED
        with pytest.raises(grpc.aio.AioRpcError) as invalid:
            await stub.ListLetters(letter_pb2.ListLettersRequest(filter="loud"), metadata=near.token(Role.OWNER))
        assert invalid.value.code() is grpc.StatusCode.INVALID_ARGUMENT

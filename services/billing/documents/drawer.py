"""Draws each issued document once, as a sheet and as data: a loop after the fact, so that nobody who issues waits.

The files are recorded as a fact of its own, sealed with the agency's key (docs/decisions/0033). Two loops may draw the
same document; the stream lets one of them record it.
"""

import asyncio
import base64
import logging
from hashlib import sha256

from chassis.keyring import Keyring
from chassis.projector import Views
from chassis.run import Parts
from chassis.store import Context, Ledger, Store
from services.billing import streams
from services.billing.documents.correspondents import Correspondents
from services.billing.documents.drawing import draw
from services.billing.documents.einvoice import Profile, einvoice, missing
from services.billing.documents.paper import paper_of
from services.billing.documents.parties import Recipient, Sender
from services.billing.events import DocumentDrawn, InvoiceIssued
from services.billing.views.documents import undrawn
from services.billing.views.invoices import content_of, invoice
from vocabulary.personal import Personal, of_agency

AT_ONCE = 50
PAUSE_SECONDS = 5.0
"""Before a document that could not be drawn is tried again."""
REST_SECONDS = 0.1
"""Before it looks again: under load the views move with every entry, and hardly one of them is a document."""
ACTOR = "billing/drawer"

log = logging.getLogger(__name__)


async def draw_documents(parts: Parts) -> None:
    """Whatever was issued and not drawn, oldest first; then wait for more. One that fails holds up no other."""
    drawer = Drawer(parts.store, parts.views, parts.keyring)
    while True:
        position = parts.views.position
        waiting = await undrawn(parts.views, AT_ONCE)
        failed = 0
        for row in waiting:
            try:
                await drawer.draw(row["agency"], row["number"])
            except Exception:
                log.exception("%s could not be drawn; it is tried again", row["number"])
                failed += 1
        if failed:
            await asyncio.sleep(PAUSE_SECONDS)
        elif not waiting:
            await parts.views.wait_beyond(position)
            await asyncio.sleep(REST_SECONDS)


def drawn_of(agency: str, issued: InvoiceIssued, sender: Sender, recipient: Recipient) -> DocumentDrawn:
    """The sheet, with the e-invoice inside, and the XRechnung: each where nothing is missing for it."""
    lacking = {profile: tuple(missing(issued, sender, recipient, profile)) for profile in Profile}
    data = {profile: b"" if lacking[profile] else einvoice(issued, sender, recipient, profile) for profile in Profile}
    content = draw(paper_of(issued, sender, recipient), data[Profile.EN16931])
    xrechnung = data[Profile.XRECHNUNG]
    return DocumentDrawn(
        number=issued.number,
        client_id=issued.client_id,
        sha256=sha256(content).hexdigest(),
        content=_sealed_later(agency, content),
        missing=lacking[Profile.EN16931],
        xrechnung=_sealed_later(agency, xrechnung) if xrechnung else None,
        xrechnung_sha256=sha256(xrechnung).hexdigest() if xrechnung else "",
        xrechnung_missing=lacking[Profile.XRECHNUNG],
    )


def _sealed_later(agency: str, content: bytes) -> Personal:
    return of_agency(agency, base64.b64encode(content).decode())


class Drawer:
    def __init__(self, store: Store, views: Views, keyring: Keyring) -> None:
        self._store = store
        self._views = views
        self._correspondents = Correspondents(views, keyring)

    async def draw(self, agency: str, number: str) -> None:
        row = await invoice(self._views, agency, number)
        assert row is not None, "a document that waits to be drawn was issued"
        issued = content_of(row)
        assert isinstance(issued, InvoiceIssued)
        sender = await self._correspondents.sender(agency)
        recipient = await self._correspondents.recipient(agency, issued.client_id)
        drawn = await asyncio.to_thread(drawn_of, agency, issued, sender, recipient)
        stream = streams.document(agency, number)

        async def record_once(ledger: Ledger) -> None:
            if await ledger.version(stream) == 0:
                await ledger.record(stream, [drawn])

        context = Context(agency=agency, actor=ACTOR, correlation_id=f"draw/{number}")
        receipt = await self._store.transact(record_once, context=context, stream=stream)
        await self._views.wait_for(receipt.position)
        log.info("drew %s", number)

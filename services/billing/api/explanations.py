"""Why a document asks what it asks: drawn up once more from the very facts that it was drawn up from, and read out.

Refused
├── LineUnknown          the document has no such line
└── NotExplained         it does not come out as it was issued: its books were changed from outside
"""

from chassis.message import message_id
from chassis.store import Recorded, Store
from messages.dates import instant_message
from services.billing import streams
from services.billing.api.reason_shapes import ReasonShapes, versions_in
from services.billing.deciders import ACCOUNT
from services.billing.domain.account.explained import explained
from services.billing.domain.explaining import Explained, Window
from services.billing.events import InvoiceDrafted, InvoiceIssued
from wire.retainer.billing.v1 import reason_pb2 as wire

ENTRIES = 200


class Explanations:
    """Answers, from the account as it is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def answer(
        self, agency: str, contract_id: str, content: InvoiceIssued | InvoiceDrafted, window: Window, only: int | None
    ) -> tuple[Explained, ReasonShapes]:
        stream = streams.account(agency, contract_id)
        account, _ = await self._store.state(ACCOUNT, stream)
        told = explained(account, content, window, only)
        facts = await self._store.read_events(stream, versions_in(told))
        references = {fact.version: _reference(fact, self._store.epoch) for fact in facts}
        return told, ReasonShapes(content.currency, references)


def _reference(fact: Recorded, epoch: str) -> wire.FactReference:
    return wire.FactReference(
        event_id=message_id("billing", epoch, fact.position),
        event_type=f"{fact.name}@{fact.event_version}",
        version=fact.version,
        chain_hash=fact.stream_hash,
        record_time=instant_message(fact.recorded_at),
        counted_hash=getattr(fact.event, "fact_hash", ""),
    )

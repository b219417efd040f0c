"""What billing knew at an instant (R37): its views, filled by what was recorded up to then and no further."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from chassis.parts import Parts
from chassis.projector import Views, Wanted
from services.billing.events import (
    DocumentDrawn,
    InvoiceBooked,
    InvoiceDrafted,
    InvoiceIssued,
    InvoiceUncollectible,
    OpenRestated,
    ReminderDue,
)

VIEWS = ("budget", "invoices", "receivables", "documents")
ABOUT_INVOICES = (
    InvoiceDrafted,
    InvoiceIssued,
    InvoiceBooked,
    InvoiceUncollectible,
    OpenRestated,
    ReminderDue,
    DocumentDrawn,
)
"""What a list of invoices shows comes from these alone."""


@asynccontextmanager
async def replayed(parts: Parts, agency: str, instant: datetime, wanted: Wanted) -> AsyncIterator[Views]:
    position = await parts.store.position_at(agency, instant)
    views = await parts.projector.replay_until(VIEWS, position, wanted)
    try:
        yield views
    finally:
        views.close()

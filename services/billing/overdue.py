"""Which ledgers may have a reminder due (R33): asked by the scheduler and by command alike."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis.projector import Views
from services.billing.domain.receivables import STEPS, RemindOverdue
from services.billing.views import receivables

FARTHEST_AHEAD = timedelta(hours=14)
"""Somewhere it is tomorrow already."""


async def overdue(views: Views, now: datetime, agency: str = "") -> Sequence[tuple[str, RemindOverdue]]:
    """Agencies and what to ask of their ledgers, by the agency's own steps where it has set some; each ledger then
    decides for itself which reminders are due."""
    orders = []
    for row in await receivables.overdue_ledgers(views, (now + FARTHEST_AHEAD).date(), agency):
        steps = await receivables.reminder_steps(views, row["agency"])
        order = RemindOverdue(
            client_id=row["client_id"],
            currency=row["currency"],
            now=now,
            steps=STEPS if steps is None else steps,
        )
        orders.append((str(row["agency"]), order))
    return orders

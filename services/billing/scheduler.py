"""The clock's side of billing: periods begin, books are settled, paces are looked at, reminders fall due.

Each contract lives in its own zone: the calendar view says at which instant something is due, so nobody looks at every
account. After a stop it catches up boundary by boundary. In a rehearsal it stands still unless the settings say where
its clock begins: the facts of a rehearsed year lie in the past, and their boundaries are closed by command.
"""

import asyncio
import logging
from datetime import date, datetime
from itertools import groupby

from chassis.run import Parts
from chassis.store import Context, Ledger
from services.billing import settling, streams
from services.billing.deciders import ACCOUNT
from services.billing.domain.account.commands import WarnOfPace
from services.billing.domain.pace import pace
from services.billing.domain.receivables import RemindOverdue
from services.billing.overdue import FARTHEST_AHEAD, overdue
from services.billing.settling import Settling
from services.billing.views import budget, calendar
from vocabulary.calendar import local_date, zone

LOOK_SECONDS = 30.0
"""How long at most until it looks again, so that a clock that is set is noticed."""
REST_SECONDS = 0.1
"""Before it looks again: under load the views move with every entry."""
AT_ONCE = 200

log = logging.getLogger(__name__)


def stands_still(parts: Parts) -> bool:
    return parts.settings.rehearsal and parts.settings.clock is None


async def settle_boundaries(parts: Parts) -> None:
    """Whatever is due by now, oldest first."""
    if stands_still(parts):
        await asyncio.Event().wait()
    books = Settling(parts.store, parts.metrics)
    while True:
        position, now = parts.views.position, parts.clock()
        found = await calendar.due(parts.views, now, AT_ONCE)
        failed = 0
        for agency, rows in groupby(found, key=lambda row: str(row["agency"])):
            due = [(row["settles_on"], row["contract_id"]) for row in rows]
            caught = await books.catch_up(_context(agency, now, parts), due, now)
            for contract_id, error in caught.failed:
                log.error("%s could not be settled; it is tried again", contract_id, exc_info=error)
            failed += len(caught.failed)
            await parts.views.wait_for(caught.position)
        if len(found) == failed:
            await _until_next(parts, position)


async def _until_next(parts: Parts, position: int) -> None:
    """Until something is due, something changed, or it is time to look again."""
    next_at = await calendar.next_due(parts.views)
    wait = LOOK_SECONDS
    if next_at != calendar.NEVER:
        ahead = (datetime.fromisoformat(next_at + "+00:00") - parts.clock()).total_seconds()
        wait = min(LOOK_SECONDS, max(0.5, ahead))
    with_news = asyncio.create_task(parts.views.wait_beyond(position))
    await asyncio.wait([with_news], timeout=wait)
    with_news.cancel()
    await asyncio.sleep(REST_SECONDS)


async def look_daily(parts: Parts) -> None:
    """Once a day and zone-proof: paces that run out (R36), reminders that are due (R33)."""
    if stands_still(parts):
        await asyncio.Event().wait()
    looked_at: tuple[date, int] | None = None
    while True:
        now = parts.clock()
        hour = (now.date(), now.hour)
        if hour != looked_at:
            await parts.views.wait_for(parts.store.position)
            await remind(parts, now)
            await warn_of_paces(parts, now)
            looked_at = hour
        await asyncio.sleep(LOOK_SECONDS)


async def remind(parts: Parts, now: datetime) -> None:
    """Every ledger with something overdue decides for itself; late fees go onto the account in the same append."""
    for agency, command in await overdue(parts.views, now):

        async def work(ledger: Ledger, command: RemindOverdue = command) -> None:
            await settling.remind(ledger, command)

        stream = streams.receivables(agency, command.client_id, command.currency)
        await parts.store.transact(work, context=_context(agency, now, parts), stream=stream)


async def warn_of_paces(parts: Parts, now: datetime) -> None:
    """Present periods that nobody was warned of: where the kept row says that it runs out, the account decides."""
    for row, period in await budget.unwarned(parts.views, (now + FARTHEST_AHEAD).date()):
        today = local_date(now, zone(row["time_zone"]))
        figures = period.figures
        if not figures.used or not figures.start <= today < figures.end:
            continue
        if pace(figures, today, row["region"]).runs_out_on is None:
            continue
        command = WarnOfPace(contract_id=row["contract_id"], on=today)
        stream = streams.account(row["agency"], row["contract_id"])
        await parts.store.execute(ACCOUNT, stream, command, context=_context(row["agency"], now, parts))


def _context(agency: str, now: datetime, parts: Parts) -> Context:
    return Context(
        agency=agency,
        actor="billing/scheduler",
        correlation_id=f"scheduler/{now.isoformat(timespec='seconds')}",
        now=now if parts.settings.rehearsal else None,
    )

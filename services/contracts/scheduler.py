"""The clock's side of contracts: renewals and reminders, each contract by the dates of its own zone (R25).

It looks once at each contract that renews on each of its days. In a rehearsal it stands still unless the settings say
where its clock begins: the facts of a rehearsed year lie in the past, and KeepCalendar tells when their days have come.
"""

import asyncio
import logging
from datetime import date, datetime

from chassis.run import Parts
from chassis.store import Context
from services.contracts import streams
from services.contracts.deciders import CONTRACT
from services.contracts.domain.renewal import KeepCalendar
from services.contracts.views.contracts import Renewing, renewing
from vocabulary.calendar import local_date, zone

LOOK_SECONDS = 30.0

log = logging.getLogger(__name__)


async def keep_calendars(parts: Parts) -> None:
    if parts.settings.rehearsal and parts.settings.clock is None:
        await asyncio.Event().wait()
    looked_at: dict[tuple[str, str], date] = {}
    while True:
        await parts.views.wait_for(parts.store.position)
        await look(parts, parts.clock(), looked_at)
        await asyncio.sleep(LOOK_SECONDS)


async def look(parts: Parts, now: datetime, looked_at: dict[tuple[str, str], date]) -> None:
    """Keep the calendar of each contract for which a day has begun since it was looked at last; one that fails is tried
    again and does not stop the others."""
    for found in await renewing(parts.views):
        key = (found.agency, found.contract.contract_id)
        today = local_date(now, zone(found.contract.agreement.time_zone))
        if looked_at.get(key) == today:
            continue
        try:
            await _keep(parts, found, now)
        except Exception:
            log.exception("the calendar of %s could not be kept; it is tried again", found.contract.contract_id)
        else:
            looked_at[key] = today


async def _keep(parts: Parts, found: Renewing, now: datetime) -> None:
    contract_id = found.contract.contract_id
    context = Context(
        agency=found.agency,
        actor="contracts/scheduler",
        correlation_id=f"scheduler/{now.isoformat(timespec='seconds')}",
        now=now if parts.settings.rehearsal else None,
    )
    stream = streams.contract(found.agency, contract_id)
    await parts.store.execute(CONTRACT, stream, KeepCalendar(contract_id, now), context=context)

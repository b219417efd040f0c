"""The clock's side of billing: boundaries are settled by themselves, oldest first, and the next one when it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime

from chassis.settings import Settings
from services.billing.events import InvoiceIssued, PeriodSettled
from services.billing.scheduler import settle_boundaries
from tests.billing.account.sentences import hours
from tests.billing.rehearsal import Office, at

WITHIN_SECONDS = 30


@asynccontextmanager
async def scheduled(office: Office, now: list[datetime]) -> AsyncIterator[None]:
    """The scheduler runs, by a clock that the test sets."""
    office.parts.settings = Settings(rehearsal=True, clock=now[0])
    office.parts.clock = lambda: now[0]
    running = asyncio.create_task(settle_boundaries(office.parts))
    try:
        yield
        assert not running.done(), "it ended"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def settled(office: Office, periods: int) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        while len(await office.facts(PeriodSettled)) < periods:
            await asyncio.sleep(0.01)
    await office.seen()


async def test_what_is_due_is_settled_by_itself_oldest_first_and_then_it_waits(nord: Office) -> None:
    now = [at(date(2026, 3, 15))]
    await nord.activate(hours(10))
    await nord.activate(hours(20), contract_id="shop")
    await nord.seen()
    async with scheduled(nord, now):
        await settled(nord, 6)
        assert [one.boundary.month for one in await nord.facts(InvoiceIssued)] == [1, 1, 2, 2, 3, 3]
        before = nord.store.position
        now[0] = at(date(2026, 4, 1))
        await nord.introduce_agency(now[0])  # news, so that it looks at the clock
        await settled(nord, 8)
        assert [one.number for one in await nord.facts(InvoiceIssued)][6:] == ["2026-0007", "2026-0008"]
        assert nord.store.position > before
        rest = nord.store.position
        await asyncio.sleep(0.3)  # nothing more is done while nothing is due
        assert nord.store.position == rest

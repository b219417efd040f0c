"""Billing's own part of `retainer verify`: every contract (R27), every series (R30), every document with its number."""

from collections.abc import AsyncIterator

from chassis.store import Store
from services.billing.domain.auditing import AccountAudit, SeriesAudit
from services.billing.domain.series import Series
from services.billing.events import InvoiceBooked

PAGE = 1000


async def audit(store: Store) -> AsyncIterator[str]:
    """What does not fit, in words; reads the log once, and each account and series by itself."""
    streams = await _streams(store)
    issued: dict[tuple[str, str], str] = {}
    taken: dict[tuple[str, str], str] = {}
    booked: set[tuple[str, str]] = set()
    for stream in streams:
        agency, kind, name = stream.split("/", 2)
        if kind == "account":
            account = AccountAudit()
            async for fact in store.read_stream(stream):
                account.take(fact.event)  # type: ignore[arg-type]  # an account's stream holds its events
            account.end()
            for flaw in account.flaws:
                yield f"{stream}: {flaw}"
            for number in account.issued:
                if (agency, number) in issued:
                    yield f"{stream}: {number} was issued on {issued[agency, number]} before (R30)"
                issued[agency, number] = stream
        elif kind == "series":
            series, _, year = name.rpartition("-")
            numbers = SeriesAudit(Series(series), int(year))
            async for fact in store.read_stream(stream):
                numbers.take(fact.event)  # type: ignore[arg-type]  # a series' stream holds its events
            for flaw in numbers.flaws:
                yield f"{stream}: {flaw}"
            taken |= {(agency, number): contract for number, contract in numbers.taken.items()}
        elif kind == "receivables":
            async for fact in store.read_stream(stream):
                if isinstance(fact.event, InvoiceBooked) and not fact.event.taken_over:
                    booked.add((agency, fact.event.number))
    for agency, name in sorted(issued.keys() - taken.keys()):
        yield f"{agency}: {name} was issued on {issued[agency, name]} without being taken from its series (R30)"
    for agency, name in sorted(taken.keys() - issued.keys()):
        yield f"{agency}: {name} was taken for {taken[agency, name]} and no document bears it: a gap (R30)"
    for agency, name in sorted(issued.keys() - booked):
        yield f"{agency}: {name} was issued and stands in nobody's ledger (R32)"


async def _streams(store: Store) -> list[str]:
    streams: dict[str, None] = {}
    after, newest = 0, await store.newest_position()
    while after < newest and (rows := await store.read_stored(after, PAGE)):
        for row in rows:
            if row.stream.split("/", 2)[1] in ("account", "series", "receivables"):
                streams[row.stream] = None
        after = rows[-1].position
    return list(streams)

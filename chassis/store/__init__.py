"""Streams of events: load, decide, append; one transaction for several streams, request id and tracking.

The heart is `Store.transact(work)`: `work` is given a `Ledger` of streams in memory, decides, and records; what it
recorded is appended in one transaction by the group commit. Where another writer came first, `work` runs again on the
fresh state (so it must have no effects of its own). Ordinary commands use `Store.execute`.

    receipt = await store.execute(TIME_ENTRY, stream, command, context=call.context, request=call.request)

Errors: `Refused` from the decision goes through untouched; `StoreUnavailable` when the database does not answer;
`StoreFull` when the disk is full; `RequestReused` (a Refused, Kind.EXISTS) for a known request id with another body.

| room | what it does |
| --- | --- |
| records | the words: Decider, Context, Request, Tracking, Recorded, Receipt |
| refusals | why an append did not happen |
| ledger | the streams that one piece of work reads and writes, in memory |
| hot, shelf | states of streams lately used, with what is on its way into the store; loading and drafting |
| draft, plan | what is to be appended; which of it may be, decided on what the database says (pure) |
| group_commit | when to append: many drafts in one transaction |
| recorder, recorder_sqlite, recorder_postgres | the transactions themselves (only importers of eventsourcing) |
| log, recent | what has been recorded: reading it, the last facts from memory |
| store | all of it together |
"""

from chassis.store.ledger import Ledger, Work
from chassis.store.records import Context, Decider, Receipt, Recorded, Request, Tracking
from chassis.store.refusals import EtagStale, RequestReused, StoreFull, StoreUnavailable, TrackingMoved
from chassis.store.store import Store, utc_now

__all__ = [
    "Context",
    "Decider",
    "EtagStale",
    "Ledger",
    "Receipt",
    "Recorded",
    "Request",
    "RequestReused",
    "Store",
    "StoreFull",
    "StoreUnavailable",
    "Tracking",
    "TrackingMoved",
    "Work",
    "utc_now",
]

"""The store's tables and statements; what differs between the databases is named by the recorders.

Events stand in the library's table (`originator_id`, `originator_version`, `topic`, `state`) with columns of our own
behind: the position in the log, the position before it, and who, when and why.
"""

import json

from chassis.store.plan import Kept, RequestRow

COLUMNS = (
    "originator_id, originator_version, topic, state, position, previous, recorded_at_us,"
    " agency, actor, correlation_id, causation_id, stream_hash, agency_sequence"
)
HOUSE_TAGS = "topic LIKE 'chassis.%'"
MAX_DRAFTS = 500
"""In one append: keeps transactions short for other writers and readers."""


def event_columns(*, text: str, blob: str, position: str) -> str:
    return (
        f"originator_id {text} NOT NULL, originator_version BIGINT NOT NULL, topic {text} NOT NULL,"
        f" state {blob} NOT NULL, position {position}, previous BIGINT NOT NULL, recorded_at_us BIGINT NOT NULL,"
        f" agency {text} NOT NULL, actor {text} NOT NULL, correlation_id {text} NOT NULL,"
        f" causation_id {text} NOT NULL, stream_hash {text} NOT NULL, agency_sequence BIGINT NOT NULL,"
    )


REQUEST_COLUMNS = (
    "agency TEXT NOT NULL, request_id TEXT NOT NULL, body_hash TEXT NOT NULL, stream TEXT NOT NULL,"
    " version BIGINT NOT NULL, position BIGINT NOT NULL, names TEXT NOT NULL, PRIMARY KEY (agency, request_id)"
)
BOOK_COLUMNS = "name TEXT PRIMARY KEY, value TEXT NOT NULL"
"""The store's own few facts: its epoch, and where positions go on after a restore."""


def request_columns(row: RequestRow) -> tuple[object, ...]:
    agency, request_id, kept = row
    names = json.dumps(kept.names) if kept.names else ""
    return (agency, request_id, kept.body_hash, kept.stream, kept.version, kept.position, names)


def kept_from(body_hash: str, stream: str, version: int, position: int, names: str) -> Kept:
    return Kept(body_hash, stream, version, position, tuple(json.loads(names)) if names else ())

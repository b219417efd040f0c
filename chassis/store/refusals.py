"""Why an append did not happen.

StoreUnavailable         the database does not answer: nothing is known to be recorded; repeat with the same request id
StoreFull                no room on the disk: nothing was recorded
TrackingMoved            another inbox took the same facts in meanwhile; nothing was recorded
Refused
├── RequestReused        a request id that is known with another body
└── EtagStale            decided on an old version
"""

from vocabulary.refusal import Kind, Refused


class StoreUnavailable(Exception):
    """The database does not answer. What was asked may be repeated safely with the same request id."""


class StoreFull(Exception):
    """There is no room left on the store's disk; nothing was recorded."""


class TrackingMoved(Exception):
    """The inbox's mark is not where it was: another process took facts in meanwhile; nothing was recorded."""


class RequestReused(Refused, kind=Kind.EXISTS):
    """This request id was used for something else before."""


class EtagStale(Refused, kind=Kind.STALE):
    """The resource has changed since it was read."""

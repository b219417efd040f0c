"""Read your writes, across services: opaque consistency tokens.

A command's receipt carries `token(service, epoch, position)`. A query that is given one waits until this service's
inbox has consumed that position of that service, and its views what followed; at most to the call's deadline, then
UNAVAILABLE. A token of an epoch that is no more is answered at once by the present state.
"""

from collections.abc import Mapping

from chassis.inbox import Inbox
from chassis.projector import Views
from chassis.store import Receipt, Store


class TokenMalformed(Exception):
    """Not a token of ours: INVALID_ARGUMENT on `consistency_token`."""


class Freshness:
    def __init__(self, service: str, store: Store, views: Views, inboxes: Mapping[str, Inbox]) -> None: ...

    def token(self, receipt: Receipt) -> str:
        raise NotImplementedError

    async def wait(self, token: str) -> None:
        """Until the views hold what the token promises; an empty token returns at once."""
        raise NotImplementedError

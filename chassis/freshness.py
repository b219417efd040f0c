"""Read your writes, across services: opaque consistency tokens.

A command's receipt carries `token(service, epoch, position)`. A query that is given one waits until this service's
inbox has consumed that position of that service, and its views what followed; at most to the call's deadline, then
UNAVAILABLE. A token of an epoch that is no more is answered at once by the present state.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from chassis.inbox import Inbox
from chassis.projector import Views
from chassis.store import Receipt, Store


class TokenMalformed(Exception):
    """Not a token of ours: INVALID_ARGUMENT on `consistency_token`."""


class Freshness:
    def __init__(self, service: str, store: Store, views: Views, inboxes: Mapping[str, Inbox]) -> None:
        self._service = service
        self._store = store
        self._views = views
        self._inboxes = dict(inboxes)

    def token(self, receipt: Receipt) -> str:
        return self.token_at(receipt.position)

    def token_at(self, position: int) -> str:
        """For watches: what the views hold at a position of this service's store."""
        text = f"{self._service}.{self._store.epoch}.{position}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    async def wait(self, token: str) -> None:
        """Until the views hold what the token promises; an empty token returns at once."""
        if not token:
            return
        service, epoch, position = place_in(token)
        if service == self._service:
            if epoch == self._store.epoch:
                await self._views.wait_for(position)
            return
        inbox = self._inboxes.get(service)
        if inbox is None or (inbox.epoch and inbox.epoch != epoch):
            return  # nothing of it ever comes here
        await self._views.wait_for(await inbox.wait_for(position))


def place_in(token: str) -> tuple[str, str, int]:
    """Service, epoch and position; `TokenMalformed`."""
    try:
        text = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
        service, epoch, position = text.split(".")
        return service, epoch, int(position)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise TokenMalformed("this is no consistency token: send one as a reply gave it, or none") from error

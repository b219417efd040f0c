"""Other services of the house: where they are, and how this one calls them.

A service calls another for keys and documents only, never to decide. It calls with a token of its own, short-lived, for
one agency: so a service sees no more through its neighbour's door than a call about that agency needs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from chassis.answers import NeighbourUnavailable
from chassis.auth import Identity, Role, TokenInvalid
from chassis.settings import Settings
from chassis.tls import passport_of
from chassis.tokens import Tokens

TOKEN_DAYS = 1 / 24
LOOK_AGAIN_SECONDS = 1.0


@dataclass(slots=True)
class _Open:
    address: str
    credentials: grpc.ChannelCredentials | None
    channel: grpc.aio.Channel


class Neighbours:
    """Channels to the other services, by name; an address that has changed is noticed within a second."""

    def __init__(
        self, settings: Settings, tokens: Tokens, service: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._service = service
        self._passport = passport_of(settings)
        self._clock = clock
        self._open: dict[str, _Open] = {}
        self._looked_up: dict[str, tuple[float, str]] = {}
        self._issued: dict[str, tuple[float, str]] = {}

    async def channel(self, service: str) -> grpc.aio.Channel:
        """A channel to the service; `NeighbourUnavailable` where nobody knows its address yet."""
        address = self._address(service)
        known = self._open.get(service)
        credentials = self._passport.credentials() if self._passport is not None else None
        if known is not None and known.address == address and known.credentials is credentials:
            return known.channel
        if known is not None:
            await known.channel.close()
        options = (
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.min_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2000),
            ("grpc.max_receive_message_length", self._settings.message_bytes),
        )
        if self._passport is None or credentials is None:
            channel = grpc.aio.insecure_channel(address, options=options)
        else:
            channel = grpc.aio.secure_channel(address, credentials, options=(*options, *self._passport.options))
        self._open[service] = _Open(address, credentials, channel)
        return channel

    def metadata(self, agency: str) -> tuple[tuple[str, str], ...]:
        """What a call for this agency carries: our token."""
        now = self._clock()
        kept = self._issued.get(agency)
        if kept is None or now - kept[0] > TOKEN_DAYS * 86_400 / 2 or not self._is_good(kept[1]):
            token = self._tokens.issue(Identity(agency, self._service, Role.SERVICE), days=TOKEN_DAYS)
            kept = self._issued[agency] = (now, token)
        return (("authorization", f"Bearer {kept[1]}"),)

    def _is_good(self, token: str) -> bool:
        """Not any more, where its key went or all tokens were revoked."""
        try:
            self._tokens.read(token)
        except TokenInvalid:
            return False
        return True

    async def close(self) -> None:
        for known in self._open.values():
            await known.channel.close()
        self._open.clear()

    def _address(self, service: str) -> str:
        if given := self._settings.of(service).address:
            return given
        now = self._clock()
        looked_up = self._looked_up.get(service)
        if looked_up is None or now - looked_up[0] > LOOK_AGAIN_SECONDS:
            said = self._settings.running(service)
            looked_up = self._looked_up[service] = (now, str(said["address"]) if said.get("pid") else "")
        if not looked_up[1]:
            raise NeighbourUnavailable(f"the service {service} is not running: try again")
        return looked_up[1]

"""Recorded facts -> JetStream: in order, without gap or duplicate, also with two relays and after any crash.

One stream for each service (`retainer-timelog`), subjects `retainer.<agency>.<service>.<EventName>`, kept for ever.
CloudEvents 1.0 binary mode headers plus `Retainer-Position`, `Retainer-Previous`, `Retainer-Stream`,
`Retainer-Stream-Version`, `Retainer-Actor`, `Retainer-Correlation-Id`, `Retainer-Causation-Id`,
`Retainer-Agency-Sequence`, `Retainer-Stream-Hash`. The relay keeps no books: it finds its place from the stream's last
message. Order and uniqueness are held by the server (expected-last headers), not by us.
"""

from chassis.store import Store


class Relay:
    def __init__(self, store: Store, nats: object, service: str) -> None: ...

    async def run(self) -> None:
        """Publish until cancelled; reconnects, re-reads its place after any error, counts its lag."""
        raise NotImplementedError

    @property
    def published(self) -> int:
        """The store position of the last message known to be on the bus."""
        raise NotImplementedError

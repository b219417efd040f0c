"""How a command is obeyed, tried out (`validate_only`) and answered."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from uuid_utils import uuid7

from chassis.grpc_server import Call
from chassis.run import Parts
from chassis.store import Decider, EtagStale, Ledger
from messages.etags import etag_of, version_in
from services.contracts import streams
from vocabulary.fact import Fact
from vocabulary.identity import check_id
from wire.retainer.receipt.v1.receipt_pb2 import Receipt

C = TypeVar("C")
Prepare = Callable[[Ledger], Awaitable[C]]
"""Makes the command, of what it reads in the same append."""


class Asked(Protocol):
    """What every request of a command has."""

    validate_only: bool


class _TriedOut(Exception):
    """All was decided and nothing refused; nothing is recorded."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class Desk:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def obey(
        self,
        call: Call,
        asked: Asked,
        decider: Decider[C, Any],
        stream: str,
        prepare: Prepare[C],
        *,
        etag: str = "",
        decided: Callable[[Sequence[Fact]], None] = lambda facts: None,
    ) -> Receipt:
        """Decide one command on one stream and record it, or only try it out. An `etag` must be the stream's version;
        `decided` is told what came of it."""
        expected = version_in(etag)

        async def work(ledger: Ledger) -> None:
            version = await ledger.version(stream)
            if expected is not None and version != expected:
                raise EtagStale("it has changed since you read it: read it again and repeat", field="etag")
            command = await prepare(ledger)
            if asked.validate_only:
                decided(decider.decide(command, await ledger.state(decider, stream)))
                raise _TriedOut(version)
            decided(await ledger.decide(decider, stream, command))

        try:
            receipt = await self.parts.store.transact(work, context=call.context, stream=stream, request=call.request)
        except _TriedOut as tried:
            return Receipt(name=streams.resource(stream), etag=etag_of(tried.version))
        return Receipt(
            name=streams.resource(receipt.stream),
            etag=etag_of(receipt.version),
            consistency_token=self.parts.freshness.token(receipt),
            repeated_request=receipt.repeated,
        )


def chosen_id(given: str, field: str) -> str:
    """The caller's id, or a UUIDv7."""
    return check_id(given, field) if given else str(uuid7())

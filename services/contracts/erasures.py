"""Ends erasures of clients that were broken off: their keys are gone, whatever binds by now."""

from chassis.erasing import Erasing, end_erasures
from chassis.run import Parts
from services.contracts import streams
from services.contracts.deciders import CLIENT
from services.contracts.domain.client import EraseClient
from services.contracts.events import ClientErased
from vocabulary.identity import ClientId

CLIENTS = Erasing("client", CLIENT, streams.client, lambda client_id: EraseClient(ClientId(client_id)), ClientErased)


async def erasures(parts: Parts) -> None:
    await end_erasures(parts, CLIENTS)

"""Keys over the wire: `KeyService` of the service that owns the subjects, and the fetching by those that borrow."""

from collections.abc import Sequence

import grpc

from chassis.answers import NeighbourUnavailable
from chassis.auth import EVERY_AGENCY, SERVICES, NotAllowed, Rule, Rules
from chassis.call import Call
from chassis.grpc_server import Door
from chassis.keyring import Fetch, OwnedKeys, SubjectKey
from chassis.neighbours import Neighbours
from wire.retainer.keys.v1 import keys_pb2, keys_pb2_grpc

FETCH_SECONDS = 5.0

KEY_RULES: Rules = {
    "/retainer.keys.v1.KeyService/GetKeys": Rule(SERVICES, "Another service of the house opens what is sealed"),
}


class Keys(keys_pb2_grpc.KeyServiceServicer):
    """Lends the keys of this service's own subjects."""

    def __init__(self, owned: OwnedKeys) -> None:
        self._owned = owned

    async def GetKeys(self, request: keys_pb2.GetKeysRequest, call: Call) -> keys_pb2.GetKeysResponse:
        if call.agency not in (EVERY_AGENCY, request.agency):
            raise NotAllowed("this token is for another agency")
        found = [
            self._of_agency(request.agency, key) for key in self._owned.find(request.agency, list(request.subjects))
        ]
        return keys_pb2.GetKeysResponse(
            keys=[
                keys_pb2.GetKeysResponse.SubjectKey(subject=key.subject, key=key.key or b"", erased=key.erased)
                for key in found
            ]
        )

    def _of_agency(self, agency: str, found: SubjectKey) -> SubjectKey:
        """An agency is there without being added: its key is made when it is first asked for."""
        if found.key is None and not found.erased and found.subject == f"agency/{agency}":
            return SubjectKey(found.subject, self._owned.key(agency, found.subject))
        return found


def keys_door(owned: OwnedKeys) -> Door:
    return Door(keys_pb2_grpc.add_KeyServiceServicer_to_server, Keys(owned), "retainer.keys.v1.KeyService")


def fetch_from(neighbours: Neighbours, keeper: str) -> Fetch:
    """How a borrower gets keys from the service `keeper`; `NeighbourUnavailable` while that does not answer."""

    async def fetch(agency: str, subjects: Sequence[str]) -> Sequence[SubjectKey]:
        stub = keys_pb2_grpc.KeyServiceStub(await neighbours.channel(keeper))
        request = keys_pb2.GetKeysRequest(agency=agency, subjects=subjects)
        try:
            reply = await stub.GetKeys(
                request, metadata=neighbours.metadata(agency), timeout=FETCH_SECONDS, wait_for_ready=True
            )
        except grpc.aio.AioRpcError as error:
            raise NeighbourUnavailable(f"{keeper} does not lend its keys now: try again") from error
        return [SubjectKey(key.subject, key.key or None, key.erased) for key in reply.keys]

    return fetch

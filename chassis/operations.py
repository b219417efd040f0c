"""What who runs the house asks of a service: how it is, rebuild, republish, replay (`OperationsService`).

Refused
├── ViewUnknown      this service has no view of that name
├── SourceUnknown    this service does not listen to that one
└── StillDead        what waits fails again, for the reason told
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.auth import EVERY_AGENCY, SERVICES, NotAllowed, Rule, Rules
from chassis.call import Call
from chassis.grpc_server import Door
from chassis.inbox import Inbox
from chassis.leadership import Leadership
from chassis.projector import Projector
from chassis.relay import Relay
from chassis.store import Store
from vocabulary.refusal import Kind, Refused
from wire.retainer.operations.v1 import operations_pb2 as messages
from wire.retainer.operations.v1 import operations_pb2_grpc

_SERVICE = "retainer.operations.v1.OperationsService"
OPERATIONS_RULES: Rules = {
    f"/{_SERVICE}/{call}": Rule(SERVICES, "Who runs the house, with a token for every agency")
    for call in ("DescribeProcess", "RebuildViews", "Republish", "ListDeadLetters", "ReplayDeadLetters")
}


class ViewUnknown(Refused, kind=Kind.NOT_FOUND):
    """This service has no view of that name."""


class SourceUnknown(Refused, kind=Kind.NOT_FOUND):
    """This service does not listen to that one."""


class StillDead(Refused, kind=Kind.CONFLICT):
    """What waits fails again."""


class Operations(operations_pb2_grpc.OperationsServiceServicer):
    """One process of the house, seen by who runs it."""

    def __init__(
        self,
        store: Store,
        projector: Projector,
        relay: Relay,
        inboxes: Mapping[str, Inbox],
        leadership: Leadership,
        clock: Callable[[], datetime],
        *,
        rehearsal: bool,
    ) -> None:
        self._store = store
        self._projector = projector
        self._relay = relay
        self._inboxes = dict(inboxes)
        self._leadership = leadership
        self._clock = clock
        self._rehearsal = rehearsal

    async def DescribeProcess(
        self, request: messages.DescribeProcessRequest, call: Call
    ) -> messages.DescribeProcessResponse:
        _must_run_the_house(call)
        clock = Timestamp()
        clock.FromDatetime(self._clock())
        return messages.DescribeProcessResponse(
            service=self._store.catalog.service,
            epoch=self._store.epoch,
            store_position=await self._store.newest_position(),
            views=[
                messages.ViewPlace(view=name, position=position)
                for name, position in sorted((await self._projector.places_now()).items())
            ],
            published_position=self._relay.published,
            relay_problem=self._relay.problem,
            inboxes=[
                messages.InboxPlace(
                    source=source,
                    position=await inbox.position_now(),
                    problem=inbox.problem,
                    dead_letters=inbox.parking.count,
                )
                for source, inbox in sorted(self._inboxes.items())
            ],
            clock_time=clock,
            rehearsal=self._rehearsal,
            pid=os.getpid(),
            leads=self._leadership.held,
        )

    async def RebuildViews(self, request: messages.RebuildViewsRequest, call: Call) -> messages.RebuildViewsResponse:
        _must_run_the_house(call)
        known = sorted(self._projector.places)
        for view in request.views:
            if view not in known:
                raise ViewUnknown(f"there is no view {view} here; there is: {', '.join(known)}", field="views")
        rebuilt = []
        for view in list(request.views) or known:
            facts = await self._projector.rebuild(view)
            rebuilt.append(messages.RebuiltView(view=view, facts=facts))
        if not request.views:
            await self._projector.bring_home()
        return messages.RebuildViewsResponse(rebuilt=rebuilt)

    async def Republish(self, request: messages.RepublishRequest, call: Call) -> messages.RepublishResponse:
        _must_run_the_house(call)
        position = self._store.position
        await self._relay.republish()
        return messages.RepublishResponse(position=position)

    async def ListDeadLetters(
        self, request: messages.ListDeadLettersRequest, call: Call
    ) -> messages.ListDeadLettersResponse:
        _must_run_the_house(call)
        return messages.ListDeadLettersResponse(
            partitions=[
                messages.DeadPartition(source=source, agency=agency, partition=partition, waiting=waiting)
                for source, inbox in sorted(self._inboxes.items())
                for (agency, partition), waiting in sorted((await inbox.waiting()).items())
            ]
        )

    async def ReplayDeadLetters(
        self, request: messages.ReplayDeadLettersRequest, call: Call
    ) -> messages.ReplayDeadLettersResponse:
        _must_run_the_house(call)
        inbox = self._inboxes.get(request.source)
        if inbox is None:
            raise SourceUnknown(f"nothing is heard of {request.source} here", field="source")
        try:
            replayed = await inbox.replay(request.agency, request.partition)
        except Exception as error:
            raise StillDead(f"the first that waits fails again: {error or type(error).__name__}") from error
        return messages.ReplayDeadLettersResponse(replayed=replayed)


def operations_door(operations: Operations) -> Door:
    return Door(operations_pb2_grpc.add_OperationsServiceServicer_to_server, operations, _SERVICE)


def _must_run_the_house(call: Call) -> None:
    """A service of the house may ask for keys; these calls are for who holds the house's secret."""
    if call.agency != EVERY_AGENCY:
        raise NotAllowed("this takes a token for every agency: who holds the token secret can make one")

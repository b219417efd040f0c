"""A client as ours are: repeats with the same request id until it is answered, over whatever dies."""

import asyncio
import os
import time
from collections.abc import Mapping
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from chassis.auth import EVERY_AGENCY, Role
from retainer.client import call_of
from tests.house import SERVICES, Premises
from wire.retainer.operations.v1.operations_pb2 import DescribeProcessRequest, DescribeProcessResponse

DEADLINE_SECONDS = 5.0
HANG_SECONDS = 2.0
"""So much later than its deadline a call may come back on a machine with better things to do."""
PATIENCE_SECONDS = 120.0
REPEATED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)
CHANNEL = (
    ("grpc.max_reconnect_backoff_ms", 200),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
)

Reply = TypeVar("Reply", bound=Message)


class Caller:
    """One client's channels; `addresses` say where a service is reached, where that is not its own door; `identity` is
    who asks, an owner where nothing is said."""

    def __init__(
        self, house: Premises, agency: str, addresses: Mapping[str, str] | None = None, **identity: Any
    ) -> None:
        self._house = house
        self._addresses = dict(addresses or {})
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._metadata = house.metadata(agency, **identity)
        self._operator = house.metadata(EVERY_AGENCY, role=Role.SERVICE)
        self.repeated = REPEATED
        """What is no answer: then it asks again."""
        self.tries: dict[str, int] = {}
        """How often each status was the answer."""
        self.longest_seconds = 0.0

    async def ask(
        self,
        request: Message,
        reply: type[Reply],
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        operated: str = "",
    ) -> Reply:
        until = time.monotonic() + patience_seconds
        while True:
            try:
                return await self.ask_once(request, reply, operated=operated)
            except grpc.aio.AioRpcError as error:
                if error.code() not in self.repeated or time.monotonic() > until:
                    raise
            await asyncio.sleep(0.05)  # the caller's own patience between two tries

    async def ask_once(
        self, request: Message, reply: type[Reply], *, operated: str = "", seconds: float = DEADLINE_SECONDS
    ) -> Reply:
        """One try; none may come back later than its deadline."""
        call, service = call_of(request, operated)
        ask = self._channel(service).unary_unary(
            call, request_serializer=type(request).SerializeToString, response_deserializer=reply.FromString
        )
        began, code = time.monotonic(), "OK"
        try:
            answer: Reply = await ask(request, timeout=seconds, metadata=self._operator if operated else self._metadata)
        except grpc.aio.AioRpcError as error:
            code = error.code().name
            raise
        finally:
            took = time.monotonic() - began
            self.tries[code] = self.tries.get(code, 0) + 1
            self.longest_seconds = max(self.longest_seconds, took)
            assert took < seconds + allowed(HANG_SECONDS), f"{call} hung for {took:.1f} s"
        return answer

    async def describe(self, service: str) -> DescribeProcessResponse:
        return await self.ask(DescribeProcessRequest(), DescribeProcessResponse, operated=service)

    async def positions(self) -> dict[str, int]:
        """Where the store of each service ends."""
        return {service: (await self.describe(service)).store_position for service in SERVICES}

    async def caught_up(self, ends: Mapping[str, int], seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until bus, inboxes and views have what the stores had at these ends; returns the seconds it took."""
        began = time.monotonic()
        while behind := [word for service in SERVICES for word in await self._behind(service, ends)]:
            assert time.monotonic() < began + seconds, f"after {seconds:.0f} s there is still behind: {behind}"
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def drained(self, seconds: float = PATIENCE_SECONDS) -> dict[str, int]:
        """Wait until every fact is wherever it goes, and nothing follows of it; returns where the stores end."""
        ends = await self.positions()
        while True:
            await self.caught_up(ends, seconds)
            now = await self.positions()
            if now == ends:
                return ends
            ends = now

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()
        self._channels.clear()

    async def _behind(self, service: str, ends: Mapping[str, int]) -> list[str]:
        told = await self.describe(service)
        waiting = [f"views of {service}: {view.view}" for view in told.views if view.position < ends[service]]
        if told.published_position < ends[service]:
            waiting.append(f"relay of {service} at {told.published_position} of {ends[service]} {told.relay_problem}")
        return waiting + [
            f"{service}'s inbox for {inbox.source} at {inbox.position}: {inbox.problem}"
            for inbox in told.inboxes
            if inbox.position < ends[inbox.source]
        ]

    def _channel(self, service: str) -> grpc.aio.Channel:
        address = self._addresses.get(service) or self._house.address(service)
        if address not in self._channels:
            self._channels[address] = grpc.aio.insecure_channel(address, options=CHANNEL)
        return self._channels[address]


def allowed(seconds: float) -> float:
    """On a machine that has more to do than it can, so much longer."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

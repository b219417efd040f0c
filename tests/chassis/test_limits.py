"""Limits of a token, at a real door: how many calls in a second, how many streams at once, how large a message."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from chassis.auth import Identity, Role
from chassis.grpc_server import GrpcServer, House
from chassis.limits import Allowed, Limits, TooManyCalls
from chassis.metrics import Metrics
from chassis.tokens.tokens import Known
from tests.chassis.greeting import RULES, Caller, GreetRequest, GreetResponse, door
from tests.chassis.test_door import NOON, TOKENS, Told, bearer


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Place:
    """A door with narrow limits."""

    def __init__(self, allowed: Allowed) -> None:
        self.clock = Clock()
        self.refused: list[str] = []
        self.release = asyncio.Event()
        limits = Limits(allowed, refused=self.refused.append, clock=self.clock)
        house = House(service="greeting", tokens=TOKENS, request_key=b"k" * 32, clock=lambda: NOON, limits=limits)

        async def greet(request: Any, call: Any) -> Any:
            return GreetResponse(text="hello")

        async def watch(request: Any, call: Any) -> AsyncIterator[Any]:
            yield GreetResponse(text="now")
            await self.release.wait()

        self.server = GrpcServer(
            "127.0.0.1:0", [door(greet, watch)], RULES, house=house, metrics=Metrics(), message_bytes=10_000
        )

    async def __aenter__(self) -> "Place":
        await self.server.start()
        await self.server.serving()
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{self.server.port}")
        self.caller = Caller(self.channel)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.channel.close()
        await self.server.stop(0.1)

    async def told(self, call: Any) -> Told:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await call
        return Told(raised.value)


async def test_a_call_too_many_is_told_how_long_to_wait() -> None:
    async with Place(Allowed(calls_per_second=2, calls_at_once=3)) as place:
        mine, hers = (bearer(),), (bearer(),)
        for _ in range(3):
            await place.caller.greet(GreetRequest(), metadata=mine)
        told = await place.told(place.caller.greet(GreetRequest(), metadata=mine))
        assert (told.code, told.info.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TooManyCalls")
        assert told.retry.retry_delay.ToMilliseconds() == 500
        await place.caller.greet(GreetRequest(), metadata=hers)
        place.clock.seconds += 0.5
        await place.caller.greet(GreetRequest(), metadata=mine)
        assert place.refused == ["calls"]


async def test_a_stream_too_many_is_refused_until_one_is_closed() -> None:
    async with Place(Allowed(streams=2)) as place:
        mine = (bearer(),)
        streams = [place.caller.watch(GreetRequest(), metadata=mine) for _ in range(2)]
        for stream in streams:
            assert (await stream.read()).text == "now"
        told = await place.told(place.caller.watch(GreetRequest(), metadata=mine).read())
        assert (told.code, told.info.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TooManyStreams")
        assert told.retry.retry_delay.seconds > 0
        hers = place.caller.watch(GreetRequest(), metadata=(bearer(Role.MEMBER),))
        assert (await hers.read()).text == "now"
        streams[0].cancel()
        async with asyncio.timeout(10):
            while True:
                another = place.caller.watch(GreetRequest(), metadata=mine)
                try:
                    await another.read()
                except grpc.aio.AioRpcError:
                    await asyncio.sleep(0.02)  # the cancelled one is not gone yet
                else:
                    break
        assert set(place.refused) == {"streams"}


async def test_a_message_too_large_is_refused() -> None:
    async with Place(Allowed()) as place:
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await place.caller.greet(GreetRequest(request_id="x" * 20_000), metadata=(bearer(),))
        assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        await place.caller.greet(GreetRequest(), metadata=(bearer(),))


def known(number: int, role: Role = Role.OWNER) -> Known:
    return Known(Identity("studio", "anna", role), str(number), 0, 1)


def test_the_house_itself_is_not_counted() -> None:
    limits = Limits(Allowed(calls_per_second=1, calls_at_once=1))
    for _ in range(100):
        limits.take(known(1, Role.SERVICE))


def test_no_limit_is_no_limit() -> None:
    limits = Limits(Allowed(calls_per_second=0, calls_at_once=1))
    for _ in range(100):
        limits.take(known(1))


def test_what_is_remembered_of_tokens_has_an_end_and_forgets_nobody_who_is_busy() -> None:
    clock = Clock()
    limits = Limits(Allowed(calls_per_second=1, calls_at_once=1, streams=1), clock=clock)
    with limits.stream(known(0)):
        limits.take(known(1))
        for number in range(2, 30_000):
            limits.take(known(number))
        assert len(limits._buckets) <= 10_000
        assert limits._buckets["studio", "0"].streams == 1
    clock.seconds += 1
    limits.take(known(29_999))
    with pytest.raises(TooManyCalls):
        limits.take(known(29_999))

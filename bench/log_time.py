"""LogTime, unary and durable when acknowledged, at 64 in flight, against a bare grpc.aio echo of the same message, in
the same run: `python -m bench.log_time [--json]`.

Every feature is on: tokens, validation, request ids, sealing (each entry has a note), the relay, both appends
(timelog's and that of billing, which runs beside), views, metrics. The echo is a server of the same library with
nothing in it, in a process of its own as the service is; the same client calls both, in turns, and the medians are
compared.
"""

import asyncio
import statistics
import sys
import time
from typing import Any

import grpc
import uvloop
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from uuid_utils import uuid7

from bench.figures import Figure, show
from bench.house import AGENCY, CONTRACT, PERSON, child, running_house
from wire.retainer.timelog.v1 import time_entry_pb2, time_entry_pb2_grpc

IN_FLIGHT = 64
ROUNDS = 5
CALLS_A_ROUND = 6400
GOAL = 0.35
START = 1_772_442_000  # 2026-03-02 09:00 UTC


def request() -> time_entry_pb2.LogTimeRequest:
    entry = time_entry_pb2.TimeEntry(
        contract=CONTRACT,
        person=PERSON,
        start_time=Timestamp(seconds=START),
        worked=Duration(seconds=5400),
        task="design",
        note="talked about the new start page",
    )
    return time_entry_pb2.LogTimeRequest(entry=entry, request_id=str(uuid7()))


async def echo_server() -> None:
    """The floor: the same message through the same library, and nothing else."""

    class Echo(time_entry_pb2_grpc.TimeEntryServiceServicer):
        async def LogTime(self, request: Any, context: Any) -> Any:
            return time_entry_pb2.LogTimeResponse()

    server = grpc.aio.server()
    time_entry_pb2_grpc.add_TimeEntryServiceServicer_to_server(Echo(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


async def calls_a_second(address: str, metadata: Any, calls: int) -> float:
    async with grpc.aio.insecure_channel(address) as channel:
        stub = time_entry_pb2_grpc.TimeEntryServiceStub(channel)

        async def caller(count: int) -> None:
            for _ in range(count):
                await stub.LogTime(request(), metadata=metadata)

        await asyncio.gather(*(caller(2) for _ in range(IN_FLIGHT)))
        began = time.perf_counter()
        await asyncio.gather(*(caller(calls // IN_FLIGHT) for _ in range(IN_FLIGHT)))
        return calls // IN_FLIGHT * IN_FLIGHT / (time.perf_counter() - began)


async def rates(echo: str, service: str, metadata: Any, rounds: int, calls: int) -> tuple[float, float]:
    echoed, logged = [], []
    for _ in range(rounds):
        echoed.append(await calls_a_second(echo, metadata, calls))
        logged.append(await calls_a_second(service, metadata, calls))
    return statistics.median(echoed), statistics.median(logged)


def measured(rounds: int = ROUNDS, calls: int = CALLS_A_ROUND) -> Figure:
    """LogTime a second, and the echo's."""
    with running_house() as house, child("bench.log_time", "--echo") as echo:
        metadata = house.metadata(AGENCY)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            floor, rate = runner.run(rates(echo, house.address("timelog"), metadata, rounds, calls))
    return Figure(
        f"LogTime, {IN_FLIGHT} in flight",
        rate,
        "a bare grpc.aio echo of the same message",
        floor,
        f"goal: at least {GOAL:.0%}",
    )


if __name__ == "__main__":
    if "--echo" in sys.argv:
        asyncio.Runner(loop_factory=uvloop.new_event_loop).run(echo_server())
    else:
        show([measured()])

"""Nothing from outside crashes a service or costs it much: random bytes and messages at every method, tokens, page
tokens, filters, exports of time, case files. What is refused is refused by a name; INTERNAL is a crash.
"""

import asyncio
import io
import random
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.answers import DETAILS
from chassis.auth import TokenInvalid
from chassis.tokens import SigningKeys, Tokens
from messages.pages import PageTokenInvalid, key_in
from retainer.__main__ import run
from retainer.failures import ExitStatus
from tests.house import SERVICES, RunningHouse, is_alive
from tests.stories.reflected import Reflected, filled, methods_of

pytestmark = pytest.mark.xdist_group("house")

SEED = 20261129
ROUNDS = 6
AT_ONCE = 16
SECONDS = 20.0
LARGEST_GROWTH_KB = 200_000
NASTY = ("", "../../etc/passwd", "contracts/" + "x" * 5000, "%s%n{0}", "\u202eé", "'; DROP TABLE client;--", "*", ">")
CRASHES_NOTHING = "nothing from outside crashes a service"
BY_GRPC = {"RESOURCE_EXHAUSTED"}
"""What gRPC refuses by itself: a message that is larger than it may be."""
TEXTS = ("page_token", "resume_token", "consistency_token", "order_by", "etag", "format", "content")


def memory_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


async def crashes(house: RunningHouse, methods: list[Reflected], payload: Callable[[Reflected], bytes]) -> list[str]:
    """Whatever answers INTERNAL by one of our servicers, or says nothing at all."""
    found: list[str] = []
    turn = asyncio.Semaphore(AT_ONCE)
    metadata = house.metadata("fuzzed")
    async with _channels(house) as channels:

        async def send(method: Reflected) -> None:
            channel = channels[method.service]
            body = payload(method)
            async with turn:
                begun = time.monotonic()
                try:
                    if method.streams:
                        call = channel.unary_stream(method.path)(body, metadata=metadata, timeout=SECONDS)
                        try:
                            await asyncio.wait_for(call.read(), 1.0)
                        except TimeoutError:
                            return
                        finally:
                            call.cancel()
                    else:
                        await channel.unary_unary(method.path)(body, metadata=metadata, timeout=SECONDS)
                except grpc.aio.AioRpcError as error:
                    if why := _is_a_crash(error):
                        found.append(f"{method.path}: {why} for {body[:200]!r}")
                if time.monotonic() - begun > SECONDS - 1:
                    found.append(f"{method.path} takes too long for {body[:200]!r}")

        await asyncio.gather(*(send(method) for method in methods))
    return found


def _is_a_crash(error: grpc.aio.AioRpcError) -> str:
    details = dict(error.trailing_metadata() or ()).get(DETAILS)
    if details is None:
        return "" if error.code().name in BY_GRPC else str(error)
    info = ErrorInfo()
    for detail in Status.FromString(bytes(details)).details:
        detail.Unpack(info)
    named = error.code() is not grpc.StatusCode.INTERNAL and info.reason
    return "" if named else f"{error.code().name} {error.details()}"


class _channels:
    def __init__(self, house: RunningHouse) -> None:
        self._house = house
        self._open: dict[str, grpc.aio.Channel] = {}

    async def __aenter__(self) -> dict[str, grpc.aio.Channel]:
        self._open = {service: self._house.channel(service) for service in SERVICES}
        return self._open

    async def __aexit__(self, *_: object) -> None:
        for channel in self._open.values():
            await channel.close()


@pytest.fixture(scope="module")
def methods(house: RunningHouse) -> list[Reflected]:
    """Those that change how the house runs are left out of what is done at random."""
    return [method for method in methods_of(house) if ".operations." not in method.path]


def noisy(source: random.Random) -> Callable[[Reflected], bytes]:
    return lambda method: source.randbytes(source.randrange(400))


def deep(_: Reflected) -> bytes:
    """A message in a message in a message, 5,000 times, where anything is nested at all."""
    body = b""
    for _number in range(5_000):
        length = len(body)
        size = bytearray()
        while length > 0x7F:
            size.append(length & 0x7F | 0x80)
            length >>= 7
        body = b"\x0a" + bytes([*size, length]) + body
    return body


def large(_: Reflected) -> bytes:
    """Ten megabytes of text in the first field."""
    return b"\x0a\x80\x80\x80\x05" + b"x" * (10 * 1024 * 1024)


def nasty(source: random.Random) -> Callable[[Reflected], bytes]:
    """A message of the right shape with texts that are not, and numbers that are too large."""

    def payload(method: Reflected) -> bytes:
        kinds = ("client", "contract", "person", "entry", "invoice", "delivery", "payment", "block", "credit", "extra")
        names = {kind: source.choice(NASTY) for kind in kinds}
        request = filled(method, names, source.choice(NASTY), source.choice(NASTY))
        for field in request.DESCRIPTOR.fields:
            if field.name in TEXTS:
                value: Any = source.choice(NASTY)
                if field.type == field.TYPE_STRING and not field.is_repeated:
                    setattr(request, field.name, value)
        body: bytes = request.SerializeToString()
        return body

    return payload


@pytest.mark.promise(CRASHES_NOTHING, "bytes at random, and texts that are not, at every method of a running house")
@pytest.mark.parametrize("number", range(ROUNDS))
def test_bytes_at_random_crash_nothing(house: RunningHouse, methods: list[Reflected], number: int) -> None:
    source = random.Random(SEED + number)
    payload = noisy(source) if number % 2 else nasty(source)
    assert asyncio.run(crashes(house, methods, payload)) == []


@pytest.mark.promise(CRASHES_NOTHING, "messages 5,000 deep or 10 MB large at every method: memory and time are bounded")
@pytest.mark.parametrize("payload", [deep, large])
def test_what_is_deep_or_large_costs_little(
    house: RunningHouse, methods: list[Reflected], payload: Callable[[Reflected], bytes]
) -> None:
    before = {service: (house.pid(service), memory_kb(house.pid(service))) for service in SERVICES}
    some = methods if payload is deep else methods[::8]
    assert asyncio.run(crashes(house, some, payload)) == []
    for service, (pid, kb) in before.items():
        assert house.pid(service) == pid and is_alive(pid), f"{service} died"
        assert memory_kb(pid) - kb < LARGEST_GROWTH_KB, service


TOKENS = Tokens(SigningKeys.fresh())


@pytest.mark.promise(CRASHES_NOTHING, "any text as a token (hypothesis)")
@given(st.one_of(st.text(max_size=300), st.from_regex(r"[\w-]{0,80}\.[\w-]{0,80}\.[\w-]{0,80}", fullmatch=True)))
@settings(max_examples=300)
def test_no_text_is_a_token(text: str) -> None:
    with pytest.raises(TokenInvalid):
        TOKENS.read(text)


@pytest.mark.promise(CRASHES_NOTHING, "any text as a page token (hypothesis)")
@given(st.one_of(st.text(min_size=1, max_size=200), st.binary(min_size=1, max_size=60).map(lambda raw: raw.hex())))
@settings(max_examples=300)
def test_no_text_is_a_page_token(text: str) -> None:
    with pytest.raises(PageTokenInvalid):
        key_in(text, "studio", "ListClients")


def simulated(text: str, folder: Path) -> tuple[ExitStatus, str]:
    path = folder / "case.yaml"
    path.write_text(text)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
        status = run(["simulate", str(path)])
    return status, said.getvalue()


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)
CASES = {
    "billion laughs": BOMB,
    "deep": "[" * 20_000,
    "deep mapping": "".join(" " * n + "a:\n" for n in range(2_000)),
    "a huge number": "currency: EUR\ncontract: {starts_on: 2026-01-01, terms: {fee: {amount: " + "9" * 5_000 + "}}}\n",
    "code": "!!python/object/apply:os.system ['true']\n",
    "nothing": "",
    "a list": "- 1\n",
    "bytes": "\x01\x02",
    "two megabytes": "a: " + "x" * 2_000_000,
}


@pytest.mark.promise(CRASHES_NOTHING, "case files that are none, too deep, too large or a bomb")
@pytest.mark.parametrize("name", CASES)
def test_a_case_file_that_is_none_is_refused_in_words(tmp_path: Path, name: str) -> None:
    begun = time.monotonic()
    status, said = simulated(CASES[name], tmp_path)
    assert status is ExitStatus.WRONG_INPUT
    assert "case.yaml: " in said and "Traceback" not in said
    assert time.monotonic() - begun < SECONDS


@pytest.mark.promise(CRASHES_NOTHING, "exports of time, with bytes changed")
def test_exports_at_random_are_refused_in_words(house: RunningHouse, tmp_path: Path) -> None:
    source = random.Random(SEED)
    good = (Path(__file__).parents[2] / "retainer/samples/toggl-detailed-2026-q1.csv").read_bytes()[:2_000]
    path = tmp_path / "report.csv"
    for number in range(12):
        content = bytearray(good)
        for _ in range(source.randrange(1, 30)):
            content[source.randrange(len(content))] = source.randrange(256)
        path.write_bytes(bytes(content) if number % 3 else source.randbytes(2_000))
        where = ("--data", str(house.data_dir), "--agency", "fuzzed", "--zone", "Europe/Berlin", "--dry-run")
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
            status = run(["import", "toggl", str(path), *where])
        assert status not in (ExitStatus.BROKEN, ExitStatus.UNAVAILABLE), said.getvalue()
        assert "Traceback" not in said.getvalue()

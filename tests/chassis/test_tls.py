"""TLS at a door and on the bus, with certificates of an authority of the test's own: who is let in, and who is not."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import trustme
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.bus import Bus
from chassis.grpc_server import GrpcServer, House
from chassis.metrics import Metrics
from chassis.settings import Settings, SettingsWrong
from chassis.testing.servers import free_port
from chassis.tls import bus_context_of, doorplate_of, passport_of
from tests.chassis.greeting import RULES, Caller, GreetRequest, GreetResponse, door
from tests.chassis.test_door import NOON, TOKENS, bearer

SOON_SECONDS = 30


class Authority:
    """Who signs certificates, with what it signed in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._ca = trustme.CA()
        self._folder = folder
        self.ca = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.ca))

    def certify(self, name: str, *names: str) -> tuple[Path, Path]:
        """Chain and key; a second time it is another one in the same files."""
        made = self._ca.issue_cert(*(names or ("127.0.0.1", "localhost")))
        chain, key = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        key.write_bytes(made.private_key_pem.bytes())
        chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        return chain, key


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[str]:
    async def greet(request: Any, call: Any) -> Any:
        return GreetResponse(text="hello")

    house = House(service="greeting", tokens=TOKENS, request_key=b"k" * 32, clock=lambda: NOON)
    plate = doorplate_of(settings)
    server = GrpcServer("127.0.0.1:0", [door(greet)], RULES, house=house, metrics=Metrics(), doorplate=plate)
    await server.start()
    try:
        yield f"127.0.0.1:{server.port}"
    finally:
        await server.stop(0.1)


async def greets(address: str, settings: Settings | None = None) -> bool:
    """Whether somebody with these settings gets an answer."""
    passport = passport_of(settings) if settings is not None else None
    options = (("grpc.use_local_subchannel_pool", 1),)
    if passport is None:
        channel = grpc.aio.insecure_channel(address, options=options)
    else:
        channel = grpc.aio.secure_channel(address, passport.credentials(), options=(*options, *passport.options))
    async with channel:
        try:
            reply = await Caller(channel).greet(GreetRequest(), metadata=(bearer(),), timeout=5)
        except grpc.aio.AioRpcError:
            return False
    return bool(reply.text == "hello")


async def test_a_door_with_a_certificate_takes_who_trusts_it(ours: Authority, tmp_path: Path) -> None:
    chain, key = ours.certify("door")
    others = Authority(tmp_path / "others")
    async with opened(Settings(tls_certificate=chain, tls_key=key)) as address:
        assert await greets(address, Settings(tls_ca=ours.ca))
        assert not await greets(address, Settings(tls_ca=others.ca))
        assert not await greets(address)


async def test_with_a_client_authority_only_certified_callers_come_in(ours: Authority, tmp_path: Path) -> None:
    chain, key = ours.certify("door")
    callers, strangers = Authority(tmp_path / "callers"), Authority(tmp_path / "strangers")
    good, bad = callers.certify("caller", "billing"), strangers.certify("caller", "billing")
    async with opened(Settings(tls_certificate=chain, tls_key=key, tls_client_ca=callers.ca)) as address:
        assert await greets(address, Settings(tls_ca=ours.ca, tls_certificate=good[0], tls_key=good[1]))
        assert not await greets(address, Settings(tls_ca=ours.ca))
        assert not await greets(address, Settings(tls_ca=ours.ca, tls_certificate=bad[0], tls_key=bad[1]))


async def test_a_certificate_for_another_name_is_taken_only_where_that_name_is_set(ours: Authority) -> None:
    chain, key = ours.certify("door", "billing.retainer.example")
    async with opened(Settings(tls_certificate=chain, tls_key=key)) as address:
        assert not await greets(address, Settings(tls_ca=ours.ca))
        assert await greets(address, Settings(tls_ca=ours.ca, tls_name="billing.retainer.example"))


async def test_a_renewed_certificate_is_shown_without_a_restart(ours: Authority, tmp_path: Path) -> None:
    """The first one is for another name, so that nobody comes in before it is renewed."""
    chain, key = ours.certify("door", "elsewhere.example")
    async with opened(Settings(tls_certificate=chain, tls_key=key)) as address:
        assert not await greets(address, Settings(tls_ca=ours.ca))
        ours.certify("door")
        async with asyncio.timeout(SOON_SECONDS):
            while not await greets(address, Settings(tls_ca=ours.ca)):
                await asyncio.sleep(0.1)


def test_half_of_a_setting_is_refused(ours: Authority, tmp_path: Path) -> None:
    chain, key = ours.certify("door")
    (tmp_path / "empty.pem").touch()
    for wrong, says in (
        ({"tls_certificate": chain}, "RETAINER_TLS_KEY"),
        ({"tls_client_ca": ours.ca}, "RETAINER_TLS_CERTIFICATE"),
        ({"tls_certificate": tmp_path / "missing", "tls_key": key}, "RETAINER_TLS_CERTIFICATE"),
        ({"tls_certificate": tmp_path / "empty.pem", "tls_key": key}, "RETAINER_TLS_CERTIFICATE"),
    ):
        with pytest.raises(SettingsWrong, match=says):
            doorplate_of(Settings(**wrong))  # type: ignore[arg-type]
    with pytest.raises(SettingsWrong, match="RETAINER_TLS_CA"):
        passport_of(Settings(tls_ca=tmp_path / "missing"))
    with pytest.raises(SettingsWrong, match="RETAINER_NATS"):
        bus_context_of(Settings(nats_ca=tmp_path / "missing"), "tls://127.0.0.1:1")


async def connects(url: str, settings: Settings) -> bool:
    bus = Bus(url, name="notes", tls=bus_context_of(settings, url))
    await bus.start()
    try:
        async with asyncio.timeout(2):
            await bus.client()
        return True
    except TimeoutError:
        return False
    finally:
        await bus.stop()


async def test_the_bus_takes_certified_callers_alone(ours: Authority, tmp_path: Path) -> None:
    chain, key = ours.certify("bus")
    own = ours.certify("service", "billing")
    url = f"tls://127.0.0.1:{free_port()}"
    conf = tmp_path / "nats.conf"
    conf.write_text(
        f"listen: {url.removeprefix('tls://')}\n"
        f'tls {{cert_file: "{chain}", key_file: "{key}", ca_file: "{ours.ca}", verify: true}}\n'
    )
    server = subprocess.Popen(
        [Path(sys.executable).with_name("nats-server"), "--config", conf], stderr=subprocess.DEVNULL
    )
    try:
        certified = Settings(nats_ca=ours.ca, nats_certificate=own[0], nats_key=own[1])
        async with asyncio.timeout(SOON_SECONDS):
            while not await connects(url, certified):
                assert server.poll() is None
        assert not await connects(url, Settings(nats_ca=ours.ca))
    finally:
        server.terminate()
        server.wait(10)


async def test_probes_that_speak_no_tls_ask_at_a_door_of_their_own(ours: Authority) -> None:
    chain, key = ours.certify("door")
    port = free_port()
    house = House(service="greeting", tokens=TOKENS, request_key=b"k" * 32, clock=lambda: NOON)
    server = GrpcServer(
        "127.0.0.1:0",
        [door()],
        RULES,
        house=house,
        metrics=Metrics(),
        doorplate=doorplate_of(Settings(tls_certificate=chain, tls_key=key)),
        health_listen=f"127.0.0.1:{port}",
    )
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            ask = health_pb2_grpc.HealthStub(channel).Check
            ready, live = health_pb2.HealthCheckRequest(), health_pb2.HealthCheckRequest(service="live")
            assert (await ask(ready)).status == health_pb2.HealthCheckResponse.NOT_SERVING
            assert (await ask(live)).status == health_pb2.HealthCheckResponse.SERVING
            await server.serving()
            assert (await ask(ready)).status == health_pb2.HealthCheckResponse.SERVING
            with pytest.raises(grpc.aio.AioRpcError, match="UNIMPLEMENTED"):
                await Caller(channel).greet(GreetRequest())
    finally:
        await server.stop(1)

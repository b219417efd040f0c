"""One service as a process (chassis.run), with a real NATS: what it says of itself, what it keeps, how it stops."""

import asyncio
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from chassis.alone import DataFolderHeld, alone
from chassis.answers import NeighbourUnavailable
from chassis.auth import Identity, Role
from chassis.call import Call
from chassis.key_table import KeyringWrong
from chassis.keys_api import fetch_from
from chassis.loops import kept_running
from chassis.run import Parts, Running, Wiring, serving
from chassis.settings import Settings
from chassis.store import Decider
from tests.chassis.greeting import RULES, Caller, GreetRequest, GreetResponse, door
from tests.chassis.tally import CATALOG

ROOT = Path(__file__).parents[2]


async def greet(request: Any, call: Call) -> Any:
    return GreetResponse(text=call.agency)


def wiring(**more: Any) -> Wiring:
    settings: dict[str, Any] = {"doors": lambda parts: [door(greet)], "rules": RULES, **more}
    return Wiring(service=CATALOG.service, catalog=CATALOG, **settings)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """NATS is away: a service starts without it."""
    return Settings(data_dir=tmp_path, nats_url="nats://127.0.0.1:1", grace_seconds=0.5)


@pytest.fixture
async def running(settings: Settings) -> AsyncIterator[Running]:
    async with serving(wiring(owns_keys_of=("person",)), settings) as service:
        await asyncio.wait_for(service.ready.wait(), 10)
        yield service


async def test_it_says_where_it_is_and_answers_there(running: Running, settings: Settings) -> None:
    said = settings.running(CATALOG.service)
    assert said["ready"]
    assert (said["address"], said["metrics"]) == (running.address, running.metrics_address)
    token = running.parts.tokens.issue(Identity("studio", "anna", Role.OWNER))
    async with grpc.aio.insecure_channel(said["address"]) as channel:
        reply = await Caller(channel).greet(GreetRequest(), metadata=(("authorization", f"Bearer {token}"),))
    assert reply.text == "studio"


async def test_it_takes_the_same_ports_again_and_says_when_it_is_gone(settings: Settings) -> None:
    addresses = []
    for _ in range(2):
        async with serving(wiring(), settings) as service:
            addresses.append((service.address, service.metrics_address))
        assert settings.running(CATALOG.service)["pid"] == 0
    assert addresses[0] == addresses[1]


async def test_a_sqlite_store_has_one_process(running: Running, settings: Settings) -> None:
    lock = settings.folder(CATALOG.service) / "lock"
    with pytest.raises(DataFolderHeld, match="set another RETAINER_DATA_DIR"):
        async with alone(lock, "tally", 0.3):
            raise AssertionError("two processes write one store")


def get(running: Running, path: str) -> tuple[int, str, str]:
    """Status, content type and page of the metrics' port."""
    try:
        with urllib.request.urlopen(f"http://{running.metrics_address}{path}", timeout=5) as reply:
            return reply.status, reply.headers["Content-Type"], reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", ""


async def test_metrics_are_served_and_nothing_else(running: Running) -> None:
    status, content_type, page = await asyncio.to_thread(get, running, "/metrics")
    assert (status, content_type.split(";")[0]) == (200, "text/plain")
    for name in ("retainer_relay_lag_positions", "process_resident_memory_bytes", "retainer_append_commands_count"):
        assert f"\n{name} " in page
    assert (await asyncio.to_thread(get, running, "/"))[0] == 404


async def test_rubbish_at_the_metrics_port_harms_nobody(running: Running) -> None:
    host, _, port = running.metrics_address.partition(":")
    for rubbish in (b"", b"\x00\xff\r\n\r\n", b"GET " + b"a" * 40_000 + b"\r\n\r\n"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(rubbish)
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 5)
        writer.close()
    assert (await asyncio.to_thread(get, running, "/metrics"))[0] == 200


async def test_a_service_lends_the_keys_of_its_own_subjects(running: Running, settings: Settings) -> None:
    owned = running.parts.keyring.owned
    assert owned is not None
    key = owned.key("studio", "person/anna")
    owned.erase("studio", "person/kim", "2026-03-01T00:00:00Z")
    fetch = fetch_from(running.parts.neighbours, CATALOG.service)
    found = await fetch("studio", ["person/anna", "person/kim", "person/nobody"])
    assert [(each.key, each.erased) for each in found] == [(key, False), (None, True), (None, False)]
    assert (await fetch("other", ["person/anna"]))[0].key is None


async def test_a_neighbour_that_is_not_there_is_told_as_such(running: Running) -> None:
    with pytest.raises(NeighbourUnavailable, match="contracts is not running"):
        await fetch_from(running.parts.neighbours, "contracts")("studio", ["client/acme"])


async def test_loops_get_the_parts_and_are_begun_again(settings: Settings) -> None:
    begun: list[Parts] = []
    twice = asyncio.Event()

    async def scheduler(parts: Parts) -> None:
        begun.append(parts)
        if len(begun) == 1:
            raise RuntimeError("once")
        twice.set()
        await asyncio.Event().wait()

    async with serving(wiring(loops=[scheduler]), settings) as service:
        await asyncio.wait_for(twice.wait(), 5)
    assert begun == [service.parts, service.parts]


async def test_a_loop_that_is_done_is_done() -> None:
    done = asyncio.Event()

    async def once() -> None:
        assert not done.is_set()
        done.set()

    async with kept_running("once", once):
        await asyncio.wait_for(done.wait(), 5)
        await asyncio.sleep(0)


async def test_what_it_has_recorded_is_there_after_the_next_start(settings: Settings) -> None:
    from tests.chassis import tally

    decider = next(value for value in vars(tally).values() if isinstance(value, Decider))
    async with serving(wiring(), settings) as service:
        assert service.parts.store.position == 0
        state, version = await service.parts.store.state(decider, "studio/tally/t1")
        assert (state, version) == (decider.initial, 0)
    assert (settings.folder(CATALOG.service) / "events.db").exists()


def test_wrong_settings_end_a_process_with_status_2(tmp_path: Path) -> None:
    code = "from tests.chassis.test_run import wiring; from chassis.run import run; run(wiring())"
    environment = {"PATH": "", "RETAINER_DATA_DIR": str(tmp_path), "RETAINER_LOG_FORMAT": "pretty"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "RETAINER_LOG_FORMAT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_process_stops_in_order_when_it_is_asked(tmp_path: Path, settings: Settings, asked: signal.Signals) -> None:
    code = "from tests.chassis.test_run import wiring; from chassis.run import run; run(wiring())"
    environment = {"PATH": "", "RETAINER_DATA_DIR": str(tmp_path), "RETAINER_NATS_URL": "nats://127.0.0.1:1"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert any(f"{CATALOG.service} serves at" in line for line in process.stderr)
    process.send_signal(asked)
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait(10) == 0
    assert "Traceback" not in rest
    assert settings.running(CATALOG.service)["pid"] == 0


async def test_a_store_is_opened_with_the_keys_that_it_was_written_with(settings: Settings, tmp_path: Path) -> None:
    keeper = wiring(owns_keys_of=("person",))
    async with serving(keeper, settings):
        pass
    elsewhere = settings.model_copy(update={"keys_url": f"sqlite:///{tmp_path}/other.db"})
    with pytest.raises(KeyringWrong, match="RETAINER_KEYS_URL"):
        async with serving(keeper, elsewhere):
            raise AssertionError("it serves with the keys of another")

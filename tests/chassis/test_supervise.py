"""The supervisor: a real nats-server and stand-ins for services; what dies comes again, what stops stops in order."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chassis.alone import DataFolderHeld
from chassis.child import Child
from chassis.settings import Settings
from chassis.supervise import House, StartFailed, supervised

STAND_IN = str(Path(__file__).with_name("stand_in.py"))
ROOT = Path(__file__).parents[2]


def doing(what: str) -> Callable[[str], Sequence[str]]:
    return lambda name: [sys.executable, STAND_IN, f"services.{name}", what]


def settings_in(folder: Path, grace_seconds: float = 0.5) -> Settings:
    return Settings(data_dir=folder, grace_seconds=grace_seconds)


def is_alive(pid: int) -> bool:
    try:
        return pid > 0 and "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.02)


async def test_it_starts_the_bus_then_the_services_and_stops_them_all(tmp_path: Path) -> None:
    said: list[str] = []
    settings = settings_in(tmp_path)
    async with supervised(settings, {"one": 7901, "two": 7902}, said.append, command=doing("serve")) as house:
        pids = [child.pid for child in [house.bus, *house.services]]
        assert all(is_alive(pid) for pid in pids)
        assert settings.running("nats")["url"] == settings.running("one")["nats"]
        assert settings.running("up")["pid"] == os.getpid()
    assert [line.split()[0] for line in said] == ["nats-server", "one", "two"]
    assert not any(is_alive(pid) for pid in pids)
    assert settings.running("up")["pid"] == 0


async def test_what_is_killed_comes_again_at_the_same_place(tmp_path: Path) -> None:
    said: list[str] = []
    settings = settings_in(tmp_path)
    async with supervised(settings, ["one"], said.append, command=doing("serve")) as house:
        url, (service,) = settings.running("nats")["url"], house.services
        for child in (service, house.bus):
            killed = child.pid
            os.kill(killed, signal.SIGKILL)
            await until(lambda child=child, killed=killed: child.pid not in (0, killed))  # type: ignore[misc]
        await until(lambda: settings.running("one")["pid"] == service.pid)
        assert settings.running("nats") == {"pid": house.bus.pid, "url": url}
    assert sum("by SIGKILL" in line for line in said) == 2


async def test_a_second_one_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with supervised(settings, [], lambda _: None):
        with pytest.raises(DataFolderHeld, match=f"process {os.getpid()}"):
            async with supervised(settings, [], lambda _: None):
                raise AssertionError("it started twice")


async def test_a_service_that_refuses_its_settings_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="one refuses to start"):
        async with supervised(
            settings_in(tmp_path), ["one"], lambda _: None, logs_in_files=True, command=doing("refuse")
        ):
            raise AssertionError("it started")
    assert (tmp_path / "logs" / "one.log").read_text() == "the settings are wrong\n"


async def test_what_does_not_stop_is_ended(tmp_path: Path) -> None:
    said: list[str] = []
    async with supervised(settings_in(tmp_path, 0.1), ["one"], said.append, command=doing("deaf")) as house:
        pid = house.services[0].pid
    assert not is_alive(pid)
    assert said[-1] == "one does not stop by itself and is ended"


async def test_the_next_start_ends_what_a_killed_one_left(tmp_path: Path) -> None:
    """Where the system does not end the children of who was killed, the next start does."""
    settings = settings_in(tmp_path)
    left = subprocess.Popen(doing("deaf")("one"), env={**os.environ, "RETAINER_DATA_DIR": str(tmp_path)}, cwd=ROOT)
    await until(lambda: settings.running("one").get("pid") == left.pid)
    said: list[str] = []
    async with supervised(settings, ["one"], said.append, command=doing("serve")):
        assert left.wait() == -signal.SIGKILL
    assert said[0] == f"one (process {left.pid}) is left of an earlier run and is ended"


async def test_a_process_that_has_only_the_number_of_ours_is_left_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        settings.say_running("one", {"pid": stranger.pid})
        async with supervised(settings, ["one"], lambda _: None, command=doing("serve")):
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_when_it_is_killed_its_children_end_and_the_next_start_works(tmp_path: Path) -> None:
    code = (
        "import asyncio, tests.chassis.test_supervise as t\n"
        "from chassis.settings import load\n"
        "from chassis.supervise import supervised\n"
        "async def main():\n"
        "    async with supervised(load(), ['one'], print, command=t.doing('serve')): await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    settings = settings_in(tmp_path)
    killed = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "RETAINER_DATA_DIR": str(tmp_path)}
    )
    await until(lambda: bool(settings.running("one").get("ready")))
    left = [settings.running(name)["pid"] for name in ("nats", "one")]
    killed.kill()
    killed.wait()
    await until(lambda: not any(is_alive(pid) for pid in left))
    async with supervised(settings, ["one"], lambda _: None, command=doing("serve")) as house:
        assert house.services[0].pid == settings.running("one")["pid"]


async def test_the_bus_moves_where_its_port_was_taken_meanwhile(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with supervised(settings, ["one"], lambda _: None, command=doing("serve")) as house:
        await _take_the_port_of(house, settings)


async def _take_the_port_of(house: House, settings: Settings) -> None:
    before = settings.running("nats")["url"]
    port, service = int(before.rpartition(":")[2]), house.services[0].pid
    os.kill(house.bus.pid, signal.SIGKILL)
    await until(lambda: house.bus.pid == 0)
    squatter = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", port)
    async with squatter:
        await until(lambda: settings.running("nats")["url"] != before)
        await until(lambda: settings.running("one")["pid"] not in (0, service))
        assert settings.running("one")["nats"] == settings.running("nats")["url"]


async def test_a_child_that_keeps_failing_is_begun_again_more_and_more_slowly(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child("one", lambda: [sys.executable, "-c", "raise SystemExit(1)"], signal.SIGTERM, said.append)
    await child.start()
    await until(lambda: child.restarts >= 2)
    await child.stop(0)
    assert said[:2] == [
        "one ended (with status 1); it starts again in 0.2 s",
        "one ended (with status 1); it starts again in 0.4 s",
    ]

"""What a process tells of the disk, the last backup and the bus as it reaches it."""

import asyncio
import time
from pathlib import Path

from chassis.loops import kept_running
from chassis.metrics import Metrics
from chassis.settings import Settings
from chassis.testing import NatsServer
from chassis.upkeep import BACKUP, Upkeep
from tests.chassis.road import OpenBus, Road

WITHIN_SECONDS = 30


def told(metrics: Metrics, name: str) -> float | None:
    return metrics.registry.get_sample_value(name)


async def test_the_bus_is_told_of_as_the_service_reaches_it(
    road: Road, open_bus: OpenBus, nats: NatsServer, tmp_path: Path
) -> None:
    relay = await road.relay()
    async with asyncio.timeout(WITHIN_SECONDS):
        await relay.wait_published(await road.count("a", "b", "c"))
    metrics = Metrics()
    upkeep = Upkeep(metrics, Settings(data_dir=tmp_path / "data"), await open_bus("watch"), "tally")
    async with asyncio.timeout(WITHIN_SECONDS), kept_running("upkeep", upkeep.run):
        while told(metrics, "retainer_bus_stream_messages") != 3:
            await asyncio.sleep(0.01)
        assert (told(metrics, "retainer_bus_stream_bytes") or 0) > 100
        assert told(metrics, "retainer_bus_stream_limit_bytes") == -1
        assert told(metrics, "retainer_bus_answer_seconds_count") == 1
        assert told(metrics, "retainer_bus_connected") == 1
        nats.kill()
        while told(metrics, "retainer_bus_connected") != 0:
            await asyncio.sleep(0.01)


async def test_the_disk_is_told_of_before_there_is_a_data_folder(open_bus: OpenBus, tmp_path: Path) -> None:
    metrics = Metrics()
    Upkeep(metrics, Settings(data_dir=tmp_path / "not" / "yet"), await open_bus("watch"), "tally")
    free, size = told(metrics, "retainer_disk_free_bytes"), told(metrics, "retainer_disk_size_bytes")
    assert free is not None
    assert size is not None
    assert 0 < free < size


async def test_a_backup_is_told_of_once_there_is_one(open_bus: OpenBus, tmp_path: Path) -> None:
    settings, metrics = Settings(data_dir=tmp_path), Metrics()
    Upkeep(metrics, settings, await open_bus("watch"), "tally")
    assert told(metrics, "retainer_backup_finished_timestamp_seconds") == 0
    finished = time.time()
    settings.say_running(BACKUP, {"finished_at": finished})
    assert told(metrics, "retainer_backup_finished_timestamp_seconds") == finished

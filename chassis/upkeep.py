"""What is looked at now and then for those who run the house: the disk, the bus as we reach it, the last backup.

The server at the other end has a monitoring page of its own; what a service sees of it through its own connection needs
no further port, no further right and no further process, and is true of a cluster too.
"""

import asyncio
import shutil
import time
from pathlib import Path

import nats.errors
from nats.js.errors import Error as JetStreamError

from chassis.bus import Bus, stream_of
from chassis.metrics import Metrics
from chassis.settings import Settings

LOOK_SECONDS = 10.0
BACKUP = "backup"
"""The run file in which `retainer backup` says `finished_at`, in seconds since 1970."""


class Upkeep:
    """Gauges of its own; `run` looks until cancelled."""

    def __init__(self, metrics: Metrics, settings: Settings, bus: Bus, service: str) -> None:
        self._bus = bus
        self._stream = stream_of(service)
        folder = settings.data_dir.absolute()
        metrics.gauge("retainer_disk_free_bytes", "Room on the disk of the data folder").set_function(
            lambda: shutil.disk_usage(_existing(folder)).free
        )
        metrics.gauge("retainer_disk_size_bytes", "Size of the disk of the data folder").set_function(
            lambda: shutil.disk_usage(_existing(folder)).total
        )
        metrics.gauge(
            "retainer_backup_finished_timestamp_seconds", "When `retainer backup` last ended well; 0: never"
        ).set_function(lambda: float(settings.running(BACKUP).get("finished_at", 0)))
        metrics.gauge("retainer_bus_connected", "Whether there is a connection to NATS").set_function(
            lambda: float(bus.connected)
        )
        metrics.gauge("retainer_bus_connections", "Connections made to NATS since the start").set_function(
            lambda: bus.connections.value
        )
        self._answer = metrics.histogram("retainer_bus_answer_seconds", "Time until JetStream answered")
        self._messages = metrics.gauge("retainer_bus_stream_messages", "Facts in the service's own stream")
        self._bytes = metrics.gauge("retainer_bus_stream_bytes", "Size of the service's own stream")
        self._limit = metrics.gauge("retainer_bus_stream_limit_bytes", "What the stream may hold; -1: no limit")

    async def run(self) -> None:
        client = await self._bus.client()
        while True:
            try:
                began = time.perf_counter()
                info = await client.jetstream(timeout=LOOK_SECONDS / 2).stream_info(self._stream)
                self._answer.observe(time.perf_counter() - began)
                self._messages.set(info.state.messages)
                self._bytes.set(info.state.bytes)
                self._limit.set(info.config.max_bytes if info.config.max_bytes is not None else -1)
            except (nats.errors.Error, JetStreamError, OSError, TimeoutError):
                self._answer.observe(time.perf_counter() - began)  # how long it was waited for; why is the relay's news
            await asyncio.sleep(LOOK_SECONDS)


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())

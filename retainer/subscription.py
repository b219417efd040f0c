"""Facts off the bus for who runs the house: ordered consumers that the server forgets when we go."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import nats
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError

from chassis.bus_users import inbox_prefix, subject_word
from chassis.tls import BusTls
from retainer.place import SERVICES


class NoBus(Exception):
    """The bus cannot be reached, or it holds no stream of a service."""


@dataclass(frozen=True, slots=True)
class Fact:
    subject: str
    payload: bytes
    headers: dict[str, str] = field(default_factory=dict)


async def facts(
    url: str,
    *,
    service: str = "",
    agency: str = "",
    name: str = "",
    all: bool = False,
    login: tuple[str, str] = ("", ""),
    tls: BusTls | None = None,
) -> AsyncGenerator[Fact, None]:
    """What is published from now on, or from the first fact ever; for ever. `NoBus` where there is no bus."""
    waiting: asyncio.Queue[Msg] = asyncio.Queue(maxsize=10_000)
    connection = await _connect(url, *login, tls)
    try:
        for each in (service,) if service else SERVICES:
            subject = f"retainer.{subject_word(agency) or '*'}.{each}.{name or '*'}"
            policy = DeliverPolicy.ALL if all else DeliverPolicy.NEW
            try:
                await connection.jetstream(timeout=5).subscribe(
                    subject,
                    cb=waiting.put,
                    stream=f"retainer-{each}",
                    ordered_consumer=True,
                    config=ConsumerConfig(deliver_policy=policy),
                )
            except (APIError, nats.errors.Error) as error:
                raise NoBus(f"the bus at {url} does not give the facts of {each}: {error}") from None
        while True:
            message = await waiting.get()
            yield Fact(message.subject, message.data, dict(message.headers or {}))
    finally:
        await connection.close()


async def answers(url: str, user: str, password: str, subject: str, tls: BusTls | None) -> bool:
    """Whether the login is good and somebody answers there."""
    try:
        connection = await nats.connect(
            url,
            user=user,
            password=password,
            connect_timeout=2,
            allow_reconnect=False,
            error_cb=_ignore,
            **_secured(tls),
        )
    except (nats.errors.Error, OSError, TimeoutError):
        return False
    try:
        await connection.request(subject, timeout=1)
        return True
    except nats.errors.Error:
        return False
    finally:
        await connection.close()


async def _connect(url: str, user: str, password: str, tls: BusTls | None) -> Client:
    try:
        return await nats.connect(
            url.split(","),
            user=user or None,
            password=password or None,
            connect_timeout=3,
            **_secured(tls),
            max_reconnect_attempts=-1,
            allow_reconnect=True,
            error_cb=_ignore,
            inbox_prefix=inbox_prefix(user or "command"),
        )
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise NoBus(
            f"the bus at {url} does not answer ({error or type(error).__name__}): see `retainer doctor`"
        ) from None


def _secured(tls: BusTls | None) -> dict[str, Any]:
    return {"tls": tls.context, "tls_hostname": tls.name or None} if tls is not None else {}


async def _ignore(error: Exception) -> None:
    """A lost connection is mended by itself; nobody reads its noise."""

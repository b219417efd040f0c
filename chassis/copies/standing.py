"""Holds a house still: while its stores are changed from outside, nothing of it runs, and nothing of it starts."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from chassis.alone import held
from chassis.leadership import lock_key
from chassis.settings import Settings
from chassis.sql import Address


class HouseRuns(Exception):
    """A process of the house is at work on that store; the message says how to tell."""


@contextmanager
def standing_still(settings: Settings, services: Sequence[str]) -> Iterator[None]:
    """`DataFolderHeld` or `HouseRuns` where something runs. On PostgreSQL a running service has a leader, and the
    leader's lock is what is taken here; one that starts meanwhile does not get to lead."""
    with ExitStack() as locks:
        locks.enter_context(held(settings.folder() / "lock", "retainer up"))
        for service in services:
            locks.enter_context(held(settings.folder(service) / "lock", service))
            address = Address.parse(settings.store_of(service), service)
            if address.is_postgres:
                locks.enter_context(_leader_of(address, service))
        yield


@contextmanager
def _leader_of(address: Address, service: str) -> Iterator[None]:
    import psycopg  # loads where it is used

    with psycopg.connect(**address.parameters(), autocommit=True) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock_key(address, service),)).fetchone()
        if not row or not row[0]:
            raise HouseRuns(f"{service} runs on this store: stop all of its replicas first")
        yield

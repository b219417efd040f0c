"""Appends: one at a time and 64 in flight, every feature on (request ids, sealing, chain, sequence), against the bare
database with rows of the same size. `python -m bench.store`."""

import asyncio
import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.counting import CATALOG, CONTEXT, VISITS, Visit
from bench.figures import Figure, show
from chassis.keyring import HouseKeyring, OwnedKeys
from chassis.store import Request, Store
from chassis.testing import postgres_server

ROW = ("acme/visit/v00000000", 1, "counting.Visited@1", b"x" * 260)
IN_FLIGHT = 64


def sqlite_floor(path: Path, rows_a_transaction: int, transactions: int) -> float:
    """Rows a second of bare SQLite: WAL, FULL, one table with one key."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE rows (stream TEXT, version INTEGER, topic TEXT, state BLOB, PRIMARY KEY (stream, version))"
    )
    began = time.perf_counter()
    for number in range(transactions):
        connection.execute("BEGIN IMMEDIATE")
        rows = [(f"acme/visit/v{number:06}{row:04}", *ROW[1:]) for row in range(rows_a_transaction)]
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return rows_a_transaction * transactions / seconds


def postgres_floor(url: str, rows_a_transaction: int, transactions: int) -> float:
    """Rows a second of bare PostgreSQL on one connection."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bare (stream TEXT, version BIGINT, topic TEXT, state BYTEA)")
        began = time.perf_counter()
        for number in range(transactions):
            with connection.transaction(), connection.cursor() as cursor:
                rows = [(f"acme/visit/v{number:06}{row:04}", *ROW[1:]) for row in range(rows_a_transaction)]
                cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s, %s)", rows)
        return rows_a_transaction * transactions / (time.perf_counter() - began)


async def appends(url: str, folder: Path, in_flight: int, count: int) -> float:
    """Commands a second, each on a stream of its own, as the services run them."""
    keys = OwnedKeys(f"sqlite:///{folder}/keys.db", bytes(32))
    store = await Store.open(url, CATALOG, HouseKeyring(keys, ["person"]))
    numbers = iter(range(count))

    async def caller() -> None:
        for number in numbers:
            name = f"v{number:08}-{in_flight}"
            await store.execute(
                VISITS, f"acme/visit/{name}", Visit(name, "web"), context=CONTEXT, request=Request(name, "0" * 32)
            )

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(in_flight)))
    seconds = time.perf_counter() - began
    await store.close()
    keys.close()
    return count / seconds


def best(measure: Callable[[int], float], times: int = 3) -> float:
    """The median of some runs."""
    return sorted(measure(turn) for turn in range(times))[times // 2]


def figures(folder: Path) -> list[Figure]:
    one_row = best(lambda turn: sqlite_floor(folder / f"floor1-{turn}.db", 1, 1500))
    group = best(lambda turn: sqlite_floor(folder / f"floor64-{turn}.db", IN_FLIGHT, 150))
    alone = best(lambda turn: asyncio.run(appends(f"sqlite:///{folder}/alone{turn}.db", folder, 1, 1500)))
    many = best(lambda turn: asyncio.run(appends(f"sqlite:///{folder}/many{turn}.db", folder, IN_FLIGHT, 12_000)))
    found = [
        Figure("append, SQLite, 1 in flight", alone, "bare SQLite, a row a transaction", one_row),
        Figure("append, SQLite, 64 in flight", many, "bare SQLite, 64 rows a transaction", group),
    ]
    with postgres_server() as server:
        group = best(lambda turn: postgres_floor(server.url, IN_FLIGHT, 40))
        many = best(lambda turn: asyncio.run(appends(f"{server.url}&schema=many{turn}", folder, IN_FLIGHT, 3000)))
        alone = best(lambda turn: asyncio.run(appends(f"{server.url}&schema=alone{turn}", folder, 1, 300)))
        found.append(
            Figure("append, PostgreSQL, 1 in flight", alone, "bare PostgreSQL, 1", postgres_floor(server.url, 1, 500))
        )
        found.append(Figure("append, PostgreSQL, 64 in flight", many, "bare PostgreSQL, 64 rows", group))
    return found


def main() -> None:
    gc.set_threshold(20_000, 20, 50)  # as a service runs
    with tempfile.TemporaryDirectory() as folder:
        show(figures(Path(folder)))


if __name__ == "__main__":
    main()

"""The network is cut, one way or both: between clients and services, services and bus, services and database, and
between services. No call hangs past its deadline, and all is well when the line heals."""

import asyncio
import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest

from chassis.testing import NatsServer, PostgresServer
from tests.faults.books import bus_equals_stores, figures_agree, stores_are_whole, views_are_replays
from tests.faults.caller import DEADLINE_SECONDS, HANG_SECONDS, Caller, allowed
from tests.faults.conftest import Record
from tests.faults.databases import fresh_database
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load
from tests.faults.loose_house import LooseHouse
from tests.faults.proxy import Proxy, Way, proxied
from tests.house import SERVICES

HEALS = "a cut network heals, and no call hangs past its deadline"
CUTS = (
    "lines between clients and services, services and bus, services and PostgreSQL, and between services cut one way or"
    " both, or broken off: for 1-3 s (short), 1-60 s (full)"
)


@dataclass
class Wired:
    """A house every line of which goes over a proxy."""

    house: LooseHouse
    lines: dict[str, Proxy]

    @property
    def doors(self) -> dict[str, str]:
        return {service: self.lines[service].address for service in SERVICES}


@pytest.fixture
def wired(tmp_path: Path, nats: NatsServer, postgres: PostgresServer) -> Iterator[Wired]:
    with ExitStack() as stack:
        url = urlsplit(stack.enter_context(fresh_database(postgres)))
        socket = f"{parse_qs(url.query)['host'][0]}/.s.PGSQL.5432"
        house = LooseHouse(tmp_path, nats)
        lines = {
            "bus": stack.enter_context(proxied(nats.port)),
            "database": stack.enter_context(proxied(socket)),
        }
        for service in SERVICES:
            door = house.environment[f"RETAINER_SERVICES__{service.upper()}__LISTEN"]
            lines[service] = stack.enter_context(proxied(int(door.rpartition(":")[2])))
            house.environment[f"RETAINER_SERVICES__{service.upper()}__ADDRESS"] = lines[service].address
        at = re.sub(r"@.*", f"@{lines['database'].address}", url.netloc)
        house.environment |= {
            "RETAINER_NATS_URL": f"nats://{lines['bus'].address}",
            "RETAINER_STORE_URL": urlunsplit(url._replace(netloc=at, query="")),
        }
        house.settings = house.settings.model_copy(update={"store_url": urlunsplit(url)})
        stack.enter_context(house)
        yield Wired(house, lines)


async def cut_and_healed(
    wired: Wired, ledger: Ledger, record_property: Record, *, cuts: int, longest_seconds: float, seed: int
) -> None:
    house, chance = wired.house, random.Random(seed)
    await asyncio.to_thread(house.start)
    caller = Caller(house, AGENCY, wired.doors)
    load = Load(caller, ledger, seed)
    await load.prepare()
    slowest = 0.0

    async def cut() -> None:
        nonlocal slowest
        lines = ["bus", "database", "timelog", *chance.choices(list(wired.lines), k=cuts)][:cuts]
        for name in lines:
            line, way = wired.lines[name], chance.choice((Way.THERE, Way.BACK, Way.BOTH))
            await load.answered_more(10)
            await asyncio.to_thread(line.cut, way)
            await asyncio.sleep(chance.uniform(1, longest_seconds))  # the cut itself
            if chance.random() < 0.3:
                await asyncio.to_thread(line.reset)
            await asyncio.to_thread(line.heal)
            slowest = max(slowest, await caller.caught_up(await caller.positions()))

    await load.until(cut())
    record_property("acknowledged", len(ledger.answered))
    record_property("cuts", cuts)
    record_property("caught up after at most", f"{slowest:.1f} s")
    record_property("longest call", f"{caller.longest_seconds:.1f} s")
    assert caller.longest_seconds < DEADLINE_SECONDS + allowed(HANG_SECONDS)
    await figures_agree(caller, ledger)
    await caller.close()
    await bus_equals_stores(house, house.nats.url)
    await asyncio.to_thread(house.stop_all)
    await stores_are_whole(house, ledger)
    await views_are_replays(house)


@pytest.mark.faults
@pytest.mark.promise(HEALS, CUTS)
@pytest.mark.timeout(300)
async def test_six_cuts_heal(wired: Wired, ledger: Ledger, record_property: Record, seed: int) -> None:
    await cut_and_healed(wired, ledger, record_property, cuts=6, longest_seconds=3, seed=seed)


@pytest.mark.long
@pytest.mark.promise(HEALS, CUTS)
@pytest.mark.timeout(1800)
async def test_twelve_cuts_of_up_to_a_minute_heal(
    wired: Wired, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await cut_and_healed(wired, ledger, record_property, cuts=12, longest_seconds=60, seed=seed)

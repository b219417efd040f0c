"""This version and the one before side by side on PostgreSQL, under load, until the one before is stopped.

The release before is a commit of this repository's history (tests/faults/previous_release), run with the libraries of
today. Version 0.1.0 signed its tokens otherwise than today's, so this client has a token for each; all else is as for
any client: one request id for each command, copies of it at either version, repeated until it is answered.
"""

import asyncio
import base64
import os
import random
import subprocess
import sys
import tarfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from chassis.auth import Role
from chassis.testing import NatsServer, PostgresServer
from retainer.verification import verify
from tests.faults.books import figures_agree, stores_are_whole
from tests.faults.caller import DEADLINE_SECONDS, Caller, Reply
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load
from tests.house import ROOT, RunningHouse

PREVIOUS = Path(__file__).with_name("previous_release").read_text().strip()
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
TOKEN_SECRET = "of version 0.1.0, and long enough for it"


class PreviousHouse(RunningHouse):
    """Runs the code of the release before; its tokens are made by its own command."""

    def token(self, agency: str, role: Role = Role.OWNER, subject: str = "anna", client: str = "") -> str:
        command = [sys.executable, "-m", "retainer", "token", "--agency", agency, "--role", str(role.value)]
        made = subprocess.run(
            [*command, "--subject", subject], cwd=self.root, env=self.environment, capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
        return made.stdout.strip()

    def metadata(self, agency: str, now: Any = None, **identity: Any) -> tuple[tuple[str, str], ...]:
        # Its command makes no tokens of the house; this caller asks it for nothing that takes one.
        identity = {} if identity.get("role") is Role.SERVICE else identity
        return super().metadata(AGENCY if agency == "*" else agency, now, **identity)


class EitherCaller(Caller):
    """A client that knows two houses: each try goes to one of those that are said to serve."""

    def __init__(self, callers: list[Caller], chance: random.Random) -> None:
        self.callers = callers
        self.serving = list(callers)
        self.repeated = callers[0].repeated
        self._chance = chance

    async def ask_once(
        self, request: Any, reply: type[Reply], *, operated: str = "", seconds: float = DEADLINE_SECONDS
    ) -> Reply:
        to = self._chance.choice(self.serving)
        return await to.ask_once(request, reply, operated=operated, seconds=seconds)

    async def close(self) -> None:
        for caller in self.callers:
            await caller.close()


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """The release before, as it was committed."""
    folder = tmp_path / "previous"
    folder.mkdir()
    archive = tmp_path / "previous.tar"
    command = ["git", "archive", "--output", str(archive), PREVIOUS]
    if subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip(f"the history of the last release is not here: {PREVIOUS[:10]} is unknown to git")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.mark.long
@pytest.mark.promise("an upgrade costs nobody anything", "the release before and this one side by side under load")
@pytest.mark.timeout(600)
async def test_an_upgrade_costs_nobody_anything(
    previous: Path, postgres: PostgresServer, nats: NatsServer, tmp_path: Path, ledger: Ledger, seed: int
) -> None:
    database = f"upgrade_{os.getpid()}"
    url = postgres.make_database(database)
    said = {
        "RETAINER_STORE_URL": url,
        "RETAINER_KEYS_URL": url,
        "RETAINER_NATS_URL": nats.url,
        "RETAINER_MASTER_KEY": MASTER_KEY,
        "RETAINER_TOKEN_SECRET": TOKEN_SECRET,
        "RETAINER_REHEARSAL": "false",
    }
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    old, new = PreviousHouse(tmp_path / "old", **said), RunningHouse(tmp_path / "new", **said)
    old.root = previous
    async with AsyncExitStack() as stack:
        for house in (old, new):
            stack.callback(house.stop)
        old.start()
        before, after = Caller(old, AGENCY), Caller(new, AGENCY)
        either = EitherCaller([before, after], random.Random(seed))
        stack.push_async_callback(either.close)
        either.serving = [before]
        load = Load(either, ledger, seed)
        await load.prepare()

        async def upgrade() -> None:
            await load.answered_more(60)
            await _start(new)
            either.serving = [before, after]
            await load.answered_more(200)
            await _stop(old)  # callers find out by themselves
            await load.answered_more(60)
            either.serving = [after]
            await load.answered_more(60)

        await load.until(upgrade())
        print({name: caller.tries for name, caller in (("old", before), ("new", after))})
        await figures_agree(after, ledger)
        await stores_are_whole(new, ledger)
        assert [flaw for one in await verify(new.settings, lambda step: None) for flaw in one.flaws] == []


async def _start(house: RunningHouse) -> None:
    await asyncio.to_thread(house.start)


async def _stop(house: RunningHouse) -> None:
    await asyncio.to_thread(house.stop)

"""Users of the bus, on a real nats-server: who may do what, and above all what nobody may."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client

from chassis.bus import Bus
from chassis.bus_users import (
    API_PREFIX,
    OPERATOR,
    BusLogins,
    Subscriber,
    add_subscriber,
    inbox_prefix,
    kept_logins,
    remove_subscriber,
)
from chassis.store import Store
from chassis.testing import FixedKeys
from chassis.testing.servers import free_port, wait_for_port
from tests.bus_door import lets_in
from tests.chassis.road import Road
from tests.chassis.tally import BOLT, CATALOG, NOTES

HEARS = {"tally": (), "notes": ("tally",), "third": ()}
ACME_S, BOLT_S = Subscriber("acme"), Subscriber("bolt", "crm")
SOON_SECONDS = 30
LOGIN_OF = {"relay": "tally", "inbox": "notes"}


class Server:
    """A nats-server with our users."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bus-users.json"
        kept_logins(self.path, list(HEARS))
        for subscriber in (ACME_S, BOLT_S):
            add_subscriber(self.path, subscriber)
        self.logins: BusLogins = kept_logins(self.path, list(HEARS))
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        conf = folder / "nats.conf"
        conf.write_text(
            f'listen: 127.0.0.1:{self.port}\njetstream {{store_dir: "{folder}"}}\n{self.logins.conf(HEARS)}'
        )
        self.log = folder / "log"
        with self.log.open("wb") as log:
            server = Path(sys.executable).with_name("nats-server")
            self.process = subprocess.Popen([server, "--config", conf], stdout=log, stderr=log)

        wait_for_port(self.port)

    async def connect(self, user: str, **options: Any) -> Client:
        password = self.logins.passwords[user]
        return await nats.connect(self.url, user=user, password=password, allow_reconnect=False, **options)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.process.terminate()
    started.process.wait(10)


class Caller:
    """One user's connection; what the server forbids is kept."""

    def __init__(self) -> None:
        self.client = Client()
        self.forbidden: list[str] = []

    async def note(self, error: Exception) -> None:
        self.forbidden.append(str(error))

    async def ask(self, subject: str, said: Any = None) -> Any:
        """The answer, or None where there is none."""
        payload = json.dumps(said).encode() if said is not None else b""
        try:
            answer = await self.client.request(subject, payload, timeout=0.5)
        except (nats.errors.TimeoutError, nats.errors.NoRespondersError):
            return None
        return json.loads(answer.data)

    async def may_publish(self, subject: str) -> bool:
        before = len(self.forbidden)
        await self.client.publish(subject, b"{}")
        await self.client.flush()
        await asyncio.sleep(0.05)
        return len(self.forbidden) == before

    async def may_listen(self, subject: str) -> bool:
        before = len(self.forbidden)
        await self.client.subscribe(subject)
        await self.client.flush()
        await asyncio.sleep(0.05)
        return len(self.forbidden) == before


@pytest.fixture
async def house(server: Server, tmp_path: Path) -> AsyncIterator["House"]:
    """Two services on the bus, each with its own login, and facts of two agencies."""
    async with AsyncExitStack() as stack:
        stores = []
        for catalog in (CATALOG, NOTES):
            store = await Store.open(f"sqlite:///{tmp_path}/{catalog.service}.db", catalog, FixedKeys())
            stack.push_async_callback(store.close)
            stores.append(store)

        async def open_bus(name: str) -> Bus:
            user = LOGIN_OF[name]
            bus = Bus(server.url, name=user, user=user, password=server.logins.passwords[user])
            await bus.start()
            stack.push_async_callback(bus.stop)
            return bus

        road = Road(*stores, open_bus)
        stack.push_async_callback(road.stop)
        relay, inbox = await road.relay(), await road.inbox()
        await road.count("a", "b")
        last = await road.count("c", context=BOLT)
        async with asyncio.timeout(SOON_SECONDS):
            await relay.wait_published(last)
            await inbox.wait_for(last)
        made = House(server, road)
        stack.push_async_callback(made.close)
        yield made


class House:
    def __init__(self, server: Server, road: Road) -> None:
        self.server = server
        self.road = road
        self._callers: list[Caller] = []

    async def caller(self, user: str) -> Caller:
        caller = Caller()
        prefix = inbox_prefix(user) if "~" not in user else "_INBOX"
        caller.client = await self.server.connect(user, error_cb=caller.note, inbox_prefix=prefix)
        self._callers.append(caller)
        return caller

    async def close(self) -> None:
        for caller in self._callers:
            await caller.client.close()


async def test_services_do_all_their_work_with_their_own_logins(house: House) -> None:
    """The fixture has relayed and heard facts of two agencies; making the stream anew is a service's right too."""
    assert await house.road.noted() == [("a", 1), ("b", 2), ("c", 3)]
    relay = await house.road.relay()
    await relay.republish()
    async with asyncio.timeout(SOON_SECONDS):
        while relay.published < 3 or relay.problem:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "subject",
    [
        "retainer.acme.notes.Noted",
        "$JS.API.STREAM.DELETE.retainer-notes",
        "$JS.API.STREAM.PURGE.retainer-tally",
        "$JS.API.STREAM.MSG.DELETE.retainer-tally",
        "$JS.API.STREAM.CREATE.mine",
        "$JS.API.CONSUMER.CREATE.retainer-notes.x",
        "$JS.API.ACCOUNT.PURGE.HOUSE",
        "anything",
    ],
)
async def test_a_service_touches_nothing_but_its_own(house: House, subject: str) -> None:
    tally = await house.caller("tally")
    assert not await tally.may_publish(subject)
    assert await tally.may_publish("retainer.acme.tally.Nothing.at.all")


async def test_a_service_hears_no_other_ones_answers(house: House) -> None:
    tally = await house.caller("tally")
    for subject in ("_INBOX_notes.>", "_INBOX.>", ">", "retainer.>", "$JS.>"):
        assert not await tally.may_listen(subject)


@pytest.mark.parametrize("user", [OPERATOR, ACME_S.user, "notes"])
async def test_nobody_but_its_own_service_deletes_a_stream(house: House, user: str) -> None:
    caller = await house.caller(user)
    for prefix in ("$JS.API", API_PREFIX):
        for verb in ("DELETE", "PURGE", "UPDATE", "CREATE", "MSG.DELETE", "RESTORE"):
            assert not await caller.may_publish(f"{prefix}.STREAM.{verb}.retainer-tally")


def wish(subscriber: Subscriber, **other: Any) -> dict[str, Any]:
    config = {"name": subscriber.user, "filter_subject": subscriber.facts, "ack_policy": "none", **other}
    return {"stream_name": "retainer-tally", "config": config}


def create(subscriber: Subscriber, facts: str = "") -> str:
    return f"{API_PREFIX}.CONSUMER.CREATE.retainer-tally.{subscriber.user}.{facts or subscriber.facts}"


async def read(caller: Caller, subscriber: Subscriber) -> list[str]:
    """Subjects of everything that its consumer gives."""
    inbox = caller.client.new_inbox()
    answers = await caller.client.subscribe(inbox)
    asked = json.dumps({"batch": 100, "no_wait": True}).encode()
    await caller.client.publish(f"{API_PREFIX}.CONSUMER.MSG.NEXT.retainer-tally.{subscriber.user}", asked, inbox)
    subjects = []
    while not (message := await answers.next_msg(timeout=10)).headers or "Status" not in message.headers:
        subjects.append(message.subject)
    return subjects


async def test_a_subscriber_reads_its_agency_from_the_first_fact_on(house: House) -> None:
    for subscriber, expected in ((ACME_S, 2), (BOLT_S, 1)):
        caller = await house.caller(subscriber.user)
        made = await caller.ask(create(subscriber), wish(subscriber))
        assert "error" not in made
        subjects = await read(caller, subscriber)
        assert len(subjects) == expected
        assert all(subject.startswith(f"retainer.{subscriber.agency}.tally.") for subject in subjects)
        assert not caller.forbidden


async def test_a_subscriber_hears_what_happens_in_its_agency_alone(house: House) -> None:
    caller = await house.caller(ACME_S.user)
    heard = await caller.client.subscribe(ACME_S.facts)
    await caller.client.flush()
    await house.road.count("z", context=BOLT)
    await house.road.count("z")
    assert (await heard.next_msg(timeout=10)).subject.startswith("retainer.acme.")
    assert heard.pending_msgs == 0
    for subject in ("retainer.bolt.>", "retainer.>", ">", "retainer.*.tally.>", "$JS.EVENT.>", "_INBOX_tally.>"):
        assert not await caller.may_listen(subject)


async def test_a_subscriber_gets_no_consumer_on_anybody_elses_facts(house: House) -> None:
    caller = await house.caller(ACME_S.user)
    for asked in ({"filter_subject": BOLT_S.facts}, {"filter_subject": "retainer.>"}, {"filter_subject": ""}):
        answer = await caller.ask(create(ACME_S), wish(ACME_S, **asked))
        assert answer is None or "error" in answer
    several = wish(ACME_S, filter_subject="", filter_subjects=[ACME_S.facts, BOLT_S.facts])
    assert "error" in (await caller.ask(create(ACME_S), several))
    for subject in (
        create(ACME_S, BOLT_S.facts),
        create(BOLT_S),
        f"{API_PREFIX}.CONSUMER.CREATE.retainer-tally",
        f"{API_PREFIX}.CONSUMER.CREATE.retainer-tally.{ACME_S.user}",
        f"{API_PREFIX}.CONSUMER.MSG.NEXT.retainer-tally.{BOLT_S.user}",
        f"{API_PREFIX}.CONSUMER.INFO.retainer-tally.{BOLT_S.user}",
        f"{API_PREFIX}.CONSUMER.DELETE.retainer-tally.{BOLT_S.user}",
        f"{API_PREFIX}.CONSUMER.LIST.retainer-tally",
        f"{API_PREFIX}.STREAM.INFO.retainer-tally",
        f"{API_PREFIX}.STREAM.MSG.GET.retainer-tally",
        f"{API_PREFIX}.DIRECT.GET.retainer-tally",
        "$JS.API.DIRECT.GET.retainer-tally",
        "$JS.API.STREAM.INFO.retainer-tally",
        "$JS.API.CONSUMER.CREATE.retainer-tally.x",
        "retainer.acme.tally.Forged",
        "retainer.acme.notes.Forged",
    ):
        assert not await caller.may_publish(subject), subject


@pytest.mark.parametrize("aimed_at", ["retainer.acme.notes.Forged", "$JS.API.STREAM.DELETE.retainer-notes"])
async def test_answers_cannot_be_aimed_at_the_house(house: House, aimed_at: str) -> None:
    """JetStream sends to whatever subject a request names: inside of one account that would write into a stream."""
    operator = await house.caller(OPERATOR)
    notes = await house.road._open_bus("inbox")
    jetstream = await notes.jetstream()
    await jetstream.add_stream(name="retainer-notes", subjects=["retainer.*.notes.>"])
    caller = await house.caller(ACME_S.user)
    await caller.ask(create(ACME_S), wish(ACME_S, deliver_subject=aimed_at))
    await house.road.count("d")
    await caller.ask(f"{API_PREFIX}.CONSUMER.DELETE.retainer-tally.{ACME_S.user}")
    await caller.ask(create(ACME_S), wish(ACME_S))
    asked = json.dumps({"batch": 10, "expires": 500_000_000}).encode()
    await caller.client.publish(f"{API_PREFIX}.CONSUMER.MSG.NEXT.retainer-tally.{ACME_S.user}", asked, aimed_at)
    await house.road.count("e")
    await caller.client.flush()
    await asyncio.sleep(0.7)
    info = await operator.ask("$JS.API.STREAM.INFO.retainer-notes")
    assert info["state"]["messages"] == 0


async def test_the_operator_reads_everything(house: House) -> None:
    operator = await house.caller(OPERATOR)
    subscription = await operator.client.jetstream().subscribe(
        "retainer.*.tally.>", stream="retainer-tally", ordered_consumer=True
    )
    subjects = [(await subscription.next_msg(timeout=10)).subject for _ in range(3)]
    assert [subject.split(".")[1] for subject in subjects] == ["acme", "acme", "bolt"]
    assert not await operator.may_publish("retainer.acme.tally.Forged")


def test_without_a_login_nobody_gets_in(server: Server) -> None:
    assert lets_in(server.url, "tally", server.logins.passwords["tally"])
    for user, password in (("", ""), ("tally", "wrong"), ("tally", ""), ("admin", "admin")):
        assert not lets_in(server.url, user, password)


def test_logins_are_kept_and_a_removed_subscriber_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    first = kept_logins(path, ["tally"])
    password = add_subscriber(path, ACME_S)
    assert add_subscriber(path, ACME_S) == password
    again = kept_logins(path, ["tally", "notes"])
    assert again.passwords["tally"] == first.passwords["tally"] != again.passwords["notes"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert remove_subscriber(path, ACME_S) and not remove_subscriber(path, ACME_S)
    assert ACME_S.user not in kept_logins(path, ["tally"]).passwords

"""No agency sees another: every call that reflection finds, with tokens of another agency and of each role, is given
everything that one agency has: names, filters, page tokens, consistency tokens, resume tokens, request ids.

All texts of agency alpha hold the word `alphasecret`, all its ids begin with `alphaid`. Nobody else may be told the
one, nor any of the other that he did not say himself; and the answer about what alpha has is the same as about what
nobody has.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from chassis.answers import DETAILS
from chassis.auth import EVERY_AGENCY, Role
from tests.house import RunningHouse
from tests.retainer.desk import TERMS
from tests.stories.reflected import Reflected, filled, methods_of

ALPHA, BETA = "alpha-agency", "beta-agency"
SECRET, ID = "alphasecret", "alphaid"
AT_ONCE = 24
SECONDS = 20.0
SILENCE_SECONDS = 2.0

pytestmark = pytest.mark.xdist_group("house")


@dataclass
class Alpha:
    """What agency alpha has, and what its owner was given."""

    names: dict[str, str]
    page_tokens: list[tuple[str, str]] = field(default_factory=list)
    resume_tokens: list[str] = field(default_factory=list)
    consistency_token: str = ""
    request_id: str = f"{ID}-request"


@dataclass(frozen=True)
class Caller:
    who: str
    metadata: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """Everything that somebody is told."""

    code: str
    reason: str
    said: bytes


NOBODY_ELSES = "no agency sees another"


@pytest.fixture(scope="module")
def methods(house: RunningHouse) -> list[Reflected]:
    return methods_of(house)


@pytest.fixture(scope="module")
def alpha(house: RunningHouse, methods: list[Reflected], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alpha]:
    with pytest.MonkeyPatch.context():
        yield asyncio.run(_settled(house, methods, tmp_path_factory.mktemp("alpha")))


async def _settled(house: RunningHouse, methods: list[Reflected], folder: Path) -> Alpha:
    await asyncio.to_thread(_live, house, folder)
    found = Alpha(
        {
            "client": f"clients/{ID}-acme",
            "contract": f"contracts/{ID}-web",
            "person": f"people/{ID}-anna",
            "entry": f"entries/{ID}-e1",
            "delivery": f"deliveries/{ID}-d1",
            "payment": f"payments/{ID}-p1",
            "block": f"blocks/{ID}-b1",
            "credit": f"credits/{ID}-c1",
            "extra": f"extras/{ID}-x1",
            "invoice": "invoices/2026-0001",
            "number": "2026-0001",
            "timer": f"people/{ID}-anna/timer",
            "agency": ALPHA,
        }
    )
    owner = Caller("owner", house.metadata(ALPHA))
    async with Doors(house) as doors:
        for method in methods:
            request = filled(method, found.names, found.names["contract"])
            if "page_token" in request.DESCRIPTOR.fields_by_name:
                request.page_size = 1  # type: ignore[attr-defined]  # every listing has it
                if token := getattr(await doors.reply(method, request, owner), "next_page_token", ""):
                    found.page_tokens.append((method.path, token))
            if method.streams and (token := getattr(await doors.reply(method, request, owner), "resume_token", "")):
                found.resume_tokens.append(token)
        adding = next(method for method in methods if method.path.endswith("/AddClient"))
        found.consistency_token = (await doors.reply(adding, _client(found), owner)).receipt.consistency_token
    assert found.page_tokens and found.resume_tokens and found.consistency_token
    return found


def _client(alpha: Alpha) -> Any:
    from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, Client

    client = Client(display_name=f"{SECRET} Second", currency_code="EUR")
    return AddClientRequest(client_id=f"{ID}-second", client=client, request_id=alpha.request_id)


def _live(house: RunningHouse, folder: Path) -> None:
    """By the command, as its owner: everything of which there is a call to see it."""
    terms = folder / "terms.yaml"
    terms.write_text(TERMS)
    desk = _Quiet(house, ALPHA)
    desk("agency", "describe", "--name", "Agency", "--zone", "Europe/Berlin", "--email", "hello@agency.example")
    desk(
        "client", "add", f"{ID}-acme", "--name", f"{SECRET} GmbH", "--contact", f"ida={SECRET} <{SECRET}@acme.example>"
    )
    desk("client", "add", "another", "--name", "Other")
    desk("person", "add", f"{ID}-anna", "--name", f"{SECRET} Anna", "--email", f"{SECRET}@agency.example")
    desk("person", "add", f"{ID}-tom", "--name", f"{SECRET} Tom")
    for contract in ("web", "shop"):
        draft = ("contract", "draft", f"{ID}-{contract}", "--client", f"{ID}-acme", "--terms", str(terms))
        desk(*draft, "--title", f"{SECRET} Care", "--activate")
    desk.now = "2026-01-16T12:00:00Z"
    for number in (1, 2):
        log = ("log", f"{ID}-web", "1:35", "--person", f"{ID}-anna", "--on", "2026-01-16", "--id", f"{ID}-e{number}")
        desk(*log, "--note", f"{SECRET} note")
    desk("timer", "start", f"{ID}-web", "--person", f"{ID}-anna", "--note", f"{SECRET} timer")
    desk("credit", "give", f"{ID}-web", "10.00", "--id", f"{ID}-c1", "--why", f"{SECRET} reason")
    desk("close", "--on", "2026-02-01", now="2026-02-01T08:00:00Z")
    desk("pay", "3570.00", "--invoice", "2026-0001", "--id", f"{ID}-p1", "--on", "2026-02-02")


class _Quiet:
    """The command, where what does not matter may be refused."""

    def __init__(self, house: RunningHouse, agency: str) -> None:
        self._house = house
        self._agency = agency
        self.now = "2025-12-15T09:00:00Z"

    def __call__(self, *arguments: str, now: str = "") -> None:
        from contextlib import redirect_stderr, redirect_stdout
        from io import StringIO

        from retainer.__main__ import run

        where = ("--data", str(self._house.data_dir), "--agency", self._agency, "--now", now or self.now)
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            status = run([*arguments, *where])
        assert status == 0, (arguments, said.getvalue())


class Doors:
    """Channels to all services, and what comes back through them."""

    def __init__(self, house: RunningHouse) -> None:
        self._house = house
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def __aenter__(self) -> "Doors":
        return self

    async def __aexit__(self, *_: object) -> None:
        for channel in self._channels.values():
            await channel.close()

    async def reply(self, method: Reflected, request: Message, caller: Caller) -> Any:
        """The reply, or the first of a stream."""
        if method.service not in self._channels:
            self._channels[method.service] = self._house.channel(method.service)
        channel = self._channels[method.service]
        codec = (type(request).SerializeToString, method.reply.FromString)
        async with self._turn:
            if not method.streams:
                return await channel.unary_unary(method.path, *codec)(
                    request, metadata=caller.metadata, timeout=SECONDS
                )
            call = channel.unary_stream(method.path, *codec)(request, metadata=caller.metadata, timeout=SECONDS)
            try:
                return await asyncio.wait_for(call.read(), SILENCE_SECONDS)
            except TimeoutError:
                return b""  # it says nothing until something happens
            finally:
                call.cancel()

    async def ask(self, method: Reflected, request: Message, caller: Caller) -> Answer:
        try:
            reply = await self.reply(method, request, caller)
        except grpc.aio.AioRpcError as error:
            trailing = dict(error.trailing_metadata() or ())
            details = bytes(trailing.get(DETAILS, b""))
            info = ErrorInfo()
            for detail in Status.FromString(details).details:
                detail.Unpack(info)
            return Answer(error.code().name, info.reason, (error.details() or "").encode() + details)
        return Answer("OK", "", reply.SerializeToString() if hasattr(reply, "SerializeToString") else b"")


def strangers(house: RunningHouse, prefix: str = ID) -> list[Caller]:
    """Everybody who may see nothing of alpha, or of its client acme; his own ids may be those that alpha has too."""

    def of(who: str, agency: str, **identity: Any) -> Caller:
        return Caller(who, house.metadata(agency, **identity))

    return [
        of("owner of beta", BETA),
        of("manager of beta", BETA, role=Role.MANAGER),
        of("member of beta", BETA, role=Role.MEMBER, subject=f"{prefix}-anna"),
        of("guest of beta", BETA, role=Role.GUEST, client=f"{prefix}-acme"),
        of("service for beta", BETA, role=Role.SERVICE, subject="notify"),
        of("guest of another client", ALPHA, role=Role.GUEST, client="another"),
    ]


def requests_about(method: Reflected, names: Mapping[str, str]) -> Iterator[Message]:
    """One for each thing that there is, one for each filter."""
    request = filled(method, names)
    fields = {field.name for field in request.DESCRIPTOR.fields}
    nested = any(found.name == "name" for _, found in _texts(method))
    for about in names.values() if nested else [""]:
        yield filled(method, names, about)
    if "filter" in fields:
        for kind in ("client", "contract", "person", "invoice", "name"):
            yield filled(method, names, filter=f'{kind}="{names.get(kind, names["contract"])}"')


def _texts(method: Reflected) -> list[Any]:
    from tests.stories.reflected import fields_of

    return list(fields_of(method.request()))


def leaked(answer: Answer, request: Message) -> bool:
    """Whether it says a secret, or an id that was not in the question."""
    said = answer.said
    for sent in sorted(set(re.findall(rf"{ID}[\w-]*", str(request))), key=len, reverse=True):
        said = said.replace(sent.encode(), b"")
    return SECRET.encode() in said or ID.encode() in said


@pytest.mark.promise(NOBODY_ELSES, "every method found by reflection, without a token and by each role")
def test_every_call_has_a_rule_and_wants_a_token(house: RunningHouse, methods: list[Reflected]) -> None:
    assert len({method.path for method in methods}) > 70

    guest = Caller("guest", house.metadata(BETA, role=Role.GUEST, client="nobody"))

    async def look(doors: Doors, method: Reflected) -> None:
        nobody = await doors.ask(method, method.request(), Caller("nobody", ()))
        assert (nobody.code, nobody.reason) == ("UNAUTHENTICATED", "TokenInvalid"), method.path
        refused = await doors.ask(method, method.request(), guest)
        assert b"no rule lets anybody" not in refused.said, f"{method.path} has no rule"

    async def ask() -> None:
        async with Doors(house) as doors:
            await asyncio.gather(*(look(doors, method) for method in methods))

    asyncio.run(ask())


@pytest.mark.promise(NOBODY_ELSES, "every method with the names of another agency's things, and every answer searched")
def test_nobody_is_told_anything_of_another_agency(house: RunningHouse, methods: list[Reflected], alpha: Alpha) -> None:
    """And the answer is the same as about what does not exist anywhere."""
    nowhere = {
        kind: name.replace(ID, "nowhere").replace("2026-0001", "2026-9999") for kind, name in alpha.names.items()
    }
    nowhere["agency"] = "nobodys-agency"
    leaks: list[str] = []
    asked = 0

    callers = list(zip(strangers(house), strangers(house, "nowhere"), strict=True))

    async def compare(
        doors: Doors, method: Reflected, mine: Message, other: Message, caller: Caller, same: Caller
    ) -> bool:
        """Whether the request has the shape that is asked for."""
        nonlocal asked
        asked += 1
        answer, unknown = await asyncio.gather(doors.ask(method, mine, caller), doors.ask(method, other, same))
        if leaked(answer, mine):
            leaks.append(f"{caller.who}: {method.path} tells {answer.said!r} for {mine}")
        if (answer.code, answer.reason) != (unknown.code, unknown.reason):
            leaks.append(f"{caller.who}: {method.path} {answer} for {mine} but {unknown} for {other}")
        return answer.reason != "FieldsInvalid"

    async def try_out(doors: Doors, method: Reflected, mine: Message, other: Message) -> None:
        """By everybody, where the first one has found the shape right."""
        if await compare(doors, method, mine, other, *callers[0]):
            await asyncio.gather(*(compare(doors, method, mine, other, *who) for who in callers[1:]))

    async def ask() -> None:
        async with Doors(house) as doors:
            await asyncio.gather(
                *(
                    try_out(doors, method, mine, other)
                    for method in methods
                    for mine, other in zip(
                        requests_about(method, alpha.names), requests_about(method, nowhere), strict=True
                    )
                )
            )

    asyncio.run(ask())
    assert asked > 1000
    assert not leaks, f"{len(leaks)} leaks, the first: " + "\n".join(leaks[:10])


@pytest.mark.promise(NOBODY_ELSES, "page tokens and consistency tokens of another agency")
def test_tokens_of_another_agency_open_nothing(house: RunningHouse, methods: list[Reflected], alpha: Alpha) -> None:
    """Page tokens, resume tokens, consistency tokens."""
    leaks: list[str] = []

    async def look(doors: Doors, method: Reflected, request: Message, caller: Caller) -> None:
        answer = await doors.ask(method, request, caller)
        if leaked(answer, request) or answer.code == "INTERNAL":
            leaks.append(f"{caller.who}: {method.path} {answer} for {request}")

    async def ask() -> None:
        async with Doors(house) as doors:
            await asyncio.gather(
                *(
                    look(doors, method, request, caller)
                    for method in methods
                    for request in with_tokens(method, alpha)
                    for caller in strangers(house)
                )
            )

    asyncio.run(ask())
    assert not leaks, f"{len(leaks)} leaks, the first: " + "\n".join(leaks[:10])


def with_tokens(method: Reflected, alpha: Alpha) -> Sequence[Message]:
    tokens = {
        "page_token": [token for path, token in alpha.page_tokens if path == method.path],
        "resume_token": alpha.resume_tokens[:1],
        "consistency_token": [alpha.consistency_token],
    }
    made = []
    for name, given in tokens.items():
        for token in given if name in method.request.DESCRIPTOR.fields_by_name else ():
            request = filled(method, {}, "")
            setattr(request, name, token)
            made.append(request)
    return made


def test_a_request_id_of_another_agency_is_a_new_one(
    house: RunningHouse, methods: list[Reflected], alpha: Alpha
) -> None:
    adding = next(method for method in methods if method.path.endswith("/AddClient"))

    async def ask() -> Any:
        async with Doors(house) as doors:
            return await doors.reply(adding, _client(alpha), Caller("owner of beta", house.metadata(BETA)))

    receipt = asyncio.run(ask()).receipt
    assert not receipt.repeated_request
    assert receipt.consistency_token != alpha.consistency_token


def test_a_service_borrows_no_keys_of_another_agency(
    house: RunningHouse, methods: list[Reflected], alpha: Alpha
) -> None:
    lending = [method for method in methods if method.path.endswith("/GetKeys")]
    assert {method.service for method in lending} == {"contracts", "timelog"}

    async def ask(agency: str) -> list[str]:
        caller = Caller("service", house.metadata(agency, role=Role.SERVICE, subject="notify"))
        codes = []
        async with Doors(house) as doors:
            for method in lending:
                request = method.request(agency=ALPHA, subjects=[f"client/{ID}-acme", f"person/{ID}-anna"])
                codes.append((await doors.ask(method, request, caller)).code)
        return codes

    assert asyncio.run(ask(BETA)) == ["PERMISSION_DENIED"] * 2
    assert asyncio.run(ask(ALPHA)) == asyncio.run(ask(EVERY_AGENCY)) == ["OK"] * 2

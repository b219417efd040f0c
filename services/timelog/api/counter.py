"""How a command is obeyed, tried out (`validate_only`) and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from chassis.freshness import Freshness
from chassis.grpc_server import Call
from chassis.keyring import HouseKeyring
from chassis.projector import Views
from chassis.store import Context, Decider, EtagStale, Ledger, Store, Work
from chassis.store.draft import DraftEvent
from chassis.store.hot import HotStream
from messages.etags import etag_of, version_in
from vocabulary.fact import Fact
from vocabulary.identity import check_id
from vocabulary.refusal import Refused
from wire.retainer.receipt.v1.receipt_pb2 import Receipt

COLLECTIONS = {
    "person": "people",
    "entry": "entries",
    "delivery": "deliveries",
    "import": "imports",
}


@dataclass(frozen=True, slots=True)
class Counter:
    """The parts of the service that its doors work with."""

    store: Store
    views: Views
    freshness: Freshness
    keyring: HouseKeyring

    def erase_key(self, call: Call, subject: str) -> None:
        """Destroy what opens everything personal about a subject of ours; there is no way back."""
        assert self.keyring.owned is not None
        self.keyring.owned.erase(call.agency, subject, call.now.isoformat())

    async def obey(
        self, work: Work, call: Call, stream: str, *, etag: str = "", validate_only: bool = False
    ) -> Receipt:
        """Run `work` and record what it decided; where it is only tried out, nothing. `stream` is what the receipt is
        about; an `etag` must be its version."""
        expected = version_in(etag) if etag else None
        if expected is not None:
            work = _expecting(work, stream, expected)
        if validate_only:
            ledger = self.trial(call)
            await work(ledger)
            version = await ledger.version(stream) if stream else 0
            return Receipt(name=name_of_stream(stream), etag=etag_of(version))
        receipt = await self.store.transact(work, context=call.context, stream=stream, request=call.request)
        return Receipt(
            name=name_of_stream(receipt.stream),
            etag=etag_of(receipt.version),
            consistency_token=self.freshness.token(receipt),
            created=receipt.names,
            repeated_request=receipt.repeated,
        )

    def trial(self, call: Call) -> Ledger:
        """A ledger in which things can be tried: nothing of it is ever appended."""
        return Ledger(call.context, shelf=_Trial(self.store))


def name_of_stream(stream: str) -> str:
    """`entries/e1` of `acme/entry/e1`, `people/anna/timer` of `acme/timer/anna`; nothing where it is of no one."""
    if not stream:
        return ""
    _, kind, identity = stream.split("/", 2)
    return f"people/{identity}/timer" if kind == "timer" else f"{COLLECTIONS[kind]}/{identity}"


def chosen_id(given: str, field: str) -> str:
    """The caller's id, or a made one."""
    return check_id(given, field) if given else str(uuid7())


OUTSIDE_OF_ENTRY = frozenset({"", "entry_id", "etag", "request_id", "update_mask"})


class fields_in:
    """Refusals name their fields in the words of the request: `worked` is `entry.worked` there."""

    __slots__ = ("_place",)

    def __init__(self, place: str) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Refused) and error.field not in OUTSIDE_OF_ENTRY:
            error.field = f"{self._place}{error.field}"


def _expecting(work: Work, stream: str, version: int) -> Work:
    async def expecting(ledger: Ledger) -> None:
        if await ledger.version(stream) != version:
            raise EtagStale("it has changed since you read it: read it again and repeat", field="etag")
        await work(ledger)

    return expecting


@dataclass(frozen=True, slots=True)
class _Trial:
    """Streams as the store has them; what is drafted on them is neither sealed nor encoded, and never appended."""

    store: Store

    def begin(self, stream: str) -> None:
        """It is looked for all the same."""

    async def hot(self, stream: str) -> HotStream:
        return await self.hot_state(stream, _UNREAD)

    async def hot_state(self, stream: str, decider: Decider[Any, Any]) -> HotStream:
        state, version = await self.store.state(decider, stream)
        hot = HotStream(version)
        hot.states[decider] = state
        return hot

    async def draft_events(self, context: Context, stream: str, events: Sequence[Fact]) -> Sequence[DraftEvent]:
        type_of = self.store.catalog.type_of
        return [DraftEvent(stream, type_of(event).tag, event, b"", context) for event in events]


_UNREAD: Decider[Any, None] = Decider(None, lambda command, state: (), lambda state, event: None)
"""For a stream of which the version alone is asked."""

"""A real contracts beside a store that speaks as timelog does, over a real NATS; and a caller before its doors."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status
from uuid_utils import uuid7

from chassis.answers import DETAILS
from chassis.auth import Identity, Role
from chassis.bus import Bus
from chassis.catalog import Catalog
from chassis.freshness import Freshness
from chassis.loops import kept_running
from chassis.relay import Relay
from chassis.run import Running, serving
from chassis.settings import Settings
from chassis.store import Context, Ledger, Store
from chassis.testing import FixedKeys, NatsServer
from services.contracts.__main__ import WIRING
from services.timelog import events as timelog
from vocabulary.fact import Fact

AGENCY = "studio"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a caller was told."""

    code: str
    reason: str
    field: str
    message: str


class Office:
    """Contracts running, and timelog's facts told to it."""

    def __init__(self, running: Running, store: Store, channel: grpc.aio.Channel) -> None:
        self.running = running
        self._timelog = store
        self._channel = channel
        self._heard = Freshness("timelog", store, running.parts.views, {})

    async def ask(
        self,
        request: Message,
        *,
        role: Role = Role.OWNER,
        agency: str = AGENCY,
        client: str = "acme",
        now: str = "",
    ) -> Any:
        """The reply; a command without a request id gets one. `client` is whose guest a guest is."""
        fields = request.DESCRIPTOR.fields_by_name
        if "request_id" in fields and not request.request_id:  # type: ignore[attr-defined]  # looked up before
            request.request_id = str(uuid7())  # type: ignore[attr-defined]
        service, method = _method_of(request)
        identity = Identity(agency, "olga", role, client if role is Role.GUEST else "")
        token = self.running.parts.tokens.issue(identity)
        metadata = [("authorization", f"Bearer {token}"), *([("retainer-now", now)] if now else [])]
        call = self._channel.unary_unary(
            f"/{service}/{method.name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return await call(request, metadata=metadata, timeout=20)

    async def refused(self, request: Message, **how: Any) -> Refusal:
        """How the request was refused."""
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await self.ask(request, **how)
        return _refusal(raised.value)

    async def tell(self, *facts: Fact) -> str:
        """Timelog says so; returns the consistency token of its receipt."""

        async def work(ledger: Ledger) -> None:
            for fact in facts:
                subject = getattr(fact, "entry_id", "") or getattr(fact, "delivery_id", "none")
                await ledger.record(f"{AGENCY}/entry/{subject}", [fact])

        receipt = await self._timelog.transact(
            work, context=Context(AGENCY, "anna", "test"), stream=f"{AGENCY}/entry/e1"
        )
        return self._heard.token(receipt)


@asynccontextmanager
async def office_at(folder: Path, nats: NatsServer, **settings: Any) -> AsyncIterator[Office]:
    """Open; again at the same folder it goes on where it was."""
    chosen = Settings(data_dir=folder / "data", nats_url=nats.url, **({"rehearsal": True} | settings))
    async with AsyncExitStack() as stack:
        catalog = Catalog("timelog", timelog.TimelogEvent)
        store = await Store.open(f"sqlite:///{folder}/timelog.db", catalog, FixedKeys())
        stack.push_async_callback(store.close)
        bus = Bus(nats.url, name="timelog")
        await bus.start()
        stack.push_async_callback(bus.stop)
        await stack.enter_async_context(kept_running("relay", Relay(store, bus).run))
        running = await stack.enter_async_context(serving(WIRING, chosen))
        await running.ready.wait()
        channel = grpc.aio.insecure_channel(running.address, options=[("grpc.enable_http_proxy", 0)])
        stack.push_async_callback(channel.close)
        yield Office(running, store, channel)


def _method_of(request: Message) -> tuple[str, Any]:
    services = request.DESCRIPTOR.file.services_by_name.values()
    [found] = [
        (service.full_name, method)
        for service in services
        for method in service.methods
        if method.input_type is request.DESCRIPTOR
    ]
    return found


def _refusal(error: grpc.aio.AioRpcError) -> Refusal:
    metadata: Sequence[Any] = error.trailing_metadata() or ()
    status = Status.FromString(dict(metadata)[DETAILS])
    info, bad = ErrorInfo(), BadRequest()
    for detail in status.details:
        for message in (info, bad):
            detail.Unpack(message)
    fields = ", ".join(violation.field for violation in bad.field_violations)
    return Refusal(error.code().name, info.reason, fields, error.details() or "")

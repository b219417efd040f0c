"""A real timelog beside a store that speaks as contracts does, over a real NATS; and a caller before its doors."""

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
from services.contracts import events as contracts
from services.timelog.__main__ import WIRING
from tests.timelog.samples import WEB, signed
from vocabulary.fact import Fact
from vocabulary.identity import ClientId
from vocabulary.terms import Agreement

AGENCY = "studio"
ACME = ClientId("acme")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a caller was told."""

    code: str
    reason: str
    field: str
    message: str


class Studio:
    """Timelog running, and contracts' facts told to it."""

    def __init__(
        self, running: Running, store: Store, channel: grpc.aio.Channel, folder: Path, agency: str = AGENCY
    ) -> None:
        self.running = running
        self.folder = folder
        self.agency = agency
        self._contracts = store
        self._channel = channel
        self._heard = Freshness("contracts", store, running.parts.views, {})

    @property
    def store(self) -> Store:
        return self.running.parts.store

    async def ask(
        self,
        request: Message,
        *,
        role: Role = Role.OWNER,
        subject: str = "olga",
        agency: str = "",
        now: str = "",
        seconds: float = 20,
    ) -> Any:
        """The reply; a command without a request id gets one."""
        fields = request.DESCRIPTOR.fields_by_name
        if "request_id" in fields and not request.request_id:  # type: ignore[attr-defined]  # looked up before
            request.request_id = str(uuid7())  # type: ignore[attr-defined]
        service, method = _method_of(request)
        client = "acme" if role is Role.GUEST else ""
        token = self.running.parts.tokens.issue(Identity(agency or self.agency, subject, role, client))
        metadata = [("authorization", f"Bearer {token}"), *([("retainer-now", now)] if now else [])]
        call = self._channel.unary_unary(
            f"/{service}/{method.name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return await call(request, metadata=metadata, timeout=seconds)

    async def refused(self, request: Message, **how: Any) -> Refusal:
        """How the request was refused."""
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            await self.ask(request, **how)
        return _refusal(raised.value)

    async def tell(self, *facts: Fact) -> str:
        """Contracts says so; returns the consistency token of its receipt."""
        agency = self.agency

        async def work(ledger: Ledger) -> None:
            for fact in facts:
                await ledger.record(f"{agency}/contract/{getattr(fact, 'contract_id', 'none')}", [fact])

        receipt = await self._contracts.transact(
            work, context=Context(agency, "olga", "test"), stream=f"{agency}/contract/web-2026"
        )
        return self._heard.token(receipt)

    async def activate(self, agreement: Agreement | None = None, contract_id: str = WEB) -> str:
        return await self.tell(activated(agreement, contract_id))

    def of(self, agency: str) -> "Studio":
        """The same services, spoken to for another agency."""
        return Studio(self.running, self._contracts, self._channel, self.folder, agency)


def activated(agreement: Agreement | None = None, contract_id: str = WEB) -> contracts.ContractActivated:
    return contracts.ContractActivated(
        contract_id=contracts.ContractId(contract_id),
        client_id=ACME,
        title="Web",
        agreement=agreement or signed(),
    )


@asynccontextmanager
async def studio_at(folder: Path, nats: NatsServer, **places: str) -> AsyncIterator[Studio]:
    """Open; `places` are settings that say where stores are kept."""
    settings = Settings(data_dir=folder / "data", nats_url=nats.url, rehearsal=True, **places)  # type: ignore[arg-type]
    async with AsyncExitStack() as stack:
        store = await Store.open(
            f"sqlite:///{folder}/contracts.db", Catalog("contracts", contracts.ContractsEvent), FixedKeys()
        )
        stack.push_async_callback(store.close)
        bus = Bus(nats.url, name="contracts")
        await bus.start()
        stack.push_async_callback(bus.stop)
        await stack.enter_async_context(kept_running("relay", Relay(store, bus).run))
        running = await stack.enter_async_context(serving(WIRING, settings))
        await running.ready.wait()
        channel = grpc.aio.insecure_channel(
            running.address, options=[("grpc.max_receive_message_length", 64 << 20), ("grpc.enable_http_proxy", 0)]
        )
        stack.push_async_callback(channel.close)
        yield Studio(running, store, channel, folder)


def _method_of(request: Message) -> tuple[str, Any]:
    services = request.DESCRIPTOR.file.services_by_name.values()
    found = [
        (service.full_name, method)
        for service in services
        for method in service.methods
        if method.input_type is request.DESCRIPTOR
    ]
    assert len(found) == 1
    return found[0]


def _refusal(error: grpc.aio.AioRpcError) -> Refusal:
    metadata: Sequence[Any] = error.trailing_metadata() or ()
    status = Status.FromString(dict(metadata)[DETAILS])
    info, bad = ErrorInfo(), BadRequest()
    for detail in status.details:
        if detail.Is(ErrorInfo.DESCRIPTOR):
            detail.Unpack(info)
        elif detail.Is(BadRequest.DESCRIPTOR):
            detail.Unpack(bad)
    fields = ", ".join(violation.field for violation in bad.field_violations)
    return Refusal(error.code().name, info.reason, fields, error.details() or "")

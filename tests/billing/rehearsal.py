"""Billing without the bus: facts of the other services go straight into its reactions, calls into its servicers; store,
views and fold are the real ones. Each fact and call has its own time, as in a rehearsal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from chassis.auth import Identity, Role
from chassis.call import Call
from chassis.freshness import Freshness
from chassis.inbox import Incoming
from chassis.metrics import Metrics
from chassis.projector import Projector
from chassis.settings import Settings
from chassis.store import Context, Ledger, Request, Store, Tracking
from chassis.testing import FixedKeys, memory_store
from services.billing import reactions
from services.billing.__main__ import CATALOG
from services.billing.api.accounts import Accounts
from services.billing.api.boundaries import Boundaries
from services.billing.api.budgets import Budgets
from services.billing.api.desk import Desk
from services.billing.api.invoices import Invoices
from services.billing.api.payments import Payments
from services.billing.settling import Settling
from services.billing.views import VIEWS
from services.contracts import events as contracts
from vocabulary.calendar import first_instant, zone
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId
from vocabulary.personal import of_agency, of_client
from vocabulary.terms import Agreement

AGENCY = "nord"
ACME = ClientId("acme")
WEB = ContractId("web")


@dataclass
class Office:
    """One agency's billing."""

    store: Store
    projector: Projector
    parts: Any
    agency: str = AGENCY
    heard: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk = Desk(self.parts)
        self.budgets = Budgets(self.desk)
        self.boundaries = Boundaries(self.desk, Settling(self.store))
        self.invoices = Invoices(self.desk)
        self.accounts = Accounts(self.desk)
        self.payments = Payments(self.desk)

    async def hear(self, event: Fact, known_at: datetime) -> None:
        """As the inbox takes it in: what it leads to and how far it came, in one append."""
        incoming = self.incoming(event, known_at)
        await self.take_in(incoming)

    def incoming(self, event: Fact, known_at: datetime) -> Incoming:
        source = type(event).__module__.split(".")[1]
        position = self.heard[source] = self.heard.get(source, 0) + 1
        return Incoming(
            source=source,
            position=position,
            stream=f"{self.agency}/x/{position}",
            version=1,
            name=f"{source}.{type(event).__name__}",
            event=event,
            payload=b"",
            recorded_at=known_at,
            agency=self.agency,
            actor="anna",
            correlation_id="",
            event_id="",
            stream_hash=sha256(f"{source}{position}".encode()).hexdigest(),
        )

    async def take_in(self, incoming: Incoming) -> None:
        react = reactions.react_to_contracts if incoming.source == "contracts" else reactions.react_to_timelog

        async def work(ledger: Ledger) -> None:
            await react(incoming, ledger)

        context = Context(agency=self.agency, actor="inbox", correlation_id="", now=incoming.recorded_at)
        tracking = Tracking(incoming.source, incoming.position, incoming.position - 1)
        await self.store.transact(work, context=context, stream="", tracking=tracking)

    def call(
        self,
        now: datetime,
        *,
        request_id: str = "",
        role: Role = Role.OWNER,
        client_id: str = "",
        rehearsed: bool = True,
    ) -> Call:
        return Call(
            identity=Identity(self.agency, "anna", role, client_id),
            now=now,
            rehearsed=rehearsed,
            correlation_id="test",
            request=Request(request_id, f"hash of {request_id}") if request_id else None,
            deadline_seconds=30.0,
        )

    async def seen(self) -> None:
        """The views have everything that was recorded."""
        await self.parts.views.wait_for(self.store.position)

    async def facts(self, *kinds: type[Fact]) -> list[Any]:
        """What was recorded, of these kinds, in order."""
        found, position = [], 0
        while page := await self.store.read_log(position, 500):
            found += [fact.event for fact in page if not kinds or isinstance(fact.event, kinds)]
            position = page[-1].position
        return found

    async def activate(
        self, agreement: Agreement, contract_id: str = WEB, client_id: str = ACME, known_at: datetime | None = None
    ) -> None:
        """A client and its contract, known the day before it begins."""
        known_at = known_at or at(date.fromisoformat(agreement.starts_on), hour=0, zone_name=agreement.time_zone)
        profile = contracts.ClientProfile(
            name=of_client(client_id, "Acme AG"), currency=agreement.currency, locale="de"
        )
        await self.hear(contracts.ClientAdded(client_id=ClientId(client_id), profile=profile), known_at)
        activated = contracts.ContractActivated(
            contract_id=ContractId(contract_id), client_id=ClientId(client_id), title="Website", agreement=agreement
        )
        await self.hear(activated, known_at)

    async def introduce_agency(self, known_at: datetime) -> None:
        described = contracts.AgencyDescribed(
            agency_id=self.agency,  # type: ignore[arg-type]  # a plain text will do
            name=of_agency(self.agency, "Studio Nord"),
            address=contracts.PostalAddress(city="Hamburg", country="DE"),
            locale="de",
        )
        await self.hear(described, known_at)


@asynccontextmanager
async def office(agency: str = AGENCY, **options: Any) -> AsyncIterator[Office]:
    """Billing in memory, its views followed in the background."""
    async with memory_store(CATALOG, rehearsal=True, **options) as store:
        projector = Projector(store, "sqlite:///:memory:", [view() for view in VIEWS])
        await projector.open()
        following = asyncio.create_task(projector.run())
        parts = SimpleNamespace(
            settings=Settings(rehearsal=True),
            store=store,
            views=projector.views,
            projector=projector,
            freshness=Freshness("billing", store, projector.views, {}),
            keyring=FixedKeys(),
            metrics=Metrics(),
            clock=lambda: datetime.now(UTC),
        )
        try:
            yield Office(store, projector, parts, agency)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await projector.close()


def at(day: date, hour: int = 12, zone_name: str = "Europe/Berlin") -> datetime:
    """An instant of a local date."""
    if hour == 0:
        return first_instant(day, zone(zone_name))
    return datetime.combine(day, time(hour), zone(zone_name)).astimezone(UTC)

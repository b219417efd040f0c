"""A notify service without its doors: a real store, real views, a postman, and whatever channel a test gives it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from chassis.catalog import Catalog
from chassis.inbox import Incoming
from chassis.projector import Projector
from chassis.store import Context, Store
from chassis.testing import FixedKeys
from chassis.tide import Tide
from services.billing.events import BillingEvent
from services.contracts.events import ContractsEvent
from services.notify import reactions
from services.notify.channels import Channel, ChannelDown, Mail, Rejected
from services.notify.channels.mail import Attachment
from services.notify.desk import Desk, Missing
from services.notify.domain.notice_state import Stage
from services.notify.errand import Office
from services.notify.events import NotifyEvent
from services.notify.postman import Postman
from services.notify.views import letters
from services.notify.views.letters import LetterRow, LettersView
from tests.notify.samples import AGENCY, NOON
from vocabulary.fact import Fact
from vocabulary.identity import DocumentNumber

CATALOG = Catalog("notify", NotifyEvent)
SOURCES = {"contracts": Catalog("contracts", ContractsEvent), "billing": Catalog("billing", BillingEvent)}
REACTIONS = {"contracts": reactions.hear_contracts, "billing": reactions.hear_billing}
PDF = b"%PDF-1.7 drawn"


class Mailbox:
    """A channel that keeps what it is given, and refuses as a test wants: by address, or altogether."""

    name = "email"

    def __init__(self) -> None:
        self.needs_sender = False
        self.mails: list[Mail] = []
        self.refuses: dict[str, Rejected] = {}
        self.down = False
        self.tried = Tide()
        self.hangs: dict[str, asyncio.Event] = {}

    async def deliver(self, mail: Mail) -> None:
        self.tried.reach(self.tried.value + 1)
        if self.down:
            raise ChannelDown("no mail server")
        if waits := self.hangs.get(mail.recipient):
            await waits.wait()
        if refusal := self.refuses.get(mail.recipient):
            raise refusal
        self.mails.append(mail)

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.mails]


class DrawnDocuments:
    """Billing's drawer, as far as documents are drawn."""

    def __init__(self) -> None:
        self.drawn: dict[str, bytes] = {}
        self.asked = 0

    async def fetch(self, agency: str, number: DocumentNumber) -> Attachment:
        self.asked += 1
        if number not in self.drawn:
            raise Missing("the PDF is not drawn yet")
        return Attachment(f"{number}.pdf", self.drawn[number])


class NotifyOffice:
    """What a test talks to. Its clock stands still until somebody moves it."""

    def __init__(self, store: Store, projector: Projector, keys: FixedKeys, channel: Channel) -> None:
        self.store = store
        self.views = projector.views
        self.projector = projector
        self.keys = keys
        self.now = NOON
        self.documents = DrawnDocuments()
        self.counted: Counter[tuple[str, str]] = Counter()
        self.channel = channel
        self._positions: Counter[str] = Counter()

    def office(self, sender: str = "") -> Office:
        return Office(
            store=self.store,
            views=self.views,
            desk=Desk(self.store, self.keys),
            channel=self.channel,
            documents=self.documents,
            clock=lambda: self.now,
            count=self._count,
            sender=sender,
        )

    async def hear(self, *events: Fact, agency: str = AGENCY) -> None:
        """Each fact once, as its inbox brings it: sealed."""
        for event in events:
            source = "billing" if type(event).__module__ == "services.billing.events" else "contracts"
            await self._take_in(source, event, agency)

    @asynccontextmanager
    async def working(self, sender: str = "") -> AsyncIterator[Postman]:
        """A postman at work until the block is left; as after a start of the service."""
        postman = Postman(self.office(sender))
        task = asyncio.create_task(postman.run())
        try:
            yield postman
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def letter(self, notice_id: str, until: Callable[[LetterRow], bool], agency: str = AGENCY) -> LetterRow:
        """The letter as soon as it is as it should be; AssertionError with its state where it never is."""
        row: LetterRow | None = None
        try:
            async with asyncio.timeout(10):
                while True:
                    seen = self.views.position
                    row = await letters.find(self.views, agency, notice_id)
                    if row is not None and until(row):
                        return row
                    await self.views.wait_beyond(seen)
        except TimeoutError:
            raise AssertionError(f"{notice_id} is {row}") from None

    async def at_stage(self, notice_id: str, stage: Stage, agency: str = AGENCY) -> LetterRow:
        return await self.letter(notice_id, lambda row: row.notice.stage is stage, agency)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def _count(self, channel: str, result: str) -> None:
        self.counted[channel, result] += 1

    async def _take_in(self, source: str, event: Fact, agency: str) -> None:
        catalog = SOURCES[source]
        kind = catalog.type_of(event)
        payload = catalog.encode(event, agency, self.keys)
        self._positions[source] += 1
        fact = Incoming(
            source=source,
            position=self._positions[source],
            stream=f"{agency}/x",
            version=1,
            name=kind.name,
            event=catalog.decode(kind.name, kind.version, payload),
            payload=payload,
            recorded_at=self.now,
            agency=agency,
            actor="anna",
            correlation_id="c",
            event_id=f"{source}:{self._positions[source]}",
            stream_hash="",
        )
        context = Context(agency=agency, actor="anna", correlation_id="c")
        receipt = await self.store.transact(lambda ledger: REACTIONS[source](fact, ledger), context=context, stream="")
        await self.views.wait_for(receipt.position)


@asynccontextmanager
async def notify_office(channel: Channel, **options: Any) -> AsyncIterator[NotifyOffice]:
    keys = FixedKeys()
    url = options.pop("url", "sqlite:///:memory:")
    views_url = options.pop("views_url", "sqlite:///:memory:")
    store = await Store.open(url, CATALOG, keys, **options)
    projector = Projector(store, views_url, [LettersView()])
    await projector.open()
    following = asyncio.create_task(projector.run())
    try:
        yield NotifyOffice(store, projector, keys, channel)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await projector.close()
        await store.close()

"""One notice on its way: addressed, written, given to the channel, and what became of it into the books."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.answers import NeighbourUnavailable
from chassis.keyring import SubjectErased
from chassis.projector import Views
from chassis.sql import DatabaseFull, DatabaseUnavailable
from chassis.store import Context, Store, StoreFull, StoreUnavailable
from services.notify import streams
from services.notify.channels import Channel, ChannelDown, Rejected
from services.notify.channels.mail import AddressMalformed, Attachment, Envelope, address, make_mail, message_id
from services.notify.deciders import NOTICE
from services.notify.desk import Desk, Missing, Unreachable, Written
from services.notify.domain.news import document_of
from services.notify.domain.notice import Defer, NoteFailure, NoteSent, NoteUndeliverable, NoticeCommand
from services.notify.domain.notice_state import Notice, Stage
from services.notify.views.letters import Due
from vocabulary.identity import DocumentNumber
from vocabulary.personal import of_client

SENDER_OF_NOBODY = "letters@retainer.invalid"
TRANSIENT = (StoreUnavailable, StoreFull, DatabaseUnavailable, DatabaseFull)
DATABASE_PAUSE_SECONDS = 1.0

log = logging.getLogger(__name__)


class Documents(Protocol):
    """Where the PDF files are."""

    async def fetch(self, agency: str, number: DocumentNumber) -> Attachment:
        """The document; `Missing` while it is not drawn, or cannot be had now."""
        ...


RESULTS = ("sent", "failed", "given_up", "undeliverable", "withheld", "deferred", "down")
Count = Callable[[str, str], None]
"""Channel and result, one of `RESULTS`."""


@dataclass(frozen=True, slots=True)
class Office:
    """What all errands share. `sender` is the address that all letters come from; empty: each agency's own."""

    store: Store
    views: Views
    desk: Desk
    channel: Channel
    documents: Documents
    clock: Callable[[], datetime]
    count: Count
    sender: str = ""


class Errand:
    """Do for one notice what is due."""

    def __init__(self, office: Office, due: Due) -> None:
        self._office = office
        self._agency = due.agency
        self._notice_id = due.notice_id
        self._stream = streams.notice(due.agency, due.notice_id)
        self._context = Context(
            agency=due.agency,
            actor="notify",
            correlation_id=due.notice_id,
            # What was told at a rehearsed time is sent at that time: a clock of another time would never go back.
            now=due.queued_at if office.store.rehearsal else None,
        )
        self.channel_answered = False
        """The channel took or refused something: it works."""

    async def run(self) -> None:
        """Raises `ChannelDown` and nothing else, or one letter could stop all the others."""
        try:
            await self._deliver_all()
        except (Missing, NeighbourUnavailable) as error:
            await self._defer(str(error))
        except TRANSIENT as error:
            await _pause(error)
        except ChannelDown:
            raise
        except Exception as error:
            log.exception("the letter %s could not be made", self._notice_id)
            await self._defer(f"an error of ours ({type(error).__name__}): see the log")

    async def _deliver_all(self) -> None:
        notice = await self._notice()
        if not notice.addressed:
            await self._record(await self._office.desk.ways(self._agency, notice))
            notice = await self._notice()
            for delivery in notice.deliveries.values():
                if delivery.stage in (Stage.UNDELIVERABLE, Stage.WITHHELD):
                    self._count(delivery.stage.value)
        now = self._office.clock()
        due = [contact_id for contact_id in notice.deliveries if notice.is_due(contact_id, now)]
        if not due:
            await self._office.views.wait_for(self._office.store.position)  # the view was a moment behind
            return
        number = document_of(notice.news)
        document = await self._office.documents.fetch(self._agency, number) if number else None
        for contact_id in due:
            await self._deliver(notice, contact_id, document)

    async def _deliver(self, notice: Notice, contact_id: str, document: Attachment | None) -> None:
        """One letter to its channel."""
        try:
            written = await self._office.desk.write(self._agency, notice, contact_id)
            mail = make_mail(
                written.letter,
                self._envelope(written),
                document,
                agency=self._agency,
                notice_id=self._notice_id,
                contact_id=contact_id,
                at=self._office.clock(),
            )
            await self._office.channel.deliver(mail)
        except (Unreachable, AddressMalformed) as error:
            await self._undeliverable(contact_id, str(error))
        except Rejected as error:
            self.channel_answered = True
            await self._failed(contact_id, error)
        else:
            self.channel_answered = True
            await self._sent(notice, contact_id, written, str(mail.message["To"]))

    def _envelope(self, written: Written) -> Envelope:
        recipient = address(written.reader, written.email)
        own = None
        if written.sender_email:
            with suppress(AddressMalformed):
                own = address(written.sender, written.sender_email)
        if self._office.sender:
            return Envelope(address(written.sender, self._office.sender), recipient, own)
        if own is None and self._office.channel.needs_sender:
            raise Missing("the agency has no e-mail address to write from: describe it, or set RETAINER_MAIL_FROM")
        return Envelope(own or address(written.sender, SENDER_OF_NOBODY), recipient)

    async def _sent(self, notice: Notice, contact_id: str, written: Written, recipient: str) -> None:
        self._count("sent")
        sent = NoteSent(
            contact_id=contact_id,
            channel=self._office.channel.name,
            message_id=message_id(self._agency, self._notice_id, contact_id),
            recipient=of_client(notice.client_id, recipient),
            subject=of_client(notice.client_id, written.letter.subject),
            text=of_client(notice.client_id, written.letter.text),
            sent_at=self._office.clock(),
        )
        try:
            await self._record(sent)
        except SubjectErased:  # between sending and recording
            await self._undeliverable(contact_id, "the client was erased")

    async def _failed(self, contact_id: str, error: Rejected) -> None:
        failure = NoteFailure(
            contact_id=contact_id,
            channel=self._office.channel.name,
            reason=error.reason,
            for_good=error.for_good,
            now=self._office.clock(),
        )
        await self._record(failure)
        goes_on = (await self._notice()).is_open(contact_id)
        self._count("failed" if goes_on else "given_up")
        log.warning("the letter %s was not taken: %s", self._notice_id, error.reason)

    async def _undeliverable(self, contact_id: str, reason: str) -> None:
        self._count("undeliverable")
        await self._record(NoteUndeliverable(contact_id, reason))

    async def _defer(self, waits_for: str) -> None:
        self._count("deferred")
        try:
            await self._record(Defer(waits_for, self._office.clock()))
        except TRANSIENT as error:
            await _pause(error)

    async def _notice(self) -> Notice:
        """As it is in the store: the view may be a moment behind."""
        notice, _ = await self._office.store.state(NOTICE, self._stream)
        assert notice is not None, "the view knows it, so the store does"
        return notice

    async def _record(self, command: NoticeCommand) -> None:
        """Decide, and wait until the view shows it, so that nothing is taken up twice."""
        receipt = await self._office.store.execute(NOTICE, self._stream, command, context=self._context)
        await self._office.views.wait_for(receipt.position)

    def _count(self, result: str) -> None:
        self._office.count(self._office.channel.name, result)


async def _pause(error: Exception) -> None:
    log.warning("letters wait for the database: %s", error)
    await asyncio.sleep(DATABASE_PAUSE_SECONDS)

"""What clients were told."""

from chassis.auth import MANAGERS, Rule, Rules
from chassis.freshness import Freshness
from chassis.grpc_server import Call, Door, NotFound
from chassis.keyring import Keyring
from chassis.projector import Views
from chassis.store import Store
from messages.etags import version_in
from messages.pages import cut, key_in, size_of, token_of
from services.notify import streams
from services.notify.api.letter_filter import wanted
from services.notify.api.messages import letter, must_be_fresh, receipt, tried_out
from services.notify.channels.mail import AddressMalformed, address
from services.notify.deciders import NOTICE
from services.notify.desk import Desk, Missing, Unreachable
from services.notify.domain.notice import Resend, decide
from services.notify.domain.notice_state import NOBODY, Notice
from services.notify.views import letters
from wire.retainer.notify.v1 import letter_pb2 as messages
from wire.retainer.notify.v1 import letter_pb2_grpc

SERVICE = "retainer.notify.v1.LetterService"
RULES: Rules = {
    f"/{SERVICE}/ListLetters": Rule(MANAGERS, "What clients were told concerns who answers to them"),
    f"/{SERVICE}/GetLetter": Rule(MANAGERS, "Letters hold names and addresses"),
    f"/{SERVICE}/ResendLetter": Rule(MANAGERS, "It writes to a client"),
}


class Letters(letter_pb2_grpc.LetterServiceServicer):
    def __init__(self, store: Store, views: Views, freshness: Freshness, keyring: Keyring) -> None:
        self._store = store
        self._views = views
        self._freshness = freshness
        self._keyring = keyring
        self._desk = Desk(store, keyring)

    async def ListLetters(self, request: messages.ListLettersRequest, call: Call) -> messages.ListLettersResponse:
        asked, size = wanted(request.filter), size_of(request.page_size)
        query = (call.agency, "ListLetters", request.filter)
        key = key_in(request.page_token, *query)
        rows = await letters.page(self._views, call.agency, asked, int(key[0]) if key else None, size + 1)
        page, last = cut(rows, size)
        return messages.ListLettersResponse(
            letters=[letter(row) for row in page],
            next_page_token=token_of((last.position,), *query) if last else "",
            total_size=await letters.count(self._views, call.agency, asked),
        )

    async def GetLetter(self, request: messages.GetLetterRequest, call: Call) -> messages.GetLetterResponse:
        row = await self._row(call.agency, request.name)
        reply = messages.GetLetterResponse(letter=letter(row))
        contact_id = await self._reader(call.agency, row.notice, request.contact_id)
        if contact_id == NOBODY:
            return reply
        reply.contact_id = contact_id
        delivery = row.notice.deliveries.get(contact_id)
        if delivery and (sent := delivery.sent):
            opened = await self._keyring.open_all(call.agency, (sent.recipient, sent.subject, sent.text))
            reply.recipient = opened[sent.recipient] or ""
            reply.subject = opened[sent.subject] or ""
            reply.text = opened[sent.text] or ""
            reply.as_sent = True
            return reply
        try:
            written = await self._desk.write(call.agency, row.notice, contact_id)
        except (Missing, Unreachable):
            return reply  # the letter's own state says why
        reply.subject, reply.text = written.letter.subject, written.letter.text
        try:
            reply.recipient = str(address(written.reader, written.email))
        except AddressMalformed:
            reply.recipient = ""
        return reply

    async def ResendLetter(self, request: messages.ResendLetterRequest, call: Call) -> messages.ResendLetterResponse:
        notice_id = request.name.removeprefix("letters/")
        stream = streams.notice(call.agency, notice_id)
        notice, version = await self._store.state(NOTICE, stream)
        if notice is None:
            raise NotFound(f"there is no letter {notice_id}", field="name")
        decided_on = version_in(request.etag)
        if request.validate_only:
            must_be_fresh(decided_on, version)
            decide(Resend(), notice)
            return messages.ResendLetterResponse(receipt=tried_out(request.name, version))
        outcome = await self._store.execute(
            NOTICE,
            stream,
            Resend(),
            context=call.context,
            request=call.request,
            expected_version=decided_on,
        )
        return messages.ResendLetterResponse(receipt=receipt(request.name, outcome, self._freshness))

    async def _row(self, agency: str, name: str) -> letters.LetterRow:
        notice_id = name.removeprefix("letters/")
        row = await letters.find(self._views, agency, notice_id)
        if row is None:
            raise NotFound(f"there is no letter {notice_id}", field="name")
        return row

    async def _reader(self, agency: str, notice: Notice, contact_id: str) -> str:
        """Whose letter is meant: the one asked for, or the first; before it is addressed, who would be the first."""
        known = list(notice.deliveries)
        if not notice.addressed:
            try:
                known = [way.contact_id for way in (await self._desk.ways(agency, notice)).ways]
            except Missing:
                known = []
        if contact_id and contact_id not in known:
            raise NotFound(f"{contact_id} is no recipient of this letter", field="contact_id")
        return contact_id or next(iter(known), NOBODY)


def letters_door(store: Store, views: Views, freshness: Freshness, keyring: Keyring) -> Door:
    servicer = Letters(store, views, freshness, keyring)
    return Door(letter_pb2_grpc.add_LetterServiceServicer_to_server, servicer, SERVICE)

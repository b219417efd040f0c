"""What may be asked of letters and channels."""

from typing import Any

import pytest
from protovalidate import ValidationError, validate

from chassis.auth import Identity, Role
from chassis.freshness import Freshness
from chassis.grpc_server import Call, NotFound
from chassis.store import EtagStale, Request, RequestReused
from messages.etags import EtagMalformed
from services.notify.__main__ import WIRING
from services.notify.api.channels import Channels
from services.notify.api.letters import Letters
from services.notify.channels import Rejected
from services.notify.domain.addressee import ContactUnknown
from services.notify.domain.notice import NothingToResend
from services.notify.domain.notice_state import Stage
from tests.notify.office import PDF, Mailbox, NotifyOffice
from tests.notify.samples import (
    AGENCY,
    AGENCY_DESCRIBED,
    INVOICE,
    JOERG,
    NOON,
    activated,
    client_added,
    contact,
    invoice_issued,
    threshold_reached,
)
from vocabulary.refusal import Refused
from wire.retainer.notify.v1 import channel_pb2, letter_pb2

THRESHOLD = "threshold.web-2026.2026-03-01.75"
NAME = f"letters/{THRESHOLD}"


def call(agency: str = AGENCY, request: Request | None = None) -> Call:
    return Call(Identity(agency, "anna", Role.OWNER), NOON, False, "c", request, 5.0)


@pytest.fixture
def letters(notify: NotifyOffice) -> Letters:
    return Letters(notify.store, notify.views, Freshness("notify", notify.store, notify.views, {}), notify.keys)


@pytest.fixture
def channels(notify: NotifyOffice) -> Channels:
    return Channels(notify.store, Freshness("notify", notify.store, notify.views, {}), notify.keys)


async def listed(letters: Letters, **asked: Any) -> letter_pb2.ListLettersResponse:
    return await letters.ListLetters(letter_pb2.ListLettersRequest(**asked), call())


async def got(letters: Letters, **asked: Any) -> letter_pb2.GetLetterResponse:
    return await letters.GetLetter(letter_pb2.GetLetterRequest(**{"name": NAME, **asked}), call())


async def a_busy_month(notify: NotifyOffice, mailbox: Mailbox) -> None:
    """One letter sent, one refused, one that waits for its document, one client without an address."""
    books = contact("books", "Accounts", "books@acme.example", "invoices")
    await notify.hear(AGENCY_DESCRIBED, client_added(JOERG, books), activated())
    await notify.hear(threshold_reached(50))
    async with notify.working():
        await notify.at_stage("threshold.web-2026.2026-03-01.50", Stage.SENT)
        mailbox.refuses["joerg@acme.example"] = Rejected("the mail server answered 550 5.1.1", for_good=True)
        await notify.hear(threshold_reached(75))
        await notify.at_stage(THRESHOLD, Stage.GIVEN_UP)
        await notify.hear(invoice_issued())
        await notify.letter("invoice.2026-0001", lambda row: row.notice.waits_for != "")


async def test_letters_are_listed_the_latest_first(notify: NotifyOffice, mailbox: Mailbox, letters: Letters) -> None:
    await a_busy_month(notify, mailbox)
    reply = await listed(letters)
    assert [letter.name for letter in reply.letters] == [
        "letters/invoice.2026-0001",
        NAME,
        "letters/threshold.web-2026.2026-03-01.50",
    ]
    assert reply.total_size == 3
    bill, refused, sent = reply.letters
    assert bill.state == letter_pb2.LETTER_STATE_QUEUED
    assert bill.waits_for == "the PDF is not drawn yet"
    assert bill.invoice == "invoices/2026-0001"
    assert bill.HasField("next_attempt_time")
    assert refused.state == letter_pb2.LETTER_STATE_GIVEN_UP
    assert refused.deliveries[0].reason == "the mail server answered 550 5.1.1"
    assert not refused.HasField("next_attempt_time")
    assert sent.state == letter_pb2.LETTER_STATE_SENT
    assert sent.deliveries[0].channel == "email"
    assert sent.deliveries[0].sent_time.ToDatetime(tzinfo=NOON.tzinfo) == NOON
    assert f"<{sent.deliveries[0].message_id}>" == mailbox.mails[0].message["Message-ID"]
    assert (sent.client, sent.contract, sent.kind) == (
        "clients/acme", "contracts/web-2026", letter_pb2.LETTER_KIND_THRESHOLD,
    )  # fmt: skip


async def test_pages_follow_each_other_without_gap_or_repeat(
    notify: NotifyOffice, mailbox: Mailbox, letters: Letters
) -> None:
    await a_busy_month(notify, mailbox)
    seen, token = [], ""
    for _ in range(3):
        reply = await listed(letters, page_size=1, page_token=token)
        seen += [letter.name for letter in reply.letters]
        token = reply.next_page_token
    assert len(set(seen)) == 3
    assert token == ""


async def test_a_page_token_belongs_to_its_filter(notify: NotifyOffice, mailbox: Mailbox, letters: Letters) -> None:
    await a_busy_month(notify, mailbox)
    token = (await listed(letters, page_size=1)).next_page_token
    for wrong in ({"page_token": token, "filter": "state = SENT"}, {"page_token": "x"}, {"page_token": "é"}):
        with pytest.raises(Refused) as refused:
            await listed(letters, **wrong)
        assert refused.value.field == "page_token"


@pytest.mark.parametrize(
    ("filtered", "found"),
    [
        ("", 3),
        ('client = "clients/acme"', 3),
        ('client = "clients/other"', 0),
        ("state = SENT", 1),
        ("state=GIVEN_UP", 1),
        ('contract = "contracts/web-2026" AND kind = THRESHOLD', 2),
        ("kind = threshold AND state = SENT", 1),
        ("invoice = invoices/2026-0001", 1),
    ],
)
async def test_letters_are_filtered(
    notify: NotifyOffice, mailbox: Mailbox, letters: Letters, filtered: str, found: int
) -> None:
    await a_busy_month(notify, mailbox)
    reply = await listed(letters, filter=filtered)
    assert (len(reply.letters), reply.total_size) == (found, found)


@pytest.mark.parametrize(
    "filtered",
    ["client", "client =", "nothing = 1", "state = LOUD", "kind = x", 'client = "acme"', "state = SENT kind = pace",
     "state = SENT AND", "state = SENT OR state = QUEUED", "state != SENT",
     'client = "clients/a" AND AND state = SENT'],
)  # fmt: skip
async def test_what_a_filter_does_not_know_it_says(letters: Letters, filtered: str) -> None:
    with pytest.raises(Refused) as refused:
        await listed(letters, filter=filtered)
    assert refused.value.field == "filter"


async def test_a_sent_letter_reads_as_it_was_sent(notify: NotifyOffice, mailbox: Mailbox, letters: Letters) -> None:
    await a_busy_month(notify, mailbox)
    described = client_added(contact("joerg", "Somebody Else", "else@acme.example"), locale="en")
    await notify.hear(described)
    reply = await got(letters, name="letters/threshold.web-2026.2026-03-01.50")
    assert reply.as_sent
    assert reply.recipient == "Jörg Weiß <joerg@acme.example>"
    assert reply.subject == "Website 2026: 50 % des Budgets sind verbraucht"
    assert reply.text.startswith("Guten Tag Jörg Weiß,")


async def test_a_letter_on_its_way_reads_as_it_would_be_sent(
    notify: NotifyOffice, mailbox: Mailbox, letters: Letters
) -> None:
    await a_busy_month(notify, mailbox)
    for contact_id, recipient in (
        ("joerg", "Jörg Weiß <joerg@acme.example>"),
        ("books", "Accounts <books@acme.example>"),
    ):
        reply = await got(letters, name="letters/invoice.2026-0001", contact_id=contact_id)
        assert not reply.as_sent
        assert reply.recipient == recipient
        assert reply.subject == "Rechnung 2026-0001 von Studio Müller"


async def test_before_it_is_addressed_a_letter_shows_its_first_reader(notify: NotifyOffice, letters: Letters) -> None:
    await notify.hear(client_added(JOERG), activated(), threshold_reached())
    assert (await got(letters)).contact_id == "joerg"


async def test_a_letter_of_an_erased_client_has_no_text(
    notify: NotifyOffice, mailbox: Mailbox, letters: Letters
) -> None:
    await a_busy_month(notify, mailbox)
    notify.keys.erased.add((AGENCY, "client/acme"))
    reply = await got(letters, name="letters/threshold.web-2026.2026-03-01.50")
    assert (reply.recipient, reply.subject, reply.text) == ("", "", "")
    assert reply.letter.state == letter_pb2.LETTER_STATE_SENT


async def test_a_letter_of_nobody_still_shows_its_state(notify: NotifyOffice, letters: Letters) -> None:
    await notify.hear(threshold_reached())
    reply = await got(letters)
    assert (reply.contact_id, reply.text) == ("", "")


async def test_what_is_not_there_is_not_found(notify: NotifyOffice, letters: Letters) -> None:
    await notify.hear(client_added(JOERG), activated(), threshold_reached())
    with pytest.raises(NotFound):
        await got(letters, name="letters/none")
    with pytest.raises(NotFound) as refused:
        await got(letters, contact_id="books")
    assert refused.value.field == "contact_id"
    with pytest.raises(NotFound):
        await letters.ResendLetter(letter_pb2.ResendLetterRequest(name="letters/none"), call())


async def test_another_agency_sees_nothing(notify: NotifyOffice, mailbox: Mailbox, letters: Letters) -> None:
    await a_busy_month(notify, mailbox)
    other = call("other")
    assert not (await letters.ListLetters(letter_pb2.ListLettersRequest(), other)).letters
    with pytest.raises(NotFound):
        await letters.GetLetter(letter_pb2.GetLetterRequest(name=NAME), other)
    with pytest.raises(NotFound):
        await letters.ResendLetter(letter_pb2.ResendLetterRequest(name=NAME), other)


async def test_what_was_given_up_can_be_sent_again(notify: NotifyOffice, mailbox: Mailbox, letters: Letters) -> None:
    await a_busy_month(notify, mailbox)
    mailbox.refuses.clear()
    notify.documents.drawn[INVOICE] = PDF
    etag = (await got(letters)).letter.etag
    asked = letter_pb2.ResendLetterRequest(name=NAME, etag=etag, request_id="r1")
    first = await letters.ResendLetter(asked, call(request=Request("r1", "h")))
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.SENT)
    assert row.notice.deliveries["joerg"].sent is not None
    again = await letters.ResendLetter(asked, call(request=Request("r1", "h")))
    assert again.receipt.repeated_request
    assert (
        (again.receipt.name, again.receipt.etag)
        == (first.receipt.name, first.receipt.etag)
        == (NAME, str(int(etag) + 1))
    )
    with pytest.raises(RequestReused):
        await letters.ResendLetter(asked, call(request=Request("r1", "other")))
    with pytest.raises(NothingToResend):
        await letters.ResendLetter(letter_pb2.ResendLetterRequest(name=NAME), call())


async def test_trying_out_a_resend_records_nothing(notify: NotifyOffice, mailbox: Mailbox, letters: Letters) -> None:
    await a_busy_month(notify, mailbox)
    position = notify.store.position
    tried = await letters.ResendLetter(letter_pb2.ResendLetterRequest(name=NAME, validate_only=True), call())
    assert tried.receipt.name == NAME
    for refused, asked in (
        (EtagStale, {"name": NAME, "etag": "1"}),
        (EtagMalformed, {"name": NAME, "etag": "nonsense"}),
        (NothingToResend, {"name": "letters/invoice.2026-0001"}),
    ):
        for validate_only in (True, False):
            with pytest.raises(refused):
                await letters.ResendLetter(letter_pb2.ResendLetterRequest(**asked, validate_only=validate_only), call())
    assert notify.store.position == position


async def test_a_client_can_choose_not_to_be_told(notify: NotifyOffice, mailbox: Mailbox, channels: Channels) -> None:
    await notify.hear(AGENCY_DESCRIBED, client_added(JOERG), activated())
    none = channel_pb2.SetChannelRequest(
        name="clients/acme", way=channel_pb2.WAY_NONE, kinds=[letter_pb2.LETTER_KIND_THRESHOLD]
    )
    receipt = (await channels.SetChannel(none, call())).receipt
    assert receipt.name == "clients/acme"
    await notify.hear(threshold_reached())
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.WITHHELD)
    assert mailbox.mails == []
    assert notify.counted == {("email", "withheld"): 1}
    reply = await channels.ListChannels(channel_pb2.ListChannelsRequest(client="clients/acme"), call())
    assert reply.etag == receipt.etag
    (joerg,) = reply.channels
    assert (joerg.display_name, joerg.email) == ("Jörg Weiß", "joerg@acme.example")
    assert [(choice.way, list(choice.kinds)) for choice in joerg.choices] == [
        (channel_pb2.WAY_NONE, [letter_pb2.LETTER_KIND_THRESHOLD])
    ]


async def test_a_choice_for_one_contact(notify: NotifyOffice, channels: Channels) -> None:
    await notify.hear(client_added(JOERG))
    asked = channel_pb2.SetChannelRequest(name="clients/acme/contacts/joerg", way=channel_pb2.WAY_NONE)
    await channels.SetChannel(asked, call())
    position = notify.store.position
    with pytest.raises(ContactUnknown):
        await channels.SetChannel(
            channel_pb2.SetChannelRequest(name="clients/acme/contacts/nobody", way=channel_pb2.WAY_NONE), call()
        )
    with pytest.raises(NotFound):
        await channels.SetChannel(channel_pb2.SetChannelRequest(name="clients/x", way=channel_pb2.WAY_NONE), call())
    with pytest.raises(NotFound):
        await channels.ListChannels(channel_pb2.ListChannelsRequest(client="clients/x"), call())
    with pytest.raises(EtagStale):
        await channels.SetChannel(
            channel_pb2.SetChannelRequest(name="clients/acme", way=channel_pb2.WAY_EMAIL, etag="1"), call()
        )
    await channels.SetChannel(
        channel_pb2.SetChannelRequest(name="clients/acme", way=channel_pb2.WAY_EMAIL, validate_only=True), call()
    )
    assert notify.store.position == position


@pytest.mark.parametrize(
    "message",
    [
        letter_pb2.GetLetterRequest(name="nonsense"),
        letter_pb2.ListLettersRequest(page_size=1001),
        letter_pb2.ResendLetterRequest(name=""),
        channel_pb2.SetChannelRequest(name="clients/acme"),
        channel_pb2.SetChannelRequest(name="contracts/acme", way=channel_pb2.WAY_NONE),
        channel_pb2.SetChannelRequest(
            name="clients/acme", way=channel_pb2.WAY_NONE, kinds=[letter_pb2.LETTER_KIND_UNSPECIFIED]
        ),
        channel_pb2.ListChannelsRequest(client="clients/"),
    ],
)
def test_shapes_are_checked_at_the_door(message: Any) -> None:
    with pytest.raises(ValidationError):
        validate(message)


def test_every_call_has_a_rule_and_none_is_for_guests() -> None:
    for module, services in ((letter_pb2, ("LetterService",)), (channel_pb2, ("ChannelService",))):
        for service in services:
            for method in module.DESCRIPTOR.services_by_name[service].methods:
                rule = WIRING.rules[f"/{method.containing_service.full_name}/{method.name}"]
                assert rule.roles == {Role.OWNER, Role.MANAGER}

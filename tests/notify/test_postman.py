"""Letters on their way: once each, again where it failed, and nobody waits for somebody else's trouble."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from chassis.store import Store
from chassis.testing import FixedKeys, postgres_server
from chassis.tide import Tide
from services.notify import postman, streams
from services.notify.channels import Mail, Rejected
from services.notify.channels.outbox import Outbox
from services.notify.domain.notice import RETRY_AFTER
from services.notify.domain.notice_state import Stage
from services.notify.events import NoticeSent
from services.notify.views import letters
from services.notify.views.letters import LetterRow
from tests.notify.office import CATALOG, PDF, Mailbox, NotifyOffice, notify_office
from tests.notify.samples import (
    ACME,
    AGENCY,
    AGENCY_DESCRIBED,
    INVOICE,
    JOERG,
    NOON,
    REMINDER_DUE,
    activated,
    client_added,
    contact,
    document_drawn,
    invoice_issued,
    threshold_reached,
)
from vocabulary.identity import ClientId, ContractId

THRESHOLD = "threshold.web-2026.2026-03-01.75"
BILL = "invoice.2026-0001"


async def everything_known(notify: NotifyOffice) -> None:
    await notify.hear(AGENCY_DESCRIBED, client_added(JOERG), activated())


def text_of(mail: Mail) -> str:
    plain = mail.message.get_body(("plain",))
    assert isinstance(plain, EmailMessage)
    return str(plain.get_content())


def tried(attempts: int) -> Callable[[LetterRow], bool]:
    return lambda row: row.notice.addressed and row.notice.deliveries["joerg"].attempts == attempts


async def stays(tide: Tide, value: int) -> None:
    """It does not go on, as far as one can wait for that."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await tide.at_least(value + 1)
    assert tide.value == value


async def test_a_threshold_becomes_one_letter(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await everything_known(notify)
    async with notify.working():
        await notify.hear(threshold_reached(), threshold_reached())
        row = await notify.at_stage(THRESHOLD, Stage.SENT)
        await notify.hear(threshold_reached())
    (mail,) = mailbox.mails
    assert mail.recipient == "joerg@acme.example"
    assert str(mail.message["From"]) == "Studio Müller <hallo@studio.example>"
    assert "Guten Tag Jörg Weiß," in text_of(mail)
    assert "7 Stunden, 35 Minuten" in text_of(mail)
    assert row.notice.deliveries["joerg"].attempts == 1
    assert notify.counted == {("email", "sent"): 1}


async def test_an_invoice_waits_for_its_document_and_goes_as_soon_as_it_is_drawn(
    notify: NotifyOffice, mailbox: Mailbox
) -> None:
    await everything_known(notify)
    async with notify.working():
        await notify.hear(invoice_issued())
        waits = await notify.letter(BILL, lambda row: row.notice.waits_for != "")
        assert waits.notice.waits_for == "the PDF is not drawn yet"
        assert mailbox.mails == []
        notify.documents.drawn[INVOICE] = PDF
        await notify.hear(document_drawn(), document_drawn())
        await notify.at_stage(BILL, Stage.SENT)
    (mail,) = mailbox.mails
    (document,) = mail.message.iter_attachments()
    assert document.get_filename() == "2026-0001.pdf"
    assert document.get_payload(decode=True) == PDF
    assert notify.counted == {("email", "deferred"): 1, ("email", "sent"): 1}


async def test_a_document_that_nobody_announced_is_looked_for_again(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await everything_known(notify)
    async with notify.working():
        await notify.hear(invoice_issued())
        waits = await notify.letter(BILL, lambda row: row.notice.look_at is not None)
        assert waits.notice.look_at == NOON + timedelta(seconds=1)
    notify.documents.drawn[INVOICE] = PDF
    notify.later(seconds=1)
    async with notify.working():
        await notify.at_stage(BILL, Stage.SENT)


async def test_facts_that_cross_on_the_bus_wait_for_each_other(notify: NotifyOffice, mailbox: Mailbox) -> None:
    async with notify.working():
        await notify.hear(threshold_reached())
        await notify.letter(THRESHOLD, lambda row: row.notice.waits_for == "the client's data have not arrived yet")
        await notify.hear(client_added(JOERG))
        notify.later(seconds=1)
    async with notify.working():
        await notify.letter(THRESHOLD, lambda row: row.notice.waits_for == "the contract has not arrived yet")
        await notify.hear(activated())
        notify.later(seconds=5)
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)
    assert str(mailbox.mails[0].message["From"]).startswith("studio <letters@"), "the agency has not described itself"


async def test_one_failing_address_holds_up_nobody_else(notify: NotifyOffice, mailbox: Mailbox) -> None:
    """Of many clients the first hangs and the second is refused; all others have their letters at once."""
    clients = [ClientId(f"c{number}") for number in range(30)]
    for number, client in enumerate(clients):
        reader = contact("reader", "Reader", f"r{number}@client.example", client_id=client)
        contract = ContractId(f"k{number}")
        await notify.hear(client_added(reader, client_id=client), activated(contract, client))
        for percent in (50, 75):
            await notify.hear(threshold_reached(percent, contract, client))
    mailbox.hangs["r0@client.example"] = asyncio.Event()
    mailbox.refuses["r1@client.example"] = Rejected("the mail server answered 450", for_good=False)
    async with notify.working():
        for number in range(2, 30):
            for percent in (50, 75):
                await notify.at_stage(f"threshold.k{number}.2026-03-01.{percent}", Stage.SENT)
        await notify.at_stage("threshold.k1.2026-03-01.75", Stage.RETRYING)
        assert "r0@client.example" not in mailbox.recipients
        mailbox.hangs["r0@client.example"].set()
        await notify.at_stage("threshold.k0.2026-03-01.75", Stage.SENT)
    assert len(mailbox.mails) == 58
    assert notify.counted[("email", "failed")] == 2


async def test_what_failed_is_tried_again_after_a_restart_when_its_time_has_come(
    notify: NotifyOffice, mailbox: Mailbox
) -> None:
    await everything_known(notify)
    mailbox.refuses["joerg@acme.example"] = Rejected("the mail server answered 450 4.2.1", for_good=False)
    await notify.hear(threshold_reached())
    for attempt, pause in enumerate(RETRY_AFTER, start=1):
        async with notify.working():
            row = await notify.letter(THRESHOLD, tried(attempt))
        assert row.notice.deliveries["joerg"].retry_at == notify.now + pause
        notify.now += pause - timedelta(seconds=1)
        async with notify.working():
            await stays(mailbox.tried, attempt)  # not before its time
        notify.later(seconds=1)
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.GIVEN_UP)
    assert row.notice.deliveries["joerg"].reason == "the mail server answered 450 4.2.1"
    assert notify.now - NOON > timedelta(days=3)
    assert notify.counted == {("email", "failed"): len(RETRY_AFTER), ("email", "given_up"): 1}


async def test_a_channel_that_is_down_costs_delay_and_nothing_else(
    notify: NotifyOffice, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "DOWN_SECONDS", (0.02, 0.05))
    await everything_known(notify)
    mailbox.down = True
    async with notify.working() as at_work:
        for percent in (50, 75, 90):
            await notify.hear(threshold_reached(percent))
        await mailbox.tried.at_least(5)
        assert notify.counted["email", "down"] >= 4
        assert at_work.problem == "no mail server"
        recorded = notify.store.position
        mailbox.down = False
        for percent in (50, 75, 90):
            await notify.at_stage(f"threshold.web-2026.2026-03-01.{percent}", Stage.SENT)
        assert at_work.problem == ""
    assert notify.store.position == recorded + 3 + 2, "three letters sent, two of them addressed after the trouble"
    assert len(mailbox.mails) == 3


async def test_few_letters_are_under_way_at_once_however_many_wait(notify: NotifyOffice, mailbox: Mailbox) -> None:
    gate = asyncio.Event()
    for number in range(40):
        client, contract = ClientId(f"c{number}"), ContractId(f"k{number}")
        reader = contact("reader", "Reader", f"r{number}@client.example", client_id=client)
        mailbox.hangs[f"r{number}@client.example"] = gate
        await notify.hear(
            client_added(reader, client_id=client), activated(contract, client), threshold_reached(75, contract, client)
        )
    async with notify.working():
        await mailbox.tried.at_least(postman.HANDS)
        await stays(mailbox.tried, postman.HANDS)
        gate.set()
        for number in range(40):
            await notify.at_stage(f"threshold.k{number}.2026-03-01.75", Stage.SENT)


async def test_a_crash_between_sending_and_recording_sends_the_same_letter_again(tmp_path: Path) -> None:
    url, outbox = f"sqlite:///{tmp_path}/notify.db", Outbox(tmp_path / "outbox")

    class CrashesAfterSending(Mailbox):
        async def deliver(self, mail: Mail) -> None:
            await outbox.deliver(mail)
            self.mails.append(mail)
            self.tried.reach(1)
            await asyncio.Event().wait()

    first, second = CrashesAfterSending(), Mailbox()
    async with notify_office(first, url=url) as notify:
        await everything_known(notify)
        await notify.hear(threshold_reached())
        async with notify.working():
            await first.tried.at_least(1)
    async with notify_office(second, url=url) as notify, notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)
    assert [mail.message["Message-ID"] for mail in first.mails] == [mail.message["Message-ID"] for mail in second.mails]
    await outbox.deliver(second.mails[0])
    assert len(list((tmp_path / "outbox").rglob("*.eml"))) == 1


async def test_two_postmen_on_one_store_leave_one_record(
    tmp_path: Path, notify: NotifyOffice, mailbox: Mailbox
) -> None:
    await everything_known(notify)
    await notify.hear(threshold_reached())
    async with notify.working(), notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)
    facts = [fact.event async for fact in notify.store.read_stream(streams.notice(AGENCY, THRESHOLD))]
    assert sum(isinstance(fact, NoticeSent) for fact in facts) == 1
    assert len({mail.message["Message-ID"] for mail in mailbox.mails}) == 1


async def test_a_client_without_an_address_is_shown_with_the_reason(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await notify.hear(client_added(contact("joerg", "Jörg", None)), activated(), threshold_reached())
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.UNDELIVERABLE)
    assert row.notice.deliveries["joerg"].reason == "the contact has no e-mail address"
    assert notify.counted == {("email", "undeliverable"): 1}


@pytest.mark.parametrize("email", ["", "nonsense", "a@b.example\r\nBcc: c@d.example"])
async def test_an_address_that_is_none_is_undeliverable(notify: NotifyOffice, mailbox: Mailbox, email: str) -> None:
    await notify.hear(client_added(contact("joerg", "Jörg", email)), activated(), threshold_reached())
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.UNDELIVERABLE)
    assert row.notice.deliveries["joerg"].reason
    assert mailbox.mails == []


async def test_a_client_without_contacts_is_shown_with_the_reason(notify: NotifyOffice) -> None:
    await notify.hear(client_added(), activated(), threshold_reached())
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.UNDELIVERABLE)
    assert row.notice.deliveries[""].reason == "the client has no contact"


async def test_an_erased_client_gets_no_letter(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await everything_known(notify)
    await notify.hear(threshold_reached())
    notify.keys.erased.add((AGENCY, f"client/{ACME}"))
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.UNDELIVERABLE)
    assert row.notice.deliveries["joerg"].reason == "the client was erased"
    assert mailbox.mails == []


async def test_each_contact_gets_what_he_receives(notify: NotifyOffice, mailbox: Mailbox) -> None:
    books = contact("books", "Accounts", "books@acme.example", "invoices")
    await notify.hear(AGENCY_DESCRIBED, client_added(JOERG, books), activated())
    notify.documents.drawn[INVOICE] = PDF
    await notify.hear(threshold_reached(), REMINDER_DUE)
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)
        await notify.at_stage("reminder.2026-0001.2", Stage.SENT)
    assert sorted(mailbox.recipients) == ["books@acme.example", "joerg@acme.example", "joerg@acme.example"]
    reminder = next(mail for mail in mailbox.mails if mail.recipient == "books@acme.example")
    assert str(reminder.message["Subject"]) == "2. Zahlungserinnerung: Rechnung 2026-0001"
    assert [part.get_filename() for part in reminder.message.iter_attachments()] == ["2026-0001.pdf"]


async def test_one_refused_contact_does_not_repeat_the_letter_of_the_other(
    notify: NotifyOffice, mailbox: Mailbox
) -> None:
    books = contact("books", "Accounts", "books@acme.example")
    await notify.hear(AGENCY_DESCRIBED, client_added(JOERG, books), activated(), threshold_reached())
    mailbox.refuses["joerg@acme.example"] = Rejected("the mail server answered 450", for_good=False)
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.RETRYING)
    mailbox.refuses.clear()
    notify.later(minutes=1)
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)
    assert mailbox.recipients == ["books@acme.example", "joerg@acme.example"]


async def test_an_error_of_ours_waits_and_stops_nobody(notify: NotifyOffice, mailbox: Mailbox) -> None:
    class Broken(Mailbox):
        async def deliver(self, mail: Mail) -> None:
            if "75" in str(mail.message["Subject"]):
                raise ValueError("a mistake")
            await super().deliver(mail)

    notify.channel = broken = Broken()
    await everything_known(notify)
    await notify.hear(threshold_reached(75), threshold_reached(90))
    async with notify.working():
        await notify.at_stage("threshold.web-2026.2026-03-01.90", Stage.SENT)
        row = await notify.letter(THRESHOLD, lambda row: row.notice.waits_for != "")
    assert row.notice.waits_for == "an error of ours (ValueError): see the log"
    assert len(broken.mails) == 1


async def test_all_letters_can_come_from_one_address(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await everything_known(notify)
    await notify.hear(threshold_reached())
    async with notify.working(sender="letters@mail.example"):
        await notify.at_stage(THRESHOLD, Stage.SENT)
    (mail,) = mailbox.mails
    assert mail.sender == "letters@mail.example"
    assert str(mail.message["From"]) == "Studio Müller <letters@mail.example>"
    assert str(mail.message["Reply-To"]) == "Studio Müller <hallo@studio.example>"


async def test_a_mail_server_gets_no_letter_from_nobody(notify: NotifyOffice, mailbox: Mailbox) -> None:
    mailbox.needs_sender = True
    await notify.hear(client_added(JOERG), activated(), threshold_reached())
    async with notify.working():
        row = await notify.letter(THRESHOLD, lambda row: row.notice.waits_for != "")
        assert row.notice.waits_for.startswith("the agency has no e-mail address to write from")
    await notify.hear(AGENCY_DESCRIBED)
    notify.later(seconds=1)
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)


async def test_what_was_sent_is_kept_sealed(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await everything_known(notify)
    await notify.hear(threshold_reached())
    async with notify.working():
        row = await notify.at_stage(THRESHOLD, Stage.SENT)
    sent = row.notice.deliveries["joerg"].sent
    assert sent is not None
    assert await notify.keys.open(AGENCY, sent.text) == text_of(mailbox.mails[0])
    stored = b"".join([fact.payload for fact in await notify.store.read_log(0, 100)])
    assert b"Guten Tag" not in stored
    assert b"joerg@" not in stored


async def test_a_rebuilt_view_sends_nothing_again(notify: NotifyOffice, mailbox: Mailbox) -> None:
    await everything_known(notify)
    await notify.hear(threshold_reached())
    async with notify.working():
        await notify.at_stage(THRESHOLD, Stage.SENT)
        before = await notify.projector.hashes()
        await notify.projector.rebuild("letters")
        assert await notify.projector.hashes() == before
        await notify.hear(threshold_reached(90))
        await notify.at_stage("threshold.web-2026.2026-03-01.90", Stage.SENT)
    assert len(mailbox.mails) == 2


async def test_in_a_rehearsal_time_does_not_jump(mailbox: Mailbox) -> None:
    """What was told at a rehearsed time is recorded as sent at that time, so that what comes next is not late."""
    async with notify_office(mailbox, rehearsal=True) as notify:
        await everything_known(notify)
        await notify.hear(threshold_reached())
        async with notify.working():
            row = await notify.at_stage(THRESHOLD, Stage.SENT)
        facts = await notify.store.read_log(0, 100)
    assert facts[-1].recorded_at == row.queued_at


async def test_store_reopens_with_the_same_books(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/notify.db"
    async with notify_office(Mailbox(), url=url) as notify:
        await everything_known(notify)
        await notify.hear(threshold_reached())
        async with notify.working():
            row = await notify.at_stage(THRESHOLD, Stage.SENT)
    store = await Store.open(url, CATALOG, FixedKeys())
    assert store.position == row.position + 2
    await store.close()


async def test_letters_are_kept_in_postgresql_just_the_same() -> None:
    mailbox = Mailbox()
    with postgres_server() as server:
        async with notify_office(mailbox, url=f"{server.url}&schema=s", views_url=f"{server.url}&schema=v") as notify:
            await everything_known(notify)
            await notify.hear(threshold_reached(), threshold_reached(), REMINDER_DUE)
            notify.documents.drawn[INVOICE] = PDF
            async with notify.working():
                await notify.at_stage(THRESHOLD, Stage.SENT)
                await notify.at_stage("reminder.2026-0001.2", Stage.SENT)
            rows = await letters.page(notify.views, AGENCY, letters.Wanted(stage=Stage.SENT), None, 10)
            assert [row.notice.notice_id for row in rows] == ["reminder.2026-0001.2", THRESHOLD]
            assert await letters.count(notify.views, AGENCY, letters.Wanted(client_id="other")) == 0
            before = await notify.projector.hashes()
            await notify.projector.rebuild("letters")
            assert await notify.projector.hashes() == before
    assert len(mailbox.mails) == 2

"""A letter as an e-mail: what it carries, and what nobody can make it carry."""

import random
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import msgspec
import pytest

from services.notify.channels import ChannelDown
from services.notify.channels.mail import (
    AddressMalformed,
    Attachment,
    Envelope,
    Mail,
    address,
    make_mail,
    message_id,
)
from services.notify.channels.outbox import Outbox
from services.notify.letters import About, Composed, Correspondents, compose
from tests.notify.samples import INVOICED, NOON, THRESHOLD

PDF = Attachment("2026-0001.pdf", b"%PDF-1.7 \x00\xff\r\n.\r\n")
LETTER = compose(INVOICED, About("Website 2026", "EUR"), Correspondents("Jörg Weiß", "de", "Studio Müller"))


def mail(
    letter: Composed = LETTER,
    *,
    reader: str = "Jörg Weiß",
    email: str = "joerg@acme.example",
    attachment: Attachment | None = PDF,
    contact_id: str = "joerg",
    notice_id: str = "invoice.2026-0001",
    days_later: int = 0,
) -> Mail:
    envelope = Envelope(
        address("Studio Müller", "letters@mail.example"),
        address(reader, email),
        address("Studio Müller", "hallo@studio.example"),
    )
    at = NOON + timedelta(days=days_later)
    return make_mail(letter, envelope, attachment, agency="studio", notice_id=notice_id, contact_id=contact_id, at=at)


def read(sent: Mail) -> EmailMessage:
    """As the reader's program reads it."""
    message = message_from_bytes(sent.message.as_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def display_name(sent: Mail) -> str:
    """By the older parser: the newer one of Python 3.11 puts spaces between encoded words, where RFC 2047 has none."""
    raw = message_from_bytes(sent.message.as_bytes(), policy=policy.compat32)["To"]
    return str(make_header(decode_header(parseaddr(raw)[0])))


def test_it_has_text_html_and_the_document() -> None:
    message = read(mail())
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert "<strong>1.645,16\N{NO-BREAK SPACE}€</strong>" in html.get_content()
    (document,) = message.iter_attachments()
    assert document.get_content() == PDF.content
    assert (document.get_content_type(), document.get_filename()) == ("application/pdf", "2026-0001.pdf")


def test_its_headers_say_who_writes_and_whom_to_answer() -> None:
    message = read(mail())
    assert str(message["From"]) == "Studio Müller <letters@mail.example>"
    assert str(message["To"]) == "Jörg Weiß <joerg@acme.example>"
    assert str(message["Reply-To"]) == "Studio Müller <hallo@studio.example>"
    assert str(message["Subject"]) == "Rechnung 2026-0001 von Studio Müller"
    assert str(message["Auto-Submitted"]) == "auto-generated"
    assert message["Date"].datetime == NOON


def test_the_raw_message_is_plain_ascii_in_short_lines() -> None:
    raw = mail().message.as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_letter_is_the_same_message_but_for_its_date() -> None:
    first, again = mail(), mail(days_later=1)
    assert first.message["Message-ID"] == again.message["Message-ID"]
    assert first.file_name == again.file_name
    undated = [message.message.as_bytes().split(b"\r\nDate: ") for message in (first, again)]
    assert undated[0][0] == undated[1][0]
    assert undated[0][1].partition(b"\r\n")[2] == undated[1][1].partition(b"\r\n")[2]


def test_each_letter_has_an_identity_of_its_own() -> None:
    ids = {
        message_id(agency, notice, contact)
        for agency in ("studio", "other")
        for notice in ("invoice.1", "invoice.2")
        for contact in ("joerg", "books")
    }
    assert len(ids) == 8
    assert mail().message["Message-ID"] == f"<{message_id('studio', 'invoice.2026-0001', 'joerg')}>"


HOSTILE = 'Jörg\r\nBcc: all@example.org\r\n\r\n<b>body</b>\x00\u2028, "x" <y@example.org>'


def test_no_name_can_add_a_header_or_a_recipient() -> None:
    letter = compose(msgspec.structs.replace(INVOICED, title=HOSTILE), About(), Correspondents(HOSTILE, "en", HOSTILE))
    message = read(mail(letter, reader=HOSTILE))
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["joerg@acme.example"]
    assert "Bcc: all@example.org" in display_name(mail(letter, reader=HOSTILE)), "it is a part of his name"
    assert sorted(set(message.keys())) == [
        "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Reply-To",
        "Subject", "To",
    ]  # fmt: skip


def test_a_threshold_letter_with_a_hostile_title_stays_one_letter() -> None:
    letter = compose(THRESHOLD, About(HOSTILE, "EUR"), Correspondents("Anna", "de", "Studio"))
    message = read(mail(letter, attachment=None, notice_id="threshold.x.2026-03-01.75"))
    assert message["Bcc"] is None
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "email",
    [
        "", " ", "joerg", "joerg@", "@acme.example", "a@b@c.example", "a b@acme.example",
        "a@acme.example, b@acme.example",
        "jörg@acme.example", "a@acme.example\r\nBcc: b@acme.example", "a@acme.example>", "<a@acme.example>",
        "a@[127.0.0.1]", "a;b@acme.example", "a@acme..example", f"{'a' * 250}@acme.example", '"a"@acme.example',
        "a\x00@acme.example", "a(b)@acme.example",
    ],
)  # fmt: skip
def test_what_is_not_one_address_is_refused_without_being_repeated(email: str) -> None:
    with pytest.raises(AddressMalformed) as refused:
        address("Jörg", email)
    assert not email.strip() or email not in str(refused.value)


def test_domains_outside_ascii_travel_in_their_ascii_form() -> None:
    sent = mail(email="joerg@müller.example")
    assert sent.recipient == "joerg@xn--mller-kva.example"
    assert sent.message.as_bytes().isascii()


def test_long_names_survive_the_journey() -> None:
    name = "Jörg-Friedrich von der Weiß zu Müller, Leiter der Abteilung für Öffentlichkeitsarbeit & Überraschungen " * 2
    assert display_name(mail(reader=name)) == " ".join(name.split())


def test_every_name_and_subject_comes_back_unchanged() -> None:
    words = [
        "Jörg", "Weiß", '"Die', 'Agentur"', "Müller,", "GmbH", "&", "Co.", "KG;", "株式会社", "Łódź", "a", "(Berlin)",
        "Café", "„2026“", "75", "%", "=?x?=", "\\", "Überraschungen",
    ]  # fmt: skip
    shuffled = random.Random(7)
    for length in (*range(1, 12), 40):
        for _ in range(20):
            name = " ".join(shuffled.choices(words, k=length))
            sent = mail(msgspec.structs.replace(LETTER, subject=name), reader=name)
            assert display_name(sent) == name
            raw = message_from_bytes(sent.message.as_bytes(), policy=policy.compat32)
            assert str(make_header(decode_header(raw["Subject"]))) == name
            assert max(len(line) for line in sent.message.as_bytes().split(b"\r\n")) <= 78 or length == 40


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_letter_in_the_outbox_is_one_file_however_often_it_comes(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    await outbox.deliver(mail())
    await outbox.deliver(mail(days_later=1))
    (file,) = files_in(tmp_path)
    assert file == tmp_path / "outbox" / "studio" / "invoice.2026-0001.joerg.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Date"].datetime == NOON + timedelta(days=1)


async def test_odd_contact_ids_stay_inside_of_the_folder(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    for contact_id in ("../../x", "a/b", "a_b", "ö" * 100, "."):
        await outbox.deliver(mail(contact_id=contact_id))
    files = files_in(tmp_path)
    assert len(files) == 5
    assert {path.parent for path in files} == {tmp_path / "outbox" / "studio"}


async def test_a_folder_that_cannot_be_written_stops_the_channel_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    with pytest.raises(ChannelDown, match="cannot be written"):
        await Outbox(tmp_path / "outbox").deliver(mail())

"""A letter as an e-mail message (RFC 5322). Nothing of what clients are called can add a header or a recipient."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from services.notify.channels.headers import WELL_FOLDED
from services.notify.letters import Composed
from services.notify.letters.layout import one_line

DOMAIN = "retainer.invalid"
"""Of Message-IDs, and of a sender without any address; reserved, so it can belong to nobody (RFC 2606)."""
LONGEST_ADDRESS = 254


class AddressMalformed(Exception):
    """Not one address that mail servers take. The message does not repeat it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message with its envelope. `file_name` is where an outbox keeps it: the same for the same letter."""

    message: EmailMessage
    sender: str
    recipient: str
    agency: str
    file_name: str


def message_id(agency: str, notice_id: str, contact_id: str) -> str:
    """Follows from whose letter it is, and from nothing else: a letter that is sent twice can be recognised."""
    digest = sha256("\n".join((agency, notice_id, contact_id)).encode()).hexdigest()
    return f"{digest[:40]}@{DOMAIN}"


def address(name: str, email: str) -> Address:
    """The address with its display name, a domain outside ASCII in its IDNA form; else `AddressMalformed`."""
    email = email.strip()
    local, _, domain = email.rpartition("@")
    if not local.isascii():
        raise AddressMalformed("it has characters outside ASCII before the @, which mail servers do not take")
    forbidden = set('@<>()[]\\,;:" ')
    if (
        not local
        or not domain
        or len(email) > LONGEST_ADDRESS
        or not email.isprintable()
        or forbidden & {*local, *domain}
    ):
        raise AddressMalformed("it is not one e-mail address of the form name@domain")
    try:
        domain = domain.encode("idna").decode("ascii")
        return Address(display_name=one_line(name), username=local, domain=domain)
    except (UnicodeError, ValueError, IndexError) as error:
        raise AddressMalformed("it is not one e-mail address of the form name@domain") from error


@dataclass(frozen=True, slots=True)
class Envelope:
    """`sender` is whose mail server's leave it has; answers go to `reply_to`."""

    sender: Address
    recipient: Address
    reply_to: Address | None = None


def make_mail(
    letter: Composed,
    envelope: Envelope,
    attachment: Attachment | None,
    *,
    agency: str,
    notice_id: str,
    contact_id: str,
    at: datetime,
) -> Mail:
    identity = message_id(agency, notice_id, contact_id)
    message = EmailMessage(policy=WELL_FOLDED)
    message["From"] = envelope.sender
    message["To"] = envelope.recipient
    if envelope.reply_to is not None and envelope.reply_to.addr_spec != envelope.sender.addr_spec:
        message["Reply-To"] = envelope.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{identity}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if attachment is not None:
        message.add_attachment(attachment.content, maintype="application", subtype="pdf", filename=attachment.file_name)
    message["Content-Language"] = letter.language
    _name_boundaries(message, identity)
    return Mail(
        message=message,
        sender=envelope.sender.addr_spec,
        recipient=envelope.recipient.addr_spec,
        agency=agency,
        file_name=f"{notice_id}.{quote(contact_id, safe='')}.eml",
    )


def _name_boundaries(message: EmailMessage, identity: str) -> None:
    """Boundaries that follow from the identity, so that the same letter is the same bytes."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{number}_{identity[:32]}")

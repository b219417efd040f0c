"""Letters to a real mail server (aiosmtpd), and to servers that misbehave."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chassis.testing import free_port
from services.notify.channels import ChannelDown, Rejected
from services.notify.channels.smtp import Smtp, Tls
from services.notify.domain.notice_state import Stage
from tests.notify.office import NotifyOffice
from tests.notify.samples import AGENCY_DESCRIBED, JOERG, activated, client_added, threshold_reached
from tests.notify.test_mail import PDF, mail

HOST = "127.0.0.1"


class Sink:
    """Keeps what it is given; answers a recipient as a test wants."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        if answer := self.answers.get("DATA"):
            return answer
        self.received.append(envelope)
        return "250 taken"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, login: LoginPassword) -> AuthResult:
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"right", handled=False)


@asynccontextmanager
async def mail_server(sink: Sink, *, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:
    """On the loop of the test; `tls` speaks it from the first byte."""
    sessions: list[SMTP] = []

    def session() -> SMTP:
        sessions.append(SMTP(sink, hostname="mail.example", **options))
        return sessions[-1]

    server = await asyncio.get_running_loop().create_server(session, HOST, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for one in sessions:
            await end(one)


async def end(session: SMTP) -> None:
    """Close what a client left open, whatever it left it in."""
    task = session._handler_coroutine
    if task is not None and not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await task
    if session.transport is not None:
        session.transport.close()
    await asyncio.sleep(0)


def self_signed(folder: Path) -> Path:
    """A certificate for this machine with its key, in one file; made in a moment, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    bundle = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    bundle.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return bundle


def server_context(bundle: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle)
    return context


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def certificate(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Of a mail server on this machine; this process trusts it."""
    bundle = self_signed(tmp_path_factory.mktemp("trusted"))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return server_context(bundle)


async def test_a_mail_server_gets_the_letter_as_it_was_made(sink: Sink) -> None:
    async with mail_server(sink) as port:
        await Smtp(HOST, port, tls=Tls.NONE).deliver(mail())
    (envelope,) = sink.received
    assert envelope.mail_from == "letters@mail.example"
    assert envelope.rcpt_tos == ["joerg@acme.example"]
    assert isinstance(envelope.content, bytes)
    assert envelope.content == mail().message.as_bytes()
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert [part.get_content() for part in message.iter_attachments()] == [PDF.content]


async def test_user_and_password_go_by_starttls_alone(sink: Sink, certificate: ssl.SSLContext) -> None:
    options: dict[str, Any] = {"tls_context": certificate, "require_starttls": True, "auth_required": True}
    async with mail_server(sink, authenticator=sink.login, **options) as port:
        await Smtp(HOST, port, user="studio", password="right").deliver(mail())
        with pytest.raises(ChannelDown, match=r"refuses user and password \(535\)"):
            await Smtp(HOST, port, user="studio", password="wrong").deliver(mail())
    assert len(sink.received) == 1
    assert {login for login, _ in sink.logins} == {b"studio"}


async def test_a_server_without_starttls_gets_no_password(sink: Sink) -> None:
    async with mail_server(sink, authenticator=sink.login, auth_require_tls=False) as port:
        with pytest.raises(ChannelDown):
            await Smtp(HOST, port, user="studio", password="right").deliver(mail())
    assert sink.logins == []
    assert sink.received == []


async def test_tls_from_the_first_byte(sink: Sink, certificate: ssl.SSLContext) -> None:
    async with mail_server(sink, tls=certificate) as port:
        await Smtp(HOST, port, tls=Tls.TLS).deliver(mail())
    assert len(sink.received) == 1


async def test_a_certificate_of_a_stranger_is_not_taken(sink: Sink, tmp_path: Path) -> None:
    context = server_context(self_signed(tmp_path))
    async with mail_server(sink, tls_context=context) as port:
        with pytest.raises(ChannelDown):
            await Smtp(HOST, port).deliver(mail())
    assert sink.received == []


@pytest.mark.parametrize(
    ("answer", "reason", "for_good"),
    [
        ("450 4.2.1 <joerg@acme.example> mailbox busy", "the mail server answered 450 4.2.1", False),
        ("421 4.7.0 <joerg@acme.example> too many", "the mail server answered 421 4.7.0", False),
        ("550 5.1.1 <joerg@acme.example> no such user", "the mail server answered 550 5.1.1", True),
        ("553 joerg@acme.example is nobody", "the mail server answered 553", True),
    ],
)
@pytest.mark.parametrize("step", ["joerg@acme.example", "DATA"])
async def test_a_refusal_is_of_this_letter_and_names_nobody(
    sink: Sink, step: str, answer: str, reason: str, for_good: bool
) -> None:
    sink.answers[step] = answer
    async with mail_server(sink) as port:
        with pytest.raises(Rejected) as rejected:
            await Smtp(HOST, port, tls=Tls.NONE).deliver(mail())
        assert (rejected.value.reason, rejected.value.for_good) == (reason, for_good)
        sink.answers.clear()
        await Smtp(HOST, port, tls=Tls.NONE).deliver(mail())


async def test_where_nobody_listens_the_channel_is_down() -> None:
    with pytest.raises(ChannelDown, match="no mail server at"):
        await Smtp(HOST, free_port(), tls=Tls.NONE).deliver(mail())


Speech = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def odd_server(speech: Speech) -> AsyncIterator[int]:
    talks: list[asyncio.Task[None]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.append(task)
        with suppress(ConnectionError):
            await speech(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(talk, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*talks)


async def test_a_server_that_never_greets_is_down_after_its_time() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with odd_server(silent) as port:
        with pytest.raises(ChannelDown):
            await Smtp(HOST, port, tls=Tls.NONE, seconds=0.2).deliver(mail())


@pytest.mark.parametrize("hang", [True, False])
async def test_a_server_that_breaks_off_in_the_middle_fails_this_letter(hang: bool) -> None:
    async def forgetful(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while (line := await reader.readline()) and not line.startswith(b"RCPT"):
            writer.write(b"250 OK\r\n")
        if hang:
            await reader.read()

    async with odd_server(forgetful) as port:
        with pytest.raises(Rejected, match="broke off") as rejected:
            await Smtp(HOST, port, tls=Tls.NONE, seconds=0.3).deliver(mail())
    assert not rejected.value.for_good


async def test_the_whole_way_to_a_mail_server(notify: NotifyOffice, sink: Sink) -> None:
    await notify.hear(AGENCY_DESCRIBED, client_added(JOERG), activated(), threshold_reached())
    async with mail_server(sink) as port:
        notify.channel = Smtp(HOST, port, tls=Tls.NONE)
        async with notify.working():
            await notify.at_stage("threshold.web-2026.2026-03-01.75", Stage.SENT)
    (envelope,) = sink.received
    assert envelope.mail_from == "hallo@studio.example"
    assert notify.counted == {("email", "sent"): 1}

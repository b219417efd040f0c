"""Letters to a mail server (RFC 5321), one connection a letter."""

import re
from contextlib import suppress
from enum import StrEnum

import aiosmtplib

from services.notify.channels import ChannelDown, Rejected
from services.notify.channels.mail import Mail

SECONDS = 20.0
"""For each step of the conversation."""
_ENHANCED = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})\b")


class Tls(StrEnum):
    STARTTLS = "starttls"
    """Refuses a server that does not offer it."""
    TLS = "tls"
    """From the first byte."""
    NONE = "none"
    """In clear: for a server on the same machine."""


class Smtp:
    """Nothing is kept between two letters, so that a server may go and come as it likes."""

    name = "email"
    needs_sender = True

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        tls: Tls = Tls.STARTTLS,
        seconds: float = SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._user = user
        self._password = password
        self._tls = tls
        self._seconds = seconds

    async def deliver(self, mail: Mail) -> None:
        server = await self._connected()
        try:
            await server.sendmail(mail.sender, [mail.recipient], mail.message.as_bytes())
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise _rejected(refused.code, refused.message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _rejected(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Rejected(f"the mail server broke off: {type(error).__name__}", for_good=False) from error
        finally:
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                await server.quit(timeout=1)
            server.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        """A connection that is logged in; what goes wrong until here goes wrong for every letter."""
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls is Tls.TLS,
            start_tls=self._tls is Tls.STARTTLS,
            username=self._user or None,
            password=self._password or None,
            timeout=self._seconds,
        )
        try:
            await server.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise ChannelDown(f"the mail server refuses user and password ({error.code})") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            server.close()
            raise ChannelDown(f"no mail server at {self._host}:{self._port}: {type(error).__name__}") from error
        return server


def _rejected(code: int, message: str) -> Rejected:
    """The codes alone: the text of a mail server repeats the address."""
    enhanced = _ENHANCED.match(message)
    status = f"{code} {enhanced.group(1)}" if enhanced else str(code)
    return Rejected(f"the mail server answered {status}", for_good=code >= 500)

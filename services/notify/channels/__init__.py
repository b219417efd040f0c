"""Ways by which a letter leaves the house.

| room | what it does |
| --- | --- |
| mail | a letter as an e-mail message: headers, plain text, HTML, the document |
| smtp | to a mail server |
| outbox | into a folder, as .eml files, while no mail server is set |

    ChannelDown    nothing goes by this channel now, whoever it is for: everybody waits
    Rejected       this letter was not taken, others may be; `for_good` where another try will not help
"""

from typing import Protocol

from services.notify.channels.mail import Mail


class ChannelDown(Exception):
    """The channel takes nothing at all now. The message names no address."""


class Rejected(Exception):
    """The channel did not take this letter. `reason` names no address."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class Channel(Protocol):
    """Delivers or raises; a letter that was delivered may come again after a crash, with the same Message-ID."""

    @property
    def name(self) -> str:
        """`email` or `outbox`, as it is recorded and counted."""
        ...

    @property
    def needs_sender(self) -> bool:
        """It takes no letter that comes from nobody's address."""
        ...

    async def deliver(self, mail: Mail) -> None: ...


__all__ = ["Channel", "ChannelDown", "Mail", "Rejected"]

"""What a reader gives back for each row of a file."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from vocabulary.duration import Seconds


class Note(NamedTuple):
    """Something to know about a row: its reason by name, and in words."""

    line: int
    reason: str
    message: str


class Unusable(Exception):
    """The row cannot be used; the reader goes on with the next."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class ReadRow(msgspec.Struct, frozen=True):
    """A row that can be used. `started` is local to the profile of the user who exported it, and names no zone."""

    line: int
    user: str
    email: str
    client: str
    project: str
    task: str
    note: str
    billable: bool | None
    """None where the file does not say."""
    started: datetime
    ended: datetime | None
    worked: Seconds
    tags: tuple[str, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def who(self) -> str:
        """By what the user is known: his e-mail address, or his name."""
        return self.email or self.user


Row = ReadRow | Note
"""A `Note` where the row is skipped."""

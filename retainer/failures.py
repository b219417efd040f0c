"""What can go wrong for a person at the keyboard: one line, the remedy in it, and an exit status (docs/cli.md).

Failure                 ends the command with one line on standard error
└── Refusal             a service said no; knows the refusal's name and the fields at fault
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class ExitStatus(IntEnum):
    """The meanings stand in docs/cli.md, which a test compares with this class."""

    OK = 0
    DIFFERS = 1
    WRONG_INPUT = 2
    REFUSED = 3
    NOT_FOUND = 4
    STALE = 5
    DENIED = 6
    UNAVAILABLE = 7
    BROKEN = 8
    INTERRUPTED = 130


MEANINGS = {
    ExitStatus.OK: "Done.",
    ExitStatus.DIFFERS: "Done, and something is not as it should be: see what `simulate`, `doctor` or `verify` says.",
    ExitStatus.WRONG_INPUT: "The command line, a file or a field cannot be read, or a case file breaks a rule.",
    ExitStatus.REFUSED: "A rule says no in the present state, or the id is taken; the line names the refusal.",
    ExitStatus.NOT_FOUND: "There is no such client, contract, person, entry or invoice in this agency.",
    ExitStatus.STALE: "Somebody else was faster: read again and repeat.",
    ExitStatus.DENIED: "No token, a token that is not good (any more), or a role that may not do this.",
    ExitStatus.UNAVAILABLE: "No running system was found, or it did not answer in time; repeating is safe.",
    ExitStatus.BROKEN: "Something is wrong on our side; the line names the correlation id for the log.",
    ExitStatus.INTERRUPTED: "Stopped by Ctrl-C.",
}


class Failure(Exception):
    """The command cannot do what was asked; `str` is the one line that says so."""

    def __init__(self, message: str, status: ExitStatus = ExitStatus.WRONG_INPUT) -> None:
        super().__init__(message)
        self.status = status


class FieldAtFault(NamedTuple):
    field: str
    description: str


class Refusal(Failure):
    """A service said no. `reason` is the refusal's name as the API documents it."""

    def __init__(
        self,
        message: str,
        status: ExitStatus,
        *,
        code: str,
        reason: str = "",
        fields: Sequence[FieldAtFault] = (),
    ) -> None:
        super().__init__(message, status)
        self.code = code
        self.reason = reason
        self.fields = tuple(fields)

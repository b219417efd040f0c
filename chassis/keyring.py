"""Keys of persons, clients and agencies: sealing, opening, erasing.

Keys live in a store of their own (`keys.db` of the service that owns the subject; never in an event store or its
backups), each wrapped by the master key of the settings. A service that does not own a subject gets its key by the
authenticated call `retainer.keys.v1.KeyService.GetKeys` from the one that does, keeps it in memory for at most 5 s
and never on disk. Erasing a key leaves a tombstone: the subject can not come back, and its texts read as None.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from vocabulary.personal import Personal


class Keyring(Protocol):
    """Shared by the owner's keyring (on disk) and the borrower's (over gRPC, in memory)."""

    def seal(self, agency: str, personal: Personal) -> str:
        """The sealed text; makes the subject's key if there is none (owner only). Synchronous: called while encoding."""
        ...

    async def open(self, agency: str, personal: Personal | None) -> str | None:
        """The text, or None where the subject was erased (or there is nothing to open)."""
        ...

    async def open_all(self, agency: str, sealed: Iterable[Personal]) -> Mapping[Personal, str | None]:
        """Many at once: at most one call to each owner."""
        ...

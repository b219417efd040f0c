"""A real store without a disk, and keys that never change."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

from chassis.catalog import Catalog
from chassis.seal import open_sealed, sealed
from chassis.store import Store
from vocabulary.personal import Personal


class FixedKeys:
    """A keyring whose keys follow from the subjects' names and whose nonces follow from the texts: the same text is
    always sealed to the same bytes. For golden samples and tests; worth nothing as protection."""

    def __init__(self) -> None:
        self.erased: set[tuple[str, str]] = set()

    def seal(self, agency: str, personal: Personal) -> str:
        assert personal.text is not None
        nonce = sha256(personal.text.encode()).digest()[:12]
        return sealed(_fixed_key(agency, personal.subject), personal.text, f"{agency}/{personal.subject}", nonce)

    async def prepare(self, agency: str, subjects: Iterable[str]) -> None:
        return None

    async def open(self, agency: str, personal: Personal | None) -> str | None:
        if personal is None or (agency, personal.subject) in self.erased:
            return None
        if personal.sealed is None:
            return personal.text
        return open_sealed(_fixed_key(agency, personal.subject), personal.sealed, f"{agency}/{personal.subject}")

    async def open_all(self, agency: str, sealed: Iterable[Personal]) -> Mapping[Personal, str | None]:
        return {personal: await self.open(agency, personal) for personal in sealed}

    async def is_erased(self, agency: str, subject: str) -> bool:
        return (agency, subject) in self.erased


def _fixed_key(agency: str, subject: str) -> bytes:
    return sha256(f"retainer test key of {agency}/{subject}".encode()).digest()


@asynccontextmanager
async def memory_store(catalog: Catalog, **options: Any) -> AsyncIterator[Store]:
    """A real store on SQLite in memory, with fixed keys."""
    store = await Store.open("sqlite:///:memory:", catalog, FixedKeys(), **options)
    try:
        yield store
    finally:
        await store.close()

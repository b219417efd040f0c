"""Keys of persons, clients and agencies: sealing, opening, erasing.

Keys live in a store of their own (`keys.db` of the service that owns the subject; never in an event store or its
backups), each wrapped by the master key of the settings. A service that does not own a subject gets its key by the
authenticated call `retainer.keys.v1.KeyService.GetKeys` from the one that does, keeps it in memory for at most 5 s
and never on disk. Erasing a key leaves a tombstone: the subject can not come back, and its texts read as None.

    OwnedKeys      the keys of this service's own subjects, on disk
    BorrowedKeys   the keys of others' subjects, in memory
    HouseKeyring   both, by the kind of subject (`person/…`): what a service seals and opens with
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chassis.key_table import open_key_table
from chassis.seal import MasterKey, open_sealed, sealed
from chassis.sql import Address, Database, open_database
from chassis.sql.database import transaction
from vocabulary.personal import Personal
from vocabulary.refusal import Kind, Refused

BORROWED_FOR_SECONDS = 5.0


class SubjectErased(Refused, kind=Kind.CONFLICT):
    """The subject was erased; nothing about it can be written down any more."""


class SubjectUnknown(Refused, kind=Kind.NOT_FOUND):
    """Nobody has a key for this subject."""


class Keyring(Protocol):
    """Shared by the owner's keyring (on disk) and the borrower's (over gRPC, in memory)."""

    def seal(self, agency: str, personal: Personal) -> str:
        """The sealed text; makes the subject's key if there is none (owner only). Synchronous: called while encoding,
        after `prepare`."""
        ...

    async def prepare(self, agency: str, subjects: Iterable[str]) -> None:
        """Have the keys at hand that `seal` is going to need."""
        ...

    async def open(self, agency: str, personal: Personal | None) -> str | None:
        """The text, or None where the subject was erased (or there is nothing to open)."""
        ...

    async def open_all(self, agency: str, sealed: Iterable[Personal]) -> Mapping[Personal, str | None]:
        """Many at once: at most one call to each owner."""
        ...


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """As GetKeys answers: no key where the subject is not known, or was erased."""

    subject: str
    key: bytes | None
    erased: bool = False


class OwnedKeys:
    """The keys of this service's own subjects, in a store of their own, wrapped by the master key."""

    identity: str
    """Which keyring this is (chassis.key_table)."""

    def __init__(
        self, url: str, master_key: bytes, *, schema: str = "keys", clock: Callable[[], float] = time.monotonic
    ) -> None:
        address = Address.parse(url, schema)
        self._wrap = MasterKey(master_key)
        self._clock = clock
        self._shared = address.is_postgres
        self._lock = threading.RLock()
        self._database: Database = open_database(address, durable=True)
        self._at_hand: dict[tuple[str, str], tuple[float, SubjectKey]] = {}
        try:
            self.identity = open_key_table(self._database, self._wrap, postgres=address.is_postgres)
        except BaseException:
            self._database.close()
            raise

    async def prepare(self, agency: str, subjects: Sequence[str]) -> None:
        """Have the keys at hand that `key` is going to be asked for: another replica may have changed them, and a
        database that is away must not hold up the event loop."""
        if self._shared:
            await asyncio.to_thread(self.find, agency, subjects)

    def find(self, agency: str, subjects: Sequence[str]) -> Sequence[SubjectKey]:
        """What GetKeys answers, in the order asked."""
        with self._lock:
            return [self._load(agency, subject) for subject in subjects]

    def key(self, agency: str, subject: str) -> bytes:
        """The subject's key, made if there is none; `SubjectErased` where there must be none."""
        with self._lock:
            found = self._load(agency, subject)
            if found.erased:
                raise SubjectErased(f"{subject} was erased: nothing personal can be recorded about it")
            return found.key if found.key is not None else self._make(agency, subject)

    def erase(self, agency: str, subject: str, erased_at: str) -> bool:
        """Forget the key for ever, and leave a tombstone; False where it was erased before."""
        with self._lock:
            with transaction(self._database) as session:
                before = session.query(
                    "SELECT erased_at FROM subject_keys WHERE agency = :agency AND subject = :subject",
                    {"agency": agency, "subject": subject},
                )
                session.execute(
                    "INSERT INTO subject_keys (agency, subject, wrapped, erased_at)"
                    " VALUES (:agency, :subject, NULL, :at) ON CONFLICT (agency, subject) DO UPDATE SET wrapped = NULL,"
                    " erased_at = coalesce(subject_keys.erased_at, excluded.erased_at)",
                    {"agency": agency, "subject": subject, "at": erased_at},
                )
            self._at_hand[agency, subject] = (self._clock(), SubjectKey(subject, None, erased=True))
            self._scrub()
        return not (before and before[0]["erased_at"])

    def tombstones(self) -> Sequence[tuple[str, str, str]]:
        """Agency, subject and when it was erased: a restore of an older key store applies these again."""
        with self._lock:
            rows = self._database.query(
                "SELECT agency, subject, erased_at FROM subject_keys WHERE erased_at IS NOT NULL"
                " ORDER BY agency, subject"
            )
        return [(row["agency"], row["subject"], row["erased_at"]) for row in rows]

    def close(self) -> None:
        self._database.close()

    def _load(self, agency: str, subject: str) -> SubjectKey:
        read, found = self._at_hand.get((agency, subject), (0.0, None))
        if found is not None and not (self._shared and self._clock() - read >= BORROWED_FOR_SECONDS):
            return found
        rows = self._database.query(
            "SELECT wrapped, erased_at FROM subject_keys WHERE agency = :agency AND subject = :subject",
            {"agency": agency, "subject": subject},
        )
        if not rows:
            return SubjectKey(subject, None)
        if rows[0]["erased_at"]:
            found = SubjectKey(subject, None, erased=True)
        else:
            found = SubjectKey(subject, self._wrap.unwrap(bytes(rows[0]["wrapped"]), f"{agency}/{subject}"))
        self._at_hand[agency, subject] = (self._clock(), found)
        return found

    def _make(self, agency: str, subject: str) -> bytes:
        key = self._wrap.fresh()
        with transaction(self._database) as session:
            session.execute(
                "INSERT INTO subject_keys (agency, subject, wrapped) VALUES (:agency, :subject, :wrapped)"
                " ON CONFLICT (agency, subject) DO NOTHING",
                {"agency": agency, "subject": subject, "wrapped": self._wrap.wrap(key, f"{agency}/{subject}")},
            )
        self._at_hand.pop((agency, subject), None)
        made = self._load(agency, subject).key  # another replica may have been faster
        assert made is not None
        return made

    def _scrub(self) -> None:
        """Leave no trace of an erased key in free pages or in the log of the database."""
        self._database.scrub()


Fetch = Callable[[str, Sequence[str]], Awaitable[Sequence[SubjectKey]]]
"""(agency, subjects) -> their keys, from the service that owns them."""


class BorrowedKeys:
    """The keys of another service's subjects: fetched when needed, kept for at most 5 s, never written down."""

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[float, SubjectKey]] = {}

    async def find(self, agency: str, subjects: Sequence[str]) -> Mapping[str, SubjectKey]:
        now = self._clock()
        self._forget(now)
        missing = [subject for subject in subjects if (agency, subject) not in self._kept]
        for start in range(0, len(missing), 1000):
            for key in await self._fetch(agency, missing[start : start + 1000]):
                self._kept[agency, key.subject] = (now, key)
        return {subject: self._at_hand(agency, subject) for subject in subjects}

    def key(self, agency: str, subject: str) -> bytes:
        found = self._at_hand(agency, subject)
        if found.erased:
            raise SubjectErased(f"{subject} was erased: nothing personal can be recorded about it")
        if found.key is None:
            raise SubjectUnknown(f"there is no {subject} to keep personal data of")
        return found.key

    def _at_hand(self, agency: str, subject: str) -> SubjectKey:
        kept = self._kept.get((agency, subject))
        return kept[1] if kept else SubjectKey(subject, None)

    def _forget(self, now: float) -> None:
        old = [name for name, (fetched, _) in self._kept.items() if now - fetched >= BORROWED_FOR_SECONDS]
        for name in old:
            del self._kept[name]


class HouseKeyring:
    """A service's keyring: its own subjects' keys and those that it borrows, by the kind of subject."""

    def __init__(
        self, owned: OwnedKeys | None, owns: Iterable[str], borrowed: Mapping[str, BorrowedKeys] | None = None
    ) -> None:
        """`owns` names kinds (`person`); `borrowed` maps kinds to where they come from."""
        self.owned = owned
        self._owns = frozenset(owns)
        self._borrowed = dict(borrowed or {})

    def seal(self, agency: str, personal: Personal) -> str:
        assert personal.text is not None
        key = self._source(personal.subject).key(agency, personal.subject)
        return sealed(key, personal.text, _bound_to(agency, personal.subject))

    async def prepare(self, agency: str, subjects: Iterable[str]) -> None:
        for kind, named in _by_kind(subjects).items():
            if kind not in self._owns:
                await self._lender(kind).find(agency, named)
            elif self.owned is not None:
                await self.owned.prepare(agency, named)

    async def is_erased(self, agency: str, subject: str) -> bool:
        """Whether the subject was there once, and must not come back."""
        kind = subject.partition("/")[0]
        if kind in self._owns:
            assert self.owned is not None
            await self.owned.prepare(agency, [subject])
            return self.owned.find(agency, [subject])[0].erased
        return (await self._lender(kind).find(agency, [subject]))[subject].erased

    async def open(self, agency: str, personal: Personal | None) -> str | None:
        if personal is None:
            return None
        return (await self.open_all(agency, (personal,)))[personal]

    async def open_all(self, agency: str, sealed: Iterable[Personal]) -> Mapping[Personal, str | None]:
        wanted = list(sealed)
        keys: dict[str, bytes | None] = {}
        for kind, subjects in _by_kind(item.subject for item in wanted).items():
            if kind in self._owns:
                assert self.owned is not None
                await self.owned.prepare(agency, subjects)
                keys.update({found.subject: found.key for found in self.owned.find(agency, subjects)})
            else:
                lent = await self._lender(kind).find(agency, subjects)
                keys.update({subject: found.key for subject, found in lent.items()})
        return {item: _opened(agency, item, keys[item.subject]) for item in wanted}

    def _source(self, subject: str) -> OwnedKeys | BorrowedKeys:
        kind = subject.partition("/")[0]
        if kind in self._owns:
            assert self.owned is not None
            return self.owned
        return self._lender(kind)

    def _lender(self, kind: str) -> BorrowedKeys:
        lender = self._borrowed.get(kind)
        if lender is None:
            raise SubjectUnknown(f"no service is known that keeps the keys of a {kind}")
        return lender


def _by_kind(subjects: Iterable[str]) -> Mapping[str, list[str]]:
    kinds: dict[str, dict[str, None]] = {}
    for subject in subjects:
        kinds.setdefault(subject.partition("/")[0], {})[subject] = None
    return {kind: list(named) for kind, named in kinds.items()}


def _opened(agency: str, personal: Personal, key: bytes | None) -> str | None:
    if personal.sealed is None:
        return personal.text
    return None if key is None else open_sealed(key, personal.sealed, _bound_to(agency, personal.subject))


def _bound_to(agency: str, subject: str) -> str:
    """What a sealed text is bound to, so that it cannot be moved to another subject or agency."""
    return f"{agency}/{subject}"

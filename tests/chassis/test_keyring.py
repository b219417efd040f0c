"""Keys of subjects: sealing, opening, lending, erasing."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from chassis.key_table import KeyringWrong
from chassis.keyring import (
    BORROWED_FOR_SECONDS,
    BorrowedKeys,
    HouseKeyring,
    OwnedKeys,
    SubjectErased,
    SubjectKey,
    SubjectUnknown,
)
from chassis.seal import SealBroken, open_sealed, sealed
from chassis.sql.database import transaction
from chassis.testing import PostgresServer
from vocabulary.personal import Personal

MASTER = bytes(range(32))
ANNA = Personal("person/anna", text="Anna Köhler")


@pytest.fixture(params=["sqlite", "postgres"])
def keys_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/keys.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return f"{server.url}&schema=k_{tmp_path.name.replace('-', '_')}"


@pytest.fixture
def owned(keys_url: str) -> Iterator[OwnedKeys]:
    keys = OwnedKeys(keys_url, MASTER)
    yield keys
    keys.close()


def keyring(owned: OwnedKeys) -> HouseKeyring:
    return HouseKeyring(owned, ["person"])


async def test_what_is_sealed_opens_again(owned: OwnedKeys) -> None:
    ring = keyring(owned)
    text = ring.seal("acme", ANNA)
    assert "Anna" not in text
    assert await ring.open("acme", Personal("person/anna", sealed=text)) == "Anna Köhler"
    assert await ring.open("acme", None) is None
    assert await ring.open("acme", ANNA) == "Anna Köhler"  # fresh from a command, not sealed yet


async def test_keys_survive_a_restart(owned: OwnedKeys, keys_url: str) -> None:
    text = keyring(owned).seal("acme", ANNA)
    owned.close()
    again = OwnedKeys(keys_url, MASTER)
    assert await keyring(again).open("acme", Personal("person/anna", sealed=text)) == "Anna Köhler"
    again.close()


def test_a_sealed_text_belongs_to_its_subject_and_agency(owned: OwnedKeys) -> None:
    text = keyring(owned).seal("acme", ANNA)
    key = owned.key("acme", "person/anna")
    assert open_sealed(key, text, "acme/person/anna") == "Anna Köhler"
    for elsewhere in ("acme/person/bert", "bolt/person/anna"):
        with pytest.raises(SealBroken):
            open_sealed(key, text, elsewhere)
    with pytest.raises(SealBroken):
        open_sealed(key, text[:-4] + "AAA=", "acme/person/anna")


def test_the_same_text_is_never_sealed_alike() -> None:
    assert sealed(MASTER, "Anna", "x") != sealed(MASTER, "Anna", "x")


def test_another_master_key_opens_nothing(owned: OwnedKeys, keys_url: str) -> None:
    owned.key("acme", "person/anna")
    owned.close()
    with pytest.raises(KeyringWrong, match="RETAINER_MASTER_KEY"):
        OwnedKeys(keys_url, bytes(32))
    with pytest.raises(ValueError, match="32 bytes"):
        OwnedKeys(keys_url, b"short")


def test_a_keyring_from_before_there_were_identities_gets_one_and_proves_its_master_key(
    owned: OwnedKeys, keys_url: str
) -> None:
    owned.key("acme", "person/anna")
    with transaction(owned._database) as session:
        session.execute("DROP TABLE keyring")
    owned.close()
    with pytest.raises(KeyringWrong, match="RETAINER_MASTER_KEY"):
        OwnedKeys(keys_url, bytes(32))
    first, second = OwnedKeys(keys_url, MASTER), OwnedKeys(keys_url, MASTER)
    assert first.identity == second.identity
    first.close()
    second.close()


async def test_two_replicas_share_one_keyring_and_see_each_others_erasure_within_five_seconds(
    postgres: PostgresServer,
) -> None:
    now = 0.0
    url = f"{postgres.url}&schema=k_shared"
    one, two = (OwnedKeys(url, MASTER, clock=lambda: now) for _ in range(2))
    assert one.identity == two.identity
    text = Personal("person/anna", sealed=keyring(one).seal("acme", ANNA))
    assert await keyring(two).open("acme", text) == "Anna Köhler"
    one.erase("acme", "person/anna", "2026-03-01")
    now += BORROWED_FOR_SECONDS
    assert await keyring(two).open("acme", text) is None
    await keyring(two).prepare("acme", ["person/anna"])
    with pytest.raises(SubjectErased):
        keyring(two).seal("acme", ANNA)
    one.close()
    two.close()


async def test_an_erased_subject_stays_erased(owned: OwnedKeys, keys_url: str) -> None:
    ring = keyring(owned)
    text = Personal("person/anna", sealed=ring.seal("acme", ANNA))
    assert owned.erase("acme", "person/anna", "2026-03-01")
    assert not owned.erase("acme", "person/anna", "2026-04-01")
    assert await ring.open("acme", text) is None
    with pytest.raises(SubjectErased):
        ring.seal("acme", ANNA)
    owned.close()
    again = OwnedKeys(keys_url, MASTER)
    assert again.find("acme", ["person/anna"]) == [SubjectKey("person/anna", None, erased=True)]
    assert again.tombstones() == [("acme", "person/anna", "2026-03-01")]
    again.close()


def test_an_erased_key_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    keys = OwnedKeys(f"sqlite:///{tmp_path}/keys.db", MASTER)
    keys.key("acme", "person/anna")
    (row,) = keys._database.query("SELECT wrapped FROM subject_keys")
    wrapped = bytes(row["wrapped"])
    assert any(wrapped in path.read_bytes() for path in tmp_path.iterdir())
    keys.erase("acme", "person/anna", "2026-03-01")
    assert not any(wrapped in path.read_bytes() for path in tmp_path.iterdir())
    keys.close()


def test_an_unknown_subject_has_no_key_and_gets_none_by_asking(owned: OwnedKeys) -> None:
    assert owned.find("acme", ["person/nobody"]) == [SubjectKey("person/nobody", None)]
    assert owned.find("acme", ["person/nobody"]) == [SubjectKey("person/nobody", None)]


class Lender:
    """The service that owns the keys, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.keys = {"client/acme": bytes(32)}
        self.erased: set[str] = set()
        self.asked: list[Sequence[str]] = []
        self.now = 100.0
        self.borrowed = BorrowedKeys(self.fetch, clock=lambda: self.now)
        self.ring = HouseKeyring(None, [], {"client": self.borrowed})

    async def fetch(self, agency: str, subjects: Sequence[str]) -> Sequence[SubjectKey]:
        self.asked.append(tuple(subjects))
        return [
            SubjectKey(subject, None if subject in self.erased else self.keys.get(subject), subject in self.erased)
            for subject in subjects
        ]


async def test_a_borrowed_key_is_fetched_once_in_five_seconds() -> None:
    lender = Lender()
    text = Personal("client/acme", sealed=sealed(bytes(32), "Acme GmbH", "agency/client/acme"))
    for _ in range(3):
        assert await lender.ring.open("agency", text) == "Acme GmbH"
    assert lender.asked == [("client/acme",)]
    lender.now += BORROWED_FOR_SECONDS
    assert await lender.ring.open("agency", text) == "Acme GmbH"
    assert len(lender.asked) == 2


async def test_an_erased_key_is_dropped_within_five_seconds() -> None:
    lender = Lender()
    text = Personal("client/acme", sealed=sealed(bytes(32), "Acme GmbH", "agency/client/acme"))
    assert await lender.ring.open("agency", text) == "Acme GmbH"
    lender.erased.add("client/acme")
    lender.now += BORROWED_FOR_SECONDS
    assert await lender.ring.open("agency", text) is None


async def test_many_are_opened_by_one_call() -> None:
    lender = Lender()
    lender.keys |= {f"client/c{number}": bytes(32) for number in range(50)}
    texts = [
        Personal(f"client/c{number}", sealed=sealed(bytes(32), str(number), f"agency/client/c{number}"))
        for number in range(50)
    ]
    opened = await lender.ring.open_all("agency", texts)
    assert [opened[text] for text in texts] == [str(number) for number in range(50)]
    assert len(lender.asked) == 1


async def test_a_borrower_can_seal_what_it_has_prepared() -> None:
    lender = Lender()
    text = Personal("client/acme", text="Acme GmbH")
    with pytest.raises(SubjectUnknown):
        lender.ring.seal("agency", text)
    await lender.ring.prepare("agency", {"client/acme", "client/unknown"})
    assert open_sealed(bytes(32), lender.ring.seal("agency", text), "agency/client/acme") == "Acme GmbH"
    with pytest.raises(SubjectUnknown):
        lender.ring.seal("agency", Personal("client/unknown", text="x"))
    with pytest.raises(SubjectUnknown):
        lender.ring.seal("agency", Personal("planet/mars", text="x"))

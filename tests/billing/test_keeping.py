"""Accounts kept across starts: what is read again is what was written, and believed only where the events say so."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.store.kept import KeptState, KeptStates
from services.billing import keeping, streams
from services.billing.api.recount import Recount
from services.billing.deciders import ACCOUNT
from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account.explained import explained
from services.billing.domain.account.state import Account
from services.billing.domain.auditing import AccountAudit
from services.billing.domain.explaining import Window
from services.billing.domain.facts import ContractFact
from services.billing.domain.proving import AccountProof
from tests.billing.domain.test_fold_properties import HORIZON, QUICK, accepted, agreed, histories
from tests.billing.rehearsal import AGENCY, WEB, Office
from tests.billing.test_proofs import lived

STREAM = streams.account(AGENCY, WEB)
KEY = b"the key of this test"


def kept_in(folder: Path, key: bytes = KEY, **packing: Any) -> KeptStates:
    return KeptStates(replace(keeping.packing(), **packing), folder, key)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def proved(office: Office) -> KeptState:
    recount = Recount(office.store, STREAM, None)
    assert await recount.read_on()
    return KeptState(recount.version, recount.head, recount.proof)


def statements(books: fold.Books) -> list[Any]:
    return [(fold.statement(books, one.start), fold.figures(books, one.start, HORIZON)) for one in begun(books)]


def begun(books: fold.Books) -> list[Any]:
    return list(fold.periods_begun(books, HORIZON))


def account_of(kind: str, facts: list[ContractFact], pasts_after: set[int]) -> Account:
    """Books with these facts, and what they were after some of them."""
    books, pasts = fold.opened(agreed(kind)), []
    for place, fact in enumerate(facts):
        books = fold.note(books, fact)
        if place in pasts_after:
            pasts.append(books)
    return Account(contract_id=WEB, books=books, pasts=tuple(pasts))


@given(histories(), st.sets(st.integers(0, 15)))
@QUICK
def test_what_is_read_again_is_what_was_kept(history: tuple[str, list[ContractFact]], pasts_after: set[int]) -> None:
    kind, facts = history
    _, noted = accepted(kind, facts)
    account = account_of(kind, noted, pasts_after)
    with TemporaryDirectory() as folder:
        asyncio.run(kept_in(Path(folder)).keep(STREAM, KeptState(7, "5ea1", AccountProof(AccountAudit(account)))))
        found = asyncio.run(kept_in(Path(folder)).find(STREAM))
    assert found is not None
    again: Account = found.value.account
    assert (found.version, found.head) == (7, "5ea1")
    for read, written in zip((*again.pasts, again.opened_books), (*account.pasts, account.opened_books), strict=True):
        assert dict(read.entries) == dict(written.entries)
        assert list(read.history.since(0)) == list(written.history.since(0))
        assert statements(read) == statements(written)
        assert invoice.draft(read, invoice.NOTHING_ASKED, HORIZON) == invoice.draft(
            written, invoice.NOTHING_ASKED, HORIZON
        )
    middle = datetime(2026, 4, 1, tzinfo=UTC)
    then = [fold.as_then(one.opened_books, len(noted), middle, one.pasts) for one in (again, account)]
    assert statements(then[0]) == statements(then[1])


async def test_an_account_goes_on_from_what_was_kept(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    kept = await proved(nord)
    await kept_in(tmp_path).keep(STREAM, kept)
    found = await kept_in(tmp_path).find(STREAM)
    assert found is not None
    account, version = await nord.store.state(ACCOUNT, STREAM)
    again: Account = found.value.account
    assert again.version == account.version == version
    assert (again.asked, again.stated, again.documents) == (account.asked, account.stated, account.documents)
    for number in account.documents:
        read, told = (explained(one, one.documents[number], Window()) for one in (again, account))
        assert read == told
    recount = Recount(nord.store, STREAM, found)
    assert await recount.read_on()
    assert (recount.version, recount.head) == (kept.version, kept.head)


async def test_what_another_hand_wrote_is_not_read(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    await kept_in(tmp_path).keep(STREAM, await proved(nord))
    assert await kept_in(tmp_path, b"another key").find(STREAM) is None
    assert await kept_in(tmp_path).find(streams.account(AGENCY, "other")) is None
    [file] = files(tmp_path)
    whole = file.read_bytes()
    for spoiled in (whole[:-1], whole[:20], b"", whole[:40] + bytes([whole[40] ^ 1]) + whole[41:]):
        file.write_bytes(spoiled)
        assert await kept_in(tmp_path).find(STREAM) is None
    file.write_bytes(whole)
    assert await kept_in(tmp_path).find(STREAM) is not None


async def test_what_another_version_of_the_rules_wrote_is_not_read(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    await kept_in(tmp_path).keep(STREAM, await proved(nord))
    assert await kept_in(tmp_path, made_by="tomorrow's code").find(STREAM) is None


async def test_what_was_kept_of_one_contract_is_not_taken_for_anothers(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    other = streams.account(AGENCY, "other")
    await kept_in(tmp_path).keep(STREAM, await proved(nord))
    [file] = files(tmp_path)
    await kept_in(tmp_path).keep(other, await proved(nord))
    [beside] = set(files(tmp_path)) - {file}
    beside.write_bytes(file.read_bytes())
    assert await kept_in(tmp_path).find(other) is None


async def test_an_account_of_other_events_is_proved_anew(nord: Office) -> None:
    """A proof of another history says nothing of this one."""
    await lived(nord)
    kept = await proved(nord)
    spoiled = KeptState(kept.version, "another head", AccountProof())
    recount = Recount(nord.store, STREAM, spoiled)
    assert await recount.read_on()
    assert recount.proof.account.version == kept.version


async def test_what_does_not_fit_is_told_and_not_kept(
    nord: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await lived(nord)
    nord.store.kept = kept_in(tmp_path)
    await keeping.prove_and_keep(nord.parts, STREAM)
    [file] = files(tmp_path)
    file.unlink()
    nord.store.kept = kept_in(tmp_path)
    cursor = nord.store._recorder._cursor  # type: ignore[attr-defined]  # tampering goes past every door
    cursor.execute("UPDATE stored_events SET actor = 'somebody' WHERE originator_version = 4")
    await keeping.prove_and_keep(nord.parts, STREAM)
    assert files(tmp_path) == []
    assert f"{STREAM} does not fit together" in caplog.text

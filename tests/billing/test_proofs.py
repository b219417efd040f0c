"""An account proved: recomputed by the house, and by a script that knows nothing of it; one changed byte is named."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chassis.auth import Role
from retainer.output import plain
from retainer.verbs.proofs import line_of
from services.billing.api.proofs import Proofs
from services.billing.domain.account import AccountNotOpen
from services.timelog import events as timelog
from tests.billing.account.sentences import hours
from tests.billing.rehearsal import WEB, Office, at
from tests.billing.test_settling import STANDARD, close, log
from vocabulary.identity import EntryId
from wire.retainer.billing.v1 import proof_pb2 as wire

SCRIPT = Path(__file__).parents[2] / "examples" / "check_statement.py"
TODAY = date(2026, 3, 10)


async def lived(office: Office) -> None:
    """A quarter with overage, a correction, a deletion and three documents."""
    await office.activate(hours(5, tax=STANDARD))
    await close(office, date(2026, 1, 1))
    for number in range(7):
        await log(office, f"e{number}", date(2026, 1, 5 + number), 60)
    await close(office, date(2026, 2, 1))
    await office.hear(timelog.TimeDeleted(entry_id=EntryId("e2"), contract_id=WEB), at(date(2026, 2, 8)))
    await log(office, "f1", date(2026, 2, 9), 90)
    await close(office, date(2026, 3, 1))
    await office.seen()


async def verified(office: Office, **call: Any) -> wire.VerifyAccountResponse:
    request = wire.VerifyAccountRequest(contract="contracts/web")
    return await Proofs(office.desk).VerifyAccount(request, office.call(at(TODAY), **call))


async def papers(office: Office, folder: Path) -> tuple[Path, Path]:
    """The statement and the events as the command writes them."""
    proofs, call = Proofs(office.desk), office.call(at(TODAY))
    statement = await proofs.GetAccountStatement(wire.GetAccountStatementRequest(contract="contracts/web"), call)
    exported = await proofs.ExportAccount(wire.ExportAccountRequest(contract="contracts/web"), call)
    (folder / "statement.json").write_text(json.dumps(plain(statement)), encoding="utf-8")
    lines = [json.dumps(line_of(event), ensure_ascii=False) for event in exported.events]
    (folder / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder / "statement.json", folder / "events.jsonl"


def checked(statement: Path, events: Path) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(statement), str(events)], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr


async def test_what_was_only_lived_fits(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    found = await verified(nord)
    assert not found.flaws
    status, said = checked(*await papers(nord, tmp_path))
    assert (status, said) == (0, f"fits: {found.version} events, head {found.head_hash}\n")


async def test_a_statement_of_an_earlier_day_fits_as_well(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    statement, _ = await papers(nord, tmp_path)
    earlier = statement.read_text(encoding="utf-8")
    await log(nord, "later", date(2026, 3, 9), 600)
    statement, events = await papers(nord, tmp_path)
    statement.write_text(earlier, encoding="utf-8")
    assert checked(statement, events)[0] == 0


async def test_one_byte_changed_anywhere_in_the_store_is_named(nord: Office) -> None:
    await lived(nord)
    rows = await nord.store.read_stored_stream(f"{nord.agency}/account/{WEB}", 0, 1_000)
    luck = random.Random(7)
    cursor = nord.store._recorder._cursor  # type: ignore[attr-defined]  # tampering goes past every door
    for row in luck.sample(list(rows), 12):
        payload = bytearray(row.payload)
        place = luck.randrange(len(payload))
        payload[place] ^= 1 << luck.randrange(7)
        cursor.execute("UPDATE stored_events SET state = ? WHERE position = ?", (bytes(payload), row.position))
        found = await verified(nord)
        assert found.flaws[0].version == row.version
        assert found.flaws[0].event_id.endswith(f":{row.position}")
        assert "chain" in found.flaws[0].message
        cursor.execute("UPDATE stored_events SET state = ? WHERE position = ?", (row.payload, row.position))
    assert not (await verified(nord)).flaws


@pytest.mark.parametrize("column", ["actor", "topic", "recorded_at_us", "stream_hash"])
async def test_what_stands_beside_the_payload_is_in_the_chain_too(nord: Office, column: str) -> None:
    await lived(nord)
    cursor = nord.store._recorder._cursor  # type: ignore[attr-defined]  # tampering goes past every door
    value = "recorded_at_us + 1" if column == "recorded_at_us" else f"{column} || 'x'"
    stream = f"{nord.agency}/account/{WEB}"
    where = f"originator_id = '{stream}' AND originator_version = 4"
    cursor.execute(f"UPDATE stored_events SET {column} = {value} WHERE {where}")
    assert (await verified(nord)).flaws[0].version == 4


async def test_what_was_proved_before_is_proved_again_only_of_other_bytes(nord: Office) -> None:
    await lived(nord)
    proofs, request = Proofs(nord.desk), wire.VerifyAccountRequest(contract="contracts/web")
    first = await proofs.VerifyAccount(request, nord.call(at(TODAY)))
    await log(nord, "more", date(2026, 3, 9), 60)
    second = await proofs.VerifyAccount(request, nord.call(at(TODAY)))
    assert not second.flaws
    assert second.version > first.version
    stream = f"{nord.agency}/account/{WEB}"
    rows = await nord.store.read_stored_stream(stream, 0, 1_000)
    wrong = next(row.version for row in rows if b'"used":60' in row.payload)
    await _rewritten(nord, stream, wrong, lambda payload: payload.replace(b'"used":60', b'"used":61'))
    third = await proofs.VerifyAccount(request, nord.call(at(TODAY)))
    assert (third.flaws[0].version, "used 61" in third.flaws[0].message) == (wrong, True)


async def test_a_figure_that_does_not_follow_is_named_though_the_chain_is_whole(nord: Office) -> None:
    """Our own mistake, written down in good order."""
    await lived(nord)
    stream = f"{nord.agency}/account/{WEB}"
    rows = await nord.store.read_stored_stream(stream, 0, 1_000)
    wrong = next(row for row in rows if b'"used":180' in row.payload)
    await _rewritten(nord, stream, wrong.version, lambda payload: payload.replace(b'"used":180', b'"used":181'))
    found = await verified(nord)
    assert found.flaws[0].version == wrong.version
    assert "used 181" in found.flaws[0].message


async def _rewritten(office: Office, stream: str, version: int, change: Callable[[bytes], bytes]) -> None:
    """A whole chain anew, from a changed event on."""
    from chassis.store.chain import chained

    cursor = office.store._recorder._cursor  # type: ignore[attr-defined]  # tampering goes past every door
    head = ""
    for row in await office.store.read_stored_stream(stream, 0, 1_000):
        payload = change(row.payload) if row.version == version else row.payload
        head = chained(head, stream, row.version, row.tag, row.recorded_at_us, row.actor, payload)
        cursor.execute(
            "UPDATE stored_events SET state = ?, stream_hash = ? WHERE position = ?", (payload, head, row.position)
        )


async def test_the_script_names_any_byte_that_was_changed(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    statement, events = await papers(nord, tmp_path)
    whole = events.read_bytes()
    luck = random.Random(11)
    for _ in range(12):
        place = luck.randrange(len(whole))
        changed = bytearray(whole)
        changed[place] ^= 1 << luck.randrange(7)
        if changed[place] in b"\r\n" or whole[place] in b"\r\n":
            continue
        events.write_bytes(changed)
        line = whole[:place].count(b"\n") + 1
        status, said = checked(statement, events)
        assert (status, f"event {line}:" in said) == (1, True), said


async def test_the_script_holds_against_a_history_that_was_rewritten(nord: Office, tmp_path: Path) -> None:
    """A statement that the client kept names a head that is in no rewritten chain."""
    await lived(nord)
    statement, events = await papers(nord, tmp_path)
    kept = statement.read_text(encoding="utf-8")
    stream = f"{nord.agency}/account/{WEB}"
    rows = await nord.store.read_stored_stream(stream, 0, 1_000)
    counted = next(row.version for row in rows if b"anna" in row.payload)
    await _rewritten(nord, stream, counted, lambda payload: payload.replace(b"anna", b"emil"))
    _, events = await papers(nord, tmp_path)
    statement.write_text(kept, encoding="utf-8")
    status, said = checked(statement, events)
    assert status == 1
    assert "is not the head that the statement names" in said


async def test_the_script_compares_documents_and_figures(nord: Office, tmp_path: Path) -> None:
    await lived(nord)
    statement, events = await papers(nord, tmp_path)
    told = json.loads(statement.read_text(encoding="utf-8"))
    for path, said in ((("periods", 0, "used"), "used is another"), (("documents", 1, "gross"), "is another in the")):
        changed = json.loads(json.dumps(told))
        collection, place, name = path
        changed[collection][place][name] = str(int(changed[collection][place][name]) + 1)
        statement.write_text(json.dumps(changed), encoding="utf-8")
        status, out = checked(statement, events)
        assert (status, said in out) == (1, True), out
    told["documents"].pop()
    statement.write_text(json.dumps(told), encoding="utf-8")
    assert "stands in the events alone" in checked(statement, events)[1]


async def test_a_view_that_was_written_to_is_found_out(nord: Office) -> None:
    await lived(nord)
    nord.projector._shelf._database.query(  # past every door, as above
        "UPDATE budget_periods SET figures = replace(figures, '\"used\":', '\"used\":1') RETURNING starts_on"
    )
    [flaw] = (await verified(nord)).flaws
    assert "in the budget view differ" in flaw.message


async def test_a_guest_proves_his_own_account_and_no_other(nord: Office) -> None:
    await lived(nord)
    assert not (await verified(nord, role=Role.GUEST, client_id="acme")).flaws
    with pytest.raises(AccountNotOpen):
        await verified(nord, role=Role.GUEST, client_id="other")

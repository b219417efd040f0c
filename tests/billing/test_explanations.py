"""ExplainInvoice and ExplainLine: from the line down to the events, for who may see it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from chassis.auth import Role
from services.billing.api.invoices import InvoiceUnknown
from services.billing.domain.account.explained import LineUnknown
from services.billing.events import InvoiceIssued
from services.contracts import events as contracts
from services.timelog import events as timelog
from tests.billing.account.sentences import agreement, hours
from tests.billing.rehearsal import ACME, WEB, Office, at
from tests.billing.test_settling import close, log
from vocabulary.identity import EntryId
from wire.retainer.billing.v1 import invoice_pb2, reason_pb2

FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


async def explained(office: Office, number: str, **more: Any) -> invoice_pb2.ExplainInvoiceResponse:
    await office.seen()
    request = invoice_pb2.ExplainInvoiceRequest(name=f"invoices/{number}", **more)
    return await office.invoices.ExplainInvoice(request, office.call(at(APRIL)))


def below(reason: reason_pb2.Reason) -> Iterator[reason_pb2.Reason]:
    yield reason
    for one in reason.reasons:
        yield from below(one)


async def overrun(office: Office, entries: int = 12) -> None:
    """Ten hours a month; as many entries of an hour in January."""
    await office.activate(hours(10))
    await close(office, date(2026, 1, 1))
    for number in range(entries):
        await log(office, f"e{number:02}", date(2026, 1, 5 + number), 60)
    await close(office, FEBRUARY)


async def test_overage_is_explained_down_to_the_events_that_counted_it(nord: Office) -> None:  # 12:00 of 10:00
    await overrun(nord)
    found = await explained(nord, "2026-0002")
    line = next(one for one in found.lines if one.line.kind == "overage")
    entries = [one for one in below(line.reason) if one.word == "entry" and one.value.HasField("time")]
    assert [one.subject for one in entries] == ["entries/e10", "entries/e11"]
    stream = [fact async for fact in nord.store.read_stream(f"{nord.agency}/account/{WEB}")]
    for one in entries:
        [said] = one.facts
        event = stream[said.version - 1]
        assert said.event_id == f"billing:{nord.store.epoch}:{event.position}"
        assert (said.chain_hash, said.event_type) == (event.stream_hash, "billing.EntryCounted@1")
        assert said.counted_hash == event.event.fact_hash  # type: ignore[attr-defined]
    used = [one for one in below(line.used) if one.word == "entry"]
    assert len(used) == 12
    assert [one.reasons[0].word for one in used] == ["allowance"] * 10 + ["beyond"] * 2


async def test_entries_outside_the_window_are_told_as_one_sum(nord: Office) -> None:
    await overrun(nord)
    found = await explained(nord, "2026-0002", skip_entries=2, most_entries=3)
    line = next(one for one in found.lines if one.line.kind == "overage")
    told = [(one.word, one.text, one.value.time.seconds // 3600) for one in line.used.reasons]
    assert [told[0], told[-1]] == [("earlier", "2", 2), ("later", "7", 7)]
    assert [one.subject for one in line.used.reasons[1:-1]] == ["entries/e02", "entries/e03", "entries/e04"]


async def test_a_correction_says_what_was_asked_then_and_which_facts_came_since(nord: Office) -> None:
    await overrun(nord)
    await nord.hear(
        timelog.TimeDeleted(entry_id=EntryId("e03"), contract_id=WEB),
        at(date(2026, 2, 10)),
    )
    await close(nord, MARCH)
    found = await explained(nord, "2026-0003")
    line = next(one for one in found.lines if one.line.correction)
    asked = [one for one in line.reason.reasons if one.word == "asked before"]
    assert [one.reasons[0].subject for one in asked] == ["invoices/2026-0002"]
    assert (line.then.overage.time.seconds, line.now.overage.time.seconds) == (7200, 3600)
    [change] = line.changes
    assert (change.word, change.subject, change.then.time.seconds) == ("entry taken off", "entries/e03", 3600)
    assert not change.HasField("now")
    assert change.fact.event_type == "billing.EntryUncounted@1"


async def test_an_explanation_stays_what_it_was_whatever_comes_later(nord: Office) -> None:
    """The document never changes (R30), nor does why it asked what it asked."""
    await overrun(nord)
    before = await explained(nord, "2026-0002")
    await nord.hear(
        contracts.TermsChanged(
            contract_id=WEB, client_id=ACME, patch={"rate": 99_00}, effective_on=date(2026, 2, 10), immediately=True
        ),
        at(date(2026, 2, 9)),
    )
    await log(nord, "late", date(2026, 1, 30), 600, at(date(2026, 2, 11)))
    await close(nord, MARCH)
    after = await explained(nord, "2026-0002")
    assert list(after.lines) == list(before.lines)
    assert after.whole == before.whole


async def test_every_document_of_a_cancelled_one_is_explained(nord: Office) -> None:
    await overrun(nord)
    request = invoice_pb2.CancelInvoiceRequest(name="invoices/2026-0002")
    await nord.invoices.CancelInvoice(request, nord.call(at(date(2026, 2, 3))))
    documents = await nord.facts(InvoiceIssued)
    assert len(documents) == 4
    for document in documents:
        found = await explained(nord, document.number)
        assert len(found.lines) == len(document.lines)
    credit_note = await explained(nord, "CN-2026-0001")
    assert {one.word for line in credit_note.lines for one in line.reason.reasons} == {"cancelled"}


async def test_a_draft_is_explained_and_the_same_after_its_release(nord: Office) -> None:
    await nord.activate(agreement(fee={"amount": 100_000}, invoicing={"release": "manual"}))
    await close(nord, date(2026, 1, 1))
    draft = await explained(nord, "draft.web.2026-01-01")
    release = invoice_pb2.ReleaseInvoiceRequest(name="invoices/draft.web.2026-01-01")
    await nord.invoices.ReleaseInvoice(release, nord.call(at(date(2026, 1, 3))))
    issued = await explained(nord, "2026-0001")
    assert list(issued.lines) == list(draft.lines)


async def test_one_line_is_explained_alone(nord: Office) -> None:
    await overrun(nord)
    await nord.seen()
    request = invoice_pb2.ExplainLineRequest(name="invoices/2026-0002", line_number=1)
    found = await nord.invoices.ExplainLine(request, nord.call(at(APRIL)))
    assert found.explanation == (await explained(nord, "2026-0002")).lines[0]
    with pytest.raises(LineUnknown):
        await nord.invoices.ExplainLine(
            invoice_pb2.ExplainLineRequest(name="invoices/2026-0002", line_number=9), nord.call(at(APRIL))
        )


async def test_a_guest_sees_his_own_and_no_other(nord: Office) -> None:
    await overrun(nord)
    await nord.seen()
    request = invoice_pb2.ExplainInvoiceRequest(name="invoices/2026-0002")
    own = nord.call(at(APRIL), role=Role.GUEST, client_id="acme")
    assert (await nord.invoices.ExplainInvoice(request, own)).lines
    with pytest.raises(InvoiceUnknown):
        await nord.invoices.ExplainInvoice(request, nord.call(at(APRIL), role=Role.GUEST, client_id="other"))

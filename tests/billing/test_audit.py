"""What `retainer verify` says of billing's books: nothing while they fit together, and what where they do not."""

from datetime import date

import msgspec
import pytest

from chassis.store import Context, Ledger
from services.billing import streams
from services.billing.audit import audit
from services.billing.domain.auditing import AccountAudit, SeriesAudit
from services.billing.domain.series import Series
from services.billing.events import InvoiceIssued, NextNumberSet, NumberTaken
from tests.billing.account.sentences import hours
from tests.billing.rehearsal import AGENCY, WEB, Office, at
from tests.billing.test_settling import STANDARD, close, log
from vocabulary.fact import Fact
from vocabulary.identity import DocumentNumber
from vocabulary.money import Minor
from wire.retainer.billing.v1 import invoice_pb2

NUMBER = DocumentNumber("2026-0001")


async def a_quarter(office: Office) -> None:
    """Three boundaries, overage, a late entry that becomes a correction, a cancelled invoice."""
    await office.activate(hours(10, tax=STANDARD))
    await close(office, date(2026, 1, 1))
    await log(office, "e1", date(2026, 1, 9), 15 * 60)
    await close(office, date(2026, 2, 1))
    await log(office, "late", date(2026, 1, 30), 60, known_at=at(date(2026, 2, 3)))
    await close(office, date(2026, 3, 1))
    cancelled = invoice_pb2.CancelInvoiceRequest(name="invoices/2026-0002")
    await office.invoices.CancelInvoice(cancelled, office.call(at(date(2026, 3, 2))))
    await log(office, "e2", date(2026, 3, 9), 120)
    await close(office, date(2026, 4, 1))


async def flaws(office: Office) -> list[str]:
    return [flaw async for flaw in audit(office.store)]


async def test_books_that_were_only_used_fit_together(nord: Office) -> None:
    await a_quarter(nord)
    assert len(await nord.facts(InvoiceIssued)) >= 5
    assert await flaws(nord) == []


async def test_a_document_that_asks_something_else_than_is_charged_is_found(nord: Office) -> None:  # R27
    await a_quarter(nord)
    for forged, told in ((10_00, "-1000 less"), (-10_00, "1000 less")):
        account = AccountAudit()
        async for fact in nord.store.read_stream(streams.account(AGENCY, WEB)):
            event = fact.event
            if isinstance(event, InvoiceIssued) and event.number == "2026-0002":
                first = event.lines[0]
                line = msgspec.structs.replace(first, amount=Minor(first.amount + forged))
                event = msgspec.structs.replace(event, lines=(line, *event.lines[1:]))
            account.take(event)  # type: ignore[arg-type]  # an account's stream holds its events
        account.end()
        assert account.boundaries == 4
        assert any("2026-02-01" in flaw and told in flaw and "R27" in flaw for flaw in account.flaws), account.flaws


async def test_a_document_that_is_missing_is_found(nord: Office) -> None:
    await a_quarter(nord)
    account = AccountAudit()
    async for fact in nord.store.read_stream(streams.account(AGENCY, WEB)):
        if not (isinstance(fact.event, InvoiceIssued) and fact.event.number == "2026-0002"):
            account.take(fact.event)  # type: ignore[arg-type]  # an account's stream holds its events
    account.end()
    assert any("2026-02-01" in flaw for flaw in account.flaws)


FORGED: dict[str, tuple[str, Fact, str]] = {
    "a number is left out": (
        "series/invoices-2026",
        NumberTaken(number=DocumentNumber("2026-0099"), contract_id=WEB),
        "is next (R30)",
    ),
    "a number that nothing bears": (
        "series/credit-notes-2027",
        NumberTaken(number=DocumentNumber("CN-2027-0001"), contract_id=WEB),
        "no document bears it: a gap",
    ),
    "a number is taken twice": ("series/invoices-2026", NumberTaken(number=NUMBER, contract_id=WEB), "taken twice"),
}


@pytest.mark.parametrize("what", FORGED)
async def test_numbers_with_a_gap_or_a_repeat_are_found(nord: Office, what: str) -> None:  # R30
    await a_quarter(nord)
    stream, forged, told = FORGED[what]
    await record(nord, f"{AGENCY}/{stream}", forged)
    assert any(told in flaw for flaw in await flaws(nord)), await flaws(nord)


async def test_a_document_of_nobodys_number_and_ledger_is_found(nord: Office) -> None:
    await a_quarter(nord)
    (document, *_) = await nord.facts(InvoiceIssued)
    forged = msgspec.structs.replace(document, number=DocumentNumber("2026-0077"))
    await record(nord, streams.account(AGENCY, WEB), forged)
    told = await flaws(nord)
    assert any("without being taken from its series" in flaw for flaw in told)
    assert any("stands in nobody's ledger" in flaw for flaw in told)


def test_a_series_that_goes_on_from_another_systems_has_no_gap() -> None:  # R38
    series = SeriesAudit(Series.INVOICES, 2026)
    series.take(NextNumberSet(next=41))
    series.take(NumberTaken(number=DocumentNumber("2026-0041"), contract_id=WEB))
    assert series.flaws == []
    series.take(NumberTaken(number=DocumentNumber("2026-0041"), contract_id=WEB))
    assert len(series.flaws) == 2


async def record(office: Office, stream: str, fact: Fact) -> None:
    async def work(ledger: Ledger) -> None:
        await ledger.record(stream, [fact])

    await office.store.transact(work, context=Context(AGENCY, "eve", "forged"), stream=stream)

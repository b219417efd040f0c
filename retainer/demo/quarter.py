"""A quarter of Studio Nordlicht, day by day, each day with its own time; every step is a public call.

The time sheet is exported twice a month, each time from the beginning: what came before is known and adds nothing.
The Saturday at February's end is in no export before March, when February is settled already: the difference is a
correction on the next invoice (R27).
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from messages.amounts import money_of
from messages.dates import date_message, seconds_message
from retainer.client import Client
from retainer.demo.agency import AGENCY, NEWS, import_options, introductions
from retainer.demo.proof import Proof, asked
from retainer.samples import TIME_SHEET
from retainer.words import day_of, minor
from wire.retainer.billing.v1.account_pb2 import BuyBlockRequest
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest, ListBudgetsRequest
from wire.retainer.billing.v1.invoice_pb2 import GetInvoiceDocumentRequest, ListInvoicesRequest
from wire.retainer.billing.v1.payment_pb2 import RecordPaymentRequest
from wire.retainer.notify.v1.letter_pb2 import LETTER_STATE_QUEUED, LETTER_STATE_RETRYING, ListLettersRequest
from wire.retainer.timelog.v1.import_pb2 import ApplyImportRequest

BEGINNING: Final = date(2025, 12, 15)
END: Final = date(2026, 4, 1)
MONTHS: Final = (
    (date(2026, 1, 1), date(2026, 1, 20), date(2026, 1, 30)),
    (date(2026, 2, 1), date(2026, 2, 18), date(2026, 2, 27)),
    (date(2026, 3, 1), date(2026, 3, 19), date(2026, 3, 31)),
)
"""First day, an export in the middle, an export at the end."""
BLOCKS: Final = ((date(2026, 1, 2), "block-1", 20, 190_000), (date(2026, 2, 5), "block-2", 40, 360_000))
PAID_AFTER_DAYS: Final = 9
UNPAID_FROM: Final = date(2026, 3, 20)


@dataclass
class Told:
    """What the tour shows: collected while it happens, because it is what was seen then."""

    budgets: list[tuple[date, list[Any]]] = field(default_factory=list)
    imports: list[tuple[date, Any]] = field(default_factory=list)
    settled: list[tuple[date, list[Any]]] = field(default_factory=list)
    periods: list[Any] = field(default_factory=list)
    invoices: list[Any] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)
    documents: dict[str, Path] = field(default_factory=dict)
    proof: Proof | None = None


def play(client: Client, documents: Path, say: Callable[[str], None]) -> Told:
    """Everything from the first handshake to the settled quarter."""
    told = Told()
    say("Introducing the agency, its people, clients and retainers")
    client.now = noon(BEGINNING)
    for request in introductions():
        client.ask(request)
    for first, middle, last in MONTHS:
        say(f"{first:%B}: settling the books of {first}")
        told.settled.append((first, _settle(client, first)))
        _buy_blocks(client, first)
        for day in (middle, last):
            say(f"{first:%B}: importing the time sheet as of {day}")
            told.imports.append((day, _import(client, day)))
            _pay(client, day)
            told.budgets.append((day, _budgets(client, day)))
    say(f"Settling the books of {END}")
    told.settled.append((END, _settle(client, END)))
    say("Drawing the invoices and writing the letters")
    told.invoices = list(client.pages(ListInvoicesRequest(page_size=100), "invoices"))
    told.documents = dict(_documents(client, told.invoices, documents))
    names = [budget.contract for budget in told.budgets[-1][1]]
    told.periods = [client.ask(GetBudgetRequest(contract=name, on=date_message(MONTHS[-1][2]))) for name in names]
    say("Asking why, what was known then, what other terms would have cost, and for proof")
    told.proof = asked(client, told.invoices)
    told.letters = _letters(client)
    return told


def noon(day: date) -> datetime:
    """When things happen, unless it matters."""
    return datetime.combine(day, time(12), UTC)


def export_until(day: date) -> bytes:
    """The time sheet as it looked that day: nothing in it had begun later."""
    text = TIME_SHEET.read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    begins = header.index("Start date")
    kept = io.StringIO()
    csv.writer(kept, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [header, *(row for row in rows if row[begins] <= day.isoformat())]
    )
    return b"\xef\xbb\xbf" + kept.getvalue().encode()


def _settle(client: Client, day: date) -> list[Any]:
    """At six in the morning, UTC: then the day has begun in New York too."""
    client.now = datetime.combine(day, time(6), UTC)
    return list(client.ask(CloseBoundariesRequest(through=date_message(day))).settled)


def _buy_blocks(client: Client, month: date) -> None:
    for day, block, hours, price in BLOCKS:
        if day.replace(day=1) == month:
            client.now = noon(day)
            client.ask(
                BuyBlockRequest(
                    block_id=block,
                    contract=f"contracts/{NEWS}",
                    hours=seconds_message(hours * 3600),
                    price=money_of(price, "EUR"),
                    bought_on=date_message(day),
                    expires_on=date_message(date(2026, 12, 31)),
                )
            )


def _import(client: Client, day: date) -> Any:
    client.now = datetime.combine(day, time(19), UTC)
    request = ApplyImportRequest(source="toggl", content=export_until(day), options=import_options())
    return client.ask(request, timeout_seconds=60).plan


def _pay(client: Client, day: date) -> None:
    """Clients pay what was issued some days ago; the brewery in two parts, and nobody the last ones."""
    for invoice in client.pages(ListInvoicesRequest(page_size=100), "invoices"):
        issued = day_of(invoice.issued_on)
        gross = minor(invoice.open)
        if issued is None or gross <= 0 or issued + timedelta(days=PAID_AFTER_DAYS) > day or day >= UNPAID_FROM:
            continue
        parts = [gross // 2, gross - gross // 2] if invoice.client.endswith("gruenhoefer") else [gross]
        for number, part in enumerate(parts, 1):
            client.ask(
                RecordPaymentRequest(
                    payment_id=f"bank-{invoice.number}-{number}",
                    client=invoice.client,
                    amount=money_of(part, invoice.currency),
                    paid_on=date_message(issued + timedelta(days=PAID_AFTER_DAYS)),
                    invoice=invoice.name,
                )
            )


def _budgets(client: Client, day: date) -> list[Any]:
    return list(client.pages(ListBudgetsRequest(on=date_message(day), page_size=50), "budgets"))


def _documents(client: Client, invoices: list[Any], folder: Path) -> Iterator[tuple[str, Path]]:
    folder.mkdir(parents=True, exist_ok=True)
    for invoice in invoices:
        document = client.ask(GetInvoiceDocumentRequest(name=invoice.name), patience_seconds=30)
        path = folder / document.file_name
        path.write_bytes(document.content)
        yield invoice.number, path


def _letters(client: Client) -> list[Any]:
    """All letters, once none of them is on its way any more."""
    from stamina import retry_context

    for attempt in retry_context(on=_OnTheirWay, attempts=400, timeout=60, wait_initial=0.05, wait_max=0.3):
        with attempt:
            letters = list(client.pages(ListLettersRequest(page_size=200), "letters"))
            if any(letter.state in {LETTER_STATE_QUEUED, LETTER_STATE_RETRYING} for letter in letters):
                raise _OnTheirWay(f"letters of {AGENCY} are on their way")
    return letters


class _OnTheirWay(Exception):
    """Some letters have not been sent yet."""

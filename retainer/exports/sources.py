"""The messages of an export, page by page: what is written is forgotten, so that memory stays flat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from messages.dates import date_message
from retainer.client import Client
from retainer.exports.columns import ENTRIES, INVOICES, LINES, PAYMENTS, STATEMENTS, Column
from retainer.words import day_of
from wire.retainer.billing.v1.budget_pb2 import GetBudgetRequest, ListBudgetsRequest
from wire.retainer.billing.v1.invoice_pb2 import ListInvoicesRequest
from wire.retainer.billing.v1.payment_pb2 import ListPaymentsRequest
from wire.retainer.timelog.v1.time_entry_pb2 import ListTimeEntriesRequest

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of the dates `[since, before)` where they are given, and what a filter of the API's selects."""

    since: date | None = None
    before: date | None = None
    filter: str = ""

    def condition(self, field: str) -> str:
        parts = [f"({self.filter})" if " OR " in self.filter else self.filter] if self.filter else []
        if self.since is not None:
            parts.append(f'{field} >= "{self.since}"')
        if self.before is not None:
            parts.append(f'{field} < "{self.before}"')
        return " AND ".join(parts)


@dataclass(frozen=True, slots=True)
class Export:
    """What can be exported: its columns, its rows, and the message of a row for JSON."""

    columns: Sequence[Column]
    rows: Callable[[Client, Wanted], Iterator[Any]]


def _entries(client: Client, wanted: Wanted) -> Iterator[Any]:
    yield from client.pages(ListTimeEntriesRequest(filter=wanted.condition("counted_on"), page_size=PAGE), "entries")


def invoices(client: Client, wanted: Wanted) -> Iterator[Any]:
    """Issued documents; drafts are none yet."""
    request = ListInvoicesRequest(filter=wanted.condition("issued_on"), page_size=PAGE)
    yield from (one for one in client.pages(request, "invoices") if one.number)


def _lines(client: Client, wanted: Wanted) -> Iterator[Any]:
    for invoice in invoices(client, wanted):
        yield from ((invoice, line) for line in invoice.lines)


def _statements(client: Client, wanted: Wanted) -> Iterator[Any]:
    for listed in client.pages(ListBudgetsRequest(filter=wanted.filter, page_size=PAGE), "budgets"):
        request = GetBudgetRequest(contract=listed.contract)
        if wanted.before is not None:
            request.on.CopyFrom(date_message(wanted.before))
        budget = client.ask(request)
        for period in budget.periods:
            start = day_of(period.start)
            assert start is not None
            if (wanted.since or start) <= start and (wanted.before is None or start < wanted.before):
                yield budget, period


def _payments(client: Client, wanted: Wanted) -> Iterator[Any]:
    yield from client.pages(ListPaymentsRequest(filter=wanted.condition("paid_on"), page_size=PAGE), "payments")


EXPORTS = {
    "entries": Export(ENTRIES, _entries),
    "statements": Export(STATEMENTS, _statements),
    "invoices": Export(INVOICES, invoices),
    "lines": Export(LINES, _lines),
    "payments": Export(PAYMENTS, _payments),
}

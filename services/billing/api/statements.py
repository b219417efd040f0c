"""StatementService: the account of one period, as data and as a sheet.

Refused
├── AccountNotOpen       no such contract (services.billing.domain.account)
└── PeriodUnknown        no period begins on that date, or it has not begun
"""

import asyncio
from datetime import date
from typing import NamedTuple

from chassis.call import Call
from messages.amounts import money_of
from messages.dates import date_message, instant_message, minutes_message, optional_date
from messages.names import id_in, name_of
from services.billing import streams
from services.billing.api.budget_shapes import MEASURES
from services.billing.api.desk import Desk
from services.billing.api.figure_shapes import figures_message
from services.billing.api.line_shapes import line_messages
from services.billing.api.shapes import measured
from services.billing.deciders import ACCOUNT
from services.billing.documents.correspondents import Correspondents
from services.billing.documents.statement_sheet import Facts, as_html, as_pdf, as_svg
from services.billing.domain import books as fold
from services.billing.domain.account.state import UNOPENED, Account
from services.billing.domain.books import Books
from services.billing.domain.charged import charges_named
from services.billing.domain.charges import Charge
from services.billing.domain.use import by_day, by_task, deliveries
from services.billing.events import InvoiceLine
from vocabulary.money import Minor
from vocabulary.refusal import Kind, Refused
from wire.retainer.billing.v1 import statement_pb2 as wire
from wire.retainer.billing.v1.statement_pb2_grpc import StatementServiceServicer

KINDS = {
    wire.STATEMENT_FORMAT_HTML: ("text/html", "html"),
    wire.STATEMENT_FORMAT_SVG: ("image/svg+xml", "svg"),
}


MOST_IN_A_ROW = 12


class PeriodUnknown(Refused, kind=Kind.NOT_FOUND):
    """No period begins on that date, or it has not begun."""


class _Told(NamedTuple):
    account: Account
    version: int
    facts: Facts


class Statements(StatementServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.parts.store
        self._correspondents = Correspondents(desk.parts.views, desk.parts.keyring)

    async def GetStatement(self, request: wire.GetStatementRequest, call: Call) -> wire.Statement:
        contract_id = id_in(request.contract, "contracts", "contract")
        told = await self._told(call, contract_id, optional_date(request, "period", "period"))
        message = _message(contract_id, told)
        (last,) = await self._store.read_events(streams.account(call.agency, contract_id), [told.version])
        message.account_version = told.version
        message.account_hash = last.stream_hash
        message.update_time.CopyFrom(instant_message(last.recorded_at))
        return message

    async def GetStatementDocument(
        self, request: wire.GetStatementDocumentRequest, call: Call
    ) -> wire.GetStatementDocumentResponse:
        contract_id = id_in(request.contract, "contracts", "contract")
        told = await self._told(call, contract_id, optional_date(request, "period", "period"))
        sender = await self._correspondents.sender(call.agency)
        recipient = await self._correspondents.recipient(call.agency, told.account.client_id)
        draw = {wire.STATEMENT_FORMAT_HTML: as_html, wire.STATEMENT_FORMAT_SVG: as_svg}.get(request.format, as_pdf)
        content = await asyncio.to_thread(draw, told.facts, sender, recipient)
        media_type, ending = KINDS.get(request.format, ("application/pdf", "pdf"))
        return wire.GetStatementDocumentResponse(
            content=content, media_type=media_type, file_name=f"{contract_id}-{told.facts.figures.start}.{ending}"
        )

    async def _told(self, call: Call, contract_id: str, period: date | None) -> _Told:
        account, version = await self._store.state(ACCOUNT, streams.account(call.agency, contract_id))
        if not call.sees_client(account.client_id):
            account = UNOPENED  # to a guest of another client it is not there
        books = account.opened_books
        today = fold.local_date(books, call.now)
        start = _start(books, period, today)
        statement = fold.statement(books, start)
        facts = Facts(
            title=account.title,
            currency=account.terms_of_contract.currency,
            today=today,
            figures=fold.figures(books, start, today),
            tasks=by_task(books, statement),
            days=by_day(books, statement),
            deliveries=deliveries(books, statement),
            charges=[_line(charge) for charge in charges_named(books, statement) if charge.amount],
            recent=[
                fold.figures(books, period.start, today)
                for period in [*fold.periods_begun(books, start)][-MOST_IN_A_ROW:]
            ],
        )
        return _Told(account, version, facts)


def _start(books: Books, wanted: date | None, today: date) -> date:
    begun = [period.start for period in fold.periods_begun(books, today)]
    if wanted is None and begun:
        return begun[-1]
    if wanted not in begun:
        last = f"the last that has begun is {begun[-1]}" if begun else "none has begun yet"
        raise PeriodUnknown(f"no period that has begun starts on {wanted or today}; {last}", field="period")
    return wanted


def _line(charge: Charge) -> InvoiceLine:
    return InvoiceLine(
        kind=charge.kind,
        period=charge.period,
        period_end=charge.period_end,
        amount=Minor(charge.amount),
        tax_category=charge.tax.category.value,
        tax_rate_ppm=charge.tax.rate_ppm,
        quantity=charge.quantity,
        rate=None if charge.rate is None else Minor(charge.rate),
        in_units=charge.in_units,
        description=charge.description,
        ref=charge.ref,
    )


def _message(contract_id: str, told: _Told) -> wire.Statement:
    facts, account = told.facts, told.account
    figures, currency = facts.figures, facts.currency
    return wire.Statement(
        name=f"{name_of('contracts', contract_id)}/statements/{figures.start}",
        contract=name_of("contracts", contract_id),
        client=name_of("clients", account.client_id),
        title=facts.title,
        currency=currency,
        time_zone=account.terms_of_contract.time_zone,
        measure=MEASURES[figures.measure],
        figures=figures_message(figures, currency),
        tasks=[
            wire.TaskUse(
                task=use.task,
                time=minutes_message(use.minutes),
                value=money_of(use.value, currency),
                entries=use.entries,
            )
            for use in facts.tasks
        ],
        days=[
            wire.DayUse(day=date_message(use.day), used=measured(use.used, figures.measure, currency))
            for use in facts.days
        ],
        deliveries=[
            wire.DeliveryUse(delivery=name_of("deliveries", use.delivery_id), on=date_message(use.on), units=use.units)
            for use in facts.deliveries
        ],
        charges=line_messages(facts.charges, currency),
        recent=[figures_message(one, currency) for one in facts.recent],
    )

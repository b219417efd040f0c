"""WhatIfService: other terms over the real past, and commands before they are given. Nothing is recorded."""

from datetime import date

from google.protobuf.message import Message

from chassis.call import Call
from chassis.turns import in_turns
from messages.amounts import money_of
from messages.dates import date_message, optional_date
from messages.names import id_in
from messages.terms import terms_of
from services.billing import streams
from services.billing.api.desk import Desk
from services.billing.api.figure_shapes import figures_message
from services.billing.api.invoice_shapes import preview_message
from services.billing.api.previewing import account_after
from services.billing.api.priced_shapes import priced_message
from services.billing.deciders import ACCOUNT
from services.billing.domain import books as fold
from services.billing.domain import invoice, what_if
from services.billing.domain.account import AccountNotOpen
from services.billing.domain.account.state import Account
from services.billing.domain.steps import Steps
from services.billing.domain.what_if import Priced
from services.billing.events import Figures
from vocabulary.calendar import local_date, zone
from vocabulary.refusal import Refused
from wire.retainer.billing.v1 import invoice_pb2
from wire.retainer.billing.v1 import what_if_pb2 as wire
from wire.retainer.billing.v1.what_if_pb2_grpc import WhatIfServiceServicer


class WhatIfs(WhatIfServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def SimulateTerms(self, request: wire.SimulateTermsRequest, call: Call) -> wire.SimulateTermsResponse:
        account, today = await self._account(call, request.contract)
        books, currency = account.opened_books, account.terms_of_contract.currency
        asked = (optional_date(request, "from", "from"), optional_date(request, "to", "to"))
        from_on, to_on = what_if.window(books, *asked, today)
        agreed, past = what_if.as_it_was(books, from_on, to_on), await in_turns(what_if.past_of(books))
        variants = []
        for place, variant in enumerate(request.variants):
            field = f"variants[{place}].terms"
            terms = terms_of(variant.terms, currency, field)
            found = await _named(field, what_if.priced(past, terms, from_on, to_on))
            variants.append(priced_message(variant.name, found, agreed.charged, currency))
        billed = sum(amount for key, amount in account.asked.items() if from_on <= key.period < to_on)
        return wire.SimulateTermsResponse(
            **{"from": date_message(from_on)},  # a keyword of Python
            contract=request.contract,
            currency=currency,
            to=date_message(to_on),
            as_agreed=priced_message("", agreed, agreed.charged, currency),
            billed=money_of(billed, currency),
            variants=variants,
        )

    async def PreviewEffect(self, request: wire.PreviewEffectRequest, call: Call) -> wire.PreviewEffectResponse:
        account, today = await self._account(call, request.contract)
        currency = account.terms_of_contract.currency
        reply = wire.PreviewEffectResponse(contract=request.contract, currency=currency)
        name = request.WhichOneof("command")
        assert name is not None, "the shape was checked at the door"
        command: Message = getattr(request, name)
        try:
            after = account_after(account, name, command, call.now)
        except Refused as refusal:
            field = f"{name}.{refusal.field}" if refusal.field else name
            reply.refusals.add(reason=refusal.name, message=refusal.message, field=field)
            return reply
        before, moved = _moved(account, after, today)
        reply.before.extend(figures_message(figures, currency) for figures in before)
        reply.after.extend(figures_message(figures, currency) for figures in moved)
        gross = [_preview(one, today, message) for one, message in _previews(reply, account, after)]
        reply.difference.CopyFrom(money_of(gross[1] - gross[0], currency))
        return reply

    async def _account(self, call: Call, name: str) -> tuple[Account, date]:
        contract_id = id_in(name, "contracts", "contract")
        account, _ = await self._desk.parts.store.state(ACCOUNT, streams.account(call.agency, contract_id))
        if account.books is None or not call.sees_client(account.client_id):
            raise AccountNotOpen(
                f"there is no contract {contract_id}, or its terms have not arrived yet", field="contract"
            )
        return account, local_date(call.now, zone(account.terms_of_contract.time_zone))


async def _named(field: str, pricing: Steps[Priced]) -> Priced:
    """A refusal of terms names the variant."""
    try:
        return await in_turns(pricing)
    except Refused as refusal:
        refusal.field = f"{field}.{refusal.field}" if refusal.field else field
        raise


def _moved(account: Account, after: Account, today: date) -> tuple[list[Figures], list[Figures]]:
    """Figures of the periods that differ, as they are and as they would be."""
    before_books, after_books = account.opened_books, after.opened_books
    through = max(today, max(account.stated, default=today))
    starts = set(fold.moved(before_books, after_books, through))
    sides = []
    for books in (before_books, after_books):
        begun = [period for period in fold.periods_begun(books, through) if period.start in starts]
        sides.append([fold.figures(books, period.start, today) for period in begun])
    return sides[0], sides[1]


def _previews(
    reply: wire.PreviewEffectResponse, account: Account, after: Account
) -> list[tuple[Account, invoice_pb2.InvoicePreview]]:
    return [(account, reply.next_invoice_before), (after, reply.next_invoice_after)]


def _preview(account: Account, today: date, message: invoice_pb2.InvoicePreview) -> int:
    """The next invoice into the message; its gross amount."""
    books = account.opened_books
    boundary = fold.boundary_after(books, account.settled)
    draft = invoice.draft(books, account.asked, max(boundary, fold.boundary_after(books, today)))
    if draft is None:
        return 0
    on = max(boundary, fold.boundary_after(books, today))
    message.CopyFrom(preview_message(draft, account.terms_of_contract.currency, date_message(on)))
    return draft.gross

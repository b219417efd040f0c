"""BoundaryService: settling the books by command, exactly as the scheduler does."""

import logging
from datetime import date

from chassis.call import Call
from messages.dates import date_message, date_of
from messages.names import id_in
from services.billing.api.desk import Desk
from services.billing.domain.account import AccountNotOpen
from services.billing.settling import Closed, Settling
from services.billing.views.calendar import accounts_of, instant_text
from vocabulary.refusal import Refused
from wire.retainer.billing.v1 import boundary_pb2 as wire
from wire.retainer.billing.v1.boundary_pb2_grpc import BoundaryServiceServicer
from wire.retainer.receipt.v1.receipt_pb2 import Receipt

log = logging.getLogger(__name__)


class Boundaries(BoundaryServiceServicer):
    def __init__(self, desk: Desk, settling: Settling) -> None:
        self._desk = desk
        self._settling = settling

    async def CloseBoundaries(self, request: wire.CloseBoundariesRequest, call: Call) -> wire.CloseBoundariesResponse:
        """Safe to repeat by nature: a boundary is settled once. So the request id is not kept: the same call again
        settles what has become due since, or nothing."""
        through = date_of(request.through, "through")
        contract_id = id_in(request.contract, "contracts", "contract") if request.contract else ""
        rows = await accounts_of(self._desk.parts.views, call.agency, contract_id)
        if contract_id and not rows:
            raise AccountNotOpen(
                f"there is no contract {contract_id}, or its terms have not arrived yet", field="contract"
            )
        due = [(row["settles_on"], row["contract_id"]) for row in rows if row["settles_on"] <= through.isoformat()]
        if request.validate_only:
            now = instant_text(call.now)
            ripe = {row["contract_id"] for row in rows if row["settles_at"] <= now}
            settled = [_settled(Closed(one, _day(on))) for on, one in due if one in ripe]
            return wire.CloseBoundariesResponse(receipt=Receipt(name=request.contract), settled=settled)
        standing = [(row["settles_on"], row["contract_id"]) for row in rows] if contract_id else due
        caught = await self._settling.catch_up(call.context, standing, call.now, through, punctual=call.rehearsed)
        return wire.CloseBoundariesResponse(
            receipt=Receipt(
                name=request.contract or "contracts/-",
                consistency_token=self._desk.parts.freshness.token_at(
                    caught.position or self._desk.parts.store.position
                ),
                created=[f"invoices/{one.invoice_id}" for one in caught.closed if one.invoice_id],
            ),
            settled=[_settled(one) for one in caught.closed],
            unsettled=[_unsettled(one, error) for one, error in caught.failed],
        )


def _settled(one: Closed) -> wire.SettledBoundary:
    return wire.SettledBoundary(
        contract=f"contracts/{one.contract_id}",
        boundary=date_message(one.boundary),
        invoice=f"invoices/{one.invoice_id}" if one.invoice_id else "",
    )


def _unsettled(contract_id: str, error: Exception) -> wire.Unsettled:
    """A refusal by its name; anything else is our own mistake, and is in the log."""
    if isinstance(error, Refused):
        return wire.Unsettled(contract=f"contracts/{contract_id}", reason=error.name, message=error.message)
    log.error("contracts/%s could not be settled", contract_id, exc_info=error)
    return wire.Unsettled(contract=f"contracts/{contract_id}", reason="Internal", message="see the log of billing")


def _day(text: str) -> date:
    return date.fromisoformat(text)

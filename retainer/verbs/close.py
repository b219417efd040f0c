"""`retainer close`: settle the books by command."""

from messages.dates import date_message
from retainer.failures import ExitStatus, Failure
from retainer.output import console, json_out, say
from retainer.verbs.asking import ORDERS, Orders
from retainer.words import date_text, id_of, named, parse_date
from wire.retainer.billing.v1.boundary_pb2 import CloseBoundariesRequest


def close(*, on: str = "today", contract: str = "", orders: Orders = ORDERS) -> None:
    """Settle every boundary up to a date that is due by now and not settled yet; safe to repeat.

    Example: retainer close --on 2026-02-01

    Parameters
    ----------
    on
        The last date to settle, like 2026-02-01.
    contract
        One contract alone; all of the agency's otherwise.
    """
    request = CloseBoundariesRequest(through=date_message(parse_date(on, "--on")))
    if contract:
        request.contract = named("contracts", contract)
    with console(stderr=True).status("Settling the books …"):
        reply = orders.ask(request, timeout_seconds=120)
    if orders.json:
        json_out(reply)
    else:
        for settled in reply.settled:
            boundary = f"{id_of(settled.contract)}: {date_text(settled.boundary)}"
            if orders.dry_run:
                say(f"{boundary} would be settled, and whatever is due after it")
            else:
                say(f"{boundary} settled, {id_of(settled.invoice) or 'nothing to ask'}")
        if not reply.settled:
            say("Nothing is due: every boundary up to today is settled, and later ones are not due yet.")
        if orders.dry_run:
            say("Nothing was recorded. What the next invoice would be by now: `retainer budget CONTRACT`.")
        for unsettled in reply.unsettled:
            say(f"{id_of(unsettled.contract)} could not be settled: {unsettled.message} [{unsettled.reason}]")
    if reply.unsettled:
        raise Failure(f"{len(reply.unsettled)} contracts could not be settled", ExitStatus.DIFFERS)

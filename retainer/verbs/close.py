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
        would = "would be " if orders.dry_run else ""
        for settled in reply.settled:
            asked = id_of(settled.invoice) or "nothing to ask"
            say(f"{id_of(settled.contract)}: {date_text(settled.boundary)} {would}settled, {asked}")
        if not reply.settled:
            say("Nothing was due: every boundary up to today is settled, and later ones are not due yet.")
        for unsettled in reply.unsettled:
            say(f"{id_of(unsettled.contract)} could not be settled: {unsettled.message} [{unsettled.reason}]")
    if reply.unsettled:
        raise Failure(f"{len(reply.unsettled)} contracts could not be settled", ExitStatus.DIFFERS)

"""`retainer reminders …`: what is overdue is told, or not told any more."""

from retainer.output import json_out, say
from retainer.verbs.asking import ORDERS, Orders
from retainer.words import amount_text, id_of, named
from wire.retainer.billing.v1.payment_pb2 import RemindOverdueRequest, ResumeRemindersRequest, StopRemindersRequest


def send(*, client: str = "", orders: Orders = ORDERS) -> None:
    """Send the reminders that are due by now; the scheduler does it by itself, and each is told once.

    Example: retainer reminders send --dry-run

    Parameters
    ----------
    client
        One client alone; all of the agency's otherwise.
    """
    reply = orders.ask(RemindOverdueRequest(client=named("clients", client) if client else ""))
    if orders.json:
        json_out(reply)
        return
    verb = "would be told" if orders.dry_run else "told"
    for one in reply.reminders:
        say(f"{id_of(one.invoice)}: reminder {one.step} {verb}, {amount_text(one.open)} open")
    if not reply.reminders:
        say("Nothing is due to be told.")


def stop(name: str, /, *, orders: Orders = ORDERS) -> None:
    """No more reminders for an invoice, or for a client until they are resumed.

    Example: retainer reminders stop clients/acme
    Example: retainer reminders stop 2026-0001

    Parameters
    ----------
    name
        Number of an invoice, or clients/ and the client's id.
    """
    orders.obey(StopRemindersRequest(name=_named(name)), "No more reminders for {name}.")


def resume(name: str, /, *, orders: Orders = ORDERS) -> None:
    """Take a stop back.

    Example: retainer reminders resume clients/acme

    Parameters
    ----------
    name
        Number of an invoice, or clients/ and the client's id.
    """
    orders.obey(ResumeRemindersRequest(name=_named(name)), "Reminders for {name} go on.")


def _named(name: str) -> str:
    return name if name.startswith("clients/") else named("invoices", name)

"""`retainer reminders …`: what is overdue is told, or not told any more."""

from retainer.failures import Failure
from retainer.output import json_out, say
from retainer.verbs.asking import ORDERS, Orders
from retainer.words import amount_text, id_of, named, parse_count, parse_money
from wire.retainer.billing.v1.account_pb2 import SetRemindersRequest
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


def set_(steps: tuple[str, ...] = (), /, *, orders: Orders = ORDERS) -> None:
    """Say when reminders go out, for the whole agency, and what a late one costs; none at all turns them off.

    Example: retainer reminders set 3 14 '28=10.00 EUR'

    Parameters
    ----------
    steps
        Days after the due date, each with the late fee that goes on the next invoice, if there is one.
    """
    asked = SetRemindersRequest()
    for step in steps:
        days, fee, amount = step.partition("=")
        if not days.strip().isdigit():
            raise Failure(f"{step!r} is no step: write days, like 14, or days and a fee, like '28=10.00 EUR'")
        asked.steps.add(
            days=parse_count(days.strip(), f"the step {step!r}"), late_fee=parse_money(amount, "") if fee else None
        )
    orders.obey(asked, "Reminders go out so from now on ({name}).")


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

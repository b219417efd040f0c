"""`retainer erase`: make what is personal about somebody unreadable for ever."""

from typing import Any

from retainer.output import json_out, plain, say
from retainer.verbs.asking import ORDERS, Orders
from retainer.words import date_text
from wire.retainer.billing.v1.invoice_pb2 import ListKeptDocumentsRequest
from wire.retainer.contracts.v1.client_pb2 import EraseClientRequest
from wire.retainer.timelog.v1.person_pb2 import ErasePersonRequest

WHAT_STAYS = "Ids, dates, hours and amounts stay: the books still add up."


def person(person_id: str, /, *, orders: Orders = ORDERS) -> None:
    """Destroy the key of somebody who worked here: name, e-mail address and notes can never be read again.

    Example: retainer erase person anna --dry-run
    Example: retainer erase person anna

    Parameters
    ----------
    person_id
        Whose.
    """
    _erase(orders, ErasePersonRequest(name=f"people/{person_id}"), [])


def client(client_id: str, /, *, orders: Orders = ORDERS) -> None:
    """Destroy the key of a client: names, contacts, addresses and letters can never be read again.

    Issued documents are kept as long as the law wants them, readable to owners alone; each is named with its last day.
    All of the client's contracts must have ended.

    Example: retainer erase client acme --dry-run
    Example: retainer erase client acme

    Parameters
    ----------
    client_id
        Whose.
    """
    name = f"clients/{client_id}"
    with orders.client() as asked:
        kept = list(asked.ask(ListKeptDocumentsRequest(client=name)).documents)
    _erase(orders, EraseClientRequest(name=name), kept)


def _erase(orders: Orders, request: Any, kept: list[Any]) -> None:
    reply = orders.ask(request)
    if orders.json:
        json_out({"receipt": plain(reply.receipt), "kept": kept, "recorded": not orders.dry_run})
        return
    if orders.dry_run:
        say(f"{request.name} would be erased, for ever. {WHAT_STAYS} Nothing was done.")
    else:
        say(f"{request.name} is erased. {WHAT_STAYS} Services that had the key at hand forget it within 5 seconds.")
    for document in kept:
        say(f"  {document.name} of {date_text(document.issue_date)} stays until {date_text(document.keep_until)}")

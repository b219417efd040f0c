"""`retainer timer …`: a clock that runs while somebody works."""

from retainer.output import json_out, show, table
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from retainer.verbs.log import only_person
from retainer.words import id_of, instant_text, named, parse_timestamp
from wire.retainer.timelog.v1.timer_pb2 import (
    DiscardTimerRequest,
    ListTimersRequest,
    StartTimerRequest,
    StopTimerRequest,
)


def start(
    contract: str,
    /,
    *,
    person: str = "",
    task: str = "",
    note: str = "",
    not_billable: bool = False,
    orders: Orders = ORDERS,
) -> None:
    """Start a timer now; one that runs for the same person is stopped and logged.

    Example: retainer timer start web-2026 --person anna --task seo

    Parameters
    ----------
    contract
        Contract id.
    person
        Who works; may be left out where only one person works for the agency.
    task
        May have a rate of its own in the terms.
    note
        Kept sealed.
    not_billable
        Shown and never counted.
    """
    request = StartTimerRequest(
        person=_person(orders, person),
        contract=named("contracts", contract),
        task=task,
        note=note,
        billable=not not_billable,
    )
    orders.obey(request, "Started {name}.")


def stop(*, person: str = "", at: str = "", not_billable: bool = False, orders: Orders = ORDERS) -> None:
    """Stop the timer and log its time.

    Example: retainer timer stop --person anna

    Parameters
    ----------
    person
        Whose timer; may be left out where only one person works for the agency.
    at
        When the work ended, where the timer was forgotten.
    not_billable
        Log it as not billable.
    """
    request = StopTimerRequest(person=_person(orders, person), not_billable=not_billable)
    if at:
        request.end_time.CopyFrom(parse_timestamp(at, "--at"))
    orders.obey(request, "Stopped {name}.")


def discard(*, person: str = "", orders: Orders = ORDERS) -> None:
    """Forget the timer; nothing is logged.

    Example: retainer timer discard --person anna

    Parameters
    ----------
    person
        Whose timer; may be left out where only one person works for the agency.
    """
    orders.obey(DiscardTimerRequest(person=_person(orders, person)), "Discarded {name}.")


def list_(*, options: Options = DEFAULT) -> None:
    """List the timers that run.

    Example: retainer timer list
    """
    with options.client() as client:
        timers = list(client.pages(ListTimersRequest(page_size=200), "timers"))
    if options.json:
        json_out({"timers": timers})
        return
    rows = [
        (id_of(timer.person), id_of(timer.contract), instant_text(timer.start_time), timer.task, timer.note)
        for timer in timers
    ]
    show(table("", ("person", "contract", "since", "task", "note"), rows))


def _person(orders: Orders, person: str) -> str:
    if person:
        return named("people", person)
    with orders.client() as client:
        return only_person(client)

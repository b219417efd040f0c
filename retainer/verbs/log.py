"""`retainer log` and `retainer entry …`: worked time."""

from google.protobuf.field_mask_pb2 import FieldMask

from messages.dates import date_message
from retainer.client import Client
from retainer.failures import Failure, Refusal
from retainer.output import json_out, show, table
from retainer.verbs.asking import DEFAULT, MONEY_ORDERS, ORDERS, MoneyOrders, Options, Orders
from retainer.words import (
    date_text,
    hours_text,
    id_of,
    instant_text,
    named,
    parse_date,
    parse_hours,
    parse_money,
    parse_timestamp,
)
from wire.retainer.contracts.v1.contract_pb2 import GetContractRequest
from wire.retainer.timelog.v1.person_pb2 import ListPeopleRequest
from wire.retainer.timelog.v1.time_entry_pb2 import (
    ApproveTimeRequest,
    CorrectTimeRequest,
    DeleteTimeRequest,
    ListTimeEntriesRequest,
    LogTimeRequest,
    TimeEntry,
)


def log(
    contract: str,
    time: str,
    /,
    *,
    person: str = "",
    on: str = "",
    at: str = "",
    task: str = "",
    note: str = "",
    tag: tuple[str, ...] = (),
    not_billable: bool = False,
    rate: str = "",
    id: str = "",
    orders: MoneyOrders = MONEY_ORDERS,
) -> None:
    """Log time worked.

    Example: retainer log web-2026 1:35 --person anna --task seo --note 'Title tags'
    Example: retainer log web-2026 0:50 --person anna --at 2026-01-16T09:00:00+01:00

    Parameters
    ----------
    contract
        Contract id.
    time
        Hours and minutes like 1:35, or 1:35:20.
    person
        Who worked; may be left out where only one person works for the agency.
    on
        The day, like 2026-01-16; today where neither this nor --at is given.
    at
        When it began, like 2026-01-16T09:00:00+01:00; without an offset it is this machine's local time.
    task
        May have a rate of its own in the terms.
    note
        For the person who reads the entry; kept sealed.
    tag
        May be repeated.
    not_billable
        Shown and never counted.
    rate
        The entry's own rate per hour.
    id
        Your own id of the entry.
    """
    if on and at:
        raise Failure("give either --on (a day) or --at (an instant)")
    with orders.client() as client:
        entry = TimeEntry(
            contract=named("contracts", contract),
            person=named("people", person) if person else only_person(client),
            worked=parse_hours(time),
            task=task,
            billable=not not_billable,
            note=note,
            tags=tag,
        )
        if rate:
            entry.rate.CopyFrom(parse_money(rate, _currency(client, contract), "--rate"))
    if at:
        entry.start_time.CopyFrom(parse_timestamp(at, "--at"))
    else:
        entry.work_date.CopyFrom(date_message(parse_date(on or "today", "--on")))
    try:
        orders.obey(LogTimeRequest(entry_id=id, entry=entry), f"Logged {hours_text(entry.worked)} as {{name}}.")
    except Refusal as refusal:
        if refusal.reason != "ContractUnknown":
            raise
        said = f"there is no contract {contract}: see `retainer contract list` [{refusal.reason}]"
        raise Failure(said, refusal.status) from None


def correct(
    entry: str,
    /,
    *,
    time: str = "",
    contract: str = "",
    person: str = "",
    on: str = "",
    at: str = "",
    task: str | None = None,
    note: str | None = None,
    billable: bool | None = None,
    orders: MoneyOrders = MONEY_ORDERS,
) -> None:
    """Correct an entry, also an invoiced one: the next invoice settles the difference.

    Example: retainer entry correct e1 --time 2:00

    Parameters
    ----------
    entry
        The entry's id.
    time
        The right duration.
    contract
        The right contract.
    person
        Who really worked.
    on
        The right day.
    at
        When it really began.
    task
        The right task.
    note
        The right note.
    billable
        Whether it counts.
    """
    corrected = TimeEntry(name=named("entries", entry))
    paths = []
    if time:
        corrected.worked.CopyFrom(parse_hours(time, "--time"))
        paths.append("worked")
    if contract:
        corrected.contract = named("contracts", contract)
        paths.append("contract")
    if person:
        corrected.person = named("people", person)
        paths.append("person")
    if at:
        corrected.start_time.CopyFrom(parse_timestamp(at, "--at"))
        paths.append("start_time")
    elif on:
        corrected.work_date.CopyFrom(date_message(parse_date(on, "--on")))
        paths.append("work_date")
    if task is not None:
        corrected.task = task
        paths.append("task")
    if note is not None:
        corrected.note = note
        paths.append("note")
    if billable is not None:
        corrected.billable = billable
        paths.append("billable")
    if not paths:
        raise Failure(
            "what is wrong with it? Give --time, --contract, --person, --on, --at, --task, --note or --billable"
        )
    request = CorrectTimeRequest(entry=corrected, update_mask=FieldMask(paths=paths))
    orders.obey(request, "Corrected {name}.")


def delete(entry: str, /, *, orders: MoneyOrders = MONEY_ORDERS) -> None:
    """Delete an entry; what was invoiced for it is given back.

    Example: retainer entry delete e1

    Parameters
    ----------
    entry
        The entry's id.
    """
    orders.obey(DeleteTimeRequest(name=named("entries", entry)), "Deleted {name}.")


def approve(entries: tuple[str, ...], /, *, orders: Orders = ORDERS) -> None:
    """Approve entries, all or none.

    Example: retainer entry approve e1 e2 e3

    Parameters
    ----------
    entries
        Ids of entries.
    """
    orders.obey(ApproveTimeRequest(names=[named("entries", entry) for entry in entries]), "Approved {name}.")


def list_(*, filter: str = "", newest_first: bool = False, options: Options = DEFAULT) -> None:
    """List time.

    Example: retainer entry list --filter 'contract = "contracts/web-2026" AND counted_on >= "2026-02-01"'

    Parameters
    ----------
    filter
        Over contract, person, counted_on, billable, approved, task and import.
    newest_first
        The latest day first.
    """
    order = "counted_on desc" if newest_first else ""
    with options.client() as client:
        request = ListTimeEntriesRequest(filter=filter, order_by=order, page_size=500)
        entries = list(client.pages(request, "entries"))
    if options.json:
        json_out({"entries": entries})
        return
    rows = [
        (
            id_of(entry.name),
            date_text(entry.counted_on),
            instant_text(entry.start_time),
            id_of(entry.contract),
            id_of(entry.person),
            hours_text(entry.worked),
            "" if entry.billable else "no",
            entry.task,
            entry.note,
        )
        for entry in entries
    ]
    columns = ("entry", "counted on", "began", "contract", "person", "worked", "billable", "task", "note")
    show(table("", columns, rows, right=("worked",)))


def only_person(client: Client) -> str:
    """The name of the agency's one person."""
    people = list(client.pages(ListPeopleRequest(page_size=2), "people"))
    if not people:
        raise Failure("nobody works for this agency yet: retainer person add anna --name 'Anna Berg'")
    if len(people) > 1:
        raise Failure("who? Name one with --person")
    return str(people[0].name)


def _currency(client: Client, contract: str) -> str:
    return str(client.ask(GetContractRequest(name=named("contracts", contract))).agreement.currency_code)

"""A command of any service, tried on an account: the account as it would be after it, or the refusal."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from google.protobuf.message import Message

from messages.amounts import minor_of
from messages.dates import date_of, instant_of, minutes_of, optional_date
from messages.names import id_in
from messages.terms import patch_of
from services.billing.api.account_shapes import tax_of
from services.billing.api.shapes import measure_of, quantity_of
from services.billing.domain import books as fold
from services.billing.domain.account import commands, decide
from services.billing.domain.account.evolving import evolved
from services.billing.domain.account.state import Account
from services.billing.domain.books import Books
from services.billing.domain.facts import (
    ContractFact,
    DeliveryNoted,
    EndNoted,
    EntryNoted,
    EntryWithdrawn,
    PauseNoted,
    TermsNoted,
)
from services.billing.events import CountedWork
from vocabulary.duration import Seconds
from vocabulary.identity import BlockId, CreditId, ExtraId, PersonId
from vocabulary.refusal import Kind, Refused

NEW = "preview"
"""What an entry, a block or a credit is called that is not there yet."""


class EntryUnknown(Refused, kind=Kind.NOT_FOUND):
    """There is no such entry on the account."""


def account_after(account: Account, name: str, command: Any, now: datetime) -> Account:
    """`name` is that of the command in PreviewEffectRequest."""
    if name in _ORDERS:
        return evolved(account, decide(_ORDERS[name](account, command, now), account))
    books = account.opened_books
    fact = _FACTS[name](account, command, now)
    fold.check(books, fact)
    return msgspec.structs.replace(account, books=fold.note(books, fact))


def _currency(account: Account) -> str:
    return account.terms_of_contract.currency


# Commands of billing: the very decision.


def _approve(account: Account, command: Any, now: datetime) -> commands.AccountCommand:
    measure = measure_of(command.approved)
    return commands.ApproveOverage(
        contract_id=account.contract_id,
        period=date_of(command.period, "period"),
        measure=measure,
        quantity=quantity_of(command.approved, measure, _currency(account), "approved"),
        now=now,
    )


def _decline(account: Account, command: Any, now: datetime) -> commands.AccountCommand:
    return commands.DeclineOverage(contract_id=account.contract_id, period=date_of(command.period, "period"), now=now)


def _buy(account: Account, command: Any, now: datetime) -> commands.AccountCommand:
    return commands.BuyBlock(
        contract_id=account.contract_id,
        block_id=BlockId(command.block_id or NEW),
        minutes=minutes_of(command.hours, "hours"),
        price=minor_of(command.price, _currency(account), "price"),
        bought_on=date_of(command.bought_on, "bought_on"),
        expires_on=optional_date(command, "expires_on", "expires_on"),
        now=now,
    )


def _credit(account: Account, command: Any, now: datetime) -> commands.AccountCommand:
    return commands.GiveCredit(
        contract_id=account.contract_id,
        credit_id=CreditId(command.credit_id or NEW),
        amount=minor_of(command.amount, _currency(account), "amount"),
        on=date_of(command.on, "on"),
        why=command.why,
        now=now,
    )


def _extra(account: Account, command: Any, now: datetime) -> commands.AccountCommand:
    return commands.AddExtra(
        contract_id=account.contract_id,
        extra_id=ExtraId(command.extra_id or NEW),
        amount=minor_of(command.amount, _currency(account), "amount"),
        description=command.description,
        on=date_of(command.on, "on"),
        each_period=command.each_period,
        until=optional_date(command, "until", "until"),
        tax=tax_of(command),
        now=now,
    )


# Commands of other services: the fact that they would lead to.


def _terms(account: Account, command: Any, now: datetime) -> ContractFact:
    return TermsNoted(
        known_at=now,
        patch=patch_of(command.terms, command.update_mask, _currency(account)),
        effective_on=date_of(command.effective_on, "effective_on"),
        immediately=command.immediately,
    )


def _pause(account: Account, command: Any, now: datetime) -> ContractFact:
    from_on, to_on = date_of(getattr(command, "from"), "from"), date_of(command.to, "to")
    return PauseNoted(known_at=now, from_on=from_on, to_on=to_on)


def _end(account: Account, command: Any, now: datetime) -> ContractFact:
    return EndNoted(known_at=now, ends_on=date_of(command.ends_on, "ends_on"))


def _log(account: Account, command: Any, now: datetime) -> ContractFact:
    entry, person = command.entry, PersonId(id_in(command.entry.person, "people", "entry.person"))
    work = CountedWork(person_id=person, worked=Seconds(0), role=_role(account.opened_books, person), approved=True)
    work = _said(work, entry, _currency(account), {field.name for field, _ in entry.ListFields()})
    return EntryNoted(known_at=now, entry_id=command.entry_id or NEW, work=work)


def _correct(account: Account, command: Any, now: datetime) -> ContractFact:
    entry_id = id_in(command.entry.name, "entries", "entry.name")
    before = _entry(account.opened_books, entry_id, "entry.name")
    named = set(command.update_mask.paths) or {field.name for field, _ in command.entry.ListFields()}
    work = _said(before.work, command.entry, _currency(account), named)
    return EntryNoted(known_at=now, entry_id=entry_id, work=work)


def _delete(account: Account, command: Any, now: datetime) -> ContractFact:
    entry_id = id_in(command.name, "entries", "name")
    _entry(account.opened_books, entry_id, "name")
    return EntryWithdrawn(known_at=now, entry_id=entry_id)


def _deliver(account: Account, command: Any, now: datetime) -> ContractFact:
    on = date_of(command.delivered_on, "delivered_on")
    return DeliveryNoted(known_at=now, delivery_id=command.delivery_id or NEW, units=command.units, on=on)


def _entry(books: Books, entry_id: str, field: str) -> EntryNoted:
    found = fold.entry(books, entry_id)
    if found is None:
        raise EntryUnknown(f"there is no entry {entry_id} on this account", field=field)
    return found


def _role(books: Books, person: PersonId) -> str:
    """As of that person's latest entry here: roles are timelog's to keep."""
    latest = max(
        (noted for noted in books.entries.values() if noted.work.person_id == person),
        key=lambda noted: noted.known_at,
        default=None,
    )
    return latest.work.role if latest is not None else ""


def _said(work: CountedWork, entry: Any, currency: str, named: set[str]) -> CountedWork:
    """With what the entry says of it."""
    said: dict[str, Any] = {}
    if "start_time" in named:
        said |= {"started_at": instant_of(entry.start_time, "entry.start_time"), "worked_on": None}
    if "work_date" in named:
        said |= {"worked_on": date_of(entry.work_date, "entry.work_date"), "started_at": None}
    if "worked" in named:
        said["worked"] = Seconds(entry.worked.seconds)
    if "end_time" in named and (started := said.get("started_at", work.started_at)) is not None:
        ended = instant_of(entry.end_time, "entry.end_time")
        said["worked"] = Seconds(int((ended - started).total_seconds()))
    if "person" in named:
        said["person_id"] = PersonId(id_in(entry.person, "people", "entry.person"))
    if "task" in named:
        said["task"] = entry.task
    if "billable" in named:
        said["billable"] = entry.billable
    if "rate" in named:
        said["rate"] = minor_of(entry.rate, currency, "entry.rate") if entry.HasField("rate") else None
    return msgspec.structs.replace(work, **said)


_ORDERS: Mapping[str, Callable[[Account, Message, datetime], commands.AccountCommand]] = {
    "approve_overage": _approve,
    "decline_overage": _decline,
    "buy_block": _buy,
    "give_credit": _credit,
    "add_extra": _extra,
}
_FACTS: Mapping[str, Callable[[Account, Message, datetime], ContractFact]] = {
    "change_terms": _terms,
    "pause_contract": _pause,
    "end_contract": _end,
    "log_time": _log,
    "correct_time": _correct,
    "delete_time": _delete,
    "record_delivery": _deliver,
}

"""Each fact of a case file as the public call that tells it, and the way back: from a field of the call to the key of
the file whose value is at fault."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date
from typing import Any, Final, assert_never

import msgspec
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from msgspec import UNSET

from messages.amounts import money_of
from messages.dates import date_message, instant_message, minutes_message, seconds_message
from messages.terms import agreement_message
from retainer.case_facts import (
    Approval,
    Block,
    CaseFact,
    Correction,
    Credit,
    Deletion,
    Delivery,
    End,
    Entry,
    OverageApproval,
    OverageDecline,
    Pause,
    Payment,
    Terms,
)
from retainer.case_file import Case, CaseBroken
from retainer.case_yaml import inside
from retainer.terms_messages import change_message
from vocabulary.terms import merged
from wire.retainer.billing.v1 import account_pb2 as account
from wire.retainer.billing.v1.figures_pb2 import Measured
from wire.retainer.billing.v1.payment_pb2 import RecordPaymentRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, Client
from wire.retainer.contracts.v1.contract_pb2 import (
    ChangeTermsRequest,
    DraftContractRequest,
    EndContractRequest,
    PauseContractRequest,
)
from wire.retainer.timelog.v1.delivery_pb2 import RecordDeliveryRequest, WithdrawDeliveryRequest
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, Person
from wire.retainer.timelog.v1.time_entry_pb2 import (
    ApproveTimeRequest,
    CorrectTimeRequest,
    DeleteTimeRequest,
    LogTimeRequest,
    TimeEntry,
)

CLIENT: Final = "client"
CONTRACT: Final = "contract"
NAME: Final = f"contracts/{CONTRACT}"

Location = Callable[[str], str]
"""From a field of a request (or nothing) to a place in the file."""

_OF_AN_ENTRY: Final = {
    "entry.worked": "for",
    "entry.end_time": "for",
    "entry.start_time": "at",
    "entry.work_date": "on",
    "entry.person": "person",
    "entry.task": "task",
    "entry.rate": "rate",
    "entry.billable": "billable",
    "entry_id": "id",
}
_OF_A_CORRECTION: Final = {**_OF_AN_ENTRY, "entry.name": "correct"}


class Requests:
    """The calls of one case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._currency = case.currency
        self._told: dict[str, CaseFact] = {}

    def introductions(self) -> Iterator[tuple[Message, Location]]:
        """Client, people, contract."""
        client = Client(display_name="Client", currency_code=self._currency, time_zone=self._case.time_zone)
        yield AddClientRequest(client_id=CLIENT, client=client), _at("currency", {"client.time_zone": "time_zone"})
        for person in self._case.everybody():
            role = self._case.people.get(person, "")
            added = Person(display_name=person, role=role, time_zone=self._case.time_zone)
            yield AddPersonRequest(person_id=person, person=added), _at(f"people.{person}", {})
        yield (
            DraftContractRequest(
                contract_id=CONTRACT,
                client=f"clients/{CLIENT}",
                title=self._case.title[:200],
                agreement=agreement_message(self._case.agreement),
                activate=True,
            ),
            _in_contract,
        )

    def of(self, fact: CaseFact) -> tuple[Message, Location]:
        """The call that tells a fact, and how its refusals are placed."""
        match fact:
            case Entry():
                self._told[f"entries/{fact.id}"] = fact
                return LogTimeRequest(entry_id=fact.id, entry=self._entry(fact)), _at(fact.place, _OF_AN_ENTRY)
            case Correction():
                return self._correction(fact), _at(fact.place, _OF_A_CORRECTION)
            case Deletion():
                return _deletion(fact), _at(fact.place, {"name": "delete"})
            case Approval():
                return ApproveTimeRequest(names=[f"entries/{fact.id}"]), _at(fact.place, {"names": "approve"})
            case OverageApproval() | OverageDecline():
                return self._overage(fact)
            case Terms():
                return self._terms(fact)
            case Pause():
                dates = {"from": date_message(fact.from_on), "to": date_message(fact.to_on)}
                pause = PauseContractRequest(contract=NAME, **dates)
                return pause, _at(fact.place, {"from": "pause[0]", "to": "pause[1]"})
            case End():
                end = EndContractRequest(contract=NAME, ends_on=date_message(fact.on))
                return end, _at(fact.place, {"ends_on": "end"})
            case Block() | Credit() | Payment() | Delivery():
                return self._posting(fact)
            case _:
                assert_never(fact)

    def place_of(self, subject: str, on: date | None) -> str:
        """Where that stands which billing left out."""
        if subject in self._told:
            return self._told[subject].place
        for fact in self._case.facts:
            if (isinstance(fact, Terms | Pause) and on == fact.from_on) or (isinstance(fact, End) and on == fact.on):
                return fact.place
        return "log"

    def _entry(self, fact: Entry) -> TimeEntry:
        entry = TimeEntry(
            contract=NAME,
            person=f"people/{fact.person}",
            worked=seconds_message(fact.worked),
            task=fact.task,
            billable=fact.billable,
        )
        if fact.at is not None:
            entry.start_time.FromDatetime(fact.at.astimezone(UTC))
        elif fact.on is not None:
            entry.work_date.CopyFrom(date_message(fact.on))
        if fact.rate is not None:
            entry.rate.CopyFrom(money_of(fact.rate, self._currency))
        return entry

    def _correction(self, fact: Correction) -> CorrectTimeRequest:
        said: dict[str, Any] = {}
        if fact.at is not UNSET:
            said["start_time"] = instant_message(fact.at)
        if fact.on is not UNSET:
            said["work_date"] = date_message(fact.on)
        if fact.worked is not UNSET:
            said["worked"] = seconds_message(fact.worked)
        if fact.person is not UNSET:
            said["person"] = f"people/{fact.person}"
        if fact.task is not UNSET:
            said["task"] = fact.task
        if fact.billable is not UNSET:
            said["billable"] = fact.billable
        if fact.rate is not UNSET:
            said["rate"] = None if fact.rate is None else money_of(fact.rate, self._currency)
        entry = TimeEntry(name=f"entries/{fact.id}", **said)
        return CorrectTimeRequest(entry=entry, update_mask=FieldMask(paths=list(said)))

    def _overage(self, fact: OverageApproval | OverageDecline) -> tuple[Message, Location]:
        period = date_message(fact.period)
        if isinstance(fact, OverageDecline):
            request = account.DeclineOverageRequest(contract=NAME, period=period)
            return request, _at(fact.place, {"period": "decline_overage.period"})
        match fact.measure:
            case "hours":
                approved, key = Measured(time=minutes_message(fact.quantity)), "minutes"
            case "amount":
                approved, key = Measured(amount=money_of(fact.quantity, self._currency)), "amount"
            case "units":
                approved, key = Measured(units=fact.quantity), "units"
        keys = {"period": "approve_overage.period", "approved": f"approve_overage.{key}"}
        return account.ApproveOverageRequest(contract=NAME, period=period, approved=approved), _at(fact.place, keys)

    def _terms(self, fact: Terms) -> tuple[Message, Location]:
        """R23 is not checked in case files, so the client consents."""
        before = self._case.agreement.terms
        try:
            for change in self._changes_until(fact):
                before = merged(before, change.patch)
            terms, mask = change_message(fact.patch, before, self._currency)
        except msgspec.ValidationError as error:
            raise CaseBroken(f"{fact.place}.terms", f"these are no terms: {error}") from None
        request = ChangeTermsRequest(
            contract=NAME,
            terms=terms,
            update_mask=mask,
            effective_on=date_message(fact.from_on),
            immediately=fact.immediately,
            client_consents=True,
        )
        self._told[f"{fact.place}"] = fact
        return request, _in_change(fact.place)

    def _changes_until(self, fact: Terms) -> Iterator[Terms]:
        """Changes that are known and take effect before this one."""
        known = [change for change in self._case.in_order() if isinstance(change, Terms)]
        known = known[: known.index(fact)]
        yield from sorted((change for change in known if change.from_on <= fact.from_on), key=lambda one: one.from_on)

    def _posting(self, fact: Block | Credit | Payment | Delivery) -> tuple[Message, Location]:
        on = date_message(fact.on)
        match fact:
            case Block():
                block = account.BuyBlockRequest(
                    block_id=fact.id,
                    contract=NAME,
                    hours=minutes_message(fact.minutes),
                    price=money_of(fact.price, self._currency),
                    bought_on=on,
                    expires_on=date_message(fact.expires_on),
                )
                keys = {"hours": "buy.hours", "price": "buy.price", "expires_on": "buy.expires_on", "bought_on": "on"}
                return block, _at(fact.place, {**keys, "block_id": "id"})
            case Credit():
                credit = account.GiveCreditRequest(
                    credit_id=fact.id,
                    contract=NAME,
                    amount=money_of(fact.amount, self._currency),
                    why=fact.why,
                    on=on,
                )
                return credit, _at(fact.place, {"amount": "credit.amount", "on": "on", "credit_id": "id"})
            case Payment():
                payment = RecordPaymentRequest(
                    payment_id=fact.id,
                    client=f"clients/{CLIENT}",
                    amount=money_of(fact.amount, self._currency),
                    paid_on=on,
                    invoice=f"invoices/{fact.invoice}" if fact.invoice else "",
                )
                keys = {"amount": "pay.amount", "invoice": "pay.invoice", "payment_id": "pay.id", "paid_on": "on"}
                return payment, _at(fact.place, keys)
            case Delivery():
                self._told[f"deliveries/{fact.id}"] = fact
                delivery = RecordDeliveryRequest(delivery_id=fact.id, contract=NAME, units=fact.units, delivered_on=on)
                return delivery, _at(fact.place, {"units": "deliver.units", "delivered_on": "on", "delivery_id": "id"})


def _deletion(fact: Deletion) -> Message:
    match fact.kind:
        case "entry":
            return DeleteTimeRequest(name=f"entries/{fact.id}")
        case "delivery":
            return WithdrawDeliveryRequest(name=f"deliveries/{fact.id}")
        case "block":
            return account.WithdrawBlockRequest(name=f"{NAME}/blocks/{fact.id}")
        case _:
            return account.WithdrawCreditRequest(name=f"{NAME}/credits/{fact.id}")


def _at(place: str, keys: Mapping[str, str]) -> Location:
    """The key of the file that a field of the request came from; the fact as a whole where there is none."""

    def location(field: str) -> str:
        for path in (field, field.partition(".")[0]):
            if path in keys:
                return inside(place, keys[path])
        return place

    return location


def _in_contract(field: str) -> str:
    """`agreement.terms.overage.rate` stands in `contract.terms.overage.rate`."""
    whole, _, rest = field.partition(".")
    if whole != "agreement" or not rest:
        return "contract"
    return {"currency_code": "currency", "time_zone": "time_zone"}.get(rest, f"contract.{_written(rest)}")


def _in_change(place: str) -> Location:
    def location(field: str) -> str:
        if field == "effective_on":
            return f"{place}.from"
        return f"{place}.{_written(field)}" if field.split(".")[0] == "terms" else place

    return location


def _written(path: str) -> str:
    """A path of the message as a person writes it."""
    return path.replace("rate_percent", "rate").replace("rate_ppm", "rate")

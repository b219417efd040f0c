"""Each fact of a case file as the public call that tells it, and the way back: from a field of the call to the key of
the file whose value is at fault."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date
from typing import Any, Final, assert_never

import msgspec
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from messages.amounts import money_of
from messages.dates import date_message, instant_message, minutes_message, seconds_message
from messages.terms import agreement_message
from retainer.case_ids import THINGS, ids_of_people, ids_of_things, patch_with, terms_with
from retainer.case_places import place_of
from retainer.case_postings import CLIENT, CONTRACT, NAME, Postings
from retainer.case_told import (
    ApproveOverageTold,
    ApproveTimeTold,
    BuyTold,
    CancelTold,
    Case,
    CorrectTold,
    CreditTold,
    DeclineOverageTold,
    DeleteTold,
    DeliverTold,
    EndTold,
    EntryTold,
    ExtraTold,
    Fact,
    NoticeTold,
    PauseTold,
    PayTold,
    RefundTold,
    ReleaseTold,
    StopRemindersTold,
    TermsTold,
)
from retainer.terms_messages import change_message
from retainer.yaml_exact import Flaw
from vocabulary.terms import merged
from wire.retainer.billing.v1 import account_pb2 as account
from wire.retainer.billing.v1.figures_pb2 import Measured
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, Client
from wire.retainer.contracts.v1.contract_pb2 import (
    SIDE_CLIENT,
    ChangeTermsRequest,
    DraftContractRequest,
    EndContractRequest,
    GiveNoticeRequest,
    PauseContractRequest,
)
from wire.retainer.timelog.v1.delivery_pb2 import WithdrawDeliveryRequest
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, Person
from wire.retainer.timelog.v1.time_entry_pb2 import (
    ApproveTimeRequest,
    CorrectTimeRequest,
    DeleteTimeRequest,
    LogTimeRequest,
    TimeEntry,
)

Location = Callable[[str], str]
"""From a field of a request (or nothing) to a place in the file."""

_IN_THE_DOMAIN: Final = {
    "entry.worked": "work.worked",
    "entry.end_time": "work.worked",
    "entry.start_time": "work.date",
    "entry.work_date": "work.date",
    "entry.rate": "work.rate",
    "approved": "quantity",
    "delivered_on": "on",
}
"""Fields of calls under the names by which billing's own refusals call them."""
_OF_AN_ENTRY: Final = {"entry.person": "person", "entry.task": "task", "entry.billable": "billable"}


class Requests:
    """The calls of one case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._currency = case.currency
        self._ids, self._people = ids_of_things(case), ids_of_people(case)
        self._postings = Postings(case, self._ids)
        self._told: dict[str, Fact] = {}
        self._kinds = {fact.id: type(fact) for fact in case.facts if isinstance(fact, THINGS)}

    def introductions(self) -> Iterator[tuple[Message, Location]]:
        """Client, people, contract, and what a running retainer brings along."""
        client = Client(display_name="Client", currency_code=self._currency, time_zone=self._case.time_zone)
        yield AddClientRequest(client_id=CLIENT, client=client), _at("currency", {"client.time_zone": "time_zone"})
        for person in self._people.names:
            role = self._case.people.get(person, "")
            added = Person(display_name=person[:200], role=role, time_zone=self._case.time_zone)
            yield AddPersonRequest(person_id=self._people.of(person), person=added), _at(f"people.{person}", {})
        agreement = self._case.agreement
        agreement = msgspec.structs.replace(agreement, terms=terms_with(agreement.terms, self._people))
        yield (
            DraftContractRequest(
                contract_id=CONTRACT,
                client=f"clients/{CLIENT}",
                title=self._case.title[:200],
                agreement=agreement_message(agreement),
                activate=True,
            ),
            _in_contract,
        )
        yield from self._postings.brought_along()

    def of(self, fact: Fact) -> tuple[Message, Location]:
        """The call that tells a fact, and how its refusals are placed."""
        match fact:
            case EntryTold():
                self._told[f"entries/{self._ids.of(fact.id)}"] = fact
                request = LogTimeRequest(entry_id=self._ids.of(fact.id), entry=self._entry(fact))
                return request, _of(fact, _OF_AN_ENTRY)
            case CorrectTold():
                return self._correction(fact), _of(fact, _OF_AN_ENTRY)
            case DeleteTold():
                return self._deletion(fact), _of(fact)
            case ApproveTimeTold():
                names = [f"entries/{self._ids.of(fact.id)}"]
                return ApproveTimeRequest(names=names), _of(fact, {"names": "approve", "name": "approve"})
            case ApproveOverageTold() | DeclineOverageTold():
                return self._overage(fact)
            case TermsTold():
                return self._terms(fact)
            case PauseTold() | EndTold() | NoticeTold():
                return _of_the_contract(fact)
            case BuyTold() | CreditTold() | ExtraTold() | PayTold() | RefundTold() | DeliverTold():
                if isinstance(fact, DeliverTold):
                    self._told[f"deliveries/{self._ids.of(fact.id)}"] = fact
                posting, keys = self._postings.of(fact)
                return posting, _of(fact, keys)
            case ReleaseTold() | CancelTold() | StopRemindersTold():
                posting, keys = self._postings.of_invoices(fact)
                return posting, _of(fact, keys)
            case _:
                assert_never(fact)

    def place_of(self, subject: str, on: date | None, field: str) -> str:
        """Where that stands which billing left out."""
        if subject in self._told:
            return place_of(self._told[subject], field)
        for fact in self._case.facts:
            if isinstance(fact, TermsTold | PauseTold) and on == fact.from_on:
                return place_of(fact, field)
            if isinstance(fact, EndTold) and on == fact.ends_on:
                return place_of(fact, field)
        return "log"

    def _entry(self, fact: EntryTold) -> TimeEntry:
        entry = TimeEntry(
            contract=NAME,
            person=f"people/{self._people.of(fact.person)}",
            worked=seconds_message(fact.worked),
            task=fact.task,
            billable=fact.billable,
            rate=None if fact.rate is None else money_of(fact.rate, self._currency),
        )
        if fact.at is not None:
            entry.start_time.FromDatetime(fact.at.astimezone(UTC))
        else:
            entry.work_date.MergeFrom(_day(fact.on))
        return entry

    def _correction(self, fact: CorrectTold) -> CorrectTimeRequest:
        said: dict[str, Any] = {}
        for key, value in fact.changes.items():
            match key:
                case "at":
                    said["start_time"] = instant_message(value)
                case "on":
                    said["work_date"] = date_message(value)
                case "worked":
                    said["worked"] = seconds_message(value)
                case "person":
                    said["person"] = f"people/{self._people.of(value)}"
                case "rate":
                    said["rate"] = None if value is None else money_of(value, self._currency)
                case _:
                    said[key] = value
        entry = TimeEntry(name=f"entries/{self._ids.of(fact.id)}", **said)
        return CorrectTimeRequest(entry=entry, update_mask=FieldMask(paths=list(said)))

    def _deletion(self, fact: DeleteTold) -> Message:
        kind, id = self._kinds.get(fact.id), self._ids.of(fact.id)
        if kind is DeliverTold:
            return WithdrawDeliveryRequest(name=f"deliveries/{id}")
        if kind is BuyTold:
            return account.WithdrawBlockRequest(name=f"{NAME}/blocks/{id}")
        if kind is CreditTold:
            return account.WithdrawCreditRequest(name=f"{NAME}/credits/{id}")
        if kind is ExtraTold:
            return account.WithdrawExtraRequest(name=f"{NAME}/extras/{id}")
        return DeleteTimeRequest(name=f"entries/{id}")

    def _overage(self, fact: ApproveOverageTold | DeclineOverageTold) -> tuple[Message, Location]:
        period = date_message(fact.period)
        if isinstance(fact, DeclineOverageTold):
            request = account.DeclineOverageRequest(contract=NAME, period=period)
            return request, _of(fact)
        match fact.measure:
            case "amount":
                approved = Measured(amount=money_of(fact.quantity, self._currency))
            case "units":
                approved = Measured(units=fact.quantity)
            case _:
                approved = Measured(time=minutes_message(fact.quantity))
        return account.ApproveOverageRequest(contract=NAME, period=period, approved=approved), _of(fact)

    def _terms(self, fact: TermsTold) -> tuple[Message, Location]:
        """R23 is not checked in case files, so the client consents. To a call an empty mask means all that is set."""
        if not fact.patch:
            raise Flaw(f"{fact.place}.terms", "the change is empty: name what the terms become")
        before = self._case.agreement.terms
        try:
            for change in self._changes_until(fact):
                before = merged(before, change.patch)
            patch = patch_with(fact.patch, self._people)
            terms, mask = change_message(patch, terms_with(before, self._people), self._currency)
        except msgspec.ValidationError as error:
            raise Flaw(f"{fact.place}.terms", f"these are no terms: {error}") from None
        request = ChangeTermsRequest(
            contract=NAME,
            terms=terms,
            update_mask=mask,
            effective_on=date_message(fact.from_on),
            immediately=fact.immediately,
            client_consents=True,
        )
        return request, _of(fact)

    def _changes_until(self, fact: TermsTold) -> Iterator[TermsTold]:
        """Changes that are known and take effect before this one."""
        known = [change for change in in_order(self._case) if isinstance(change, TermsTold)]
        known = known[: known.index(fact)]
        yield from sorted((change for change in known if change.from_on <= fact.from_on), key=lambda one: one.from_on)


def in_order(case: Case) -> list[Fact]:
    """As the facts were recorded: by `known`, then by their place in the file."""
    return sorted(case.facts, key=lambda fact: fact.known)


def _of_the_contract(fact: PauseTold | EndTold | NoticeTold) -> tuple[Message, Location]:
    match fact:
        case PauseTold():
            pause = PauseContractRequest(contract=NAME, to=date_message(fact.to_on))
            getattr(pause, "from").MergeFrom(_day(fact.from_on))
            return pause, _of(fact)
        case EndTold():
            end = EndContractRequest(contract=NAME, ends_on=date_message(fact.ends_on))
            return end, _of(fact)
        case NoticeTold():
            notice = GiveNoticeRequest(contract=NAME, by=SIDE_CLIENT, received_on=date_message(fact.known))
            return notice, _of(fact, {"received_on": "notice"})


def _day(day: date | None) -> Any:
    message = date_message(day)
    assert message is not None
    return message


def _of(fact: Fact, keys: Mapping[str, str] = {}) -> Location:
    """As billing's own refusals are placed; `keys` for fields that it does not have."""

    def location(field: str) -> str:
        if field in keys:
            return f"{fact.place}.{keys[field]}"
        return place_of(fact, _written(_IN_THE_DOMAIN.get(field, field)))

    return location


def _at(place: str, keys: Mapping[str, str]) -> Location:
    """The key of the file that a field of the request came from; the fact as a whole where there is none."""

    def location(field: str) -> str:
        for path in (field, field.partition(".")[0]):
            if path in keys:
                return f"{place}.{keys[path]}" if place else keys[path]
        return place

    return location


def _in_contract(field: str) -> str:
    """`agreement.terms.overage.rate` stands in `contract.terms.overage.rate`."""
    whole, _, rest = field.partition(".")
    if whole != "agreement" or not rest:
        return "contract"
    return {"currency_code": "currency", "time_zone": "time_zone"}.get(rest, f"contract.{_written(rest)}")


def _written(path: str) -> str:
    """A path of the message as a person writes it."""
    return path.replace("rate_percent", "rate").replace("rate_ppm", "rate")

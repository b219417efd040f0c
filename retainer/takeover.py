"""Taking a whole agency over (R38): what a file says, checked as a whole, then told by public calls alone.

Nothing is recorded where anything is at fault. Every call has a request id made of what it is about, so that a run
that broke off is simply repeated: what was done is found done, the rest follows.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from google.protobuf.message import Message

from messages.terms import agreement_message
from retainer.agency_file import Agency, Running
from retainer.case_facts import taken_over
from retainer.case_postings import take_over_message
from retainer.client import Client
from retainer.failures import ExitStatus, Failure, Refusal
from retainer.yaml_exact import Flaw
from services.billing.domain import books
from wire.retainer.billing.v1.account_pb2 import SetNextNumberRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, GetClientRequest
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest, GetContractRequest
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, GetPersonRequest

SERIES: Final = {
    "invoices": SetNextNumberRequest.SERIES_INVOICES,
    "credit_notes": SetNextNumberRequest.SERIES_CREDIT_NOTES,
}
PREFIX: Final = {"invoices": "", "credit_notes": "CN-"}
OURS: Final = re.compile(r"(CN-)?(\d{4})-(\d{4,9})")


class Step(NamedTuple):
    """One call, what it does in words, and where in the file it stands."""

    place: str
    says: str
    request: Message


def faults(agency: Agency) -> Sequence[Flaw]:
    """All that is wrong with the file by itself: what cannot be read, then what the rules refuse."""
    found = list(agency.faults)
    numbers: dict[str, str] = {}
    for contract in agency.contracts:
        place = f"{contract.place}.taken_over"
        try:
            taken_over(books.opened(contract.agreement), contract.taken, place)
        except Flaw as flaw:
            found.append(flaw)
        found += _open_at_fault(contract, place, agency, numbers)
    return found


def _open_at_fault(contract: Running, place: str, agency: Agency, seen: dict[str, str]) -> Iterator[Flaw]:
    """Numbers are given once (R30): not twice in the file, and not again by a series that is yet to reach them."""
    following = {(PREFIX[one.series], one.year): one.next for one in agency.numbers}
    for index, document in enumerate(contract.taken.open):
        at = f"{place}.open[{index}]"
        if document.number in seen:
            yield Flaw(f"{at}.number", f"{document.number} stands at {seen[document.number]} already")
        seen.setdefault(document.number, at)
        if document.amount == 0:
            yield Flaw(f"{at}.open", "nothing of it is open: leave it out")
        if document.due_on < document.issued_on:
            yield Flaw(f"{at}.due_on", "lies before the day of issue")
        if document.issued_on > contract.taken.on:
            yield Flaw(f"{at}.issued_on", f"lies after the take-over on {contract.taken.on}")
        ours = OURS.fullmatch(document.number)
        if ours and following.get((ours[1] or "", int(ours[2])), 1) <= int(ours[3]):
            yield Flaw(f"{at}.number", f"would be given here once more: let numbers of {ours[2]} go on behind it")


def steps(agency: Agency) -> Iterator[Step]:
    """In the order in which they are told: what later ones need comes first."""
    for one in agency.numbers:
        number = f"{PREFIX[one.series]}{one.year}-{one.next:04}"
        request = SetNextNumberRequest(series=SERIES[one.series], year=one.year, next=one.next)
        yield Step(one.place, f"{one.series.replace('_', ' ')} go on with {number}", request)
    for id, client in agency.clients.items():
        yield Step(f"clients.{id}", f"add client {id}", AddClientRequest(client_id=id, client=client))
    for id, person in agency.people.items():
        yield Step(f"people.{id}", f"add person {id}", AddPersonRequest(person_id=id, person=person))
    for contract in agency.contracts:
        drafted = DraftContractRequest(
            contract_id=contract.id,
            client=f"clients/{contract.client_id}",
            title=contract.title,
            agreement=agreement_message(contract.agreement),
            activate=True,
        )
        yield Step(contract.place, f"contract {contract.id} of {contract.client_id} binds", drafted)
        taken = take_over_message(f"contracts/{contract.id}", contract.agreement, contract.taken)
        yield Step(f"{contract.place}.taken_over", _brings(contract), taken)


def _brings(contract: Running) -> str:
    taken = contract.taken
    brought = [
        f"{len(taken.buckets)} buckets" if taken.buckets else "",
        "borrowed time" if taken.borrowed else "",
        f"{len(taken.blocks)} blocks" if taken.blocks else "",
        f"the fee paid until {taken.fee_paid_until}" if taken.fee_paid_until else "",
        f"{len(taken.open)} open documents" if taken.open else "",
    ]
    said = ", ".join(part for part in brought if part)
    return f"take {contract.id} over on {taken.on}" + (f" with {said}" if said else "")


class TakingOver:
    """One file on its way into a running system."""

    def __init__(self, agency: Agency, client: Client) -> None:
        self._agency, self._client = agency, client

    def differing(self) -> list[Flaw]:
        """What the system has under an id of the file and the file says otherwise; what is alike is no fault, for a run
        that broke off is repeated."""
        found = []
        for id, client in self._agency.clients.items():
            there = self._there(GetClientRequest(name=f"clients/{id}"))
            if there is not None and not _alike(client, there):
                found.append(Flaw(f"clients.{id}", "there is another client with this id: choose another one"))
        for id, person in self._agency.people.items():
            there = self._there(GetPersonRequest(name=f"people/{id}"))
            if there is not None and not _alike(person, there):
                found.append(Flaw(f"people.{id}", "there is another person with this id: choose another one"))
        known = 0
        for contract in self._agency.contracts:
            there = self._there(GetContractRequest(name=f"contracts/{contract.id}"))
            known += there is not None
            wanted = agreement_message(contract.agreement)
            if there is not None and (there.client, there.agreement) != (f"clients/{contract.client_id}", wanted):
                found.append(Flaw(contract.place, "there is another contract with this id: choose another one"))
        return found if known else [*found, *self._begun()]

    def _begun(self) -> Iterator[Flaw]:
        """Series that have documents already, where nothing of the file was told before."""
        for step in steps(self._agency):
            if isinstance(step.request, SetNextNumberRequest):
                asked = SetNextNumberRequest()
                asked.CopyFrom(step.request)
                asked.validate_only = True
                try:
                    self._client.ask(asked)
                except Refusal as refusal:
                    if refusal.status is not ExitStatus.REFUSED:
                        raise
                    if not self._was_told(step):
                        yield Flaw(step.place, str(refusal))

    def _was_told(self, step: Step) -> bool:
        """Whether the same order, by its request id, was obeyed before."""
        try:
            return bool(self._client.ask(_with_id(step)).receipt.repeated_request)
        except Refusal:
            return False

    def tell(self) -> Iterator[tuple[Step, Any]]:
        """Every call in its order, each with its receipt; the first refusal ends it, with its place."""
        for step in steps(self._agency):
            try:
                yield step, self._client.ask(_with_id(step)).receipt
            except Refusal as refusal:
                raise Failure(
                    f"{step.place}: {refusal}. What was told before this stands; mend the file and run it again",
                    refusal.status,
                ) from None

    def _there(self, request: Message) -> Any:
        try:
            return self._client.ask(request)
        except Refusal as refusal:
            if refusal.status is ExitStatus.NOT_FOUND:
                return None
            raise


def _with_id(step: Step) -> Message:
    asked = type(step.request)()
    asked.CopyFrom(step.request)
    asked.request_id = f"takeover/{step.place}"[:200]  # type: ignore[attr-defined]  # every command has one
    return asked


def _alike(said: Any, there: Any) -> bool:
    """Whether all that the file says of it is so; what the file leaves out may be anything."""
    return all(getattr(there, field.name) == value for field, value in said.ListFields())

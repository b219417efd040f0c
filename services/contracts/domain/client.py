"""Clients: who buys.

Refused
├── ClientExists        the id is taken
├── ClientUnknown       no such client in this agency
├── ClientStillServed   a contract binds still
├── ContactTwice        two contacts with one id
├── LettersUnknown      a contact receives letters that there are not
├── VatIdWrong          (papers)
└── what `profile` and vocabulary.agreement refuse
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from services.contracts.domain.papers import check_vat_id
from services.contracts.domain.profile import check_email, check_locale, check_name
from services.contracts.events import ClientAdded, ClientDescribed, ClientErased, ClientProfile, Contact
from vocabulary.agreement import check_currency, check_time_zone
from vocabulary.identity import ClientId, check_id
from vocabulary.refusal import Kind, Refused

LETTERS = ("invoices", "budget")


class ClientExists(Refused, kind=Kind.EXISTS):
    """The id belongs to another client."""


class ClientUnknown(Refused, kind=Kind.NOT_FOUND):
    """There is no such client in this agency."""


class ClientStillServed(Refused, kind=Kind.CONFLICT):
    """A client whose contracts bind is not erased: what comes due could not be asked for."""


class ContactTwice(Refused, kind=Kind.INVALID):
    """A contact's id is unique within its client."""


class LettersUnknown(Refused, kind=Kind.INVALID):
    """There are no such letters to receive."""


@dataclass(frozen=True, slots=True)
class AddClient:
    client_id: ClientId
    profile: ClientProfile


@dataclass(frozen=True, slots=True)
class DescribeClient:
    """`profile` is the whole of it as it shall be."""

    client_id: ClientId
    profile: ClientProfile


@dataclass(frozen=True, slots=True)
class EraseClient:
    """`serving` names contracts that bind still, looked up for the decision; the key is destroyed by who carries it
    out."""

    client_id: ClientId
    serving: tuple[str, ...] = ()


ClientCommand = AddClient | DescribeClient | EraseClient
ClientEvent = ClientAdded | ClientDescribed | ClientErased


def decide(command: ClientCommand, client: ClientProfile | None) -> Sequence[ClientEvent]:
    match command:
        case AddClient(client_id, profile):
            if client is not None:
                raise ClientExists(f"there is a client {client_id} already", field="client_id")
            check_profile(profile)
            return (ClientAdded(client_id=client_id, profile=profile),)
        case DescribeClient(client_id, profile):
            must_be_known(client, client_id)
            check_profile(profile)
            return () if profile == client else (ClientDescribed(client_id=client_id, profile=profile),)
        case EraseClient(client_id, serving):
            must_be_known(client, client_id)
            if serving:
                raise ClientStillServed(
                    f"end {', '.join(serving)} first: documents are owed to the client", field="name"
                )
            return (ClientErased(client_id=client_id),)
        case _:
            assert_never(command)


def evolve(client: ClientProfile | None, event: ClientEvent) -> ClientProfile:
    match event:
        case ClientAdded() | ClientDescribed():
            return event.profile
        case ClientErased():
            assert client is not None, "nobody is erased who was not added"
            return erased(client)
        case _:
            assert_never(event)


def erased(client: ClientProfile) -> ClientProfile:
    """What stays: what money and letters of the past hang on; the name is sealed with a key that is gone."""
    return ClientProfile(client.name, client.currency, client.locale, client.time_zone)


def must_be_known(client: ClientProfile | None, client_id: str, field: str = "name") -> ClientProfile:
    if client is None:
        raise ClientUnknown(f"there is no client {client_id} here", field=field)
    return client


def check_profile(profile: ClientProfile) -> None:
    """Fields as the request names them within its client."""
    check_name(profile.name)
    check_currency(profile.currency, "currency_code")
    check_locale(profile.locale)
    check_time_zone(profile.time_zone)
    check_vat_id(profile.vat_id)
    seen: set[str] = set()
    for number, contact in enumerate(profile.contacts):
        _check_contact(contact, f"contacts[{number}]", seen)


def _check_contact(contact: Contact, field: str, seen: set[str]) -> None:
    check_id(contact.contact_id, f"{field}.contact_id")
    if contact.contact_id in seen:
        raise ContactTwice(f"there are two contacts {contact.contact_id}", field=f"{field}.contact_id")
    seen.add(contact.contact_id)
    check_name(contact.name, f"{field}.display_name")
    check_email(contact.email, f"{field}.email")
    for letters in contact.receives:
        if letters not in LETTERS:
            raise LettersUnknown(f"{letters!r} are no letters: take {' or '.join(LETTERS)}", field=f"{field}.receives")

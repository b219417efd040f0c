"""Who is told at a client, and by which way.

Refused
└── ContactUnknown    the client has no contact of that id
"""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from services.notify.domain.news import sort_of
from services.notify.events import (
    AddresseeEvent,
    AddresseeForgotten,
    AddresseeNoted,
    ChannelChosen,
    NoticeKind,
    Recipient,
    Way,
)
from vocabulary.identity import ClientId
from vocabulary.refusal import Kind, Refused

# Commands.


class NoteAddressee(msgspec.Struct, frozen=True):
    """Contracts told how the client is reached now."""

    noted: AddresseeNoted


class ChooseChannel(msgspec.Struct, frozen=True):
    """`contact_id` empty: for all contacts of the client; `kinds` empty: for all letters."""

    client_id: ClientId
    contact_id: str
    way: Way
    kinds: tuple[NoticeKind, ...] = ()


class ForgetAddressee(msgspec.Struct, frozen=True):
    """Contracts told that the client was erased."""

    client_id: ClientId


AddresseeCommand = NoteAddressee | ForgetAddressee | ChooseChannel


# State.


class Addressee(msgspec.Struct, frozen=True):
    """A client as notify knows him; `choices` in the order in which they were made, the last counts."""

    noted: AddresseeNoted | None = None
    choices: tuple[ChannelChosen, ...] = ()

    def recipient(self, contact_id: str) -> Recipient | None:
        recipients = self.noted.recipients if self.noted else ()
        return next((recipient for recipient in recipients if recipient.contact_id == contact_id), None)


class ContactUnknown(Refused, kind=Kind.CONFLICT):
    """The client has no contact of that id."""


# Decisions.


def decide(command: AddresseeCommand, addressee: Addressee) -> Sequence[AddresseeEvent]:
    match command:
        case NoteAddressee():
            return [] if addressee.noted == command.noted else [command.noted]
        case ForgetAddressee(client_id):
            return [AddresseeForgotten(client_id=client_id)]
        case ChooseChannel():
            return _choose(command, addressee)
        case _:
            assert_never(command)


def _choose(command: ChooseChannel, addressee: Addressee) -> Sequence[ChannelChosen]:
    if command.contact_id and addressee.recipient(command.contact_id) is None:
        raise ContactUnknown(f"the client has no contact {command.contact_id!r}: see ListChannels", field="name")
    chosen = ChannelChosen(
        client_id=command.client_id, way=command.way, contact_id=command.contact_id, kinds=command.kinds
    )
    return [] if addressee.choices and addressee.choices[-1] == chosen else [chosen]


def evolve(addressee: Addressee, event: AddresseeEvent) -> Addressee:
    match event:
        case AddresseeNoted():
            return msgspec.structs.replace(addressee, noted=event)
        case AddresseeForgotten():
            noted = addressee.noted
            left = None if noted is None else msgspec.structs.replace(noted, recipients=())
            return msgspec.structs.replace(addressee, noted=left)
        case ChannelChosen():
            overruled = {choice for choice in addressee.choices if _overrules(event, choice)}
            kept = tuple(choice for choice in addressee.choices if choice not in overruled)
            return msgspec.structs.replace(addressee, choices=(*kept, event))
        case _:
            assert_never(event)


def _overrules(later: ChannelChosen, earlier: ChannelChosen) -> bool:
    """Whether nothing is left of the earlier choice; so that the choices kept stay few."""
    return later.contact_id == earlier.contact_id and (not later.kinds or set(later.kinds) == set(earlier.kinds))


# Who gets a letter.


def readers(addressee: Addressee, kind: NoticeKind) -> Sequence[Recipient]:
    """The contacts who receive letters of this kind, whatever the way to them."""
    recipients = addressee.noted.recipients if addressee.noted else ()
    return [recipient for recipient in recipients if not recipient.receives or sort_of(kind) in recipient.receives]


def way_to(addressee: Addressee, contact_id: str, kind: NoticeKind) -> Way:
    """A contact's own choice goes before his client's, among equals the last; e-mail where nothing was chosen."""
    way: Way = "email"
    for whose in ("", contact_id):
        for choice in addressee.choices:
            if choice.contact_id == whose and (not choice.kinds or kind in choice.kinds):
                way = choice.way
    return way

"""Names and addresses in messages, and how they are sealed and opened.

What a caller sends is compared with what is known: a text that stays the same stays sealed as it is, so that a
description that changes nothing records nothing.
"""

from collections.abc import Iterable, Mapping

from chassis.keyring import Keyring
from services.contracts.events import BankDetails, Contact, PostalAddress
from vocabulary.personal import Personal
from wire.retainer.contracts.v1 import address_pb2, agency_pb2, client_pb2

Opened = Mapping[Personal, str | None]


class Seals:
    """Fresh texts of one subject, or those that are known already."""

    def __init__(self, subject: str, known: Opened) -> None:
        self._subject = subject
        self._known = {text: personal for personal, text in known.items() if text is not None}

    def of(self, text: str) -> Personal:
        return self._known.get(text) or Personal(self._subject, text)

    def optional(self, text: str) -> Personal | None:
        return self.of(text) if text else None

    def address(self, message: address_pb2.PostalAddress) -> PostalAddress:
        return PostalAddress(
            lines=self.optional("\n".join(message.lines)),
            postal_code=message.postal_code,
            city=message.city,
            country=message.country,
        )

    def bank(self, message: agency_pb2.BankDetails) -> BankDetails:
        return BankDetails(self.optional(message.holder), self.optional(message.iban), message.bic)

    def contact(self, message: client_pb2.Contact) -> Contact:
        return Contact(
            contact_id=message.contact_id,
            name=self.of(message.display_name),
            email=self.optional(message.email),
            receives=tuple(message.receives),
        )


async def opened(keyring: Keyring, agency: str, sealed: Iterable[Personal | None]) -> Opened:
    """The texts; None for those whose subject was erased."""
    return await keyring.open_all(agency, [personal for personal in sealed if personal is not None])


def text_of(personal: Personal | None, texts: Opened) -> str:
    """Empty where there is none, or it was erased."""
    return "" if personal is None else texts[personal] or ""


def address_message(address: PostalAddress, texts: Opened) -> address_pb2.PostalAddress:
    lines = text_of(address.lines, texts)
    return address_pb2.PostalAddress(
        lines=lines.split("\n") if lines else [],
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
    )


def bank_message(bank: BankDetails, texts: Opened) -> agency_pb2.BankDetails:
    return agency_pb2.BankDetails(holder=text_of(bank.holder, texts), iban=text_of(bank.iban, texts), bic=bank.bic)


def contact_message(contact: Contact, texts: Opened) -> client_pb2.Contact:
    return client_pb2.Contact(
        contact_id=contact.contact_id,
        display_name=text_of(contact.name, texts),
        email=text_of(contact.email, texts),
        receives=contact.receives,
    )

"""Who sends a document and who gets it: opened for the moment of drawing, never stored in clear."""

import msgspec


class Address(msgspec.Struct, frozen=True):
    """As it stands on paper; `lines` are street and addition."""

    name: str = ""
    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2."""


class Sender(msgspec.Struct, frozen=True):
    address: Address = Address()
    email: str = ""
    phone: str = ""
    vat_id: str = ""
    tax_number: str = ""
    bank_holder: str = ""
    iban: str = ""
    bic: str = ""


class Recipient(msgspec.Struct, frozen=True):
    address: Address = Address()
    vat_id: str = ""
    locale: str = "en"

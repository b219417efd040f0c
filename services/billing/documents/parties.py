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
    registration: str = ""
    """In the register of companies: "HRB 123456 Hamburg"."""
    contact_name: str = ""
    """Who answers questions about a document."""
    logo: bytes = b""
    """A PNG, JPEG or SVG; empty: the name alone."""
    colour: str = ""
    """Of headings and lines, "#1a6b54"; empty: black."""


class Recipient(msgspec.Struct, frozen=True):
    address: Address = Address()
    vat_id: str = ""
    locale: str = "en"
    email: str = ""
    """Where documents go to: the electronic address of the buyer."""
    buyer_reference: str = ""
    """What the buyer wants to see on a document; of a German authority its Leitweg-ID."""

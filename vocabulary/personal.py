"""Personal data inside facts: readable while its subject's key exists, and not a moment longer.

A fact never holds a name, an e-mail address or a free note in clear. It holds a `Personal`, which the catalog seals
with the key of its subject when the fact is stored, and which stays sealed in the store, on the bus and in views.
Whoever shows it to a person opens it with a keyring (chassis.keyring). Erasing the subject's key erases the text.
"""

import msgspec


class Personal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text about a subject: `text` while it is fresh from a command, `sealed` once it has been stored.

    `subject` names whose key seals it: `client/<id>`, `person/<id>` or `agency/<id>` (within the agency of the fact).
    Exactly one of `text` and `sealed` is set; `sealed` is base64 of nonce and ciphertext.
    """

    subject: str
    text: str | None = None
    sealed: str | None = None

    def __post_init__(self) -> None:
        assert (self.text is None) != (self.sealed is None), "personal data is either fresh or sealed"


def is_email_address(text: str) -> bool:
    """Whether mail can be sent there: a recipient and a host, and nothing that ends an address in a mail's head."""
    recipient, _, host = text.rpartition("@")
    return bool(recipient and "." in host.strip(".")) and not any(sign.isspace() or sign in "<>,;" for sign in text)


def of_client(client_id: str, text: str) -> Personal:
    return Personal(f"client/{client_id}", text)


def of_person(person_id: str, text: str) -> Personal:
    return Personal(f"person/{person_id}", text)


def of_agency(agency_id: str, text: str) -> Personal:
    return Personal(f"agency/{agency_id}", text)

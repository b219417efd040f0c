"""What is checked alike of agencies and clients.

Refused
├── NameMissing         nobody can be written to without a name
├── LocaleUnknown       no language that letters and documents are written in
├── CurrencyUnknown, TimeZoneUnknown (vocabulary.agreement)
└── AddressMalformed    an e-mail address without a recipient or a host
"""

from vocabulary.personal import Personal, is_email_address
from vocabulary.refusal import Kind, Refused

LOCALES = ("de", "en")
"""Languages of letters and documents; a region may follow: `de-AT`."""


class NameMissing(Refused, kind=Kind.INVALID):
    """A name is required."""


class LocaleUnknown(Refused, kind=Kind.INVALID):
    """No language that letters and documents are written in."""


class AddressMalformed(Refused, kind=Kind.INVALID):
    """Not an e-mail address."""


def check_name(name: Personal, field: str = "display_name") -> None:
    if name.text is not None and not name.text.strip():
        raise NameMissing("a name is required", field=field)


def check_locale(locale: str) -> None:
    if locale.replace("_", "-").partition("-")[0] not in LOCALES:
        raise LocaleUnknown(f"{locale!r} is no language of ours: take {' or '.join(LOCALES)}", field="locale")


def check_email(email: Personal | None, field: str) -> None:
    """Of what is fresh; what is sealed was checked when it was recorded."""
    if email is None or email.text is None:
        return
    if not is_email_address(email.text):
        raise AddressMalformed(f"{field} is no e-mail address: write one like anna@example.org", field=field)

"""What stands on documents and must be right there: tax ids, bank details, the look. Each is checked when it is saved.

Refused
├── VatIdWrong          no VAT id of its country, or its check digits are wrong
├── TaxNumberMissing    German law wants a VAT id or a tax number on invoices (§ 14 UStG)
├── IbanWrong           no IBAN, or its check digits are wrong
├── BicWrong            no BIC
├── ColourMalformed     not written like "#1a6b54"
└── LogoUnsuitable      no PNG, JPEG or SVG, or one that is too large
"""

import base64
import binascii
import re

from services.contracts.events import AgencyDescribed, BankDetails
from vocabulary.personal import Personal
from vocabulary.refusal import Kind, Refused

LARGEST_LOGO_BYTES = 256 * 1024
LOGO_BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg", b"<?xml")


class VatIdWrong(Refused, kind=Kind.INVALID):
    """It cannot be a VAT id."""


class TaxNumberMissing(Refused, kind=Kind.INVALID):
    """An invoice from Germany names a VAT id or a tax number."""


class IbanWrong(Refused, kind=Kind.INVALID):
    """It cannot be an IBAN."""


class BicWrong(Refused, kind=Kind.INVALID):
    """It cannot be a BIC."""


class ColourMalformed(Refused, kind=Kind.INVALID):
    """No colour."""


class LogoUnsuitable(Refused, kind=Kind.INVALID):
    """Nothing that can be set on a document."""


def check_papers(agency: AgencyDescribed) -> None:
    check_vat_id(agency.vat_id)
    if agency.address.country == "DE" and not (agency.vat_id or agency.tax_number):
        raise TaxNumberMissing(
            "an invoice from Germany names a VAT id or a tax number (§ 14 UStG): give vat_id or tax_number",
            field="tax_number",
        )
    _check_bank(agency.bank)
    if agency.colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", agency.colour):
        raise ColourMalformed(f"{agency.colour!r} is no colour: write one like #1a6b54", field="colour")
    _check_logo(agency.logo)


def check_vat_id(vat_id: str, field: str = "vat_id") -> None:
    """By the rules of its country, where those are known (python-stdnum); any other text is let through."""
    from stdnum import get_cc_module  # loads where it is first used
    from stdnum.eu import vat as european

    country = vat_id[:2].upper()
    rules = european if country.lower() in european.MEMBER_STATES or country == "EL" else get_cc_module(country, "vat")
    if vat_id and rules is not None and not rules.is_valid(vat_id):
        raise VatIdWrong(f"{vat_id!r} is no VAT id: look whether a digit is missing or swapped", field=field)


def _check_bank(bank: BankDetails) -> None:
    """Of what is fresh; what is sealed was checked when it was recorded."""
    from schwifty import BIC, IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        if iban := _fresh(bank.iban):
            IBAN(iban)
    except SchwiftyException:
        raise IbanWrong("this is no IBAN: look whether a digit is missing or swapped", field="bank.iban") from None
    try:
        if bank.bic:
            BIC(bank.bic)
    except SchwiftyException:
        raise BicWrong(f"{bank.bic!r} is no BIC: it has 8 or 11 characters", field="bank.bic") from None


def _fresh(personal: Personal | None) -> str:
    return "" if personal is None else personal.text or ""


def _check_logo(logo: str) -> None:
    try:
        content = base64.b64decode(logo, validate=True)
    except binascii.Error:
        content = b"?"
    if logo and not content.startswith(LOGO_BEGINS):
        raise LogoUnsuitable("take a PNG, JPEG or SVG file", field="logo")
    if len(content) > LARGEST_LOGO_BYTES:
        raise LogoUnsuitable(f"it has at most {LARGEST_LOGO_BYTES // 1024} KiB: make it smaller", field="logo")

"""`retainer agency …`: who sends invoices and letters."""

from pathlib import Path
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from retainer.failures import ExitStatus, Failure
from retainer.output import json_out, say
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from wire.retainer.contracts.v1.address_pb2 import PostalAddress
from wire.retainer.contracts.v1.agency_pb2 import Agency, BankDetails, DescribeAgencyRequest, GetAgencyRequest


def describe(
    *,
    name: str = "",
    street: tuple[str, ...] = (),
    postal_code: str = "",
    city: str = "",
    country: str = "",
    email: str = "",
    phone: str = "",
    vat_id: str = "",
    tax_number: str = "",
    iban: str = "",
    bic: str = "",
    holder: str = "",
    locale: str = "",
    zone: str = "",
    region: str = "",
    orders: Orders = ORDERS,
) -> None:
    """Say who the agency is; what is not named stays as it is (address and bank each as a whole).

    Example: retainer agency describe --name 'Studio Nordlicht' --email hello@nordlicht.example --zone Europe/Berlin

    Parameters
    ----------
    name
        As it stands on invoices.
    street
        Street and number; may be repeated for further lines.
    postal_code
        Postal code.
    city
        City.
    country
        Like DE.
    email
        Sender of letters.
    phone
        Stands on invoices.
    vat_id
        Like DE136695976; its check digits must be right.
    tax_number
        Where there is no VAT id.
    iban
        Where clients pay to.
    bic
        Of the bank.
    holder
        Of the account, where it is not the agency.
    locale
        de or en: of letters and documents where a client names none.
    zone
        Time zone.
    region
        For public holidays, like DE-BE.
    """
    given: dict[str, Any] = {
        "display_name": name,
        "address": (*street, postal_code, city, country),
        "email": email,
        "phone": phone,
        "vat_id": vat_id,
        "tax_number": tax_number,
        "bank": (iban, bic, holder),
        "locale": locale,
        "time_zone": zone,
        "region": region,
    }
    paths = [path for path, value in given.items() if any(value)]
    if not paths:
        raise Failure("what is to be said of the agency? Give --name at least; see retainer agency describe --help")
    agency = Agency(
        **{path: given[path] for path in paths if path not in ("address", "bank")},
        address=PostalAddress(lines=street, postal_code=postal_code, city=city, country=country.upper()),
        bank=BankDetails(holder=holder, iban=iban, bic=bic),
    )
    orders.obey(DescribeAgencyRequest(agency=agency, update_mask=FieldMask(paths=paths)), "Described the {name}.")


def letterhead(
    *,
    logo: Path | None = None,
    colour: str = "",
    registration: str = "",
    contact: str = "",
    orders: Orders = ORDERS,
) -> None:
    """What stands at the head and the foot of documents; what is not named stays as it is.

    Example: retainer agency letterhead --logo studio.svg --colour '#1a6b54' --registration 'HRB 123456 Hamburg'

    Parameters
    ----------
    logo
        A PNG, JPEG or SVG file, at most 256 KiB.
    colour
        Of headings and lines, like #1a6b54.
    registration
        In the register of companies, as the law wants it on letters.
    contact
        Who answers questions about an invoice; an XRechnung needs a name, a phone and an e-mail address.
    """
    given: dict[str, Any] = {
        "logo": b"" if logo is None else _file(logo),
        "colour": colour,
        "registration": registration,
        "contact_name": contact,
    }
    paths = [path for path, value in given.items() if value]
    if not paths:
        raise Failure("what is to stand there? Give --logo, --colour, --registration or --contact")
    agency = Agency(**{path: given[path] for path in paths})
    orders.obey(DescribeAgencyRequest(agency=agency, update_mask=FieldMask(paths=paths)), "Described the {name}.")


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}", ExitStatus.WRONG_INPUT) from None


def agency_show(*, options: Options = DEFAULT) -> None:
    """Show the agency's profile.

    Example: retainer agency show
    """
    with options.client() as client:
        agency = client.ask(GetAgencyRequest())
    if options.json:
        json_out(agency)
        return
    say(agency.display_name)
    address = agency.address
    for line in (*address.lines, f"{address.postal_code} {address.city}".strip(), address.country):
        if line:
            say(line)
    for what, value in (
        ("e-mail", agency.email),
        ("phone", agency.phone),
        ("VAT id", agency.vat_id),
        ("IBAN", agency.bank.iban),
        ("zone", agency.time_zone),
        ("region", agency.region),
    ):
        if value:
            say(f"{what}: {value}")

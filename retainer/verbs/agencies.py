"""`retainer agency …`: who sends invoices and letters."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from retainer.failures import Failure
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
        Like DE123456789.
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

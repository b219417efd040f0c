"""`retainer client …`: who buys."""

from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask

from retainer.failures import Failure
from retainer.output import json_out, say, show, table
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from retainer.words import id_of, named
from wire.retainer.contracts.v1.client_pb2 import (
    AddClientRequest,
    Client,
    Contact,
    DescribeClientRequest,
    GetClientRequest,
    ListClientsRequest,
)


def add(
    id: str,
    /,
    *,
    name: str,
    currency: str = "EUR",
    locale: str = "",
    zone: str = "",
    contact: tuple[str, ...] = (),
    street: tuple[str, ...] = (),
    postal_code: str = "",
    city: str = "",
    country: str = "",
    vat_id: str = "",
    reference: str = "",
    orders: Orders = ORDERS,
) -> None:
    """Add a client.

    Example: retainer client add acme --name 'Acme GmbH' --locale de --contact 'ida=Ida Weiß <ida@acme.example>'

    Parameters
    ----------
    id
        Like acme; no personal data, for ids outlive an erasure.
    name
        As it stands on invoices; kept sealed.
    currency
        ISO 4217.
    locale
        Of letters and documents: de or en.
    zone
        Time zone.
    contact
        Who gets letters: 'id=Name <address>'; 'id:invoices=…' or 'id:budget=…' only those. May be repeated.
    street
        Street and number; may be repeated for further lines.
    postal_code
        Postal code.
    city
        City.
    country
        Like DE.
    vat_id
        Like DE136695976; its check digits must be right.
    reference
        What the client wants to see on invoices; of a German authority its Leitweg-ID.
    """
    client = Client(display_name=name, currency_code=currency.upper(), locale=locale, time_zone=zone, vat_id=vat_id)
    client.buyer_reference = reference
    client.contacts.extend(contact_of(text) for text in contact)
    client.address.lines.extend(street)
    client.address.postal_code, client.address.city, client.address.country = postal_code, city, country.upper()
    orders.obey(AddClientRequest(client_id=id, client=client), "Added {name}.")


def describe(
    id: str,
    /,
    *,
    name: str = "",
    locale: str = "",
    zone: str = "",
    contact: tuple[str, ...] = (),
    street: tuple[str, ...] = (),
    postal_code: str = "",
    city: str = "",
    country: str = "",
    vat_id: str = "",
    reference: str = "",
    orders: Orders = ORDERS,
) -> None:
    """Change what is known of a client; what is not named stays as it is.

    Example: retainer client describe acme --city Hamburg --contact 'ida=Ida Weiß <ida@acme.example>'

    Parameters
    ----------
    id
        The client's id.
    name
        New name.
    locale
        de or en.
    zone
        New time zone.
    contact
        All contacts anew, each 'id=Name <address>'. May be repeated.
    street
        New street and number.
    postal_code
        New postal code.
    city
        New city.
    country
        New country.
    vat_id
        New VAT id.
    reference
        What the client wants to see on invoices; of a German authority its Leitweg-ID.
    """
    given: dict[str, Any] = {
        "display_name": name,
        "locale": locale,
        "time_zone": zone,
        "contacts": contact,
        "address.lines": street,
        "address.postal_code": postal_code,
        "address.city": city,
        "address.country": country,
        "vat_id": vat_id,
        "buyer_reference": reference,
    }
    paths = [path for path, value in given.items() if value]
    if not paths:
        raise Failure("what changes? Give --name, --contact, --street or another; see retainer client describe --help")
    client = Client(name=named("clients", id), display_name=name, locale=locale, time_zone=zone, vat_id=vat_id)
    client.buyer_reference = reference
    client.contacts.extend(contact_of(text) for text in contact)
    client.address.lines.extend(street)
    client.address.postal_code, client.address.city, client.address.country = postal_code, city, country.upper()
    orders.obey(DescribeClientRequest(client=client, update_mask=FieldMask(paths=paths)), "Described {name}.")


def client_show(id: str, /, *, options: Options = DEFAULT) -> None:
    """Show a client.

    Example: retainer client show acme

    Parameters
    ----------
    id
        The client's id.
    """
    with options.client() as client:
        found = client.ask(GetClientRequest(name=named("clients", id)))
    if options.json:
        json_out(found)
        return
    say(f"{id_of(found.name)}: {found.display_name} ({found.currency_code}, {found.locale or 'en'}, {found.time_zone})")
    address = found.address
    for line in (*address.lines, f"{address.postal_code} {address.city}".strip(), address.country):
        if line:
            say(f"  {line}")
    for contact in found.contacts:
        letters = ", ".join(contact.receives) or "all letters"
        say(f"  {contact.contact_id}: {contact.display_name} <{contact.email}> gets {letters}")


def list_(*, filter: str = "", order_by: str = "", options: Options = DEFAULT) -> None:
    """List clients.

    Example: retainer client list --filter 'currency = "EUR"'

    Parameters
    ----------
    filter
        Over name, currency, locale and time_zone.
    order_by
        For example: create_time desc
    """
    with options.client() as client:
        request = ListClientsRequest(filter=filter, order_by=order_by, page_size=200)
        clients = list(client.pages(request, "clients"))
    if options.json:
        json_out({"clients": clients})
        return
    rows = [
        (id_of(one.name), one.display_name, one.currency_code, one.locale, one.time_zone, str(len(one.contacts)))
        for one in clients
    ]
    show(table("", ("client", "name", "currency", "locale", "zone", "contacts"), rows, right=("contacts",)))


def contact_of(text: str) -> Contact:
    """`ida=Ida Weiß <ida@acme.example>`, `ida:invoices=…`."""
    who, equals, written = text.partition("=")
    name, _, address = written.partition("<")
    if not equals or not who.strip() or not name.strip() or (address and not address.strip().endswith(">")):
        raise Failure(f"--contact {text!r} is not of the form 'id=Name <address>'")
    contact_id, _, receives = who.strip().partition(":")
    return Contact(
        contact_id=contact_id,
        display_name=name.strip(),
        email=address.strip().removesuffix(">").strip(),
        receives=[receives] if receives else [],
    )

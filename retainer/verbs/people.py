"""`retainer person …`: who works for the agency."""

from google.protobuf.field_mask_pb2 import FieldMask

from retainer.failures import Failure
from retainer.output import json_out, show, table
from retainer.verbs.asking import DEFAULT, ORDERS, Options, Orders
from retainer.words import id_of, named
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, DescribePersonRequest, ListPeopleRequest, Person


def add(
    id: str,
    /,
    *,
    name: str,
    email: str = "",
    role: str = "",
    zone: str = "",
    orders: Orders = ORDERS,
) -> None:
    """Add a person.

    Example: retainer person add anna --name 'Anna Berg' --email anna@example.org --role senior --zone Europe/Berlin

    Parameters
    ----------
    id
        Like anna; no personal data beyond that, for ids outlive an erasure.
    name
        In full; kept sealed.
    email
        Kept sealed; time sheets are recognised by it.
    role
        In terms of rates, like senior.
    zone
        The time zone in which this person's time sheets are written.
    """
    person = Person(display_name=name, email=email, role=role, time_zone=zone)
    orders.obey(AddPersonRequest(person_id=id, person=person), "Added {name}.")


def describe(
    id: str,
    /,
    *,
    name: str | None = None,
    email: str | None = None,
    role: str | None = None,
    zone: str | None = None,
    orders: Orders = ORDERS,
) -> None:
    """Change what is known of a person.

    Example: retainer person describe anna --role lead

    Parameters
    ----------
    id
        The person's id.
    name
        In full.
    email
        New address.
    role
        New role; entries keep the one that they were logged with.
    zone
        New time zone.
    """
    given = {"display_name": name, "email": email, "role": role, "time_zone": zone}
    paths = [path for path, value in given.items() if value is not None]
    if not paths:
        raise Failure("what changes? Give --name, --email, --role or --zone")
    person = Person(
        name=named("people", id), display_name=name or "", email=email or "", role=role or "", time_zone=zone or ""
    )
    orders.obey(DescribePersonRequest(person=person, update_mask=FieldMask(paths=paths)), "Described {name}.")


def list_(*, options: Options = DEFAULT) -> None:
    """List who works for the agency.

    Example: retainer person list
    """
    with options.client() as client:
        people = list(client.pages(ListPeopleRequest(page_size=200), "people"))
    if options.json:
        json_out({"people": people})
        return
    rows = [(id_of(one.name), one.display_name, one.email, one.role, one.time_zone) for one in people]
    show(table("", ("person", "name", "e-mail", "role", "zone"), rows))

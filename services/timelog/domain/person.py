"""Who works for the agency.

Refused
├── PersonExists       the id is taken
├── PersonUnknown      nobody has this id
├── PersonIsErased     he was erased
├── NameMissing        a person has a name
├── TimeZoneUnknown    not a name of the IANA database
└── AddressMalformed   an e-mail address without a recipient or a host
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.timelog.events import PersonAdded, PersonDescribed, PersonErased
from vocabulary.calendar import zone
from vocabulary.identity import PersonId
from vocabulary.personal import Personal, is_email_address, of_person
from vocabulary.refusal import Kind, Refused


class PersonExists(Refused, kind=Kind.EXISTS):
    """The id belongs to somebody already."""


class PersonUnknown(Refused, kind=Kind.NOT_FOUND):
    """Nobody of the agency has this id."""


class PersonIsErased(Refused, kind=Kind.CONFLICT):
    """The person was erased: nothing new is written down of him."""


class NameMissing(Refused, kind=Kind.INVALID):
    """A person has a name."""


class TimeZoneUnknown(Refused, kind=Kind.INVALID):
    """Not a time zone of the IANA database."""


class AddressMalformed(Refused, kind=Kind.INVALID):
    """Not an e-mail address."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a command says of a person; None leaves a field as it is."""

    name: str | None = None
    email: str | None = None
    role: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class AddPerson:
    person_id: PersonId
    description: Description


@dataclass(frozen=True, slots=True)
class DescribePerson:
    person_id: PersonId
    description: Description


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """The key is destroyed by who carries it out."""

    person_id: PersonId


PersonCommand = AddPerson | DescribePerson | ErasePerson
PersonEvent = PersonAdded | PersonDescribed | PersonErased


@dataclass(frozen=True, slots=True)
class Person:
    """A person as it was described last; name and e-mail address are sealed."""

    person_id: PersonId
    name: Personal
    email: Personal | None
    role: str
    time_zone: str
    erased: bool = False


def decide(command: PersonCommand, person: Person | None) -> Sequence[PersonEvent]:
    match command:
        case AddPerson(person_id, description):
            return add(person_id, description, person)
        case DescribePerson(person_id, description):
            return describe(person_id, description, person)
        case ErasePerson(person_id):
            must_be_known(person, person_id, "name")
            return [PersonErased(person_id=person_id)]
        case _:
            assert_never(command)


def add(person_id: PersonId, description: Description, person: Person | None) -> Sequence[PersonAdded]:
    if person is not None:
        raise PersonExists(f"there is a person {person_id} already", field="person_id")
    _check(description, named=bool(description.name))
    return [
        PersonAdded(
            person_id=person_id,
            name=of_person(person_id, description.name or ""),
            email=of_person(person_id, description.email) if description.email else None,
            role=description.role or "",
            time_zone=description.time_zone or "UTC",
        )
    ]


def describe(person_id: PersonId, description: Description, person: Person | None) -> Sequence[PersonDescribed]:
    """The whole of the person afterwards; nothing where nothing was said."""
    person = must_be_here(person, person_id)
    if description == Description():
        return ()
    _check(description, named=description.name != "")
    email = person.email
    if description.email is not None:
        email = of_person(person_id, description.email) if description.email else None
    return [
        PersonDescribed(
            person_id=person_id,
            name=person.name if description.name is None else of_person(person_id, description.name),
            email=email,
            role=person.role if description.role is None else description.role,
            time_zone=person.time_zone if description.time_zone is None else description.time_zone or "UTC",
        )
    ]


def evolve(person: Person | None, event: PersonEvent) -> Person:
    match event:
        case PersonAdded() | PersonDescribed():
            return Person(event.person_id, event.name, event.email, event.role, event.time_zone)
        case PersonErased():
            assert person is not None, "nobody is erased who was not added"
            return replace(person, email=None, erased=True)
        case _:
            assert_never(event)


def check_time_zone(name: str, field: str) -> None:
    """`TimeZoneUnknown` where the IANA database has no such name."""
    try:
        zone(name)
    except (ValueError, Refused):
        raise TimeZoneUnknown(f"{name!r} is no time zone: write an IANA name like Europe/Berlin", field=field) from None


def must_be_known(person: Person | None, person_id: str, field: str = "person") -> Person:
    if person is None:
        raise PersonUnknown(f"there is no person {person_id}", field=field)
    return person


def must_be_here(person: Person | None, person_id: str, field: str = "person") -> Person:
    person = must_be_known(person, person_id, field)
    if person.erased:
        raise PersonIsErased(f"{person_id} was erased: nothing new is written down of him", field=field)
    return person


def _check(description: Description, *, named: bool) -> None:
    if not named:
        raise NameMissing("a person has a name", field="person.display_name")
    if description.time_zone:
        check_time_zone(description.time_zone, "person.time_zone")
    if description.email and not is_email_address(description.email):
        raise AddressMalformed(
            "person.email is no e-mail address: write one like anna@example.org", field="person.email"
        )

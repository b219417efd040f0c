"""People: added once, described as a whole."""

from chassis.testing import given
from services.timelog.deciders import PERSON
from services.timelog.domain.person import (
    AddPerson,
    AddressMalformed,
    DescribePerson,
    Description,
    ErasePerson,
    NameMissing,
    PersonExists,
    PersonIsErased,
    PersonUnknown,
    TimeZoneUnknown,
)
from services.timelog.events import PersonAdded, PersonDescribed, PersonErased
from tests.timelog.samples import ANNA
from vocabulary.personal import of_person

ADDED = PersonAdded(
    person_id=ANNA,
    name=of_person(ANNA, "Anna Köhler"),
    email=of_person(ANNA, "anna@example.com"),
    role="senior",
    time_zone="Europe/Berlin",
)
WHOLE = Description("Anna Köhler", "anna@example.com", "senior", "Europe/Berlin")


def test_a_person_is_added_once() -> None:
    given(PERSON).when(AddPerson(ANNA, WHOLE)).then(ADDED).when(AddPerson(ANNA, WHOLE)).refused(
        PersonExists, field="person_id"
    )


def test_a_person_has_a_name_and_a_zone_that_exists() -> None:
    given(PERSON).when(AddPerson(ANNA, Description(role="senior"))).refused(NameMissing, field="person.display_name")
    for zone in ("Mars/Olympus", "../etc/passwd", "Europe"):
        given(PERSON).when(AddPerson(ANNA, Description("Anna", time_zone=zone))).refused(
            TimeZoneUnknown, field="person.time_zone"
        )


def test_a_person_can_be_written_to() -> None:
    for email in ("anna", "anna@", "@example.org", "anna@example", "anna berg@example.org", "Anna <a@example.org>"):
        asked = Description("Anna", email=email)
        given(PERSON).when(AddPerson(ANNA, asked)).refused(AddressMalformed, field="person.email")
        given(PERSON, ADDED).when(DescribePerson(ANNA, Description(email=email))).refused(AddressMalformed)


def test_what_is_not_said_has_a_default() -> None:
    given(PERSON).when(AddPerson(ANNA, Description("Anna"))).then(
        PersonAdded(person_id=ANNA, name=of_person(ANNA, "Anna"))
    )


def test_a_description_tells_the_whole_person_and_leaves_what_it_does_not_name() -> None:
    given(PERSON, ADDED).when(DescribePerson(ANNA, Description(email="", role="lead"))).then(
        PersonDescribed(person_id=ANNA, name=of_person(ANNA, "Anna Köhler"), role="lead", time_zone="Europe/Berlin")
    )


def test_a_person_keeps_his_name() -> None:
    given(PERSON, ADDED).when(DescribePerson(ANNA, Description(name=""))).refused(NameMissing)


def test_nobody_cannot_be_described() -> None:
    given(PERSON).when(DescribePerson(ANNA, Description(role="lead"))).refused(PersonUnknown, field="person")


def test_saying_nothing_is_no_fact() -> None:
    given(PERSON, ADDED).when(DescribePerson(ANNA, Description())).then()


def test_who_was_erased_is_described_no_more_and_may_be_erased_again() -> None:
    given(PERSON, ADDED).when(ErasePerson(ANNA)).then(PersonErased(person_id=ANNA)).when(
        DescribePerson(ANNA, Description(role="lead"))
    ).refused(PersonIsErased, field="person")
    given(PERSON, ADDED, PersonErased(person_id=ANNA)).when(ErasePerson(ANNA)).then(PersonErased(person_id=ANNA))
    given(PERSON, ADDED, PersonErased(person_id=ANNA)).when(AddPerson(ANNA, WHOLE)).refused(PersonExists)

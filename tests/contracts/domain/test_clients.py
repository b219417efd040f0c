"""Clients and the agency: what can be written down of them."""

from typing import Any

import msgspec
import pytest

from chassis.testing import given
from services.contracts.deciders import AGENCY, CLIENT
from services.contracts.domain.client import (
    AddClient,
    ClientExists,
    ClientUnknown,
    ContactTwice,
    DescribeClient,
    LettersUnknown,
)
from services.contracts.domain.profile import AddressMalformed, LocaleUnknown, NameMissing
from services.contracts.events import (
    AgencyDescribed,
    ClientAdded,
    ClientDescribed,
    ClientProfile,
    Contact,
    PostalAddress,
)
from vocabulary.agreement import CurrencyUnknown, TimeZoneUnknown
from vocabulary.identity import AgencyId, ClientId, IdMalformed
from vocabulary.personal import of_agency, of_client
from vocabulary.refusal import Refused

ACME = ClientId("acme")


def contact(contact_id: str = "anna", name: str = "Anna", email: str = "anna@acme.example", **rest: Any) -> Contact:
    return Contact(contact_id, of_client(ACME, name), of_client(ACME, email), **rest)


def profile(**changes: Any) -> ClientProfile:
    plain = ClientProfile(of_client(ACME, "Acme GmbH"), "EUR", locale="de-AT", contacts=(contact(),))
    return msgspec.structs.replace(plain, **changes)


def test_a_client_is_added_and_described() -> None:
    added = ClientAdded(client_id=ACME, profile=profile())
    moved = profile(address=PostalAddress(city="Wien", country="AT"))
    given(CLIENT).when(AddClient(ACME, profile())).then(added).when(DescribeClient(ACME, moved)).then(
        ClientDescribed(client_id=ACME, profile=moved)
    ).when(DescribeClient(ACME, moved)).then()


def test_an_id_names_one_client() -> None:
    added = ClientAdded(client_id=ACME, profile=profile())
    given(CLIENT, added).when(AddClient(ACME, profile())).refused(ClientExists, field="client_id")
    given(CLIENT).when(DescribeClient(ACME, profile())).refused(ClientUnknown, field="name")


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        (profile(name=of_client(ACME, " ")), NameMissing, "display_name"),
        (profile(currency="XXQ"), CurrencyUnknown, "currency_code"),
        (profile(locale="fr"), LocaleUnknown, "locale"),
        (profile(time_zone="Mars/Base"), TimeZoneUnknown, "time_zone"),
        (profile(contacts=(contact(), contact())), ContactTwice, "contacts[1].contact_id"),
        (profile(contacts=(contact(""),)), IdMalformed, "contacts[0].contact_id"),
        (profile(contacts=(contact(name=""),)), NameMissing, "contacts[0].display_name"),
        (profile(contacts=(contact(email="anna"),)), AddressMalformed, "contacts[0].email"),
        (profile(contacts=(contact(email="a@b.c\nBcc: all@x.y"),)), AddressMalformed, "contacts[0].email"),
        (profile(contacts=(contact(receives=("news",)),)), LettersUnknown, "contacts[0].receives"),
    ],
)
def test_what_makes_no_client_is_refused_with_its_field(
    wrong: ClientProfile, reason: type[Refused], field: str
) -> None:
    given(CLIENT).when(AddClient(ACME, wrong)).refused(reason, field=field)


def agency(**changes: Any) -> AgencyDescribed:
    plain = AgencyDescribed(
        agency_id=AgencyId("studio"), name=of_agency("studio", "Studio"), address=PostalAddress(city="Berlin")
    )
    return msgspec.structs.replace(plain, **changes)


def test_the_agency_is_described() -> None:
    given(AGENCY).when(agency()).then(agency()).when(agency()).then().when(agency(locale="de")).then(
        agency(locale="de")
    )


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        (agency(name=of_agency("studio", "")), NameMissing, "display_name"),
        (agency(locale="xx"), LocaleUnknown, "locale"),
        (agency(time_zone="x"), TimeZoneUnknown, "time_zone"),
        (agency(email=of_agency("studio", "@")), AddressMalformed, "email"),
    ],
)
def test_what_makes_no_profile_is_refused(wrong: AgencyDescribed, reason: type[Refused], field: str) -> None:
    given(AGENCY).when(wrong).refused(reason, field=field)

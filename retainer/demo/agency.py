"""Studio Nordlicht: two people in two time zones, three clients on three kinds of retainers (R14)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from google.protobuf.message import Message

from messages.terms import agreement_message
from vocabulary.duration import Minutes
from vocabulary.money import Minor
from vocabulary.terms import (
    Agreement,
    Cycle,
    Fee,
    Hours,
    Overage,
    Rates,
    Rollover,
    Rounding,
    RoundingMode,
    Tax,
    TaxCategory,
    Terms,
)
from wire.retainer.contracts.v1.address_pb2 import PostalAddress
from wire.retainer.contracts.v1.agency_pb2 import Agency, BankDetails, DescribeAgencyRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest, Client, Contact
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest
from wire.retainer.timelog.v1.import_pb2 import ContractMapping, ImportOptions, PersonMapping
from wire.retainer.timelog.v1.person_pb2 import AddPersonRequest, Person

AGENCY: Final = "nordlicht"
STARTS_ON: Final = date(2026, 1, 1)
GERMAN_TAX: Final = Tax(TaxCategory.STANDARD, 190_000)

CARE: Final = "care-2026"
SHOP: Final = "shop-2026"
NEWS: Final = "news-2026"

WEBSITE_CARE: Final = Terms(
    cycle=Cycle.MONTH,
    fee=Fee(Minor(360_000)),
    allowance=Hours(Minutes(40 * 60)),
    rate=Minor(9_500),
    rollover=Rollover(cap=10 * 60, expires_after=2),
    overage=Overage(rate=Minor(11_000)),
    rounding=Rounding(minutes=6),
    tax=GERMAN_TAX,
)
"""Hours with rollover: 40 hours a month for 3,600 EUR, at most ten of them pass on, what is over costs 110 EUR."""

BRAND_AND_SHOP: Final = Terms(
    cycle=Cycle.MONTH,
    rate=Minor(12_000),
    rates=Rates(people={"tom": Minor(13_500)}),
    minimum=Minor(250_000),
    rounding=Rounding(minutes=15, mode=RoundingMode.NEAREST, per="day"),
    net_days=30,
)
"""By the hour: 120 USD, Tom 135, at least 2,500 a month; the day's sum in quarters of an hour."""

NEWSLETTER: Final = Terms(cycle=Cycle.MONTH, bank=True, rate=Minor(10_500), tax=GERMAN_TAX)
"""Blocks of hours that are bought ahead; what no block covers costs 105 EUR."""


def introductions() -> Iterator[Message]:
    """Everybody, before anything happens."""
    yield DescribeAgencyRequest(
        agency=Agency(
            display_name="Studio Nordlicht",
            address=PostalAddress(lines=["Lindenstraße 14"], postal_code="10969", city="Berlin", country="DE"),
            email="hello@studio-nordlicht.example",
            phone="+49 30 5550114",
            vat_id="DE136695976",
            bank=BankDetails(holder="Studio Nordlicht", iban="DE02120300000000202051", bic="BYLADEM1001"),
            locale="de",
            time_zone="Europe/Berlin",
            region="DE-BE",
        )
    )
    yield AddPersonRequest(
        person_id="anna",
        person=Person(
            display_name="Anna Berg",
            email="anna@studio-nordlicht.example",
            role="senior",
            time_zone="Europe/Berlin",
        ),
    )
    yield AddPersonRequest(
        person_id="tom",
        person=Person(
            display_name="Tom Reed",
            email="tom@studio-nordlicht.example",
            role="developer",
            time_zone="America/New_York",
        ),
    )
    yield from _clients()
    yield from _contracts()


def _clients() -> Iterator[Message]:
    yield AddClientRequest(
        client_id="gruenhoefer",
        client=Client(
            display_name="Brauerei Grünhöfer & Söhne",
            currency_code="EUR",
            locale="de",
            time_zone="Europe/Berlin",
            address=PostalAddress(lines=["Kellerberg 3"], postal_code="96049", city="Bamberg", country="DE"),
            contacts=[
                Contact(contact_id="lena", display_name="Lena Grünhöfer", email="lena@gruenhoefer.example"),
                Contact(
                    contact_id="office",
                    display_name="Buchhaltung Grünhöfer",
                    email="rechnung@gruenhoefer.example",
                    receives=["invoices"],
                ),
            ],
            vat_id="DE129273398",
        ),
    )
    yield AddClientRequest(
        client_id="harbor-lane",
        client=Client(
            display_name="Harbor Lane Coffee",
            currency_code="USD",
            locale="en",
            time_zone="America/New_York",
            address=PostalAddress(lines=["88 Harbor Lane"], postal_code="11231", city="Brooklyn, NY", country="US"),
            contacts=[Contact(contact_id="joe", display_name="Joe Marsh", email="joe@harborlane.example")],
        ),
    )
    yield AddClientRequest(
        client_id="seeblick",
        client=Client(
            display_name="Tierklinik Seeblick",
            currency_code="EUR",
            locale="de",
            time_zone="Europe/Berlin",
            address=PostalAddress(lines=["Uferweg 21"], postal_code="78464", city="Konstanz", country="DE"),
            contacts=[Contact(contact_id="fels", display_name="Dr. Ute Fels", email="praxis@seeblick.example")],
        ),
    )


def _contracts() -> Iterator[Message]:
    for contract, client, title, terms, currency, zone, region in (
        (CARE, "gruenhoefer", "Website care", WEBSITE_CARE, "EUR", "Europe/Berlin", "DE-BY"),
        (SHOP, "harbor-lane", "Brand and shop", BRAND_AND_SHOP, "USD", "America/New_York", "US-NY"),
        (NEWS, "seeblick", "Newsletter", NEWSLETTER, "EUR", "Europe/Berlin", "DE-BW"),
    ):
        agreement = Agreement(
            currency=currency, time_zone=zone, starts_on=STARTS_ON.isoformat(), terms=terms, region=region
        )
        yield DraftContractRequest(
            contract_id=contract,
            client=f"clients/{client}",
            title=title,
            agreement=agreement_message(agreement),
            activate=True,
        )


def import_options() -> ImportOptions:
    """What the columns Client, Project and User of the time sheet mean. Its zones are those of the people."""
    return ImportOptions(
        contracts=[
            ContractMapping(client="Brauerei Grünhöfer & Söhne", contract=f"contracts/{CARE}"),
            ContractMapping(client="Harbor Lane Coffee", project="Brand and shop", contract=f"contracts/{SHOP}"),
            ContractMapping(client="Tierklinik Seeblick", contract=f"contracts/{NEWS}"),
        ],
        people=[
            PersonMapping(user="Anna Berg", person="people/anna", time_zone="Europe/Berlin"),
            PersonMapping(user="Tom Reed", person="people/tom", time_zone="America/New_York"),
        ],
    )

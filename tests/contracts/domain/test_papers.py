"""What stands on documents is checked when it is saved."""

import base64

import msgspec
import pytest

from services.contracts.domain.agency import decide
from services.contracts.domain.papers import (
    BicWrong,
    ColourMalformed,
    IbanWrong,
    LogoUnsuitable,
    TaxNumberMissing,
    VatIdWrong,
)
from services.contracts.events import AgencyDescribed, BankDetails, PostalAddress
from vocabulary.identity import AgencyId
from vocabulary.personal import of_agency
from vocabulary.refusal import Refused

NORD = AgencyDescribed(
    agency_id=AgencyId("nord"),
    name=of_agency("nord", "Studio Nord"),
    address=PostalAddress(country="DE"),
    vat_id="DE136695976",
    bank=BankDetails(iban=of_agency("nord", "DE02 1203 0000 0000 2020 51"), bic="BYLADEM1001"),
    colour="#1a6b54",
    logo=base64.b64encode(b"<svg/>").decode(),
)


def test_what_is_right_is_saved():
    assert decide(NORD, None) == (NORD,)
    assert decide(msgspec.structs.replace(NORD, vat_id="", tax_number="27/123/45678"), None)
    assert decide(msgspec.structs.replace(NORD, vat_id="", address=PostalAddress(country="US")), None)
    assert decide(msgspec.structs.replace(NORD, vat_id="GB980780684", address=PostalAddress(country="GB")), None)


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"vat_id": "DE136695977"}, VatIdWrong, "vat_id"),  # the last digit is a check digit
        ({"vat_id": "DE1366959"}, VatIdWrong, "vat_id"),
        ({"vat_id": "FR12345"}, VatIdWrong, "vat_id"),
        ({"vat_id": ""}, TaxNumberMissing, "tax_number"),
        ({"bank": BankDetails(iban=of_agency("nord", "DE03120300000000202051"))}, IbanWrong, "bank.iban"),
        ({"bank": BankDetails(bic="X")}, BicWrong, "bank.bic"),
        ({"colour": "green"}, ColourMalformed, "colour"),
        ({"logo": base64.b64encode(b"GIF89a").decode()}, LogoUnsuitable, "logo"),
        ({"logo": base64.b64encode(b"<svg" + b" " * 300_000).decode()}, LogoUnsuitable, "logo"),
    ],
)
def test_what_is_wrong_is_refused_by_name(wrong: dict[str, object], refusal: type[Refused], field: str):
    with pytest.raises(refusal) as caught:
        decide(msgspec.structs.replace(NORD, **wrong), None)
    assert caught.value.field == field

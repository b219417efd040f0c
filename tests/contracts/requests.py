"""Requests as the tests of the doors send them."""

from datetime import date
from typing import Any

from google.protobuf.duration_pb2 import Duration

from messages.amounts import money_of
from messages.dates import date_message
from messages.terms import agreement_message
from tests.contracts.domain.stories import agreed
from vocabulary.terms import Agreement
from wire.retainer.contracts.v1 import client_pb2, contract_pb2, terms_pb2
from wire.retainer.contracts.v1.contract_pb2 import (
    ChangeTermsRequest,
    DraftContractRequest,
    EndContractRequest,
    GiveNoticeRequest,
    PauseContractRequest,
)

WEB = "contracts/web-2026"


def client(**parts: Any) -> client_pb2.Client:
    whole: dict[str, Any] = {
        "display_name": "Acme GmbH",
        "currency_code": "EUR",
        "locale": "de",
        "time_zone": "Europe/Berlin",
        "vat_id": "DE136695976",
        "contacts": [
            client_pb2.Contact(
                contact_id="anna", display_name="Anna Köhler", email="anna@acme.example", receives=["invoices"]
            )
        ],
        "external_ids": {"hubspot": "42"},
    }
    message = client_pb2.Client(**(whole | parts))
    message.address.lines.extend(["Seestraße 1", "3. Stock"])
    message.address.city = "Berlin"
    return message


def add_client(client_id: str = "acme", **parts: Any) -> client_pb2.AddClientRequest:
    return client_pb2.AddClientRequest(client_id=client_id, client=client(**parts))


def draft(
    agreement: Agreement | None = None, *, contract_id: str = "web-2026", client: str = "clients/acme", **rest: Any
) -> DraftContractRequest:
    """It binds at once, where nothing else is said."""
    said: dict[str, Any] = {"title": "Website", "activate": True} | rest
    message = agreement_message(agreement or agreed())
    return DraftContractRequest(contract_id=contract_id, client=client, agreement=message, **said)


def change(on: date, terms: terms_pb2.Terms | None = None, **rest: Any) -> ChangeTermsRequest:
    dearer = terms_pb2.Terms(fee=terms_pb2.Fee(amount=money_of(350000, "EUR")))
    return ChangeTermsRequest(contract=WEB, terms=terms or dearer, effective_on=date_message(on), **rest)


def pause(from_on: date, to_on: date, **rest: Any) -> PauseContractRequest:
    return PauseContractRequest(contract=WEB, **{"from": date_message(from_on)}, to=date_message(to_on), **rest)


def end(on: date, **rest: Any) -> EndContractRequest:
    return EndContractRequest(contract=WEB, ends_on=date_message(on), **rest)


def notice(on: date | None = None, **rest: Any) -> GiveNoticeRequest:
    return GiveNoticeRequest(contract=WEB, by=contract_pb2.SIDE_CLIENT, received_on=date_message(on), **rest)


def hours(minutes: int) -> Duration:
    return Duration(seconds=minutes * 60)

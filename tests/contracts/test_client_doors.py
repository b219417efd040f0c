"""AgencyService and ClientService from end to end: real gRPC, store, views, keys."""

from pathlib import Path

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from chassis.auth import Role
from tests.contracts.office import AGENCY, Office
from tests.contracts.requests import add_client, client
from wire.retainer.contracts.v1.agency_pb2 import Agency, BankDetails, DescribeAgencyRequest, GetAgencyRequest
from wire.retainer.contracts.v1.client_pb2 import (
    AddClientRequest,
    Client,
    Contact,
    DescribeClientRequest,
    GetClientRequest,
    ListClientsRequest,
)

ACME = GetClientRequest(name="clients/acme")


async def test_a_client_is_added_and_read_at_once(office: Office) -> None:
    receipt = (await office.ask(add_client())).receipt
    assert (receipt.name, receipt.etag) == ("clients/acme", "1")
    shown = await office.ask(GetClientRequest(name="clients/acme", consistency_token=receipt.consistency_token))
    assert (shown.display_name, shown.etag, shown.locale) == ("Acme GmbH", "1", "de")
    assert list(shown.address.lines) == ["Seestraße 1", "3. Stock"]
    assert (shown.contacts[0].email, list(shown.contacts[0].receives)) == ("anna@acme.example", ["invoices"])
    assert dict(shown.external_ids) == {"hubspot": "42"}
    assert shown.create_time.seconds > 0


async def test_the_same_request_gives_the_same_receipt(office: Office) -> None:
    request = AddClientRequest(client=client(), request_id="r1")
    first, second = await office.ask(request), await office.ask(request)
    assert first.receipt.name == second.receipt.name  # the id was made once
    assert second.receipt.repeated_request
    request.client.vat_id = "DE129273398"
    assert (await office.refused(request)).code == "ALREADY_EXISTS"


async def test_a_field_mask_changes_what_it_names(office: Office) -> None:
    await office.ask(add_client())
    described = Client(name="clients/acme", contacts=[Contact(contact_id="ben", display_name="Ben")])
    described.address.city = "Hamburg"
    mask = FieldMask(paths=["contacts", "address.city", "vat_id"])
    receipt = (await office.ask(DescribeClientRequest(client=described, update_mask=mask, etag="1"))).receipt
    shown = await office.ask(GetClientRequest(name="clients/acme", consistency_token=receipt.consistency_token))
    assert (shown.display_name, shown.vat_id, shown.address.city) == ("Acme GmbH", "", "Hamburg")
    assert [contact.display_name for contact in shown.contacts] == ["Ben"]
    assert list(shown.address.lines) == ["Seestraße 1", "3. Stock"]


async def test_a_description_that_changes_nothing_records_nothing(office: Office) -> None:
    await office.ask(add_client())
    same = client()
    same.name = "clients/acme"
    assert (await office.ask(DescribeClientRequest(client=same))).receipt.etag == "1"


async def test_what_was_read_before_somebody_else_wrote_is_stale(office: Office) -> None:
    await office.ask(add_client())
    described = Client(name="clients/acme", vat_id="DE129273398")
    mask = FieldMask(paths=["vat_id"])
    await office.ask(DescribeClientRequest(client=described, update_mask=mask, etag="1"))
    refusal = await office.refused(DescribeClientRequest(client=described, update_mask=mask, etag="1"))
    assert (refusal.code, refusal.reason, refusal.field) == ("ABORTED", "EtagStale", "etag")


async def test_a_try_out_records_nothing(office: Office) -> None:
    request = add_client()
    request.validate_only = True
    assert (await office.ask(request)).receipt.consistency_token == ""
    assert (await office.refused(ACME)).code == "NOT_FOUND"
    request.client.currency_code = "XXQ"
    assert (await office.refused(request)).reason == "CurrencyUnknown"


async def test_bad_input_is_told_by_name_and_field(office: Office) -> None:
    await office.ask(add_client())
    cases = {
        ("ALREADY_EXISTS", "ClientExists", "client_id"): add_client(),
        ("INVALID_ARGUMENT", "IdMalformed", "client_id"): add_client("a/b"),
        ("INVALID_ARGUMENT", "NameMissing", "display_name"): add_client("x", display_name=""),
        ("INVALID_ARGUMENT", "TimeZoneUnknown", "time_zone"): add_client("x", time_zone="Mars"),
        ("INVALID_ARGUMENT", "LocaleUnknown", "locale"): add_client("x", locale="fr"),
        ("INVALID_ARGUMENT", "MaskInvalid", "update_mask"): DescribeClientRequest(
            client=Client(name="clients/acme"), update_mask=FieldMask(paths=["etag"])
        ),
        ("NOT_FOUND", "ClientUnknown", "client.name"): DescribeClientRequest(client=Client(name="clients/nobody")),
        ("INVALID_ARGUMENT", "NameMalformed", "client.name"): DescribeClientRequest(client=Client(name="acme")),
        ("INVALID_ARGUMENT", "EtagMalformed", "etag"): DescribeClientRequest(
            client=Client(name="clients/acme"), etag="W/1"
        ),
        ("NOT_FOUND", "ClientUnknown", "name"): GetClientRequest(name="clients/nobody"),
        ("INVALID_ARGUMENT", "FilterInvalid", "filter"): ListClientsRequest(filter="fee > 3"),
        ("INVALID_ARGUMENT", "OrderInvalid", "order_by"): ListClientsRequest(order_by="fee"),
        ("INVALID_ARGUMENT", "PageTokenInvalid", "page_token"): ListClientsRequest(page_token="x"),
    }
    for expected, request in cases.items():
        refusal = await office.refused(request)
        assert (refusal.code, refusal.reason, refusal.field) == expected


async def test_pages_follow_each_other_in_any_order(office: Office) -> None:
    for hour, name in enumerate(("delta", "alpha", "charlie", "bravo"), start=10):
        request = add_client(name, locale="en" if name == "bravo" else "de")
        token = (await office.ask(request, now=f"2026-01-01T{hour}:00:00Z")).receipt.consistency_token

    async def names(**query: str) -> list[str]:
        found, page = [], ListClientsRequest(page_size=2, consistency_token=token, **query)
        while True:
            reply = await office.ask(page)
            found.append(" ".join(shown.name.removeprefix("clients/") for shown in reply.clients))
            if not reply.next_page_token:
                return found
            page.page_token = reply.next_page_token

    assert await names() == ["alpha bravo", "charlie delta"]
    assert await names(order_by="create_time desc") == ["bravo charlie", "alpha delta"]
    assert await names(filter="locale = de") == ["alpha charlie", "delta"]
    assert await names(filter='name = "clients/bravo"') == ["bravo"]


async def test_a_guest_sees_his_own_client_alone(office: Office) -> None:
    await office.ask(add_client())
    token = (await office.ask(add_client("umbrella"))).receipt.consistency_token
    listed = await office.ask(ListClientsRequest(consistency_token=token), role=Role.GUEST)
    assert [shown.name for shown in listed.clients] == ["clients/acme"]
    assert (await office.ask(ACME, role=Role.GUEST)).name == "clients/acme"
    assert (await office.refused(GetClientRequest(name="clients/umbrella"), role=Role.GUEST)).code == "NOT_FOUND"
    assert (await office.refused(add_client("x"), role=Role.MEMBER)).code == "PERMISSION_DENIED"


async def test_agencies_never_see_each_other(office: Office) -> None:
    token = (await office.ask(add_client())).receipt.consistency_token
    assert (await office.refused(ACME, agency="rival")).code == "NOT_FOUND"
    listed = await office.ask(ListClientsRequest(consistency_token=token), agency="rival")
    assert not listed.clients
    assert (await office.ask(add_client(), agency="rival")).receipt.etag == "1"


async def test_the_agency_describes_itself(office: Office) -> None:
    assert (await office.refused(GetAgencyRequest())).code == "NOT_FOUND"
    profile = Agency(
        display_name="Studio", email="hello@studio.example", locale="de", time_zone="Europe/Berlin", region="DE-BE"
    )
    profile.bank.CopyFrom(BankDetails(holder="Studio", iban="DE02120300000000202051", bic="BYLADEM1001"))
    await office.ask(DescribeAgencyRequest(agency=profile))
    mask = FieldMask(paths=["phone", "bank.bic"])
    changed = Agency(phone="030 1", bank=BankDetails(bic="COBADEFFXXX"))
    receipt = (await office.ask(DescribeAgencyRequest(agency=changed, update_mask=mask, etag="1"))).receipt
    assert (receipt.name, receipt.etag) == ("agency", "2")
    shown = await office.ask(GetAgencyRequest(consistency_token=receipt.consistency_token), role=Role.MEMBER)
    assert (shown.display_name, shown.phone, shown.bank.bic) == ("Studio", "030 1", "COBADEFFXXX")
    assert (shown.bank.iban, shown.region, shown.etag) == ("DE02120300000000202051", "DE-BE", "2")
    refusal = await office.refused(DescribeAgencyRequest(agency=Agency(display_name="S", locale="fr")))
    assert (refusal.code, refusal.reason) == ("INVALID_ARGUMENT", "LocaleUnknown")


@pytest.mark.parametrize("secret", ["Acme GmbH", "Köhler", "anna@acme.example", "Seestraße"])
async def test_nothing_personal_is_stored_in_clear(office: Office, tmp_path: Path, secret: str) -> None:
    await office.ask(add_client())
    held = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"client/acme" in held
    assert secret.encode() not in held


async def test_after_an_erasure_the_books_stay_and_the_names_are_gone(office: Office) -> None:
    token = (await office.ask(add_client())).receipt.consistency_token
    owned = office.running.parts.keyring.owned
    assert owned is not None
    owned.erase(AGENCY, "client/acme", "2026-03-01")
    shown = await office.ask(GetClientRequest(name="clients/acme", consistency_token=token))
    assert (shown.display_name, shown.contacts[0].email, shown.currency_code) == ("", "", "EUR")

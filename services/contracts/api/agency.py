"""AgencyService: who the agency is."""

import base64

from chassis.auth import MANAGERS, MEMBERS, Rule, Rules
from chassis.grpc_server import Call, Door, NotFound
from chassis.store import Ledger
from messages.dates import instant_message
from messages.etags import etag_of
from messages.masks import checked, overlaid
from services.contracts import streams
from services.contracts.api.desk import Desk
from services.contracts.api.people import Opened, Seals, address_message, bank_message, opened, text_of
from services.contracts.deciders import AGENCY
from services.contracts.events import AgencyDescribed
from services.contracts.views import agency as view
from vocabulary.identity import AgencyId
from vocabulary.personal import Personal
from wire.retainer.contracts.v1 import agency_pb2 as messages
from wire.retainer.contracts.v1 import agency_pb2_grpc

SERVICE = "retainer.contracts.v1.AgencyService"
RULES: Rules = {
    f"/{SERVICE}/DescribeAgency": Rule(MANAGERS, "It stands on every invoice"),
    f"/{SERVICE}/GetAgency": Rule(MEMBERS),
}
FIELDS = (
    "display_name",
    "address",
    "email",
    "phone",
    "vat_id",
    "tax_number",
    "bank",
    "locale",
    "time_zone",
    "region",
    "registration",
    "contact_name",
    "logo",
    "colour",
)


class Agency(agency_pb2_grpc.AgencyServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def DescribeAgency(
        self, request: messages.DescribeAgencyRequest, call: Call
    ) -> messages.DescribeAgencyResponse:
        checked(request.update_mask, request.agency, FIELDS)
        stream = streams.agency(call.agency)

        async def prepare(ledger: Ledger) -> AgencyDescribed:
            before = await ledger.state(AGENCY, stream)
            texts = await self._opened(call.agency, before)
            shown = messages.Agency() if before is None else shape(before, texts)
            after = overlaid(shown, request.agency, request.update_mask, FIELDS)
            return described(AgencyId(call.agency), after, Seals(f"agency/{call.agency}", texts))

        receipt = await self._desk.obey(call, request, AGENCY, stream, prepare, etag=request.etag)
        return messages.DescribeAgencyResponse(receipt=receipt)

    async def GetAgency(self, request: messages.GetAgencyRequest, call: Call) -> messages.Agency:
        row = await view.profile(self._desk.parts.views, call.agency)
        if row is None:
            raise NotFound("the agency has not been described yet (DescribeAgency)")
        message = shape(row.profile, await self._opened(call.agency, row.profile))
        message.etag = etag_of(row.version)
        message.update_time.CopyFrom(instant_message(row.updated_at))
        return message

    async def _opened(self, agency: str, profile: AgencyDescribed | None) -> Opened:
        return await opened(self._desk.parts.keyring, agency, personal_in(profile))


def personal_in(profile: AgencyDescribed | None) -> list[Personal | None]:
    if profile is None:
        return []
    bank = profile.bank
    return [
        profile.name,
        profile.address.lines,
        profile.email,
        profile.phone,
        bank.holder,
        bank.iban,
        profile.contact_name,
    ]


def described(agency_id: AgencyId, message: messages.Agency, seals: Seals) -> AgencyDescribed:
    return AgencyDescribed(
        agency_id=agency_id,
        name=seals.of(message.display_name),
        address=seals.address(message.address),
        email=seals.optional(message.email),
        phone=seals.optional(message.phone),
        vat_id=message.vat_id,
        tax_number=message.tax_number,
        bank=seals.bank(message.bank),
        locale=message.locale or "en",
        time_zone=message.time_zone or "UTC",
        region=message.region,
        registration=message.registration,
        contact_name=seals.optional(message.contact_name),
        logo=base64.b64encode(message.logo).decode(),
        colour=message.colour,
    )


def shape(profile: AgencyDescribed, texts: Opened) -> messages.Agency:
    return messages.Agency(
        name="agency",
        display_name=text_of(profile.name, texts),
        address=address_message(profile.address, texts),
        email=text_of(profile.email, texts),
        phone=text_of(profile.phone, texts),
        vat_id=profile.vat_id,
        tax_number=profile.tax_number,
        bank=bank_message(profile.bank, texts),
        locale=profile.locale,
        time_zone=profile.time_zone,
        region=profile.region,
        registration=profile.registration,
        contact_name=text_of(profile.contact_name, texts),
        logo=base64.b64decode(profile.logo),
        colour=profile.colour,
    )


def agency_door(desk: Desk) -> Door:
    return Door(agency_pb2_grpc.add_AgencyServiceServicer_to_server, Agency(desk), SERVICE)

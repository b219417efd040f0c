"""Who sends and who gets, opened for the moment of drawing from what the views keep sealed."""

import base64

from chassis.keyring import Keyring
from chassis.projector import Views
from services.billing.documents.parties import Address, Recipient, Sender
from services.billing.events import ClientNoted, PaperAddress, SenderNoted
from services.billing.views.parties import client_of, sender_of


class Correspondents:
    def __init__(self, views: Views, keyring: Keyring) -> None:
        self._views = views
        self._keyring = keyring

    async def sender(self, agency: str) -> Sender:
        noted = await sender_of(self._views, agency)
        return Sender(Address(name=agency)) if noted is None else await self._opened_sender(agency, noted)

    async def _opened_sender(self, agency: str, noted: SenderNoted) -> Sender:
        texts = [noted.email, noted.phone, noted.bank_holder, noted.iban, noted.contact_name]
        email, phone, holder, iban, contact = [await self._keyring.open(agency, text) or "" for text in texts]
        return Sender(
            address=await self._address(agency, noted.address),
            email=email,
            phone=phone,
            vat_id=noted.vat_id,
            tax_number=noted.tax_number,
            bank_holder=holder,
            iban=iban,
            bic=noted.bic,
            registration=noted.registration,
            contact_name=contact,
            logo=base64.b64decode(noted.logo),
            colour=noted.colour,
        )

    async def recipient(self, agency: str, client_id: str) -> Recipient:
        noted: ClientNoted | None = await client_of(self._views, agency, client_id)
        if noted is None:
            return Recipient(Address(name=client_id))
        return Recipient(
            address=await self._address(agency, noted.address),
            vat_id=noted.vat_id,
            locale=noted.locale,
            email=await self._keyring.open(agency, noted.email) or "",
            buyer_reference=noted.buyer_reference,
        )

    async def _address(self, agency: str, noted: PaperAddress) -> Address:
        name = await self._keyring.open(agency, noted.name)
        lines = await self._keyring.open(agency, noted.lines)
        return Address(
            name=name or "",
            lines=tuple((lines or "").splitlines()),
            postal_code=noted.postal_code,
            city=noted.city,
            country=noted.country,
        )

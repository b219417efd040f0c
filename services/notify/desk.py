"""Where letters are written: what is known of reader, sender and contract, opened with the keyring, becomes a letter.

Missing        something has not arrived yet (the client, the contract): come again
Unreachable    there is no way to this contact: it has no address, or the client was erased
"""

from dataclasses import dataclass

from chassis.keyring import Keyring
from chassis.store import Store
from services.notify import streams
from services.notify.deciders import ADDRESSEE, CONTRACT, SENDER
from services.notify.domain.addressee import Addressee, readers, way_to
from services.notify.domain.news import contract_of, kind_of, sort_of
from services.notify.domain.notice import Address, Way
from services.notify.domain.notice_state import Notice
from services.notify.events import SenderNoted
from services.notify.letters import About, Composed, Correspondents, compose


class Missing(Exception):
    """What it waits for, in words for the agency."""


class Unreachable(Exception):
    """Why, in words for the agency; names no address."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter with the names and addresses for its envelope, in clear."""

    letter: Composed
    reader: str
    email: str
    sender: str
    sender_email: str


class Desk:
    """Reads what notify keeps, and opens what is sealed; records nothing."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    async def addressee(self, agency: str, client_id: str) -> Addressee:
        addressee, _ = await self._store.state(ADDRESSEE, streams.addressee(agency, client_id))
        return addressee

    async def ways(self, agency: str, notice: Notice) -> Address:
        """Who is to get the notice, by the contacts and channels as they are now."""
        addressee = await self.addressee(agency, notice.client_id)
        if addressee.noted is None:
            raise Missing("the client's data have not arrived yet")
        kind = kind_of(notice.news)
        ways = []
        for recipient in readers(addressee, kind):
            withheld = way_to(addressee, recipient.contact_id, kind) == "none"
            shut = "" if recipient.email is not None else "the contact has no e-mail address"
            ways.append(Way(recipient.contact_id, shut_because=shut, withheld=withheld))
        nobody = (
            f"no contact of the client receives letters of the sort {sort_of(kind)!r}"
            if addressee.noted.recipients
            else "the client has no contact"
        )
        return Address(tuple(ways), nobody)

    async def write(self, agency: str, notice: Notice, contact_id: str) -> Written:
        """The letter for one contact; `Missing` or `Unreachable`."""
        about = await self._about(agency, notice)
        addressee = await self.addressee(agency, notice.client_id)
        if addressee.noted is None:
            raise Missing("the client's data have not arrived yet")
        recipient = addressee.recipient(contact_id)
        if recipient is None:
            raise Unreachable("the client has this contact no longer")
        if recipient.email is None:
            raise Unreachable("the contact has no e-mail address")
        opened = await self._keyring.open_all(agency, (recipient.name, recipient.email))
        reader, email = opened[recipient.name], opened[recipient.email]
        if reader is None or email is None:
            raise Unreachable("the client was erased")
        if not email.strip():
            raise Unreachable("the contact has no e-mail address")
        sender, sender_email, sender_phone = await self._sender(agency)
        correspondents = Correspondents(reader, addressee.noted.locale, sender, sender_email, sender_phone)
        return Written(compose(notice.news, about, correspondents), reader, email, sender, sender_email)

    async def _about(self, agency: str, notice: Notice) -> About:
        contract_id = contract_of(notice.news)
        if contract_id is None:
            return About()
        contract, _ = await self._store.state(CONTRACT, streams.contract(agency, contract_id))
        if contract is None:
            raise Missing("the contract has not arrived yet")
        return About(contract.title or contract_id, contract.currency, contract.unit)

    async def _sender(self, agency: str) -> tuple[str, str, str]:
        """Name, e-mail address and telephone; an agency that never described itself signs with its id."""
        noted: SenderNoted | None
        noted, _ = await self._store.state(SENDER, streams.sender(agency))
        if noted is None:
            return agency, "", ""
        sealed = [item for item in (noted.name, noted.email, noted.phone) if item is not None]
        opened = await self._keyring.open_all(agency, sealed)
        name, email, phone = (opened[item] if item else None for item in (noted.name, noted.email, noted.phone))
        return name or agency, email or "", phone or ""

"""ClientService: who buys."""

from collections.abc import Sequence

from chassis.auth import ANYONE, MANAGERS, OWNERS, Rule, Rules
from chassis.grpc_server import Call, Door
from chassis.store import Ledger
from messages.dates import instant_message
from messages.etags import etag_of
from messages.filters import EQUAL, Order, conditions, order
from messages.masks import checked, overlaid
from messages.names import id_in, name_of
from messages.pages import cut, key_in, size_of, token_of
from services.contracts import streams
from services.contracts.api.desk import Desk, chosen_id
from services.contracts.api.people import Opened, Seals, address_message, contact_message, opened, text_of
from services.contracts.deciders import CLIENT
from services.contracts.domain.client import AddClient, DescribeClient, EraseClient, must_be_known
from services.contracts.events import ClientProfile
from services.contracts.views import clients as view
from services.contracts.views import contracts as contracts_view
from services.contracts.views.rows import Clause
from vocabulary.identity import ClientId
from vocabulary.personal import Personal
from wire.retainer.contracts.v1 import client_pb2 as messages
from wire.retainer.contracts.v1 import client_pb2_grpc

SERVICE = "retainer.contracts.v1.ClientService"
RULES: Rules = {
    f"/{SERVICE}/AddClient": Rule(MANAGERS, "Who buys is the agency's affair"),
    f"/{SERVICE}/DescribeClient": Rule(MANAGERS, "Invoices and letters go by it"),
    f"/{SERVICE}/EraseClient": Rule(OWNERS, "It cannot be taken back"),
    f"/{SERVICE}/GetClient": Rule(ANYONE, "A guest sees his own client alone"),
    f"/{SERVICE}/ListClients": Rule(ANYONE, "A guest sees his own client alone"),
}
FIELDS = (
    "display_name",
    "currency_code",
    "locale",
    "time_zone",
    "address",
    "contacts",
    "vat_id",
    "external_ids",
    "buyer_reference",
)
FILTERS = {"name": EQUAL, "currency": EQUAL, "locale": EQUAL, "time_zone": EQUAL}
ORDERS = ("name", "create_time", "update_time")
BY_NAME = (Order("name", descending=False),)


class Clients(client_pb2_grpc.ClientServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def AddClient(self, request: messages.AddClientRequest, call: Call) -> messages.AddClientResponse:
        client_id = ClientId(chosen_id(request.client_id, "client_id"))
        stream = streams.client(call.agency, client_id)

        async def prepare(_: Ledger) -> AddClient:
            return AddClient(client_id, profile_of(request.client, Seals(f"client/{client_id}", {})))

        receipt = await self._desk.obey(call, request, CLIENT, stream, prepare)
        return messages.AddClientResponse(receipt=receipt)

    async def DescribeClient(
        self, request: messages.DescribeClientRequest, call: Call
    ) -> messages.DescribeClientResponse:
        client_id = ClientId(id_in(request.client.name, "clients", "client.name"))
        checked(request.update_mask, request.client, FIELDS)
        stream = streams.client(call.agency, client_id)

        async def prepare(ledger: Ledger) -> DescribeClient:
            before = must_be_known(await ledger.state(CLIENT, stream), client_id, "client.name")
            texts = await opened(self._desk.parts.keyring, call.agency, personal_in(before))
            after = overlaid(shape(client_id, before, texts), request.client, request.update_mask, FIELDS)
            return DescribeClient(client_id, profile_of(after, Seals(f"client/{client_id}", texts)))

        receipt = await self._desk.obey(call, request, CLIENT, stream, prepare, etag=request.etag)
        return messages.DescribeClientResponse(receipt=receipt)

    async def EraseClient(self, request: messages.EraseClientRequest, call: Call) -> messages.EraseClientResponse:
        """The key goes first: where we die between the two, nothing is readable, and the caller repeats."""
        client_id = ClientId(id_in(request.name, "clients", "name"))
        stream = streams.client(call.agency, client_id)
        serving = await contracts_view.binding(self._desk.parts.views, call.agency, client_id, call.now)

        async def prepare(_: Ledger) -> EraseClient:
            return EraseClient(client_id, tuple(serving))

        await self._desk.obey(call, messages.EraseClientRequest(validate_only=True), CLIENT, stream, prepare)
        if not request.validate_only:
            owned = self._desk.parts.keyring.owned
            assert owned is not None
            owned.erase(call.agency, f"client/{client_id}", call.now.isoformat())
        receipt = await self._desk.obey(call, request, CLIENT, stream, prepare)
        return messages.EraseClientResponse(receipt=receipt)

    async def GetClient(self, request: messages.GetClientRequest, call: Call) -> messages.Client:
        client_id = id_in(request.name, "clients", "name")
        call.must_see_client(client_id)
        row = await view.client(self._desk.parts.views, call.agency, client_id)
        must_be_known(None if row is None else row.profile, client_id)
        assert row is not None
        return (await self._shown(call.agency, [row]))[0]

    async def ListClients(self, request: messages.ListClientsRequest, call: Call) -> messages.ListClientsResponse:
        wanted = wanted_of(request.filter, call.identity.client_id)
        sorts = [(view.COLUMNS[field], descending) for field, descending in order(request.order_by, ORDERS, BY_NAME)]
        query = (call.agency, call.identity.client_id, "ListClients", request.filter, request.order_by)
        size = size_of(request.page_size)
        after = key_in(request.page_token, *query)
        rows = await view.clients(self._desk.parts.views, call.agency, wanted, sorts, after, size + 1)
        page, last = cut(rows, size)
        return messages.ListClientsResponse(
            clients=await self._shown(call.agency, page), next_page_token=token_of(last.key, *query) if last else ""
        )

    async def _shown(self, agency: str, rows: Sequence[view.ClientRow]) -> list[messages.Client]:
        sealed = [personal for row in rows for personal in personal_in(row.profile)]
        texts = await opened(self._desk.parts.keyring, agency, sealed)
        shown = []
        for row in rows:
            message = shape(row.client_id, row.profile, texts)
            message.etag = etag_of(row.version)
            message.create_time.CopyFrom(instant_message(row.created_at))
            message.update_time.CopyFrom(instant_message(row.updated_at))
            shown.append(message)
        return shown


def wanted_of(text: str, client_id: str) -> Clause:
    """The filter as a condition; a guest's own client goes before it."""
    parts, parameters = ["1 = 1"], {}
    if client_id:
        parts.append("client_id = :own_client")
        parameters["own_client"] = client_id
    for number, condition in enumerate(conditions(text, FILTERS)):
        value = condition.id_in("clients") if condition.field == "name" else condition.value
        parts.append(f"{view.COLUMNS[condition.field]} = :wanted{number}")
        parameters[f"wanted{number}"] = value
    return Clause(" AND ".join(parts), parameters)


def personal_in(profile: ClientProfile) -> list[Personal | None]:
    contacts = [personal for contact in profile.contacts for personal in (contact.name, contact.email)]
    return [profile.name, profile.address.lines, *contacts]


def profile_of(message: messages.Client, seals: Seals) -> ClientProfile:
    return ClientProfile(
        name=seals.of(message.display_name),
        currency=message.currency_code,
        locale=message.locale or "en",
        time_zone=message.time_zone or "UTC",
        address=seals.address(message.address),
        contacts=tuple(seals.contact(contact) for contact in message.contacts),
        vat_id=message.vat_id,
        external_ids=dict(sorted(message.external_ids.items())),
        buyer_reference=message.buyer_reference,
    )


def shape(client_id: str, profile: ClientProfile, texts: Opened) -> messages.Client:
    return messages.Client(
        name=name_of("clients", client_id),
        display_name=text_of(profile.name, texts),
        currency_code=profile.currency,
        locale=profile.locale,
        time_zone=profile.time_zone,
        address=address_message(profile.address, texts),
        contacts=[contact_message(contact, texts) for contact in profile.contacts],
        vat_id=profile.vat_id,
        external_ids=profile.external_ids,
        buyer_reference=profile.buyer_reference,
    )


def clients_door(desk: Desk) -> Door:
    return Door(client_pb2_grpc.add_ClientServiceServicer_to_server, Clients(desk), SERVICE)

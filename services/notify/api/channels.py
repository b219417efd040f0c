"""By which way clients are told."""

from chassis.auth import MANAGERS, Rule, Rules
from chassis.freshness import Freshness
from chassis.grpc_server import Call, Door, NotFound
from chassis.keyring import Keyring
from chassis.store import Store
from messages.etags import etag_of, version_in
from messages.names import id_in, ids_in
from services.notify import streams
from services.notify.api.messages import KINDS, must_be_fresh, receipt, tried_out
from services.notify.deciders import ADDRESSEE
from services.notify.domain.addressee import Addressee, ChooseChannel, decide
from services.notify.events import ChannelChosen, Recipient, Way
from vocabulary.identity import ClientId
from wire.retainer.notify.v1 import channel_pb2 as messages
from wire.retainer.notify.v1 import channel_pb2_grpc

SERVICE = "retainer.notify.v1.ChannelService"
RULES: Rules = {
    f"/{SERVICE}/SetChannel": Rule(MANAGERS, "It decides what a client is told"),
    f"/{SERVICE}/ListChannels": Rule(MANAGERS, "Contacts have names and addresses"),
}
_WAYS: dict[messages.Way, Way] = {messages.WAY_EMAIL: "email", messages.WAY_NONE: "none"}


class Channels(channel_pb2_grpc.ChannelServiceServicer):
    def __init__(self, store: Store, freshness: Freshness, keyring: Keyring) -> None:
        self._store = store
        self._freshness = freshness
        self._keyring = keyring

    async def SetChannel(self, request: messages.SetChannelRequest, call: Call) -> messages.SetChannelResponse:
        client_id, contact_id = _ids(request.name)
        stream = streams.addressee(call.agency, client_id)
        addressee, version = await self._known(call.agency, client_id)
        kinds = tuple(kind for kind, number in KINDS.items() if number in request.kinds)
        command = ChooseChannel(ClientId(client_id), contact_id, _WAYS[request.way], kinds)
        decided_on = version_in(request.etag)
        if request.validate_only:
            must_be_fresh(decided_on, version)
            decide(command, addressee)
            return messages.SetChannelResponse(receipt=tried_out(request.name, version))
        outcome = await self._store.execute(
            ADDRESSEE,
            stream,
            command,
            context=call.context,
            request=call.request,
            expected_version=decided_on,
        )
        return messages.SetChannelResponse(receipt=receipt(request.name, outcome, self._freshness))

    async def ListChannels(self, request: messages.ListChannelsRequest, call: Call) -> messages.ListChannelsResponse:
        client_id = id_in(request.client, "clients", "client")
        addressee, version = await self._known(call.agency, client_id)
        recipients = addressee.noted.recipients if addressee.noted else ()
        sealed = [item for one in recipients for item in (one.name, one.email) if item is not None]
        opened = await self._keyring.open_all(call.agency, sealed)
        channels = [
            messages.Channel(
                name=f"clients/{client_id}/contacts/{one.contact_id}",
                contact_id=one.contact_id,
                display_name=opened[one.name] or "",
                email=(opened[one.email] or "") if one.email else "",
                receives=one.receives,
                choices=_choices(addressee, one),
            )
            for one in recipients
        ]
        return messages.ListChannelsResponse(channels=channels, etag=etag_of(version))

    async def _known(self, agency: str, client_id: str) -> tuple[Addressee, int]:
        addressee, version = await self._store.state(ADDRESSEE, streams.addressee(agency, client_id))
        if addressee.noted is None:
            raise NotFound(f"there is no client {client_id} here (yet)", field="name")
        return addressee, version


def _ids(name: str) -> tuple[str, str]:
    """Client and contact; no contact where the client as a whole is named."""
    if "/contacts/" not in name:
        return id_in(name, "clients", "name"), ""
    client_id, contact_id = ids_in(name, ("clients", "contacts"), "name")
    return client_id, contact_id


def _choices(addressee: Addressee, recipient: Recipient) -> list[messages.Choice]:
    """Those for the client first: the last that holds for a kind counts."""
    held = [choice for choice in addressee.choices if choice.contact_id in ("", recipient.contact_id)]
    return [_choice(choice) for choice in sorted(held, key=lambda choice: choice.contact_id != "")]


def _choice(chosen: ChannelChosen) -> messages.Choice:
    way = messages.WAY_EMAIL if chosen.way == "email" else messages.WAY_NONE
    return messages.Choice(way=way, kinds=[KINDS[kind] for kind in chosen.kinds])


def channels_door(store: Store, freshness: Freshness, keyring: Keyring) -> Door:
    servicer = Channels(store, freshness, keyring)
    return Door(channel_pb2_grpc.add_ChannelServiceServicer_to_server, servicer, SERVICE)

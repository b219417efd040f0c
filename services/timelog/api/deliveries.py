"""DeliveryService: deliverables that use up an allowance of units (R14)."""

from typing import Any

from chassis.auth import MANAGERS, MEMBERS, Rule, Rules
from chassis.grpc_server import Call, Door
from chassis.store import Ledger
from messages.dates import date_message, date_of, instant_message
from messages.etags import etag_of
from messages.filters import conditions
from messages.names import id_in, name_of
from messages.pages import cut, key_in, size_of, token_of
from services.timelog import streams
from services.timelog.api.counter import Counter, chosen_id
from services.timelog.deciders import CONTRACT, DELIVERY
from services.timelog.domain.delivery import RecordDelivery, WithdrawDelivery
from services.timelog.views import deliveries
from vocabulary.identity import ContractId, DeliveryId
from wire.retainer.timelog.v1 import delivery_pb2 as messages
from wire.retainer.timelog.v1 import delivery_pb2_grpc

SERVICE = "retainer.timelog.v1.DeliveryService"
RULES: Rules = {
    f"/{SERVICE}/RecordDelivery": Rule(MANAGERS, "An accepted delivery uses up what the client paid for"),
    f"/{SERVICE}/WithdrawDelivery": Rule(MANAGERS, "It changes what is invoiced"),
    f"/{SERVICE}/ListDeliveries": Rule(MEMBERS),
}
FILTERS = {"contract": frozenset({"="}), "delivered_on": frozenset({"=", "<", "<=", ">", ">="})}


class Deliveries(delivery_pb2_grpc.DeliveryServiceServicer):
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def RecordDelivery(
        self, request: messages.RecordDeliveryRequest, call: Call
    ) -> messages.RecordDeliveryResponse:
        delivery_id = DeliveryId(chosen_id(request.delivery_id, "delivery_id"))
        contract_id = ContractId(id_in(request.contract, "contracts", "contract"))
        delivered_on = date_of(request.delivered_on, "delivered_on")
        stream = streams.delivery(call.agency, delivery_id)

        async def work(ledger: Ledger) -> None:
            contract = await ledger.state(CONTRACT, streams.contract(call.agency, contract_id))
            command = RecordDelivery(delivery_id, contract_id, request.units, delivered_on, request.note, contract)
            await ledger.decide(DELIVERY, stream, command)

        receipt = await self._counter.obey(work, call, stream, validate_only=request.validate_only)
        return messages.RecordDeliveryResponse(receipt=receipt)

    async def WithdrawDelivery(
        self, request: messages.WithdrawDeliveryRequest, call: Call
    ) -> messages.WithdrawDeliveryResponse:
        delivery_id = DeliveryId(id_in(request.name, "deliveries", "name"))
        stream = streams.delivery(call.agency, delivery_id)

        async def work(ledger: Ledger) -> None:
            await ledger.decide(DELIVERY, stream, WithdrawDelivery(delivery_id))

        receipt = await self._counter.obey(work, call, stream, etag=request.etag, validate_only=request.validate_only)
        return messages.WithdrawDeliveryResponse(receipt=receipt)

    async def ListDeliveries(
        self, request: messages.ListDeliveriesRequest, call: Call
    ) -> messages.ListDeliveriesResponse:
        agency, size = call.agency, size_of(request.page_size)
        where, parameters = _selected(request.filter)
        query = (agency, "ListDeliveries", request.filter)
        after = key_in(request.page_token, *query)
        page = await deliveries.deliveries(self._counter.views, agency, where, parameters, after, size + 1)
        rows, last = cut([deliveries.read(row) for row in page.rows], size)
        notes = await self._counter.keyring.open_all(agency, [row.note for row in rows if row.note])
        return messages.ListDeliveriesResponse(
            deliveries=[
                messages.Delivery(
                    name=name_of("deliveries", row.delivery_id),
                    contract=name_of("contracts", row.contract_id),
                    units=row.units,
                    delivered_on=date_message(row.delivered_on),
                    note=(notes[row.note] or "") if row.note else "",
                    create_time=instant_message(row.created_at),
                    etag=etag_of(row.version),
                )
                for row in rows
            ],
            next_page_token=token_of(last.key, *query) if last else "",
            total_size=page.total,
        )


def _selected(text: str) -> tuple[list[str], dict[str, Any]]:
    """The filter as SQL conditions with their parameters."""
    found: list[str] = []
    parameters: dict[str, Any] = {}
    for number, condition in enumerate(conditions(text, FILTERS)):
        is_contract = condition.field == "contract"
        column = "contract_id" if is_contract else "delivered_on"
        found.append(f"{column} {condition.comparison} :given{number}")
        parameters[f"given{number}"] = condition.id_in("contracts") if is_contract else condition.day()
    return found, parameters


def deliveries_door(counter: Counter) -> Door:
    return Door(delivery_pb2_grpc.add_DeliveryServiceServicer_to_server, Deliveries(counter), SERVICE)

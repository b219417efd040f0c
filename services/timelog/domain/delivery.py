"""Deliverables that use up an allowance of units (R14).

Refused
├── DeliveryExists      the id is taken
├── DeliveryUnknown     no such delivery (any more)
├── UnitsNotPositive    nothing was delivered
└── what known_contract refuses
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from services.timelog.domain.known_contract import Contract, check_delivery, must_be_known
from services.timelog.events import Delivered, DeliveryWithdrawn
from vocabulary.identity import ContractId, DeliveryId
from vocabulary.personal import of_client
from vocabulary.refusal import Kind, Refused


class DeliveryExists(Refused, kind=Kind.EXISTS):
    """The id belongs to a delivery already, or did."""


class DeliveryUnknown(Refused, kind=Kind.NOT_FOUND):
    """There is no such delivery, or it was withdrawn."""


class UnitsNotPositive(Refused, kind=Kind.INVALID):
    """A delivery is of one unit or more."""


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    delivery_id: DeliveryId
    contract_id: ContractId
    units: int
    delivered_on: date
    note: str
    contract: Contract


@dataclass(frozen=True, slots=True)
class WithdrawDelivery:
    delivery_id: DeliveryId


DeliveryCommand = RecordDelivery | WithdrawDelivery
DeliveryEvent = Delivered | DeliveryWithdrawn


@dataclass(frozen=True, slots=True)
class Delivery:
    delivery_id: DeliveryId
    contract_id: ContractId
    withdrawn: bool = False


def decide(command: DeliveryCommand, delivery: Delivery | None) -> Sequence[DeliveryEvent]:
    match command:
        case RecordDelivery():
            return record_delivery(command, delivery)
        case WithdrawDelivery(delivery_id):
            if delivery is None or delivery.withdrawn:
                raise DeliveryUnknown(f"there is no delivery {delivery_id}", field="name")
            return [DeliveryWithdrawn(delivery_id=delivery_id, contract_id=delivery.contract_id)]
        case _:
            assert_never(command)


def evolve(delivery: Delivery | None, event: DeliveryEvent) -> Delivery:
    match event:
        case Delivered():
            return Delivery(event.delivery_id, event.contract_id)
        case DeliveryWithdrawn():
            assert delivery is not None
            return replace(delivery, withdrawn=True)
        case _:
            assert_never(event)


def record_delivery(command: RecordDelivery, delivery: Delivery | None) -> Sequence[Delivered]:
    if delivery is not None:
        raise DeliveryExists(f"there is a delivery {command.delivery_id} already, or there was", field="delivery_id")
    contract = must_be_known(command.contract, command.contract_id)
    if command.units <= 0:
        raise UnitsNotPositive("a delivery is of one unit or more", field="units")
    check_delivery(contract, command.delivered_on, "delivered_on")
    return [
        Delivered(
            delivery_id=command.delivery_id,
            contract_id=command.contract_id,
            units=command.units,
            delivered_on=command.delivered_on,
            note=of_client(contract.heard.client_id, command.note) if command.note else None,
        )
    ]

"""Deliveries: under terms of units alone, inside the contract (R7, R14, R20, R24)."""

from datetime import date

import pytest

from chassis.testing import given
from services.timelog.deciders import DELIVERY
from services.timelog.domain.delivery import (
    DeliveryExists,
    DeliveryUnknown,
    RecordDelivery,
    UnitsNotPositive,
    WithdrawDelivery,
)
from services.timelog.domain.known_contract import (
    Contract,
    ContractNotActive,
    ContractUnknown,
    NoUnits,
    OutsideContract,
)
from services.timelog.events import Delivered, DeliveryWithdrawn, Pause
from tests.timelog.samples import WEB, contract, terms
from vocabulary.identity import DeliveryId
from vocabulary.personal import of_client
from vocabulary.terms_in_force import Change

D1 = DeliveryId("d1")
UNITS = {"measure": "units", "units": 4, "of": "blog post"}
POSTS = terms(allowance=UNITS, overage={"rate": 25000})


def deliver(known: Contract, units: int = 2, on: date = date(2026, 1, 20), note: str = "") -> RecordDelivery:
    return RecordDelivery(D1, WEB, units, on, note, known)


def test_a_delivery_is_recorded_and_can_be_withdrawn_once() -> None:
    recorded = Delivered(
        delivery_id=D1,
        contract_id=WEB,
        units=2,
        delivered_on=date(2026, 1, 20),
        note=of_client("acme", "Two posts"),
    )
    withdrawn = DeliveryWithdrawn(delivery_id=D1, contract_id=WEB)
    given(DELIVERY).when(deliver(contract(terms=POSTS), note="Two posts")).then(recorded).when(
        WithdrawDelivery(D1)
    ).then(withdrawn).when(WithdrawDelivery(D1)).refused(DeliveryUnknown, field="name")
    given(DELIVERY, recorded, withdrawn).when(deliver(contract(terms=POSTS))).refused(
        DeliveryExists, field="delivery_id"
    )


def test_a_delivery_has_a_place_under_terms_of_units_alone() -> None:  # R20
    given(DELIVERY).when(deliver(contract())).refused(NoUnits, field="units")
    changed = contract(terms=POSTS, changes=(Change(date(2026, 2, 1), {"allowance": None}),))
    assert given(DELIVERY).when(deliver(changed, on=date(2026, 1, 31))).refusal is None
    given(DELIVERY).when(deliver(changed, on=date(2026, 2, 1))).refused(NoUnits)


def test_a_delivery_lies_inside_the_contract() -> None:  # R7
    short = contract(terms=POSTS, ends_on=date(2026, 2, 1))
    given(DELIVERY).when(deliver(short, on=date(2025, 12, 31))).refused(OutsideContract, field="delivered_on")
    given(DELIVERY).when(deliver(short, on=date(2026, 2, 1))).refused(OutsideContract, field="delivered_on")
    assert given(DELIVERY).when(deliver(short, on=date(2026, 1, 31))).refusal is None


def test_a_pause_keeps_time_off_and_no_deliveries() -> None:  # R24 speaks of time
    paused = contract(terms=POSTS, pauses=(Pause(date(2026, 1, 20), date(2026, 1, 21)),))
    assert given(DELIVERY).when(deliver(paused)).refusal is None


@pytest.mark.parametrize("units", [0, -1])
def test_a_delivery_is_of_one_unit_or_more(units: int) -> None:
    given(DELIVERY).when(deliver(contract(terms=POSTS), units)).refused(UnitsNotPositive, field="units")


def test_a_delivery_needs_a_contract_that_binds() -> None:
    given(DELIVERY).when(deliver(None)).refused(ContractUnknown, field="contract")
    given(DELIVERY).when(deliver(contract("draft"))).refused(ContractNotActive, field="contract")

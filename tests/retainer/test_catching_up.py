"""The scheduler of a real house: each contract in its own zone, and after a stop boundary by boundary."""

import time
from datetime import date
from pathlib import Path
from typing import Any

from chassis.auth import Role
from messages.terms import agreement_message
from retainer.client import Client
from retainer.place import Place
from retainer.words import day_of
from tests.house import RunningHouse
from vocabulary.money import Minor
from vocabulary.terms import Agreement, Cycle, Fee, Terms
from wire.retainer.billing.v1.invoice_pb2 import ListInvoicesRequest
from wire.retainer.contracts.v1.client_pb2 import AddClientRequest
from wire.retainer.contracts.v1.client_pb2 import Client as Buyer
from wire.retainer.contracts.v1.contract_pb2 import DraftContractRequest

ZONES = {"auckland": "Pacific/Auckland", "york": "America/New_York"}
PATIENCE_SECONDS = 60.0


def test_a_house_that_stood_still_over_two_boundaries_catches_up_in_each_zone(tmp_path: Path) -> None:
    with RunningHouse(tmp_path, RETAINER_CLOCK="2026-01-15T12:00:00+00:00") as house:
        _agree(house)
        # it is the 16th in Auckland and the 15th in New York
        assert _issued(house, 2) == {
            ("auckland", date(2026, 1, 15)): date(2026, 1, 16),
            ("york", date(2026, 1, 15)): date(2026, 1, 15),
        }
        _stand_still_until(house, "2026-02-28T20:00:00+00:00")  # March in Auckland, not yet in New York
        found = _invoices(house, 5)
        assert [(one[0], one[1]) for one in found[2:4]] == [
            ("2026-0003", date(2026, 2, 1)),
            ("2026-0004", date(2026, 2, 1)),
        ], "what is due first has the lower numbers"
        assert found[4] == ("2026-0005", date(2026, 3, 1), "auckland", date(2026, 3, 1), date(2026, 3, 15))
        late = {one[2]: one[3:] for one in found[2:4]}  # the issue date is the day of issue, due follows it (R28, R32)
        assert late == {
            "auckland": (date(2026, 3, 1), date(2026, 3, 15)),
            "york": (date(2026, 2, 28), date(2026, 3, 14)),
        }
        _stand_still_until(house, "2026-03-01T04:59:57+00:00")  # three seconds before March in New York
        assert _invoices(house, 6)[5] == ("2026-0006", date(2026, 3, 1), "york", date(2026, 3, 1), date(2026, 3, 15))


def _stand_still_until(house: RunningHouse, instant: str) -> None:
    assert house.stop() == 0
    house.environment["RETAINER_CLOCK"] = instant
    house.start()


def _client(house: RunningHouse) -> Client:
    return Client(Place(house.settings), house.token("studio", Role.OWNER), now=None)


def _agree(house: RunningHouse) -> None:
    terms = Terms(cycle=Cycle.MONTH, anchor=1, fee=Fee(amount=Minor(310_00)))
    with _client(house) as client:
        client.ask(AddClientRequest(client_id="acme", client=Buyer(display_name="Acme", currency_code="EUR")))
        for contract, zone in ZONES.items():
            agreement = Agreement(currency="EUR", time_zone=zone, starts_on="2026-01-15", terms=terms)
            client.ask(
                DraftContractRequest(
                    contract_id=contract,
                    client="clients/acme",
                    title=zone,
                    agreement=agreement_message(agreement),
                    activate=True,
                )
            )


def _invoices(house: RunningHouse, count: int) -> list[tuple[str, Any, str, Any, Any]]:
    """Number, boundary, contract, issue and due date of each, as soon as there are so many, and never more."""
    until = time.monotonic() + PATIENCE_SECONDS
    with _client(house) as client:
        while True:
            found = list(client.pages(ListInvoicesRequest(page_size=100), "invoices"))
            if len(found) >= count or time.monotonic() > until:
                break
            time.sleep(0.1)
    assert len(found) == count, [invoice.number for invoice in found]
    rows = [
        (
            one.number,
            day_of(one.boundary),
            one.contract.removeprefix("contracts/"),
            *map(day_of, (one.issued_on, one.due_on)),
        )
        for one in found
    ]
    return sorted(rows)


def _issued(house: RunningHouse, count: int) -> dict[tuple[str, Any], Any]:
    return {(contract, boundary): issued_on for _, boundary, contract, issued_on, _ in _invoices(house, count)}

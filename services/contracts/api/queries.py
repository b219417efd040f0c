"""What ContractService shows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chassis.grpc_server import Call
from chassis.projector import Wanted
from messages.dates import date_message, instant_message, instant_of
from messages.filters import EQUAL, ORDERED, Condition, FilterInvalid, Order, conditions, order
from messages.names import id_in
from messages.pages import cut, key_in, size_of, token_of
from services.contracts import streams
from services.contracts.api.desk import Desk
from services.contracts.api.history_words import effective_on, summary
from services.contracts.api.shapes import STATES, shape
from services.contracts.domain.standing import ContractUnknown
from services.contracts.views import contracts as view
from services.contracts.views import history as history_view
from services.contracts.views.rows import Clause
from vocabulary.calendar import local_date, zone
from wire.retainer.contracts.v1 import contract_pb2 as messages

FILTERS = {
    "name": EQUAL,
    "client": EQUAL,
    "state": EQUAL,
    "currency": EQUAL,
    "time_zone": EQUAL,
    "starts_on": ORDERED,
    "ends_on": ORDERED,
}
ORDERS = ("name", "client", "starts_on", "ends_on", "create_time", "update_time")
BY_NAME = (Order("name", descending=False),)


class ContractQueries:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def GetContract(self, request: messages.GetContractRequest, call: Call) -> messages.Contract:
        contract_id = id_in(request.name, "contracts", "name")
        row = await self._row(call, contract_id, "name")
        zone_name = row.contract.agreement.time_zone
        if not request.HasField("as_of"):
            return shape(row, _today(call, zone_name))
        instant = instant_of(request.as_of, "as_of")
        then = await self._as_of(call.agency, contract_id, instant)
        return shape(then, local_date(instant, zone(then.contract.agreement.time_zone)))

    async def ListContracts(self, request: messages.ListContractsRequest, call: Call) -> messages.ListContractsResponse:
        views = self._desk.parts.views
        wanted, by_state = wanted_of(request.filter, call.identity.client_id)
        sorts = [(view.COLUMNS[field], down) for field, down in order(request.order_by, ORDERS, BY_NAME)]
        query = (call.agency, call.identity.client_id, "ListContracts", request.filter, request.order_by)
        size, after = size_of(request.page_size), key_in(request.page_token, *query)
        today: Mapping[str, date] | None = None
        if by_state:
            today = {name: _today(call, name) for name in await view.zones(views, call.agency)}
            if not today:
                return messages.ListContractsResponse()
        rows = await view.contracts(views, call.agency, wanted, sorts, after, size + 1, today)
        page, last = cut(rows, size)
        return messages.ListContractsResponse(
            contracts=[shape(row, _today(call, row.contract.agreement.time_zone)) for row in page],
            next_page_token=token_of(last.key, *query) if last else "",
        )

    async def ListContractHistory(
        self, request: messages.ListContractHistoryRequest, call: Call
    ) -> messages.ListContractHistoryResponse:
        contract_id = id_in(request.contract, "contracts", "contract")
        row = await self._row(call, contract_id, "contract")
        query = (call.agency, "ListContractHistory", contract_id)
        size, after = size_of(request.page_size), key_in(request.page_token, *query)
        begin = int(after[0]) if after else 0
        found = await history_view.history(self._desk.parts.views, call.agency, contract_id, begin, size + 1)
        page, last = cut(found, size)
        currency = row.contract.agreement.currency
        return messages.ListContractHistoryResponse(
            events=[_event(happened, currency) for happened in page],
            next_page_token=token_of((last.version,), *query) if last else "",
        )

    async def _as_of(self, agency: str, contract_id: str, instant: datetime) -> view.ContractRow:
        """As it was known then: a replay of what was recorded of it up to the instant (R37)."""
        parts = self._desk.parts
        position = await parts.store.position_at(agency, instant)
        wanted = Wanted(streams=(streams.contract(agency, contract_id),))
        views = await parts.projector.replay_until(["contracts"], position, wanted)
        try:
            row = await view.contract(views, agency, contract_id)
        finally:
            views.close()
        if row is None:
            raise ContractUnknown(f"there was no contract {contract_id} at that instant", field="as_of")
        return row

    async def _row(self, call: Call, contract_id: str, field: str) -> view.ContractRow:
        """A guest is told of others' contracts what he is told of those that are not there."""
        row = await view.contract(self._desk.parts.views, call.agency, contract_id)
        own = call.identity.client_id
        if row is None or (own and row.contract.client_id != own):
            raise ContractUnknown(f"there is no contract {contract_id} here", field=field)
        return row


def wanted_of(text: str, client_id: str) -> tuple[Clause, bool]:
    """The filter as a condition, and whether it asks for states; a guest's own client goes before it."""
    parts: list[str] = ["1 = 1"]
    parameters: dict[str, Any] = {}
    by_state = False
    if client_id:
        parts.append("client_id = :own_client")
        parameters["own_client"] = client_id
    for number, condition in enumerate(conditions(text, FILTERS)):
        by_state = by_state or condition.field == "state"
        column = view.STANDING if condition.field == "state" else f"c.{view.COLUMNS[condition.field]}"
        parts.append(f"{column} {_comparison(condition)} :wanted{number}")
        parameters[f"wanted{number}"] = _value(condition)
        if condition.field == "ends_on":  # what has no end is neither before nor after a date
            parts.append("c.ends_on <> ''")
    return Clause(" AND ".join(parts), parameters), by_state


def _comparison(condition: Condition) -> str:
    if condition.comparison not in ORDERED:
        raise FilterInvalid(f"{condition.comparison} is no comparison", field="filter")
    return "<>" if condition.comparison == "!=" else condition.comparison


def _value(condition: Condition) -> str:
    match condition.field:
        case "name":
            return condition.id_in("contracts")
        case "client":
            return condition.id_in("clients")
        case "state":
            return condition.one_of(tuple(STATES))
        case "starts_on" | "ends_on":
            return condition.day()
        case _:
            return condition.value


def _today(call: Call, time_zone: str) -> date:
    return local_date(call.now, zone(time_zone))


def _event(happened: history_view.Happened, currency: str) -> messages.ContractEvent:
    return messages.ContractEvent(
        event=type(happened.event).__name__,
        actor=happened.actor,
        record_time=instant_message(happened.recorded_at),
        effective_on=date_message(effective_on(happened.event)),
        summary=summary(happened.event, currency),
        content_json=happened.content,
    )

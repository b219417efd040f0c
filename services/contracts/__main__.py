"""Starts contracts: `python -m services.contracts`."""

from collections.abc import Sequence

from chassis.catalog import Catalog
from chassis.grpc_server import Door
from chassis.inbox import Subscription
from chassis.run import Parts, Wiring, run
from services import KEEPERS
from services.contracts import reactions
from services.contracts.api import agency, clients, contracts
from services.contracts.api.desk import Desk
from services.contracts.erasures import erasures
from services.contracts.events import ContractsEvent
from services.contracts.scheduler import keep_calendars
from services.contracts.views.agency import AgencyView
from services.contracts.views.clients import ClientsView
from services.contracts.views.contracts import ContractsView
from services.contracts.views.history import HistoryView
from services.contracts.views.work import WorkView
from services.timelog.events import TimelogEvent

CATALOG = Catalog("contracts", ContractsEvent)


def doors(parts: Parts) -> Sequence[Door]:
    desk = Desk(parts)
    return [agency.agency_door(desk), clients.clients_door(desk), contracts.contracts_door(desk)]


WIRING = Wiring(
    service="contracts",
    catalog=CATALOG,
    views=[AgencyView(), ClientsView(), ContractsView(), HistoryView(), WorkView()],
    subscriptions=[
        Subscription(
            Catalog("timelog", TimelogEvent),
            reactions.hear_timelog,
            reactions.partition,
            together=reactions.hear_together,
            patience_seconds=0.05,  # the days of work are asked for by commands that bring timelog's token
        ),
    ],
    doors=doors,
    rules={**agency.RULES, **clients.RULES, **contracts.RULES},
    loops=[keep_calendars, erasures],
    owns_keys_of=("agency", "client"),
    keepers=KEEPERS,
)


def main() -> None:
    run(WIRING)


if __name__ == "__main__":
    main()

"""Starts timelog: `python -m services.timelog`."""

from collections.abc import Sequence

from chassis.catalog import Catalog
from chassis.grpc_server import Door
from chassis.inbox import Subscription
from chassis.run import Parts, Wiring, run
from services import KEEPERS
from services.contracts.events import ContractsEvent, WorkDropped, WorkHeard, WorkNoted
from services.timelog import reactions
from services.timelog.api import deliveries, entries, imports, people, timers
from services.timelog.api.counter import Counter
from services.timelog.erasures import erasures
from services.timelog.events import TimelogEvent
from services.timelog.views.deliveries import DeliveriesView
from services.timelog.views.entries import EntriesView
from services.timelog.views.imports import ImportsView
from services.timelog.views.people import PeopleView
from services.timelog.views.timers import TimersView

CATALOG = Catalog("timelog", TimelogEvent)


def doors(parts: Parts) -> Sequence[Door]:
    counter = Counter(parts.store, parts.views, parts.freshness, parts.keyring)
    return [
        people.people_door(counter),
        entries.entries_door(counter),
        timers.timers_door(counter),
        deliveries.deliveries_door(counter),
        imports.imports_door(counter),
    ]


WIRING = Wiring(
    service="timelog",
    catalog=CATALOG,
    views=[PeopleView(), EntriesView(), TimersView(), DeliveriesView(), ImportsView()],
    subscriptions=[
        Subscription(
            Catalog("contracts", ContractsEvent),
            reactions.hear_contracts,
            reactions.partition,
            passed_over=(WorkHeard, WorkNoted, WorkDropped),
        ),
    ],
    doors=doors,
    rules={**people.RULES, **entries.RULES, **timers.RULES, **deliveries.RULES, **imports.RULES},
    loops=[erasures],
    owns_keys_of=("person",),
    keepers=KEEPERS,
)


def main() -> None:
    run(WIRING)


if __name__ == "__main__":
    main()

"""One service as a process: open the parts, run them, stop them in order.

`services/<name>/__main__.py` says what the service consists of and nothing else:

    def main() -> None:
        run(Wiring(
            service="timelog",
            catalog=CATALOG,
            views=[TimeEntriesView(), …],
            subscriptions=[Subscription(contracts.CATALOG, react, partition)],
            doors=doors,            # Callable[[Parts], Sequence[Door]]
            rules=RULES,
            loops=[…],              # Callable[[Parts], Coroutine]: schedulers, senders; restarted with backoff when they fail
            owns_keys_of=("person",),
        ))

Order of starting: settings, logs, metrics, store, keyring, views, bus, relay, inboxes, projector, loops, door. Health says
SERVING when the views have caught up. SIGTERM: health NOT_SERVING, door drains, loops, inboxes, relay, bus, store.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.auth import Rules
from chassis.catalog import Catalog
from chassis.freshness import Freshness
from chassis.grpc_server import Door
from chassis.inbox import Subscription
from chassis.keyring import Keyring
from chassis.projector import Projector, View, Views
from chassis.settings import Settings
from chassis.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running service is made of, as its api, loops and channels get it."""

    settings: Settings
    store: Store
    views: Views
    projector: Projector
    freshness: Freshness
    keyring: Keyring


Loop = Callable[[Parts], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Wiring:
    service: str
    catalog: Catalog
    doors: Callable[[Parts], Sequence[Door]]
    rules: Rules
    views: Sequence[View] = ()
    subscriptions: Sequence[Subscription] = ()
    loops: Sequence[Loop] = ()
    owns_keys_of: tuple[str, ...] = field(default=())


def run(wiring: Wiring) -> None:
    """Run the service until SIGTERM or SIGINT; exit status 0 after an orderly stop."""
    raise NotImplementedError

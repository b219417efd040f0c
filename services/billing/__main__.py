"""Starts billing: `python -m services.billing`."""

from chassis.catalog import Catalog
from chassis.inbox import Subscription
from chassis.run import Wiring, run
from services import KEEPERS
from services.billing import reactions
from services.billing.api.doors import RULES, doors
from services.billing.audit import audit
from services.billing.documents.drawer import draw_documents
from services.billing.events import BillingEvent
from services.billing.keeping import keep_accounts, kept_accounts
from services.billing.scheduler import look_daily, settle_boundaries
from services.billing.views import VIEWS
from services.contracts.events import ContractsEvent, WorkDropped, WorkHeard, WorkNoted
from services.timelog.events import TimelogEvent

CATALOG = Catalog("billing", BillingEvent)

WIRING = Wiring(
    service="billing",
    catalog=CATALOG,
    views=[view() for view in VIEWS],
    subscriptions=[
        Subscription(
            Catalog("contracts", ContractsEvent),
            reactions.react_to_contracts,
            reactions.partition,
            passed_over=(WorkHeard, WorkNoted, WorkDropped),
        ),
        Subscription(Catalog("timelog", TimelogEvent), reactions.react_to_timelog, reactions.partition),
    ],
    doors=doors,
    rules=RULES,
    audit=audit,
    loops=[settle_boundaries, look_daily, draw_documents, keep_accounts],
    kept=kept_accounts,
    keepers=KEEPERS,
    views_patience_seconds=0.003,
    hot_streams=1_000,  # an account holds all of its contract's entries
)


def main() -> None:
    run(WIRING)


if __name__ == "__main__":
    main()

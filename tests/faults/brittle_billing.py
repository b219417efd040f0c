"""Billing as a release with bugs: it knows an older vocabulary of timelog, and one of its reactions raises.

Deletions are of an unknown type to it, corrections cannot be decoded, and time logged on one contract makes its
reaction raise. Everything else is billing as it is. Run as `python -m tests.faults.brittle_billing`.
"""

from dataclasses import replace
from typing import Union, get_args

from chassis.catalog import Catalog
from chassis.inbox import Incoming, Subscription
from chassis.run import run
from chassis.store import Ledger
from services.billing import reactions
from services.billing.__main__ import WIRING
from services.timelog import events
from vocabulary.fact import Fact

BROKEN_CONTRACT = "c0"


class TimeCorrected(Fact, frozen=True, tag="timelog.TimeCorrected@1"):
    """Wants a field that nobody sends."""

    entry_id: str
    corrected_because: str


KNOWN = [event for event in get_args(events.TimelogEvent) if event not in (events.TimeDeleted, events.TimeCorrected)]


async def react(fact: Incoming, ledger: Ledger) -> None:
    match fact.event:
        case events.TimeLogged(work=work) if work.contract_id == BROKEN_CONTRACT:
            raise ZeroDivisionError("a bug of this release")
        case _:
            await reactions.react_to_timelog(fact, ledger)


def main() -> None:
    contracts, _ = WIRING.subscriptions
    catalog = Catalog("timelog", Union[TimeCorrected, *KNOWN])
    timelog = Subscription(catalog, react, reactions.partition)
    run(replace(WIRING, subscriptions=[contracts, timelog]))


if __name__ == "__main__":
    main()

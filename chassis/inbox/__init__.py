"""JetStream -> reactions, in order; what a batch of facts led to and how far it came are one transaction.

    async def react(fact: Incoming, ledger: Ledger) -> None:
        match fact.event:
            case TimeLogged():
                await ledger.decide(ACCOUNT, account_stream(fact.agency, fact.event.contract_id), CountEntry(...))

A fact that cannot be decoded, or whose reaction raises anything but a transient store error, is poison: it is recorded
as `DeadLettered` in this service's store with the tracking (stream `<agency>/dead/<source>/<position>`), counted, and
the facts behind it that share its partition (`partition(fact)`, such as the contract) are parked behind it until
`replay`. Others go on.

| room | what it does |
| --- | --- |
| incoming | a fact as it came off the bus; what a service hears of another |
| consumer | messages of a stream from a position on, in order; notices when its consumer is gone |
| parking | which partitions wait behind a dead letter |
| reacting | what a batch leads to |
| inbox | batches into the store, gaps, poison, replay |
"""

from chassis.inbox.inbox import Inbox
from chassis.inbox.incoming import Incoming, React, Subscription

__all__ = ["Inbox", "Incoming", "React", "Subscription"]

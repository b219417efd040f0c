"""What a batch of letters leads to, in a ledger; what has to wait behind a dead letter is parked instead."""

from collections.abc import Callable, Sequence

from chassis.house import Parked
from chassis.inbox.incoming import Incoming, Letter, Subscription, opened
from chassis.inbox.parking import Parking, dead_stream
from chassis.store import Context, Ledger

ContextOf = Callable[[Letter], Context]


def context_of(letter: Letter, *, rehearsal: bool) -> Context:
    """Who and why: as the fact says, which is the cause of what follows."""
    envelope = letter.envelope
    return Context(
        agency=envelope.agency,
        actor=envelope.actor,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.event_id,
        now=envelope.recorded_at if rehearsal else None,
    )


async def react_to(
    letters: Sequence[Letter], ledger: Ledger, subscription: Subscription, parking: Parking, context: ContextOf
) -> list[tuple[str, Parked]]:
    """The letters' facts taken in, in their order; returns what was parked, with its agency."""
    parked: list[tuple[str, Parked]] = []
    together: dict[str, list[Incoming]] = {}
    contexts: dict[str, Context] = {}
    for letter in letters:
        ledger.context = context(letter)
        fact = opened(letter, subscription.source)
        if fact.name.startswith("chassis.") or await _is_parked(letter, fact, ledger, subscription, parking, parked):
            continue
        if subscription.together is None:
            await subscription.react(fact, ledger)
        else:
            together.setdefault(fact.agency, []).append(fact)
            contexts[fact.agency] = ledger.context
    if subscription.together is not None:
        for agency, facts in together.items():
            ledger.context = contexts[agency]
            await subscription.together(facts, ledger)
    return parked


async def _is_parked(
    letter: Letter,
    fact: Incoming,
    ledger: Ledger,
    subscription: Subscription,
    parking: Parking,
    parked: list[tuple[str, Parked]],
) -> bool:
    """Whether the fact waits behind a dead letter of its partition or its stream; then that is recorded."""
    if not parking.count:
        return False
    agency, source = letter.envelope.agency, subscription.source.service
    for behind in (subscription.partition(fact.event), letter.envelope.stream):
        if waiting := parking.behind(agency, behind):
            # A replay, also one in another process, writes to this stream: then we look again.
            await ledger.version(dead_stream(agency, source, waiting[0]))
            waits = Parked(
                source=source, position=fact.position, partition=behind, headers=letter.headers, payload=letter.payload
            )
            await ledger.record(dead_stream(agency, source, fact.position), [waits])
            parked.append((agency, waits))
            return True
    return False

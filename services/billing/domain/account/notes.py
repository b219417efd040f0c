"""Events of the account as facts of the fold, one to one."""

import msgspec

from services.billing import events
from services.billing.domain import facts
from services.billing.domain.kept import LONG_AGO
from services.billing.events import Heard
from vocabulary.identity import DeliveryId, EntryId
from vocabulary.money import Minor

EntryNoted = facts.EntryNoted
Placed = facts.EntryNoted | facts.DeliveryNoted


def entry(heard: Heard, version: int) -> facts.EntryNoted:
    assert heard.entry_id is not None
    assert heard.work is not None
    return facts.EntryNoted(known_at=heard.known_at, version=version, entry_id=heard.entry_id, work=heard.work)


def entry_withdrawn(heard: Heard, version: int) -> facts.EntryWithdrawn:
    assert heard.entry_id is not None
    return facts.EntryWithdrawn(known_at=heard.known_at, version=version, entry_id=heard.entry_id)


def delivery(heard: Heard, version: int) -> facts.DeliveryNoted:
    assert heard.delivery_id is not None
    assert heard.delivered_on is not None
    return facts.DeliveryNoted(
        known_at=heard.known_at,
        version=version,
        delivery_id=heard.delivery_id,
        units=heard.units,
        on=heard.delivered_on,
    )


def delivery_withdrawn(heard: Heard, version: int) -> facts.DeliveryWithdrawn:
    assert heard.delivery_id is not None
    return facts.DeliveryWithdrawn(known_at=heard.known_at, version=version, delivery_id=heard.delivery_id)


def entry_id(fact: facts.EntryNoted) -> EntryId:
    return EntryId(fact.entry_id)


def delivery_id(fact: facts.DeliveryNoted) -> DeliveryId:
    return DeliveryId(fact.delivery_id)


def contract_change(heard: Heard) -> facts.ContractFact:
    assert heard.from_on is not None
    match heard.change:
        case "terms":
            return facts.TermsNoted(
                known_at=heard.known_at,
                patch=heard.patch,
                effective_on=heard.from_on,
                immediately=heard.immediately,
            )
        case "pause":
            assert heard.to_on is not None
            return facts.PauseNoted(known_at=heard.known_at, from_on=heard.from_on, to_on=heard.to_on)
        case "end":
            return facts.EndNoted(known_at=heard.known_at, ends_on=heard.from_on)
        case _:
            return facts.RenewalNoted(known_at=heard.known_at, ends_on=heard.from_on)


Noted = (
    events.TermsNoted
    | events.PauseNoted
    | events.EndNoted
    | events.RenewalNoted
    | events.EntryCounted
    | events.EntryRecounted
    | events.EntryUncounted
    | events.DeliveryCounted
    | events.DeliveryUncounted
    | events.BlockBought
    | events.BlockWithdrawn
    | events.CreditGiven
    | events.CreditWithdrawn
    | events.ExtraAdded
    | events.ExtraWithdrawn
    | events.OverageApproved
    | events.OverageDeclined
    | events.RetainerTakenOver
    | events.LateFeeCharged
    | events.AmountWrittenOff
)
"""Events that the books know of."""


def fact_of(event: Noted, version: int = 0) -> facts.ContractFact:
    """The event with that version of the account's stream as a fact of the books."""
    match event:
        case events.EntryCounted() | events.EntryRecounted():
            return facts.EntryNoted(known_at=event.known_at, version=version, entry_id=event.entry_id, work=event.work)
        case _:
            return msgspec.structs.replace(_fact_of(event), version=version)


def _fact_of(event: Noted) -> facts.ContractFact:
    match event:
        case events.EntryUncounted():
            return facts.EntryWithdrawn(known_at=event.known_at, entry_id=event.entry_id)
        case events.DeliveryCounted():
            return facts.DeliveryNoted(
                known_at=event.known_at,
                delivery_id=event.delivery_id,
                units=event.units,
                on=event.delivered_on,
            )
        case events.DeliveryUncounted():
            return facts.DeliveryWithdrawn(known_at=event.known_at, delivery_id=event.delivery_id)
        case events.TermsNoted():
            return facts.TermsNoted(
                known_at=event.known_at,
                patch=event.patch,
                effective_on=event.effective_on,
                immediately=event.immediately,
            )
        case events.PauseNoted():
            return facts.PauseNoted(known_at=event.known_at, from_on=event.from_on, to_on=event.to_on)
        case events.EndNoted():
            return facts.EndNoted(known_at=event.known_at, ends_on=event.ends_on)
        case events.RenewalNoted():
            return facts.RenewalNoted(known_at=event.known_at, ends_on=event.ends_on)
        case _:
            return _posted(event)


def _posted(event: Noted) -> facts.ContractFact:
    match event:
        case events.BlockBought():
            return facts.BlockNoted(
                known_at=event.known_at,
                block_id=event.block_id,
                minutes=event.minutes,
                price=event.price,
                bought_on=event.bought_on,
                expires_on=event.expires_on,
            )
        case events.BlockWithdrawn():
            return facts.BlockWithdrawn(known_at=event.known_at, block_id=event.block_id)
        case events.CreditGiven():
            return facts.CreditNoted(
                known_at=event.known_at, credit_id=event.credit_id, amount=event.amount, on=event.on
            )
        case events.CreditWithdrawn():
            return facts.CreditWithdrawn(known_at=event.known_at, credit_id=event.credit_id)
        case events.ExtraAdded():
            return facts.ExtraNoted(
                known_at=event.known_at,
                extra_id=event.extra_id,
                amount=event.amount,
                on=event.on,
                each_period=event.each_period,
                until=event.until,
                tax=event.tax,
                description=event.description,
            )
        case events.ExtraWithdrawn():
            return facts.ExtraWithdrawn(known_at=event.known_at, extra_id=event.extra_id)
        case events.OverageApproved():
            return facts.OverageApproved(known_at=event.known_at, period=event.period, quantity=event.quantity)
        case events.OverageDeclined():
            return facts.OverageDeclined(known_at=event.known_at, period=event.period)
        case events.LateFeeCharged():
            return facts.LateFeeNoted(
                known_at=event.known_at, number=event.number, step=event.step, amount=event.amount, on=event.on
            )
        case events.RetainerTakenOver():
            return facts.TakeOverNoted(  # the books begin with it, whenever it is told: nothing older is owed (R38)
                known_at=LONG_AGO,
                on=event.on,
                buckets=event.buckets,
                borrowed=event.borrowed,
                blocks=event.blocks,
                fee_paid_until=event.fee_paid_until,
            )
        case events.AmountWrittenOff():
            return facts.WriteOffNoted(
                known_at=event.known_at, number=event.number, lines=_forgiven(event.lines), on=event.on
            )
    raise AssertionError(f"{type(event).__name__} is no fact of the books")


def _forgiven(lines: tuple[events.InvoiceLine, ...]) -> tuple[facts.ForgivenLine, ...]:
    """What was asked, summed by period and tax."""
    sums: dict[tuple[object, ...], facts.ForgivenLine] = {}
    for line in lines:
        key = (line.period, line.tax_category, line.tax_rate_ppm)
        before = sums[key].amount if key in sums else 0
        sums[key] = facts.ForgivenLine(line.period, Minor(before + line.amount), line.tax_category, line.tax_rate_ppm)
    return tuple(sums.values())

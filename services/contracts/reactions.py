"""What timelog's facts mean for contracts: on which days a contract has work that pauses, ends and terms must heed."""

from collections.abc import Sequence
from datetime import date

from chassis.inbox import Incoming
from chassis.store import Ledger
from services.contracts import streams
from services.contracts.deciders import CONTRACT
from services.contracts.events import NotedWork, WorkHeard
from services.timelog import events as timelog
from vocabulary.calendar import local_date, zone
from vocabulary.fact import Fact
from vocabulary.identity import ContractId


async def hear_timelog(fact: Incoming, ledger: Ledger) -> None:
    """Another's fact is history: it is noted as it stands."""
    await hear_together([fact], ledger)


async def hear_together(facts: Sequence[Incoming], ledger: Ledger) -> None:
    """What many facts say of an agency's work, as it is after the last of them: one note for each contract."""
    said: dict[str, tuple[ContractId, NotedWork | None]] = {}
    for fact in facts:
        told = await _told(ledger, fact)
        if told is not None:
            subject, contract_id, work = told
            said.pop(subject, None)  # so that contracts stand in the order of what was said last
            said[subject] = (contract_id, work)
    by_contract: dict[ContractId, dict[str, NotedWork | None]] = {}
    for subject, (contract_id, work) in said.items():
        by_contract.setdefault(contract_id, {})[subject] = work
    for contract_id, works in by_contract.items():
        heard = WorkHeard(
            contract_id=contract_id,
            noted=tuple(work for work in works.values() if work is not None),
            dropped=tuple(subject for subject, work in works.items() if work is None),
        )
        await ledger.record(streams.noted(facts[0].agency, contract_id), (heard,))


async def _told(ledger: Ledger, fact: Incoming) -> tuple[str, ContractId, NotedWork | None] | None:
    """The entry or delivery that a fact is about, its contract, and the work as it is now: None where it is none any
    more. Nothing at all for facts that leave the days as they are."""
    match fact.event:
        case timelog.TimeLogged() as event:
            if not event.work.billable:
                return None
            return (
                _entry(event.entry_id),
                event.work.contract_id,
                await _work(ledger, fact.agency, event.entry_id, event.work),
            )
        case timelog.TimeCorrected() as event:
            if not event.work.billable:
                return _entry(event.entry_id), event.was or event.work.contract_id, None
            return (
                _entry(event.entry_id),
                event.work.contract_id,
                await _work(ledger, fact.agency, event.entry_id, event.work),
            )
        case timelog.TimeDeleted() as event:
            return _entry(event.entry_id), event.contract_id, None
        case timelog.Delivered() as event:
            subject = _delivery(event.delivery_id)
            return subject, event.contract_id, NotedWork(subject=subject, on=event.delivered_on)
        case timelog.DeliveryWithdrawn() as event:
            return _delivery(event.delivery_id), event.contract_id, None
        case _:
            return None  # people, timers, approvals and imports leave the days as they are


def partition(event: Fact) -> str:
    """Facts of one entry or delivery wait for each other."""
    return f"{getattr(event, 'entry_id', '')}/{getattr(event, 'delivery_id', '')}"


def _entry(entry_id: str) -> str:
    return f"entries/{entry_id}"


def _delivery(delivery_id: str) -> str:
    return f"deliveries/{delivery_id}"


async def _work(ledger: Ledger, agency: str, entry_id: str, work: timelog.Work) -> NotedWork:
    return NotedWork(
        subject=_entry(entry_id),
        on=await _day(ledger, agency, work),
        person_id=work.person_id,
        role=work.role,
        task=work.task,
        rated=work.rate is not None,
    )


async def _day(ledger: Ledger, agency: str, work: timelog.Work) -> date:
    """The local date in the contract's zone (R7): as timelog reckoned it, or by the zone that the contract has."""
    if known := work.counted_on or work.worked_on:
        return known
    assert work.started_at is not None, "work has a start or a date"
    contract = await ledger.state(CONTRACT, streams.contract(agency, work.contract_id))
    return local_date(work.started_at, zone(contract.agreement.time_zone if contract is not None else "UTC"))

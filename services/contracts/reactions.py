"""What timelog's facts mean for contracts: on which days a contract has work that pauses, ends and terms must heed."""

from datetime import date

from chassis.inbox import Incoming
from chassis.store import Ledger
from services.contracts import streams
from services.contracts.deciders import CONTRACT
from services.contracts.events import WorkDropped, WorkNoted
from services.timelog import events as timelog
from vocabulary.calendar import local_date, zone
from vocabulary.fact import Fact
from vocabulary.identity import ContractId


async def hear_timelog(fact: Incoming, ledger: Ledger) -> None:
    """Another's fact is history: it is noted as it stands."""
    match fact.event:
        case timelog.TimeLogged() as event:
            if event.work.billable:
                await _note(ledger, fact.agency, await _entry(ledger, fact.agency, event.entry_id, event.work))
        case timelog.TimeCorrected() as event:
            subject = f"entries/{event.entry_id}"
            if event.work.billable:
                await _note(ledger, fact.agency, await _entry(ledger, fact.agency, event.entry_id, event.work))
            else:
                await _drop(ledger, fact.agency, subject, event.was or event.work.contract_id)
        case timelog.TimeDeleted() as event:
            await _drop(ledger, fact.agency, f"entries/{event.entry_id}", event.contract_id)
        case timelog.Delivered() as event:
            subject = f"deliveries/{event.delivery_id}"
            noted = WorkNoted(subject=subject, contract_id=event.contract_id, on=event.delivered_on)
            await _note(ledger, fact.agency, noted)
        case timelog.DeliveryWithdrawn() as event:
            await _drop(ledger, fact.agency, f"deliveries/{event.delivery_id}", event.contract_id)
        case _:
            return  # people, timers, approvals and imports leave the days as they are


def partition(event: Fact) -> str:
    """Facts of one entry or delivery wait for each other."""
    return f"{getattr(event, 'entry_id', '')}/{getattr(event, 'delivery_id', '')}"


async def _entry(ledger: Ledger, agency: str, entry_id: str, work: timelog.Work) -> WorkNoted:
    return WorkNoted(
        subject=f"entries/{entry_id}",
        contract_id=work.contract_id,
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


async def _note(ledger: Ledger, agency: str, noted: WorkNoted) -> None:
    await ledger.record(streams.noted(agency, noted.contract_id), (noted,))


async def _drop(ledger: Ledger, agency: str, subject: str, contract_id: ContractId) -> None:
    await ledger.record(streams.noted(agency, contract_id), (WorkDropped(subject=subject, contract_id=contract_id),))

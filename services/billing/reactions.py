"""What billing does when another service tells something: when TimeLogged, then count the entry.

Nothing is refused here: another's fact is history. What the account cannot count it lists as left out (ListLeftOut).
"""

from typing import Any

from chassis.inbox import Incoming
from chassis.store import Ledger
from services.billing import streams
from services.billing.deciders import ACCOUNT
from services.billing.domain.account.commands import Hear, NotePlan, OpenAccount
from services.billing.events import ClientNoted, CountedWork, Heard, PaperAddress, SenderNoted
from services.contracts import events as contracts
from services.timelog import events as timelog
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId
from vocabulary.personal import Personal


async def react_to_contracts(fact: Incoming, ledger: Ledger) -> None:
    """Addresses for documents; terms, pauses, ends and renewals for the accounts."""
    match fact.event:
        case contracts.AgencyDescribed() as agency:
            await ledger.record(streams.sender(fact.agency), [_sender(agency)])
        case contracts.ClientAdded() | contracts.ClientDescribed():
            noted = _client(fact.event.client_id, fact.event.profile)
            await ledger.record(streams.client(fact.agency, noted.client_id), [noted])
        case contracts.ContractActivated() as activated:
            opened = OpenAccount(
                contract_id=activated.contract_id,
                client_id=activated.client_id,
                title=activated.title,
                agreement=activated.agreement,
                known_at=fact.recorded_at,
            )
            await ledger.decide(ACCOUNT, streams.account(fact.agency, activated.contract_id), opened)
        case contracts.TermsChanged() as changed:
            heard = _heard(
                fact, "terms", from_on=changed.effective_on, patch=changed.patch, immediately=changed.immediately
            )
            await _hear(fact, ledger, changed.contract_id, heard)
        case contracts.ContractPaused() as paused:
            heard = _heard(fact, "pause", from_on=paused.from_on, to_on=paused.to_on)
            await _hear(fact, ledger, paused.contract_id, heard)
        case contracts.EndAgreed() as ended:
            await _hear(fact, ledger, ended.contract_id, _heard(fact, "end", from_on=ended.ends_on))
        case contracts.ContractRenewed() as renewed:
            await _hear(fact, ledger, renewed.contract_id, _heard(fact, "renewal", from_on=renewed.ends_on))
        case contracts.HoursPlanned() as plan:
            noted_plan = NotePlan(
                contract_id=plan.contract_id, period=plan.period, planned=plan.planned, task=plan.task
            )
            await ledger.decide(ACCOUNT, streams.account(fact.agency, plan.contract_id), noted_plan)
        case _:  # drafts, notices and reminders ahead of an end change nothing that is owed
            return


async def react_to_timelog(fact: Incoming, ledger: Ledger) -> None:
    """Time and deliveries onto the accounts."""
    match fact.event:
        case timelog.TimeLogged() as logged:
            heard = _heard(fact, "logged", entry_id=logged.entry_id, work=_work(logged.work, logged.approved))
            await _hear(fact, ledger, logged.work.contract_id, heard)
        case timelog.TimeCorrected() as corrected:
            if corrected.was is not None and corrected.was != corrected.work.contract_id:
                await _hear(fact, ledger, corrected.was, _heard(fact, "deleted", entry_id=corrected.entry_id))
            work = _work(corrected.work, corrected.approved)
            heard = _heard(fact, "corrected", entry_id=corrected.entry_id, work=work)
            await _hear(fact, ledger, corrected.work.contract_id, heard)
        case timelog.TimeDeleted() as deleted:
            await _hear(fact, ledger, deleted.contract_id, _heard(fact, "deleted", entry_id=deleted.entry_id))
        case timelog.TimeApproved() as approved:
            await _hear(fact, ledger, approved.contract_id, _heard(fact, "approved", entry_id=approved.entry_id))
        case timelog.Delivered() as made:
            heard = _heard(
                fact, "delivered", delivery_id=made.delivery_id, units=made.units, delivered_on=made.delivered_on
            )
            await _hear(fact, ledger, made.contract_id, heard)
        case timelog.DeliveryWithdrawn() as gone:
            await _hear(fact, ledger, gone.contract_id, _heard(fact, "withdrawn", delivery_id=gone.delivery_id))
        case _:  # people, timers and imports change nothing that is owed
            return


def partition(event: Fact) -> str:
    """What is parked together behind a fact that cannot be taken in: all that concerns one contract."""
    contract_id = getattr(event, "contract_id", None) or getattr(getattr(event, "work", None), "contract_id", None)
    if contract_id:
        return f"contract/{contract_id}"
    client_id = getattr(event, "client_id", None)
    return f"client/{client_id}" if client_id else "agency"


def _heard(fact: Incoming, change: Any, **what: Any) -> Heard:
    return Heard(change=change, known_at=fact.recorded_at, fact_hash=fact.stream_hash, **what)


async def _hear(fact: Incoming, ledger: Ledger, contract_id: ContractId, heard: Heard) -> None:
    await ledger.decide(ACCOUNT, streams.account(fact.agency, contract_id), Hear(contract_id=contract_id, heard=heard))


def _work(work: timelog.Work, approved: bool) -> CountedWork:
    return CountedWork(
        person_id=work.person_id,
        worked=work.worked,
        started_at=work.started_at,
        worked_on=work.worked_on,
        role=work.role,
        task=work.task,
        billable=work.billable,
        rate=work.rate,
        approved=approved,
    )


def _sender(agency: contracts.AgencyDescribed) -> SenderNoted:
    return SenderNoted(
        address=_address(agency.name, agency.address),
        email=agency.email,
        phone=agency.phone,
        vat_id=agency.vat_id,
        tax_number=agency.tax_number,
        bank_holder=agency.bank.holder,
        iban=agency.bank.iban,
        bic=agency.bank.bic,
        registration=agency.registration,
        contact_name=agency.contact_name,
        logo=agency.logo,
        colour=agency.colour,
    )


def _client(client_id: ClientId, profile: contracts.ClientProfile) -> ClientNoted:
    return ClientNoted(
        client_id=client_id,
        address=_address(profile.name, profile.address),
        currency=profile.currency,
        locale=profile.locale,
        vat_id=profile.vat_id,
        email=next((contact.email for contact in profile.contacts if contact.email and _gets_invoices(contact)), None),
        buyer_reference=profile.buyer_reference,
    )


def _gets_invoices(contact: contracts.Contact) -> bool:
    return not contact.receives or "invoices" in contact.receives


def _address(name: Personal, address: contracts.PostalAddress) -> PaperAddress:
    return PaperAddress(
        name=name,
        lines=address.lines,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
    )

"""What others' facts mean for notify: whom to address, and what to tell."""

from chassis.inbox import Incoming
from chassis.store import Ledger
from services.billing import events as billing
from services.contracts import events as contracts
from services.notify import streams
from services.notify.deciders import ADDRESSEE, CONTRACT, NOTICE, SENDER
from services.notify.domain import notice
from services.notify.domain.addressee import ForgetAddressee, NoteAddressee
from services.notify.domain.news import document_notice_id, notice_id
from services.notify.events import (
    AddresseeNoted,
    BudgetFigures,
    ContractNoted,
    CreditNoteNews,
    InvoiceNews,
    News,
    PaceNews,
    Recipient,
    ReminderNews,
    RenewalNews,
    SenderNoted,
    ThresholdNews,
)
from vocabulary.fact import Fact
from vocabulary.identity import ClientId
from vocabulary.terms import Units


async def hear_contracts(fact: Incoming, ledger: Ledger) -> None:
    """Addresses, senders, titles; and the renewals that come near."""
    agency, event = fact.agency, fact.event
    match event:
        case contracts.ClientAdded() | contracts.ClientDescribed():
            stream = streams.addressee(agency, event.client_id)
            await ledger.decide(ADDRESSEE, stream, NoteAddressee(_addressee(event)))
        case contracts.ClientErased():
            stream = streams.addressee(agency, event.client_id)
            await ledger.decide(ADDRESSEE, stream, ForgetAddressee(event.client_id))
        case contracts.AgencyDescribed():
            await ledger.decide(SENDER, streams.sender(agency), _sender(event))
        case contracts.ContractActivated():
            await ledger.decide(CONTRACT, streams.contract(agency, event.contract_id), _contract(event))
        case contracts.RenewalApproaches():
            news = RenewalNews(event.contract_id, event.ends_on, event.days_ahead, event.renews)
            await _tell(ledger, agency, event.client_id, news)
        case _:
            return  # what concerns terms and dates, nobody is told of by us


async def hear_billing(fact: Incoming, ledger: Ledger) -> None:
    """Thresholds, pace, documents and reminders."""
    agency, event = fact.agency, fact.event
    match event:
        case billing.ThresholdReached():
            figures = _figures(event.figures)
            told: News = ThresholdNews(event.contract_id, event.percent, figures, event.on, event.runs_out_on)
            await _tell(ledger, agency, event.client_id, told)
        case billing.PaceWarned():
            told = PaceNews(event.contract_id, event.runs_out_on, _figures(event.figures), event.on)
            await _tell(ledger, agency, event.client_id, told)
        case billing.InvoiceIssued():
            await _tell(ledger, agency, event.client_id, _document(event))
        case billing.DocumentDrawn():
            stream = streams.notice(agency, document_notice_id(event.number))
            await ledger.decide(NOTICE, stream, notice.NoteDocument(event.number))
        case billing.ReminderDue():
            await _tell(ledger, agency, event.client_id, _reminder(event))
        case _:
            return  # the account's own books


def contracts_partition(event: Fact) -> str:
    """Facts of one client, of one contract or of the agency wait for each other."""
    match event:
        case contracts.AgencyDescribed():
            return "agency"
        case contracts.ClientAdded() | contracts.ClientDescribed() | contracts.ClientErased():
            return f"client/{event.client_id}"
        case _:
            return f"contract/{getattr(event, 'contract_id', '')}"


def billing_partition(event: Fact) -> str:
    """Facts of one document, else of one contract, wait for each other."""
    number = getattr(event, "number", None)
    return f"document/{number}" if number else f"contract/{getattr(event, 'contract_id', '')}"


async def _tell(ledger: Ledger, agency: str, client_id: ClientId, news: News) -> None:
    await ledger.decide(NOTICE, streams.notice(agency, notice_id(news)), notice.Tell(client_id, news))


def _addressee(event: contracts.ClientAdded | contracts.ClientDescribed) -> AddresseeNoted:
    profile = event.profile
    return AddresseeNoted(
        client_id=event.client_id,
        name=profile.name,
        locale=profile.locale,
        time_zone=profile.time_zone,
        recipients=tuple(
            Recipient(contact.contact_id, contact.name, contact.email, contact.receives) for contact in profile.contacts
        ),
    )


def _sender(event: contracts.AgencyDescribed) -> SenderNoted:
    return SenderNoted(agency_id=event.agency_id, name=event.name, email=event.email, phone=event.phone)


def _contract(event: contracts.ContractActivated) -> ContractNoted:
    allowance = event.agreement.terms.allowance
    return ContractNoted(
        contract_id=event.contract_id,
        client_id=event.client_id,
        title=event.title,
        currency=event.agreement.currency,
        unit=allowance.of if isinstance(allowance, Units) else "",
    )


def _figures(figures: billing.Figures) -> BudgetFigures:
    available = figures.allowance + figures.carried - figures.borrowed
    return BudgetFigures(
        start=figures.start,
        end=figures.end,
        measure=figures.measure,
        available=available,
        used=figures.used,
        remaining=figures.remaining,
        overage=figures.overage,
    )


def _document(event: billing.InvoiceIssued) -> InvoiceNews | CreditNoteNews:
    """The gross total decides whether it is a credit note (R28)."""
    if event.gross < 0:
        return CreditNoteNews(
            contract_id=event.contract_id,
            number=event.number,
            currency=event.currency,
            net=event.net,
            tax=event.tax,
            gross=event.gross,
            issued_on=event.issued_on,
            title=event.title,
            cancels=event.cancels,
        )
    return InvoiceNews(
        contract_id=event.contract_id,
        number=event.number,
        currency=event.currency,
        net=event.net,
        tax=event.tax,
        gross=event.gross,
        issued_on=event.issued_on,
        due_on=event.due_on,
        title=event.title,
    )


def _reminder(event: billing.ReminderDue) -> ReminderNews:
    return ReminderNews(
        number=event.number,
        step=event.step,
        currency=event.currency,
        open=event.open,
        late_fee=event.late_fee,
        due_on=event.due_on,
        on=event.on,
    )

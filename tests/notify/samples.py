"""A client, a contract and what happens to them, for tests of notify: fixed, and read from top to bottom."""

from datetime import UTC, date, datetime

from services.billing import events as billing
from services.contracts import events as contracts
from services.notify.domain.news import notice_id
from services.notify.domain.notice import Address, Way
from services.notify.events import (
    AddresseeNoted,
    BudgetFigures,
    CreditNoteNews,
    InvoiceNews,
    NoticeQueued,
    PaceNews,
    Recipient,
    ReminderNews,
    RenewalNews,
    ThresholdNews,
)
from vocabulary.duration import Minutes
from vocabulary.identity import AgencyId, ClientId, ContractId, DocumentNumber
from vocabulary.money import Minor
from vocabulary.personal import of_agency, of_client
from vocabulary.terms import Agreement, Cycle, Hours, Terms

AGENCY = "studio"
ACME = ClientId("acme")
WEB = ContractId("web-2026")
INVOICE = DocumentNumber("2026-0001")
NOON = datetime(2026, 3, 17, 12, 0, tzinfo=UTC)

MARCH = BudgetFigures(
    start=date(2026, 3, 1),
    end=date(2026, 4, 1),
    measure="minutes",
    available=600,
    used=455,
    remaining=145,
    overage=0,
)
THRESHOLD = ThresholdNews(WEB, 75, MARCH, date(2026, 3, 17), date(2026, 3, 24))
PACE = PaceNews(WEB, date(2026, 3, 24), MARCH, date(2026, 3, 17))
INVOICED = InvoiceNews(
    contract_id=WEB,
    number=INVOICE,
    currency="EUR",
    net=Minor(138249),
    tax=Minor(26267),
    gross=Minor(164516),
    issued_on=date(2026, 4, 1),
    due_on=date(2026, 4, 15),
    title="Website 2026",
)
CREDITED = CreditNoteNews(
    contract_id=WEB,
    number=DocumentNumber("CN-2026-0001"),
    currency="EUR",
    net=Minor(-10000),
    tax=Minor(-1900),
    gross=Minor(-11900),
    issued_on=date(2026, 4, 2),
    title="Website 2026",
    cancels=INVOICE,
)
REMINDER = ReminderNews(
    number=INVOICE,
    step=2,
    currency="EUR",
    open=Minor(100000),
    late_fee=Minor(500),
    due_on=date(2026, 4, 15),
    on=date(2026, 4, 29),
)
RENEWAL = RenewalNews(WEB, date(2027, 1, 1), 30, renews=True)

QUEUED = NoticeQueued(notice_id=notice_id(THRESHOLD), client_id=ACME, news=THRESHOLD)
TO_JOERG = Address((Way("joerg"),))
NOTED = AddresseeNoted(
    client_id=ACME,
    name=of_client(ACME, "Acme GmbH"),
    locale="de",
    time_zone="Europe/Berlin",
    recipients=(
        Recipient("joerg", of_client(ACME, "Jörg Weiß"), of_client(ACME, "joerg@acme.example")),
        Recipient("books", of_client(ACME, "Accounts"), of_client(ACME, "books@acme.example"), ("invoices",)),
    ),
)


def client_added(*contacts: contracts.Contact, client_id: ClientId = ACME, locale: str = "de") -> contracts.ClientAdded:
    profile = contracts.ClientProfile(
        name=of_client(client_id, "Acme GmbH"),
        currency="EUR",
        locale=locale,
        time_zone="Europe/Berlin",
        contacts=contacts,
    )
    return contracts.ClientAdded(client_id=client_id, profile=profile)


def contact(
    contact_id: str, name: str, email: str | None, *receives: str, client_id: ClientId = ACME
) -> contracts.Contact:
    address = of_client(client_id, email) if email is not None else None
    return contracts.Contact(contact_id, of_client(client_id, name), address, receives)


JOERG = contact("joerg", "Jörg Weiß", "joerg@acme.example")

AGENCY_DESCRIBED = contracts.AgencyDescribed(
    agency_id=AgencyId(AGENCY),
    name=of_agency(AGENCY, "Studio Müller"),
    address=contracts.PostalAddress(),
    email=of_agency(AGENCY, "hallo@studio.example"),
    phone=of_agency(AGENCY, "+49 30 1234567"),
)


def activated(contract_id: ContractId = WEB, client_id: ClientId = ACME) -> contracts.ContractActivated:
    terms = Terms(Cycle.MONTH, allowance=Hours(Minutes(600)))
    return contracts.ContractActivated(
        contract_id=contract_id,
        client_id=client_id,
        title="Website 2026",
        agreement=Agreement("EUR", "Europe/Berlin", "2026-01-01", terms),
    )


def threshold_reached(
    percent: int = 75, contract_id: ContractId = WEB, client_id: ClientId = ACME, on: date = date(2026, 3, 17)
) -> billing.ThresholdReached:
    figures = billing.Figures(
        date(2026, 3, 1), date(2026, 4, 1), "minutes", allowance=600, carried=60, borrowed=60, used=455, remaining=145
    )
    return billing.ThresholdReached(
        contract_id=contract_id,
        client_id=client_id,
        percent=percent,
        figures=figures,
        on=on,
        runs_out_on=date(2026, 3, 24),
    )


def invoice_issued(number: DocumentNumber = INVOICE, gross: int = 164516) -> billing.InvoiceIssued:
    return billing.InvoiceIssued(
        number=number,
        contract_id=WEB,
        client_id=ACME,
        currency="EUR",
        boundary=date(2026, 4, 1),
        issued_on=date(2026, 4, 1),
        due_on=date(2026, 4, 15),
        lines=(),
        taxes=(),
        net=Minor(gross),
        tax=Minor(0),
        gross=Minor(gross),
        title="Website 2026",
    )


def document_drawn(number: DocumentNumber = INVOICE) -> billing.DocumentDrawn:
    return billing.DocumentDrawn(number=number, client_id=ACME, sha256="00", content=of_agency(AGENCY, "JVBERi0xLjc="))


REMINDER_DUE = billing.ReminderDue(
    number=INVOICE,
    client_id=ACME,
    currency="EUR",
    step=2,
    open=Minor(100000),
    due_on=date(2026, 4, 15),
    on=date(2026, 4, 29),
    late_fee=Minor(500),
)

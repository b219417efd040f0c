"""What others' facts mean for notify. Every door is at least once, so every fact here comes twice."""

from datetime import date

import pytest

from services.billing import events as billing
from services.contracts import events as contracts
from services.notify import streams
from services.notify.deciders import ADDRESSEE, CONTRACT, NOTICE, SENDER
from services.notify.events import CreditNoteNews, InvoiceNews, ReminderNews, RenewalNews, ThresholdNews
from services.notify.reactions import billing_partition, contracts_partition
from tests.notify.office import NotifyOffice
from tests.notify.samples import (
    ACME,
    AGENCY,
    AGENCY_DESCRIBED,
    INVOICE,
    JOERG,
    MARCH,
    REMINDER_DUE,
    WEB,
    activated,
    client_added,
    contact,
    document_drawn,
    invoice_issued,
    threshold_reached,
)
from vocabulary.fact import Fact
from vocabulary.identity import DocumentNumber, PaymentId
from vocabulary.money import Minor

RENEWS = contracts.RenewalApproaches(
    contract_id=WEB, client_id=ACME, ends_on=date(2027, 1, 1), days_ahead=30, renews=True
)
WARNED = billing.PaceWarned(
    contract_id=WEB,
    client_id=ACME,
    runs_out_on=date(2026, 3, 24),
    figures=threshold_reached().figures,
    on=date(2026, 3, 17),
)
EVERY_DOOR: dict[str, tuple[Fact, int]] = {
    "client added": (client_added(JOERG), 1),
    "agency described": (AGENCY_DESCRIBED, 1),
    "contract activated": (activated(), 1),
    "renewal approaches": (RENEWS, 1),
    "threshold reached": (threshold_reached(), 1),
    "pace warned": (WARNED, 1),
    "invoice issued": (invoice_issued(), 1),
    "document drawn": (document_drawn(), 0),
    "reminder due": (REMINDER_DUE, 1),
    "contract discarded": (contracts.DraftDiscarded(contract_id=WEB), 0),
    "payment received": (
        billing.PaymentReceived(
            payment_id=PaymentId("p1"),
            client_id=ACME,
            currency="EUR",
            amount=Minor(100),
            paid_on=date(2026, 4, 2),
        ),
        0,
    ),
}


@pytest.mark.parametrize("door", EVERY_DOOR)
async def test_a_fact_that_comes_again_changes_nothing(notify: NotifyOffice, door: str) -> None:
    fact, recorded = EVERY_DOOR[door]
    await notify.hear(fact)
    assert notify.store.position == recorded
    await notify.hear(fact, fact)
    assert notify.store.position == recorded


async def test_a_threshold_is_told_once_however_the_figures_differ(notify: NotifyOffice) -> None:  # R36
    await notify.hear(threshold_reached(75), threshold_reached(90), threshold_reached(75))
    notice, version = await notify.store.state(NOTICE, streams.notice(AGENCY, "threshold.web-2026.2026-03-01.75"))
    assert version == 1
    assert notice is not None
    assert isinstance(notice.news, ThresholdNews)
    assert notice.news.figures == MARCH, "available is allowance and what was carried, less what was borrowed"
    assert notify.store.position == 2


@pytest.mark.parametrize(
    ("on", "told"), [(date(2026, 3, 31), 1), (date(2026, 4, 1), 0), (date(2026, 4, 20), 0)], ids=str
)
async def test_nobody_is_warned_of_a_period_that_has_ended(notify: NotifyOffice, on: date, told: int) -> None:  # R36
    late = threshold_reached(on=on)
    await notify.hear(late, late)
    assert notify.store.position == told


async def test_the_sign_of_the_total_makes_it_a_credit_note(notify: NotifyOffice) -> None:  # R28
    credit = DocumentNumber("CN-2026-0001")
    await notify.hear(
        invoice_issued(), invoice_issued(credit, gross=-100), invoice_issued(DocumentNumber("2026-0002"), 0)
    )
    kinds = []
    for number in (INVOICE, credit, "2026-0002"):
        notice, _ = await notify.store.state(NOTICE, streams.notice(AGENCY, f"invoice.{number}"))
        assert notice is not None
        kinds.append(type(notice.news))
    assert kinds == [InvoiceNews, CreditNoteNews, InvoiceNews]


async def test_each_step_of_reminding_is_told_by_itself(notify: NotifyOffice) -> None:  # R33
    await notify.hear(REMINDER_DUE)
    notice, _ = await notify.store.state(NOTICE, streams.notice(AGENCY, "reminder.2026-0001.2"))
    assert notice is not None
    assert isinstance(notice.news, ReminderNews)
    assert (notice.news.open, notice.news.late_fee) == (100000, 500)


async def test_a_renewal_is_told_once_for_each_end_and_number_of_days(notify: NotifyOffice) -> None:  # R25
    await notify.hear(RENEWS)
    notice, _ = await notify.store.state(NOTICE, streams.notice(AGENCY, "renewal.web-2026.2027-01-01.30"))
    assert notice is not None
    assert notice.news == RenewalNews(WEB, date(2027, 1, 1), 30, True)


async def test_the_address_book_follows_the_client(notify: NotifyOffice) -> None:
    await notify.hear(client_added(JOERG))
    moved = client_added(JOERG, contact("books", "Accounts", None, "invoices"), locale="en")
    await notify.hear(contracts.ClientDescribed(client_id=ACME, profile=moved.profile))
    addressee, version = await notify.store.state(ADDRESSEE, streams.addressee(AGENCY, ACME))
    assert addressee.noted is not None
    assert version == 2
    assert addressee.noted.locale == "en"
    assert [one.contact_id for one in addressee.noted.recipients] == ["joerg", "books"]
    assert addressee.noted.recipients[1].email is None


async def test_nothing_personal_is_kept_in_clear(notify: NotifyOffice) -> None:
    await notify.hear(client_added(JOERG), AGENCY_DESCRIBED, activated())
    stored = b"".join([fact.payload for fact in await notify.store.read_log(0, 100)])
    for personal in ("Jörg", "acme.example", "Acme GmbH", "Müller", "studio.example", "1234567"):
        assert personal.encode() not in stored
    addressee, _ = await notify.store.state(ADDRESSEE, streams.addressee(AGENCY, ACME))
    assert addressee.noted is not None
    assert await notify.keys.open(AGENCY, addressee.noted.recipients[0].name) == "Jörg Weiß"
    sender, _ = await notify.store.state(SENDER, streams.sender(AGENCY))
    assert sender is not None
    assert await notify.keys.open(AGENCY, sender.email) == "hallo@studio.example"


async def test_a_contract_is_known_by_its_title(notify: NotifyOffice) -> None:
    await notify.hear(activated())
    contract, _ = await notify.store.state(CONTRACT, streams.contract(AGENCY, WEB))
    assert contract is not None
    assert (contract.title, contract.currency) == ("Website 2026", "EUR")


async def test_agencies_do_not_meet(notify: NotifyOffice) -> None:
    await notify.hear(threshold_reached())
    await notify.hear(threshold_reached(), agency="other")
    assert notify.store.position == 2
    notice, _ = await notify.store.state(NOTICE, streams.notice("other", "threshold.web-2026.2026-03-01.75"))
    assert notice is not None


def test_what_belongs_together_parks_together() -> None:
    assert billing_partition(invoice_issued()) == billing_partition(document_drawn()) == "document/2026-0001"
    assert billing_partition(threshold_reached()) == "contract/web-2026"
    assert contracts_partition(client_added()) == "client/acme"
    assert contracts_partition(AGENCY_DESCRIBED) == "agency"
    assert contracts_partition(activated()) == contracts_partition(RENEWS) == "contract/web-2026"

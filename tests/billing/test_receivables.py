"""One client's ledger in one currency (R32, R33): what is recorded. How payments fall is shown by the case files."""

from datetime import UTC, date, datetime

from chassis.testing import given
from services.billing.deciders import PAYMENT, RECEIVABLES
from services.billing.domain.payment import NotePayment, PaymentDiffers
from services.billing.domain.receivables import (
    BalanceTooSmall,
    BookInvoice,
    InvoiceUnknown,
    MarkUncollectible,
    NothingOpen,
    NotPositive,
    ReceivePayment,
    RefundBalance,
    RemindOverdue,
    ResumeReminders,
    StopReminders,
)
from services.billing.events import (
    BalanceRefunded,
    InvoiceBooked,
    InvoiceUncollectible,
    OpenAmount,
    OpenRestated,
    PaymentNoted,
    PaymentReceived,
    ReminderDue,
    RemindersResumed,
    RemindersStopped,
    ReminderStep,
)
from vocabulary.identity import ClientId, ContractId, DocumentNumber, PaymentId
from vocabulary.money import Minor

ACME, WEB = ClientId("acme"), ContractId("web")
FIRST, SECOND, CREDIT_NOTE = DocumentNumber("2026-0001"), DocumentNumber("2026-0002"), DocumentNumber("CN-2026-0001")


def booked(number: str, gross: int, issued: date, due: date) -> InvoiceBooked:
    return InvoiceBooked(
        number=number,
        contract_id=WEB,
        client_id=ACME,
        currency="EUR",
        gross=Minor(gross),
        issued_on=issued,
        due_on=due,
        time_zone="Europe/Berlin",
    )


def book(of: InvoiceBooked) -> BookInvoice:
    return BookInvoice(
        client_id=ACME,
        currency="EUR",
        number=of.number,
        contract_id=WEB,
        gross=of.gross,
        issued_on=of.issued_on,
        due_on=of.due_on,
        time_zone=of.time_zone,
    )


JANUARY = booked(FIRST, 119_000, date(2026, 1, 1), date(2026, 1, 15))
FEBRUARY = booked(SECOND, 119_000, date(2026, 2, 1), date(2026, 2, 15))


def pay(amount: int, on: date, number: DocumentNumber | None = None, payment_id: str = "p1") -> ReceivePayment:
    return ReceivePayment(
        client_id=ACME,
        currency="EUR",
        payment_id=PaymentId(payment_id),
        amount=Minor(amount),
        paid_on=on,
        number=number,
    )


def paid(amount: int, on: date, number: DocumentNumber | None = None, payment_id: str = "p1") -> PaymentReceived:
    return PaymentReceived(
        payment_id=PaymentId(payment_id),
        client_id=ACME,
        currency="EUR",
        amount=Minor(amount),
        paid_on=on,
        number=number,
    )


def restated(*open_amounts: tuple[str, int], credit: int = 0) -> OpenRestated:
    amounts = tuple(OpenAmount(number, Minor(open_)) for number, open_ in open_amounts)
    return OpenRestated(client_id=ACME, currency="EUR", open=amounts, credit=Minor(credit))


def test_an_invoice_that_nothing_pays_is_one_fact():
    given(RECEIVABLES).when(book(JANUARY)).then(JANUARY)


def test_too_much_becomes_balance_and_pays_what_is_issued_next():  # 1500.00 for 1190.00: 310.00; 1190 - 310 = 880.00
    (
        given(RECEIVABLES, JANUARY)
        .when(pay(150_000, date(2026, 1, 5)))
        .then(paid(150_000, date(2026, 1, 5)), restated((FIRST, 0), credit=31_000))
        .when(book(FEBRUARY))
        .then(FEBRUARY, restated((SECOND, 88_000)))
    )


def test_a_payment_that_names_an_invoice_pays_that_one():
    (
        given(RECEIVABLES, JANUARY, FEBRUARY)
        .when(pay(119_000, date(2026, 2, 10), SECOND))
        .then(paid(119_000, date(2026, 2, 10), SECOND), restated((SECOND, 0)))
    )


def test_a_payment_that_names_what_is_not_issued_by_then_goes_to_the_oldest_due():  # 1190.00 and 10.00 of balance
    (
        given(RECEIVABLES, JANUARY)
        .when(pay(120_000, date(2026, 1, 31), SECOND))
        .then(paid(120_000, date(2026, 1, 31), SECOND), restated((FIRST, 0), credit=1_000))
        .when(book(FEBRUARY))
        .then(FEBRUARY, restated((SECOND, 118_000)))
    )


def test_money_is_above_zero():
    given(RECEIVABLES, JANUARY).when(pay(0, date(2026, 2, 10))).refused(NotPositive, field="amount")


def test_a_refund_takes_from_the_balance_and_never_below_zero():  # 1500.00 - 1190.00 = 310.00
    history = (JANUARY, paid(150_000, date(2026, 1, 5)), restated((FIRST, 0), credit=31_000))
    back = {"client_id": ACME, "currency": "EUR", "refund_id": PaymentId("r1"), "refunded_on": date(2026, 1, 20)}
    given(RECEIVABLES, *history).when(RefundBalance(amount=Minor(31_001), **back)).refused(BalanceTooSmall)
    (
        given(RECEIVABLES, *history)
        .when(RefundBalance(amount=Minor(31_000), **back))
        .then(BalanceRefunded(amount=Minor(31_000), **back), restated())
    )


def test_a_credit_note_pays_what_is_open():  # 1190.00 open, 416.50 credited: 773.50
    note = booked(CREDIT_NOTE, -41_650, date(2026, 2, 1), date(2026, 2, 15))
    given(RECEIVABLES, JANUARY).when(book(note)).then(note, restated((FIRST, 77_350), (CREDIT_NOTE, 0)))


def test_a_payment_dated_before_what_is_there_is_told_again_from_its_day():  # the older payment pays the older invoice
    history = (JANUARY, FEBRUARY, paid(119_000, date(2026, 2, 10)), restated((FIRST, 0)))
    (
        given(RECEIVABLES, *history)
        .when(pay(119_000, date(2026, 1, 10), payment_id="p0"))
        .then(paid(119_000, date(2026, 1, 10), payment_id="p0"), restated((SECOND, 0)))
    )


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def remind(day: date, hour: int = 12, *steps: ReminderStep) -> RemindOverdue:
    settings = {"steps": steps} if steps else {}
    return RemindOverdue(client_id=ACME, currency="EUR", now=at(day, hour), **settings)


def reminded(step: int, on: date, late_fee: int = 0, open_: int = 119_000) -> ReminderDue:
    return ReminderDue(
        number=FIRST,
        client_id=ACME,
        currency="EUR",
        step=step,
        open=Minor(open_),
        due_on=date(2026, 1, 15),
        on=on,
        late_fee=Minor(late_fee),
    )


def test_a_reminder_is_due_three_days_after_the_due_date_and_once():  # due 01-15: 01-18
    early = given(RECEIVABLES, JANUARY).when(remind(date(2026, 1, 17))).then()
    told = early.when(remind(date(2026, 1, 18))).then(reminded(1, date(2026, 1, 18)))
    told.when(remind(date(2026, 1, 28))).then()
    told.when(remind(date(2026, 1, 29))).then(reminded(2, date(2026, 1, 29)))


def test_a_day_begins_where_the_contract_is():  # 23:30 UTC on 01-17 is 00:30 on 01-18 in Berlin
    late = RemindOverdue(client_id=ACME, currency="EUR", now=datetime(2026, 1, 17, 23, 30, tzinfo=UTC))
    given(RECEIVABLES, JANUARY).when(late).then(reminded(1, date(2026, 1, 18)))


def test_after_a_long_stop_only_the_highest_step_is_told():
    given(RECEIVABLES, JANUARY).when(remind(date(2026, 3, 1))).then(reminded(3, date(2026, 3, 1)))


def test_a_late_fee_comes_with_its_step():
    steps = (ReminderStep(days=5, late_fee=Minor(500), currency="EUR"),)
    given(RECEIVABLES, JANUARY).when(remind(date(2026, 1, 20), 12, *steps)).then(
        reminded(1, date(2026, 1, 20), late_fee=500)
    )


def test_a_late_fee_in_another_currency_is_none():  # R1
    steps = (ReminderStep(days=5, late_fee=Minor(500), currency="CHF"),)
    given(RECEIVABLES, JANUARY).when(remind(date(2026, 1, 20), 12, *steps)).then(reminded(1, date(2026, 1, 20)))


def test_what_is_paid_is_not_reminded_of():
    history = (JANUARY, paid(119_000, date(2026, 1, 17)), restated((FIRST, 0)))
    given(RECEIVABLES, *history).when(remind(date(2026, 1, 20))).then()


def test_a_stop_holds_for_a_document_or_for_the_client_until_it_is_taken_back():
    for number in (FIRST, None):
        stopped = RemindersStopped(client_id=ACME, currency="EUR", number=number)
        (
            given(RECEIVABLES, JANUARY)
            .when(StopReminders(client_id=ACME, currency="EUR", number=number))
            .then(stopped)
            .when(StopReminders(client_id=ACME, currency="EUR", number=number))
            .then()
            .when(remind(date(2026, 1, 20)))
            .then()
            .when(ResumeReminders(client_id=ACME, currency="EUR", number=number))
            .then(RemindersResumed(client_id=ACME, currency="EUR", number=number))
            .when(remind(date(2026, 1, 20)))
            .then(reminded(1, date(2026, 1, 20)))
        )


def test_what_is_given_up_is_left_in_peace_and_a_later_payment_still_counts():
    lost = InvoiceUncollectible(number=FIRST, client_id=ACME, currency="EUR")
    (
        given(RECEIVABLES, JANUARY)
        .when(MarkUncollectible(client_id=ACME, currency="EUR", number=FIRST))
        .then(lost)
        .when(remind(date(2026, 3, 1)))
        .then()
        .when(pay(119_000, date(2026, 3, 2)))
        .then(paid(119_000, date(2026, 3, 2)), restated((FIRST, 0)))
    )


def test_only_what_is_open_can_be_given_up():
    history = (JANUARY, paid(119_000, date(2026, 1, 17)), restated((FIRST, 0)))
    lose = MarkUncollectible(client_id=ACME, currency="EUR", number=FIRST)
    given(RECEIVABLES, *history).when(lose).refused(NothingOpen)
    unknown = MarkUncollectible(client_id=ACME, currency="EUR", number=SECOND)
    given(RECEIVABLES, JANUARY).when(unknown).refused(InvoiceUnknown)


def test_a_payment_is_counted_once_by_its_id_and_never_as_something_else():  # R32
    noted = PaymentNoted(payment_id=PaymentId("p1"), client_id=ACME, currency="EUR", amount=Minor(100))
    note = NotePayment(payment_id=PaymentId("p1"), client_id=ACME, currency="EUR", amount=Minor(100))
    other = NotePayment(payment_id=PaymentId("p1"), client_id=ACME, currency="EUR", amount=Minor(101))
    given(PAYMENT).when(note).then(noted).when(note).then().when(other).refused(PaymentDiffers, field="payment_id")

"""How money falls on documents (R32), the arithmetic in the margin."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.allocation import Document, Payment, Refund, allocate

DAY = date(2026, 1, 1)


def document(number: str, gross: int, on: int, due: int = 14, cancels: str | None = None) -> Document:
    return Document(number, gross, DAY + timedelta(days=on), DAY + timedelta(days=on + due), cancels)


def payment(name: str, amount: int, on: int, number: str | None = None) -> Payment:
    return Payment(name, amount, DAY + timedelta(days=on), number)


def test_money_goes_to_the_oldest_due() -> None:
    documents = [document("a", 100, 0, due=30), document("b", 100, 1, due=10)]
    assert allocate(documents, [payment("p", 150, 5)]).open == {"a": 50, "b": 0}  # b is due first


def test_a_named_invoice_is_paid_first_and_the_rest_goes_on() -> None:
    documents = [document("a", 100, 0), document("b", 100, 1)]
    assert allocate(documents, [payment("p", 130, 5, "b")]).open == {"a": 70, "b": 0}


def test_an_invoice_that_is_named_before_it_is_issued_is_not_named() -> None:
    documents = [document("a", 100, 0), document("b", 100, 9)]
    assert allocate(documents, [payment("p", 60, 5, "b")]).open == {"a": 40, "b": 100}


def test_too_much_is_balance_and_pays_what_comes_next() -> None:
    after = allocate([document("a", 100, 0), document("b", 100, 9)], [payment("p", 170, 5)])
    assert (after.open, after.credit) == ({"a": 0, "b": 30}, 0)  # 70 of it


def test_the_same_payment_counts_once() -> None:
    after = allocate([document("a", 100, 0)], [payment("p", 40, 2), payment("p", 40, 3)])
    assert after.open == {"a": 60}


def test_on_one_day_documents_come_before_money() -> None:
    after = allocate([document("a", 100, 5, due=0), document("b", 100, 0, due=30)], [payment("p", 100, 5)])
    assert after.open == {"a": 0, "b": 100}


def test_a_credit_note_pays_and_its_rest_is_its_negative_open_amount() -> None:
    documents = [document("a", 100, 0), document("c", -250, 3), document("b", 60, 9)]
    after = allocate(documents, [])
    assert (after.open, after.credit) == ({"a": 0, "c": -90, "b": 0}, 90)  # 250 - 100 - 60


def test_the_oldest_credit_is_used_first() -> None:
    documents = [document("c", -50, 1), document("d", -50, 3), document("a", 70, 9)]
    after = allocate(documents, [payment("p", 20, 2)])  # 50 of c, then 20 that came in; d stays whole
    assert (after.open, after.credit) == ({"c": 0, "d": -50, "a": 0}, 50)


def test_a_credit_note_that_cancels_pays_that_invoice_first() -> None:
    documents = [document("a", 100, 0), document("b", 80, 1), document("c", -80, 5, cancels="b")]
    assert allocate(documents, []).open == {"a": 100, "b": 0, "c": 0}


def test_a_refund_takes_from_the_balance() -> None:
    after = allocate([document("a", 100, 0)], [payment("p", 160, 1)], [Refund(40, DAY + timedelta(days=2))])
    assert (after.open, after.credit) == ({"a": 0}, 20)


@given(
    st.lists(st.tuples(st.integers(-500, 500).filter(bool), st.integers(0, 40)), max_size=12),
    st.lists(st.tuples(st.integers(1, 600), st.integers(0, 40)), max_size=12),
)
def test_nothing_is_lost(grosses: list[tuple[int, int]], amounts: list[tuple[int, int]]) -> None:
    """What was asked less what was paid is what is open, less the balance."""
    documents = [document(f"d{n}", gross, on) for n, (gross, on) in enumerate(grosses)]
    payments = [payment(f"p{n}", amount, on) for n, (amount, on) in enumerate(amounts)]
    after = allocate(documents, payments)
    still = {one.number: after.open[one.number] for one in documents}
    assert all(0 <= still[one.number] <= one.gross for one in documents if one.gross > 0)
    assert all(one.gross <= still[one.number] <= 0 for one in documents if one.gross < 0)
    asked, paid = sum(one.gross for one in documents), sum(one.amount for one in payments)
    is_open = sum(amount for amount in still.values() if amount > 0)
    assert is_open - after.credit == asked - paid
    assert after.credit == 0 or is_open == 0

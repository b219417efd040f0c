"""How payments, credit notes and balance fall on what is open (R32). One client, one currency. Pure.

Everything is told again from the start, in the order of days; on one day documents come before money, and among the
same sort the order is that in which they were given. O(n log n) for n documents and payments.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from heapq import heappop, heappush

import msgspec

DOCUMENT, MONEY = 0, 1


class Document(msgspec.Struct, frozen=True):
    """An invoice, or a credit note where `gross` is below zero; `cancels` names the invoice it takes back (R30)."""

    number: str
    gross: int
    issued_on: date
    due_on: date
    cancels: str | None = None


class Payment(msgspec.Struct, frozen=True):
    """Money that came in; the same `payment_id` again is not counted. `number` is the invoice that it names."""

    payment_id: str
    amount: int
    paid_on: date
    number: str | None = None


class Refund(msgspec.Struct, frozen=True):
    """Money paid back out of the balance."""

    amount: int
    refunded_on: date


class Allocation(msgspec.Struct, frozen=True):
    """What is open of each document; for a credit note below zero, what of it is balance still. `credit` is the whole
    balance."""

    open: dict[str, int]
    credit: int


class _Credit:
    """A part of the balance, and the credit note that it came from, if it did."""

    __slots__ = ("left", "number")

    def __init__(self, left: int, number: str | None) -> None:
        self.left = left
        self.number = number


class _Ledger:
    def __init__(self) -> None:
        self.open: dict[str, int] = {}
        self.balance: deque[_Credit] = deque()
        self._by_age: list[tuple[date, date, int, str]] = []
        self._count = 0

    @property
    def credit(self) -> int:
        return sum(part.left for part in self.balance)

    def issue(self, document: Document) -> None:
        """An invoice is paid out of the balance, oldest credit first; a credit note pays what is open."""
        self._count += 1
        if document.gross >= 0:
            self.open[document.number] = document.gross - self.take(document.gross)
            heappush(self._by_age, (document.due_on, document.issued_on, self._count, document.number))
            return
        left = self.pay(-document.gross, document.cancels)
        self.open[document.number] = -left
        if left:
            self.balance.append(_Credit(left, document.number))

    def take(self, amount: int) -> int:
        """As much of the amount as the balance has."""
        taken = 0
        while self.balance and taken < amount:
            part = self.balance[0]
            used = min(part.left, amount - taken)
            part.left -= used
            taken += used
            if part.number is not None:
                self.open[part.number] += used
            if part.left == 0:
                self.balance.popleft()
        return taken

    def pay(self, amount: int, named: str | None) -> int:
        """On the named document first, then on the oldest due; what is left is returned."""
        if named is not None and self.open.get(named, 0) > 0:
            amount -= self._put(named, amount)
        while amount and self._by_age:
            number = self._by_age[0][3]
            amount -= self._put(number, amount)
            if self.open[number] == 0:
                heappop(self._by_age)
        return amount

    def _put(self, number: str, amount: int) -> int:
        put = min(amount, self.open[number])
        self.open[number] -= put
        return put


def allocate(documents: Iterable[Document], payments: Iterable[Payment], refunds: Iterable[Refund] = ()) -> Allocation:
    """What is open after all of it, and the client's credit balance (R32)."""
    ledger = _Ledger()
    counted: set[str] = set()
    for movement in _in_order(documents, payments, refunds):
        match movement:
            case Document():
                ledger.issue(movement)
            case Payment():
                if movement.payment_id not in counted:
                    counted.add(movement.payment_id)
                    left = ledger.pay(movement.amount, movement.number)
                    if left:
                        ledger.balance.append(_Credit(left, None))
            case Refund():
                ledger.take(movement.amount)
    return Allocation(ledger.open, ledger.credit)


Movement = Document | Payment | Refund


def _in_order(
    documents: Iterable[Document], payments: Iterable[Payment], refunds: Iterable[Refund]
) -> Sequence[Movement]:
    dated: list[tuple[date, int, Movement]] = [(one.issued_on, DOCUMENT, one) for one in documents]
    dated += [(one.paid_on, MONEY, one) for one in payments]
    dated += [(one.refunded_on, MONEY, one) for one in refunds]
    return [movement for _, _, movement in sorted(dated, key=lambda one: one[:2])]

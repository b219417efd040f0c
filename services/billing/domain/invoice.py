"""Drawing up invoices: what is owed, less what was asked, line by line (R27, R28, R31). Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import immutables
import msgspec

from services.billing.domain.books import boundary_after
from services.billing.domain.charged import charges_up_to
from services.billing.domain.charges import Charge
from services.billing.domain.kept import Books
from services.billing.events import InvoiceLine, TaxTotal
from vocabulary.identity import ContractId
from vocabulary.money import Minor, divide

PPM = 1_000_000


class Key(NamedTuple):
    """What makes two charges parts of one line."""

    period: date
    kind: str
    ref: str
    tax_category: str
    tax_rate_ppm: int


Asked = immutables.Map[Key, int]
NOTHING_ASKED: Asked = immutables.Map()


class Totals(msgspec.Struct, frozen=True):
    taxes: tuple[TaxTotal, ...]
    net: int
    tax: int
    gross: int


class Owed(msgspec.Struct, frozen=True):
    """What a line is the difference of: what is owed by today's facts, less what was asked before (R27)."""

    key: Key
    charges: tuple[Charge, ...]
    asked: int

    @property
    def amount(self) -> int:
        return sum(charge.amount for charge in self.charges) - self.asked


class Draft(msgspec.Struct, frozen=True):
    """An invoice without number; a credit note where `gross` is below zero (R28). `owed` says of each of the lines what
    it comes from."""

    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxTotal, ...]
    net: int
    tax: int
    gross: int
    owed: tuple[Owed, ...] = ()


def draft_id(contract_id: ContractId | str, boundary: date) -> str:
    """What a draft is called until it has a number: `draft.web-2026.2026-02-01`."""
    return f"draft.{contract_id}.{boundary.isoformat()}"


def key_of_line(line: InvoiceLine) -> Key:
    return Key(line.period, line.kind, line.ref, line.tax_category, line.tax_rate_ppm)


def after(asked: Asked, lines: Iterable[InvoiceLine]) -> Asked:
    """What was asked in all, once these lines were asked as well."""
    for line in lines:
        key = key_of_line(line)
        asked = asked.set(key, asked.get(key, 0) + line.amount)
    return asked


def owed(books: Books, boundary: date) -> Mapping[Key, int]:
    """All that is due up to a boundary, by line; O(periods + dated facts)."""
    return {key: sum(charge.amount for charge in charges) for key, charges in _by_line(books, boundary).items()}


def draft(books: Books, asked: Asked, boundary: date) -> Draft | None:
    """What a boundary asks: the difference of each line between what is owed and what was asked; None for none (R27).

    `books` are those as known before the boundary's cut-off.
    """
    due = _by_line(books, boundary)
    settled = _boundary_before(books, boundary)
    owing = [Owed(key, tuple(due.get(key, ())), asked.get(key, 0)) for key in sorted({*due, *asked})]
    owed = tuple(one for one in owing if one.amount)
    if not owed:
        return None
    lines = []
    for one in owed:
        correction = one.key in asked or any(charge.due_on <= settled for charge in one.charges)
        lines.append(_line(books, one, correction=correction))
    sums = totals(lines)
    return Draft(tuple(lines), sums.taxes, sums.net, sums.tax, sums.gross, owed)


def preview(books: Books, asked: Asked, on: date) -> Draft | None:
    """What the next invoice would be, if it were drawn up by what is known on a date (R34)."""
    first = boundary_after(books)
    return draft(books, asked, first if on < first else boundary_after(books, on))


def totals(lines: Iterable[InvoiceLine]) -> Totals:
    """Tax is computed per category and rate, on the sum of its lines (R31)."""
    nets: dict[tuple[str, int], int] = {}
    for line in lines:
        key = (line.tax_category, line.tax_rate_ppm)
        nets[key] = nets.get(key, 0) + line.amount
    taxes = tuple(
        TaxTotal(category=category, rate_ppm=rate, net=Minor(net), tax=Minor(divide(net * rate, PPM)))
        for (category, rate), net in sorted(nets.items())
    )
    net, tax = sum(total.net for total in taxes), sum(total.tax for total in taxes)
    return Totals(taxes, net, tax, net + tax)


def _by_line(books: Books, boundary: date) -> dict[Key, list[Charge]]:
    lines: dict[Key, list[Charge]] = {}
    for charge in charges_up_to(books, boundary):
        if charge.amount:
            tax = charge.tax
            key = Key(charge.period, charge.kind, charge.ref, tax.category.value, tax.rate_ppm)
            lines.setdefault(key, []).append(charge)
    return lines


def _line(books: Books, owed: Owed, *, correction: bool) -> InvoiceLine:
    key, charges = owed.key, owed.charges
    only = charges[0] if len(charges) == 1 and not correction else None
    return InvoiceLine(
        kind=key.kind,
        period=key.period,
        period_end=charges[0].period_end if charges else _end_of(books, key.period),
        amount=Minor(owed.amount),
        tax_category=key.tax_category,
        tax_rate_ppm=key.tax_rate_ppm,
        quantity=only.quantity if only else None,
        rate=Minor(only.rate) if only and only.rate is not None else None,
        in_units=only.in_units if only else False,
        correction=correction,
        description=charges[0].description if charges else "",
        ref=key.ref,
    )


def _end_of(books: Books, start: date) -> date:
    """The end of a period that was asked for, also where it no longer exists."""
    calendar = books.course.calendar
    return calendar.period(calendar.index_at(start)).end


def _boundary_before(books: Books, boundary: date) -> date:
    """The last start of a period before a boundary; what was due by then was settled."""
    calendar = books.course.calendar
    day = boundary - timedelta(days=1)
    return date.min if day < calendar.starts_on else calendar.start(calendar.index_at(day))

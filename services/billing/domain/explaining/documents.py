"""A document as reasons: its lines, its tax, what was asked before, and what has changed since (R27, R30, R31)."""

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from services.billing.domain import books as fold
from services.billing.domain.charged import seen_until
from services.billing.domain.charges import Charge
from services.billing.domain.explaining.changes import Change, changes
from services.billing.domain.explaining.charges import charge_reason
from services.billing.domain.explaining.entries import Source
from services.billing.domain.explaining.period import available, used
from services.billing.domain.invoice import Draft, Key, Owed, key_of_line
from services.billing.domain.kept import Books, within
from services.billing.domain.reasons import Reason, Unproven, proven
from services.billing.domain.statement import Statement
from services.billing.events import Figures, InvoiceLine
from vocabulary.kind import TermsKind


class Earlier(msgspec.Struct, frozen=True):
    """A document or draft that asked before; `books` gives those that it was drawn up from."""

    name: str
    lines: tuple[InvoiceLine, ...]
    books: Callable[[], Books]


class LineExplained(msgspec.Struct, frozen=True):
    """`reason` comes to the line's amount. `available` and `used` are the account of its period, where the line is
    about use. `then` and `now` are the figures of a corrected period, `changes` the facts between them."""

    line: InvoiceLine
    reason: Reason
    available: Reason | None = None
    used: Reason | None = None
    then: Figures | None = None
    now: Figures | None = None
    changes: tuple[Change, ...] = ()


class Explained(msgspec.Struct, frozen=True):
    """`whole` comes to the gross amount."""

    whole: Reason
    lines: tuple[LineExplained, ...]


def explain(
    source: Source, draft: Draft, boundary: date, earlier: Sequence[Earlier], only: int | None = None
) -> Explained:
    """Every line of a draft, or the `only` one (its place), from what it was drawn up from; `Unproven` where anything
    does not add up."""
    seen = within(source.books, seen_until(source.books, boundary))
    lines = tuple(
        _line(source, seen, owed, line, earlier)
        for place, (line, owed) in enumerate(zip(draft.lines, draft.owed, strict=True))
        if only is None or only == place
    )
    if only is not None:
        reasons = {only: lines[0].reason}
        told = [reasons.get(place) or _fact(line) for place, line in enumerate(draft.lines)]
    else:
        told = [line.reason for line in lines]
    return Explained(proven(_whole(draft, told)), lines)


def reversed_document(draft: Draft, cancelled: str) -> Explained:
    """A credit note that takes every line of a document back as it was (R30)."""
    lines = []
    for line in draft.lines:
        asked = Reason(word="asked", unit="money", value=-line.amount, subject=f"invoices/{cancelled}")
        less = Reason(word="cancelled", unit="money", value=line.amount, law="less", reasons=(asked,))
        lines.append(LineExplained(line, proven(_of_line(line, (less,)))))
    return Explained(proven(_whole(draft, [line.reason for line in lines])), tuple(lines))


def _whole(draft: Draft, told: Sequence[Reason]) -> Reason:
    """Net and tax by category and rate (R31)."""
    groups = []
    for total in draft.taxes:
        of_group = tuple(
            reason
            for line, reason in zip(draft.lines, told, strict=True)
            if (line.tax_category, line.tax_rate_ppm) == (total.category, total.rate_ppm)
        )
        net = Reason(word="net", unit="money", value=total.net, law="sum", reasons=of_group, text=total.category)
        of_net = Reason(word="net", unit="money", value=total.net)
        tax = Reason(
            word="tax",
            unit="money",
            value=total.tax,
            law="taxed",
            rate_ppm=total.rate_ppm,
            reasons=(of_net,),
            text=total.category,
        )
        groups += [net, tax]
    return Reason(word="gross", unit="money", value=draft.gross, law="sum", reasons=tuple(groups))


def _line(source: Source, seen: Books, owed: Owed, line: InvoiceLine, earlier: Sequence[Earlier]) -> LineExplained:
    statements = [_statement(seen, charge) for charge in owed.charges]
    reasons = [
        charge_reason(source, charge, statement) for charge, statement in zip(owed.charges, statements, strict=True)
    ]
    asked = _asked(owed, earlier)
    explained = LineExplained(line, proven(_of_line(line, (*reasons, *asked))))
    if owed.charges and line.kind in ("time", "minimum", "overage"):
        statement = statements[0]
        told = proven(used(source, statement))
        budget = statement.basis.kind not in (TermsKind.FLAT, TermsKind.HOURLY)
        explained = msgspec.structs.replace(
            explained, used=told, available=proven(available(source, statement)) if budget else None
        )
    if line.correction:
        explained = _what_changed(explained, source, seen, owed.key, earlier)
    return explained


def _statement(seen: Books, charge: Charge) -> Statement:
    return fold.statement(seen, charge.period)


def _of_line(line: InvoiceLine, reasons: tuple[Reason, ...]) -> Reason:
    return Reason(
        word="line",
        unit="money",
        value=line.amount,
        law="sum",
        reasons=reasons,
        from_on=line.period,
        to_on=line.period_end,
        text=line.kind,
    )


def _fact(line: InvoiceLine) -> Reason:
    return Reason(word="line", unit="money", value=line.amount, from_on=line.period, text=line.kind)


def _asked(owed: Owed, earlier: Sequence[Earlier]) -> list[Reason]:
    """What each document before asked of the same line."""
    found = []
    for document in earlier:
        amount = sum(line.amount for line in document.lines if key_of_line(line) == owed.key)
        if amount:
            asked = Reason(word="asked", unit="money", value=amount, subject=f"invoices/{document.name}")
            found.append(Reason(word="asked before", unit="money", value=-amount, law="less", reasons=(asked,)))
    if sum(one.value for one in found) != -owed.asked:
        raise Unproven(f"{owed.asked} was asked before, and the documents say {-sum(one.value for one in found)}")
    return found


def _what_changed(
    explained: LineExplained, source: Source, seen: Books, key: Key, earlier: Sequence[Earlier]
) -> LineExplained:
    """The period's figures when it was asked last and now, and the facts between."""
    asked = [document for document in earlier if any(key_of_line(line) == key for line in document.lines)]
    latest = (asked or list(earlier))[-1:]
    if not latest:
        return explained
    before = latest[0].books()
    period = fold.period_of(seen, key.period)
    earlier_period = fold.period_of(before, key.period)
    on = explained.line.period_end
    then = None if earlier_period is None else fold.figures(before, earlier_period.start, on)
    now = None if period is None else fold.figures(seen, period.start, on)
    use_from = key.period
    if explained.used is None:
        use_from = on  # time moves no fee
    elif then is None or now is None or (then.carried, then.borrowed) != (now.carried, now.borrowed):
        use_from = date.min  # earlier periods passed on something else
    found = changes(before, source.books, key.period, on, use_from)
    return msgspec.structs.replace(explained, then=then, now=now, changes=found)

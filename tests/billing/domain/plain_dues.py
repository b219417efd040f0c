"""What a boundary asks, by the plain reckoning (R27, R28, R29)."""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.billing.domain.plain_calendar import Turn, next_on_grid
from tests.billing.domain.plain_ledger import Account, Due, Line
from tests.billing.domain.plain_rows import rows
from tests.billing.domain.plain_terms import every_of, fee_of, tax_of

SPANS = {"month": {"quarter": 3, "year": 12}, "quarter": {"year": 4}}


def owed(account: Account, boundary: date) -> dict[Line, int]:
    """All that is due up to a boundary, by line (R27, R28)."""
    seen = account.until(next_on_grid(account.starts_on, account.first["cycle"], account.first.get("anchor"), boundary))
    total: dict[Line, int] = {}
    for due in _dues(seen, boundary):
        if due.due_on <= boundary:
            total[due.line] = total.get(due.line, 0) + due.amount
    return {line: amount for line, amount in total.items() if amount}


def _dues(account: Account, boundary: date) -> Iterator[Due]:
    for row in rows(account, boundary):
        yield from row.charges
    yield from _spans(account, boundary)
    yield from _once(account, boundary)
    for block in account.blocks:
        yield _dated(account, "bank", block.price, block.bought_on)
    for credit in account.credits:
        yield _dated(account, "credit", -credit.amount, credit.on)


def _dated(account: Account, kind: str, amount: int, day: date) -> Due:
    """A line names the period in which its date lies; earlier the first, later the last."""
    names = account.turn_at(max(day, account.starts_on))
    if names.start >= account.end:
        names = list(account.turns())[-1]
    return Due(Line(names.start, kind, tax_of(account.paper(names.start))), amount, day)


def _spans(account: Account, boundary: date) -> Iterator[Due]:
    """Fees of several cycles (R29): the runs of periods that have one, cut like a period."""
    cycle = account.first["cycle"]
    ahead = boundary + timedelta(days=800)
    there = [turn for turn, _ in zip(account.turns(), range(200), strict=False) if turn.start <= ahead]
    for every, size in SPANS.get(cycle, {}).items():
        for first in range(0, len(there), size):
            span = there[first : first + size]
            have = [turn for turn in span if every_of(account.paper(turn.start)) == every]
            if not have:
                continue
            nominal = (_nominal_end(account, span, size) - span[0].nominal_start).days
            amount, run = 0, [have[0]]
            for turn in [*have[1:], None]:
                if turn is not None and turn.start == run[-1].end:
                    run.append(turn)
                    continue
                amount += account.prorated(run[0].start, run[-1].end, nominal, fee_of)
                run = [turn] if turn is not None else []
            yield Due(Line(span[0].start, "fee", tax_of(account.paper(span[0].start))), amount, have[0].start)


def _nominal_end(account: Account, span: list[Turn], size: int) -> date:
    end = span[-1].nominal_end
    for _ in range(size - len(span)):
        end = next_on_grid(account.starts_on, account.first["cycle"], account.first.get("anchor"), end)
    return end


def _once(account: Account, boundary: date) -> Iterator[Due]:
    """With the first period that has it, and not again while it stays; another amount is another fee (R29)."""
    before = 0
    for turn in account.turns():
        if turn.start > boundary:
            return
        terms = account.paper(turn.start)
        if every_of(terms) != "once":
            before = 0
            continue
        for number in range((turn.end - turn.start).days):
            now = fee_of(account.paper(turn.start + timedelta(days=number)))
            if now != before:
                yield Due(Line(turn.start, "fee", tax_of(terms)), now, turn.start)
            before = now

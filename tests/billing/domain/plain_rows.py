"""Rows of the plain reckoning: allowance, buckets, loans and blocks, period by period (R14 to R21)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from services.billing.domain.facts import BlockNoted, OverageApproved, OverageDeclined
from tests.billing.domain.plain_calendar import Turn
from tests.billing.domain.plain_ledger import NEVER, Account, Bucket, Due, Line, Loan, Row, Worked
from tests.billing.domain.plain_terms import (
    Json,
    every_of,
    fee_of,
    kind_of,
    measure_of,
    overage_rate,
    policy_of,
    rounded,
    same,
    size_of,
    tax_of,
)


@dataclass
class Passing:
    """What one period hands to the next."""

    buckets: list[Bucket] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)


def rows(account: Account, through: date) -> list[Row]:
    passing, found = Passing(), []
    for turn in account.turns():
        if turn.start > through:
            break
        terms, row = account.paper(turn.start), Row(turn)
        worked = account.worked(turn)
        row.used = sum(entry.minutes for entry in worked)
        match kind_of(terms):
            case "flat":
                passing = Passing(loans=passing.loans)
            case "hourly":
                passing = Passing(loans=passing.loans)
                _hourly(account, row, terms, worked)
            case "bank":
                passing = _bank(account, row, terms, worked, passing)
            case _:
                passing = _allowance(account, row, terms, worked, passing)
        _advance(account, row, terms)
        found.append(row)
    return found


def _value(minutes: int, rate: int | None) -> int:
    return rounded(Fraction(minutes * (rate or 0), 60))


def _charge(row: Row, terms: Json, kind: str, amount: int, due_on: date | None = None) -> None:
    line = Line(row.turn.start, kind, tax_of(terms))
    row.charges.append(Due(line, amount, row.turn.end if due_on is None else due_on))


def _advance(account: Account, row: Row, terms: Json) -> None:
    turn = row.turn
    _charge(row, terms, "access", terms.get("access_fee", 0), turn.start)
    if every_of(terms) == terms["cycle"]:
        in_arrears = terms.get("fee", {}).get("billed") == "in_arrears"
        amount = account.prorated(turn.start, turn.end, turn.nominal_days, fee_of)
        _charge(row, terms, "fee", amount, turn.end if in_arrears else turn.start)


def _hourly(account: Account, row: Row, terms: Json, worked: list[Worked]) -> None:
    time = sum(_value(entry.minutes, entry.rate) for entry in worked)
    turn = row.turn
    active = sum(not account.paused(turn.start + timedelta(days=n)) for n in range((turn.end - turn.start).days))
    least = rounded(Fraction(terms.get("minimum", 0) * active, turn.nominal_days))
    _charge(row, terms, "time", time)
    _charge(row, terms, "minimum", max(0, least - time))


def _goes_on(account: Account, turn: Turn, terms: Json) -> bool:
    """Whether the next period measures the same."""
    return turn.end < account.end and same(measure_of(terms), measure_of(account.paper(turn.end)))


def _allowance(account: Account, row: Row, terms: Json, worked: list[Worked], before: Passing) -> Passing:
    turn, kind, measure = row.turn, kind_of(terms), measure_of(terms)
    if kind == "amount":
        row.used = sum(_value(entry.minutes, entry.rate) for entry in worked)
    elif kind == "units":
        row.used = sum(d.units for d in account.deliveries.values() if turn.start <= d.on < turn.end)
    row.allowance = account.prorated(turn.start, turn.end, turn.nominal_days, size_of)
    row.carried = sum(bucket.left for bucket in before.buckets)
    loans = before.loans
    row.borrowed = _give_back(loans, measure, row.allowance)
    available = row.allowance + row.carried - row.borrowed
    row.overage, row.remaining = max(0, row.used - available), max(0, available - row.used)

    left = min(row.used, available)
    buckets = sorted(before.buckets, key=lambda bucket: bucket.last)
    for bucket in buckets:
        drawn = min(bucket.left, left)
        bucket.left, left = bucket.left - drawn, left - drawn
    own = row.allowance - row.borrowed - left
    kept = _roll(account, row, terms, buckets, own)
    row.lapsed = [(turn.end, row.remaining - sum(bucket.left for bucket in kept))]

    beyond = _beyond(worked, available) if kind == "hours" else []
    policy = policy_of(terms)
    if policy == "borrow" and row.overage:
        named = overage_rate(terms) or 0
        pieces = [[minutes, named if rate is None else rate] for minutes, rate in beyond]
        loans.append(Loan(measure, pieces if kind == "hours" else [[row.overage, named]]))
    elif policy in ("bill", "approve"):
        parts = [(0, row.overage)]
        if policy == "approve":
            taken = decided(account, turn.start)
            parts = [(from_, min(to, row.overage)) for from_, to, yes in taken if yes and from_ < row.overage]
        _charge(row, terms, "overage", _price(kind, terms, parts, beyond))
    if not account.lends(turn, measure):
        _call_in(row, terms, [loan for loan in loans if same(loan.measure, measure)])
        loans = [loan for loan in loans if not same(loan.measure, measure)]
    return Passing(kept, loans)


def _give_back(loans: list[Loan], measure: tuple[str, str], allowance: int) -> int:
    given = 0
    for loan in loans:
        if same(loan.measure, measure):
            for piece in loan.pieces:
                back = min(piece[0], allowance - given)
                piece[0], given = piece[0] - back, given + back
            loan.pieces = [piece for piece in loan.pieces if piece[0]]
    return given


def _roll(account: Account, row: Row, terms: Json, buckets: list[Bucket], own: int) -> list[Bucket]:
    """What passes on, the cap taken off those that expire soonest (R15)."""
    rollover, index = terms.get("rollover"), row.turn.index
    if rollover is None or not _goes_on(account, row.turn, terms):
        return []
    after = rollover.get("expires_after")
    kept = [bucket for bucket in buckets if bucket.left and bucket.last > index]
    if own:
        kept.append(Bucket(own, 10**6 if after is None else index + after))
    kept.sort(key=lambda bucket: bucket.last)
    over = 0 if "cap" not in rollover else sum(bucket.left for bucket in kept) - rollover["cap"]
    for bucket in kept:
        taken = min(bucket.left, max(0, over))
        bucket.left, over = bucket.left - taken, over - taken
    return [bucket for bucket in kept if bucket.left]


def _beyond(worked: list[Worked], available: int) -> list[tuple[int, int | None]]:
    """Minutes and rates of what was consumed last (R19)."""
    found, reached = [], 0
    for entry in worked:
        inside = max(0, min(entry.minutes, available - reached))
        reached += entry.minutes
        if entry.minutes > inside:
            found.append((entry.minutes - inside, entry.rate))
    return found


def _price(kind: str, terms: Json, parts: list[tuple[int, int]], beyond: list[tuple[int, int | None]]) -> int:
    """What stretches of the overage come to (R18, R21)."""
    quantity, rate = sum(to - from_ for from_, to in parts), overage_rate(terms)
    if kind == "amount":
        return quantity
    if kind == "units":
        return quantity * (rate or 0)
    if rate is not None:
        return rounded(Fraction(quantity * rate, 60))
    total, reached = 0, 0
    for minutes, own in beyond:
        charged = sum(max(0, min(to, reached + minutes) - max(from_, reached)) for from_, to in parts)
        total += _value(charged, own)
        reached += minutes
    return total


def _call_in(row: Row, terms: Json, loans: list[Loan]) -> None:
    """As `bill`, in the last period that had such an allowance (R18)."""
    pieces = [piece for loan in loans for piece in loan.pieces]
    quantity, kind, rate = sum(piece[0] for piece in pieces), kind_of(terms), overage_rate(terms)
    if kind == "amount":
        amount = quantity
    elif kind == "units":
        amount = sum(size * (named if rate is None else rate) for size, named in pieces)
    elif rate is not None:
        amount = rounded(Fraction(quantity * rate, 60))
    else:
        amount = sum(_value(size, own) for size, own in pieces)
    if amount:
        _charge(row, terms, "overage", amount)


def _bank(account: Account, row: Row, terms: Json, worked: list[Worked], before: Passing) -> Passing:
    turn, first = row.turn, row.turn.index == 0
    held = dict(before.held)
    blocks = {block.block_id: block for block in account.blocks}
    for block in account.blocks:
        if first and block.bought_on < turn.start and (block.expires_on or NEVER) > turn.start:
            held[block.block_id] = block.minutes
    held = {name: left for name, left in held.items() if (blocks[name].expires_on or NEVER) > turn.start}
    row.carried = sum(held.values())
    for block in account.blocks:
        if turn.start <= block.bought_on < turn.end:
            held[block.block_id] = block.minutes
            row.allowance += block.minutes
    beyond: list[tuple[int, int | None]] = []
    for entry in worked:
        need = entry.minutes
        for block in sorted((blocks[name] for name in held), key=_soonness):
            if block.bought_on <= entry.day < (block.expires_on or NEVER):
                drawn = min(need, held[block.block_id])
                held[block.block_id] -= drawn
                need -= drawn
        if need:
            beyond.append((need, entry.rate))
    row.overage = sum(minutes for minutes, _ in beyond)
    row.remaining = row.allowance + row.carried - (row.used - row.overage)
    passes = {}
    for name, left in held.items():
        expires_on = blocks[name].expires_on or NEVER
        if expires_on <= turn.end or not _goes_on(account, turn, terms):
            row.lapsed.append((min(expires_on, turn.end), left))
        else:
            passes[name] = left
    if policy_of(terms) in ("bill", "approve"):
        parts = [(0, row.overage)]
        if policy_of(terms) == "approve":
            taken = decided(account, turn.start)
            parts = [(from_, min(to, row.overage)) for from_, to, yes in taken if yes and from_ < row.overage]
        _charge(row, terms, "overage", _price("hours", terms, parts, beyond))
    return Passing([], before.loans, passes)


def _soonness(block: BlockNoted) -> tuple[date, date]:
    return (block.expires_on or NEVER, block.bought_on)


def decided(account: Account, period: date) -> list[tuple[int, int, bool]]:
    """`[from, to)` of the overage, and whether it is approved (R18)."""
    if account.asks_figures_alone:
        return []
    taken: list[tuple[int, int, bool]] = []
    for place, fact in enumerate(account.facts):
        reached = taken[-1][1] if taken else 0
        if isinstance(fact, OverageApproved) and fact.period == period:
            taken.append((reached, reached + fact.quantity, True))
        elif isinstance(fact, OverageDeclined) and fact.period == period:
            then = Account(account.first, account.starts_on, account.agreed_end, account.facts[:place])
            then.asks_figures_alone = True  # no decision moves a figure
            row = next(row for row in rows(then, period) if row.turn.start == period)
            if row.overage > reached:
                taken.append((reached, row.overage, False))
    return taken

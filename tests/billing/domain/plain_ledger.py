"""A reckoning of one contract written from docs/rules.md alone, plainly: every day looked at, nothing kept, nothing
clever. The properties compare billing's fold with it. Facts come as billing's own structs, terms as their JSON."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.billing.domain.facts import (
    BlockNoted,
    BlockWithdrawn,
    ContractFact,
    CreditNoted,
    CreditWithdrawn,
    DeliveryNoted,
    DeliveryWithdrawn,
    EndNoted,
    EntryNoted,
    EntryWithdrawn,
    PauseNoted,
    TermsNoted,
)
from tests.billing.domain.plain_calendar import Turn, on_grid, turns
from tests.billing.domain.plain_terms import Json, measure_of, patched, rate_for, rounded, same

DAY = timedelta(days=1)
NEVER = date.max
WHERE = ZoneInfo("Europe/Berlin")


class Line(NamedTuple):
    period: date
    kind: str
    tax: tuple[str, int]


class Due(NamedTuple):
    line: Line
    amount: int
    due_on: date


class Worked(NamedTuple):
    """An entry as it counts; `rate` None where it has none."""

    day: date
    minutes: int
    rate: int | None


@dataclass
class Row:
    """The figures of a period, and what passes into the next one."""

    turn: Turn
    allowance: int = 0
    carried: int = 0
    borrowed: int = 0
    used: int = 0
    remaining: int = 0
    overage: int = 0
    lapsed: list[tuple[date, int]] = field(default_factory=list)
    charges: list[Due] = field(default_factory=list)

    def expired(self, on: date) -> int:
        return sum(quantity for day, quantity in self.lapsed if day <= on)


@dataclass
class Bucket:
    left: int
    last: int


@dataclass
class Loan:
    measure: tuple[str, str]
    pieces: list[list[int]]
    """Quantity and rate, oldest first."""


class Account:
    """What follows from facts, in the order in which they became known; of changes, pauses and early ends only from
    those that take effect before the horizon (R27). `declined` says how much each decline found undecided."""

    def __init__(self, terms: Json, starts_on: date, agreed_end: date | None, facts: Sequence[ContractFact]) -> None:
        self.first, self.starts_on, self.agreed_end, self.facts = terms, starts_on, agreed_end, facts
        self.horizon = NEVER
        self.asks_figures_alone = False

    def until(self, horizon: date) -> "Account":
        account = Account(self.first, self.starts_on, self.agreed_end, self.facts)
        account.horizon = horizon
        return account

    @cached_property
    def changes(self) -> list[TermsNoted]:
        changes = [f for f in self.facts if isinstance(f, TermsNoted) and f.effective_on < self.horizon]
        return sorted(changes, key=lambda change: change.effective_on)

    @cached_property
    def pauses(self) -> list[PauseNoted]:
        return [f for f in self.facts if isinstance(f, PauseNoted) and f.from_on < self.horizon]

    @cached_property
    def end(self) -> date:
        ends = [f.ends_on for f in self.facts if isinstance(f, EndNoted) and f.ends_on < self.horizon]
        return min([self.agreed_end or NEVER, *ends])

    def _latest(self, noted: type, withdrawn: type, name: str) -> dict[str, Any]:
        there: dict[str, Any] = {}
        for fact in self.facts:
            if isinstance(fact, noted):
                there[getattr(fact, name)] = fact
            elif isinstance(fact, withdrawn):
                there.pop(getattr(fact, name), None)
        return there

    @cached_property
    def entries(self) -> dict[str, EntryNoted]:
        return self._latest(EntryNoted, EntryWithdrawn, "entry_id")

    @cached_property
    def deliveries(self) -> dict[str, DeliveryNoted]:
        return self._latest(DeliveryNoted, DeliveryWithdrawn, "delivery_id")

    @cached_property
    def blocks(self) -> list[BlockNoted]:
        blocks = self._latest(BlockNoted, BlockWithdrawn, "block_id").values()
        return sorted(blocks, key=lambda block: (block.bought_on, block.block_id))

    @cached_property
    def credits(self) -> list[CreditNoted]:
        return list(self._latest(CreditNoted, CreditWithdrawn, "credit_id").values())

    # Dates and terms

    def turns(self) -> Iterator[Turn]:
        yield from turns(self.starts_on, self.first["cycle"], self.first.get("anchor"), self.end)

    def turn_at(self, day: date) -> Turn:
        return next(turn for turn in turns(self.starts_on, self.first["cycle"], self.first.get("anchor"), NEVER)
                    if turn.start <= day < turn.end)  # fmt: skip

    def paper(self, day: date) -> Json:
        """All changes up to a day."""
        terms = self.first
        for change in self.changes:
            if change.effective_on <= day:
                terms = patched(terms, change.patch)
        return terms

    def in_force(self, day: date) -> Json:
        """What moves within a period, for rates and rounding (R22)."""
        terms, now = dict(self.paper(self.turn_at(day).start)), self.paper(day)
        for key in ("allowance", "rate", "rates", "rounding"):
            terms.pop(key, None)
            if key in now:
                terms[key] = now[key]
        return terms

    def paused(self, day: date) -> bool:
        return any(pause.from_on <= day < pause.to_on for pause in self.pauses)

    def prorated(self, start: date, end: date, nominal: int, value: Callable[[Json], int]) -> int:
        """The sum of the parts in which a value stays as it is (R8, R22)."""
        days = [start + timedelta(days=number) for number in range((end - start).days)]
        cuts = [change.effective_on for change in self.changes]
        at: dict[date, int] = {}
        worth = 0
        for day in days:
            if day == start or day in cuts:
                worth = value(self.paper(day))
            at[day] = worth
        total = 0
        for worth, group in groupby(days, key=at.__getitem__):
            active = sum(not self.paused(day) for day in group)
            total += rounded(Fraction(worth * active, nominal))
        return total

    # Use

    def worked(self, turn: Turn) -> list[Worked]:
        """The period's billable entries, rounded, in the order in which they are consumed (R10, R11)."""
        inside = [e for e in self.entries.values() if e.work.billable and turn.start <= self.day_of(e) < turn.end]
        inside.sort(key=lambda e: (self.start_of(e), e.entry_id))
        counted = []
        for entry in inside:
            day, terms = self.day_of(entry), self.in_force(self.day_of(entry))
            per_day = terms.get("rounding", {}).get("per") == "day"
            together = [e for e in inside if self.day_of(e) == day and e.work.person_id == entry.work.person_id]
            minutes = share_of(entry, together if per_day else [entry], terms.get("rounding", {}), per_day=per_day)
            counted.append(Worked(day, minutes, rate_for(terms, entry.work)))
        return counted

    @staticmethod
    def day_of(entry: EntryNoted) -> date:
        """What the wall shows at the entry's start (R7)."""
        work = entry.work
        return work.worked_on if work.started_at is None else work.started_at.astimezone(WHERE).date()

    @staticmethod
    def start_of(entry: EntryNoted) -> datetime:
        """A date alone counts as 00:00 (R11)."""
        work = entry.work
        start = work.started_at or datetime.combine(work.worked_on, time(), WHERE)
        return start.astimezone(UTC)

    def lends(self, turn: Turn, measure: tuple[str, str]) -> bool:
        """Whether a later period measures the same (R18)."""
        later = [turn.end, *(change.effective_on for change in self.changes if change.effective_on > turn.end)]
        for day in later:
            start = self.turn_at(day).start
            begins = start if start == day else self.turn_at(day).end
            if begins < self.end and begins > turn.start and same(measure, measure_of(self.paper(begins))):
                return True
        return False


def share_of(entry: EntryNoted, together: Sequence[EntryNoted], rounding: Json, *, per_day: bool) -> int:
    """The minutes of one entry of those that are rounded together (R10)."""
    step = 60 * int(rounding.get("minutes", 1))
    exact = Fraction(sum(e.work.worked for e in together), step)
    match rounding.get("mode", "up"):
        case "up":
            steps = -(-exact.numerator // exact.denominator)
        case "down":
            steps = exact.numerator // exact.denominator
        case _:
            steps = int(exact + Fraction(1, 2))
    total = steps * step // 60
    if not per_day:
        return total
    whole = [e.work.worked // 60 for e in together]
    whole[-1] = total - sum(whole[:-1])
    while min(whole) < 0:  # what the last cannot give is taken off the one before it, and so on
        place = whole.index(min(whole))
        whole[place - 1] += whole[place]
        whole[place] = 0
    return whole[[e.entry_id for e in together].index(entry.entry_id)]


def is_boundary(account: Account, day: date) -> bool:
    return day == account.starts_on or (
        day > account.starts_on and on_grid(account.starts_on, account.first["cycle"], account.first.get("anchor"), day)
    )

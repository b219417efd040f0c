"""The books of one contract as a value: what counts now, and the statements reckoned from it (see `noting`)."""

from datetime import UTC, date, datetime
from typing import Any

import immutables

from services.billing.domain.allowance import BlockLeft, Bucket, Carry, Loan
from services.billing.domain.course import Course
from services.billing.domain.facts import (
    BlockNoted,
    ContractFact,
    CreditNoted,
    DeliveryNoted,
    EntryNoted,
    ExtraNoted,
    LateFeeNoted,
    WriteOffNoted,
)
from services.billing.domain.history import History
from services.billing.domain.overage import Decision
from services.billing.domain.statement import Statement, basis_of, statement_of
from services.billing.domain.usage import NO_USAGE, Usage
from vocabulary.calendar import Period
from vocabulary.kind import TermsKind

LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
NOWHERE: immutables.Map[Any, Any] = immutables.Map()

Dated = BlockNoted | CreditNoted | ExtraNoted | LateFeeNoted | WriteOffNoted
"""What is charged or credited by its own date."""


class Books:
    """Only `noting` makes new ones. What begins with an underscore is ours and noting's."""

    __slots__ = (
        "_chain",
        "_dirty",
        "_next",
        "_sure",
        "_valid",
        "_within",
        "course",
        "dated",
        "decisions",
        "declined_at",
        "deliveries",
        "entries",
        "gone",
        "history",
        "latest",
        "usages",
    )

    course: Course
    entries: "immutables.Map[str, EntryNoted]"
    deliveries: "immutables.Map[str, DeliveryNoted]"
    dated: "immutables.Map[str, Dated]"
    """Blocks, credits, extras, late fees and write-offs by their ids, each sort with its own prefix."""
    gone: "immutables.Map[str, datetime]"
    """Ids that were withdrawn, and when."""
    usages: "immutables.Map[int, Usage]"
    decisions: "immutables.Map[date, tuple[Decision, ...]]"
    declined_at: datetime
    """The latest decline: what was known before it and comes later changes what it took."""
    latest: datetime
    """The latest `known_at`."""
    history: History
    _chain: list[Statement]
    """Statements from the first period on; those before `_valid` hold, those from it on are candidates."""
    _valid: int
    _dirty: int
    """The last period whose own inputs changed since the candidates were reckoned."""
    _sure: int
    """Candidates before this period hold if what passes into them is what passed before."""
    _within: tuple[date, "Books"] | None
    _next: tuple[ContractFact, "Books"] | None
    """What the last fact led to: deciding and evolving reckon it once."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.entries = self.deliveries = self.dated = self.gone = NOWHERE
        self.usages = self.decisions = NOWHERE
        self.declined_at = self.latest = LONG_AGO
        self.history = History()
        self._chain = []
        self._valid = self._sure = course.first_index
        self._dirty = -1
        self._within = self._next = None

    def copy(self) -> "Books":
        new = Books.__new__(Books)
        new.course, new.entries, new.deliveries = self.course, self.entries, self.deliveries
        new.dated, new.gone, new.usages, new.decisions = self.dated, self.gone, self.usages, self.decisions
        new.declined_at, new.latest, new.history = self.declined_at, self.latest, self.history
        new._chain = self._chain.copy()
        new._valid, new._dirty, new._sure = self._valid, self._dirty, self._sure
        new._within = new._next = None
        return new

    def touch(self, index: int) -> None:
        """The inputs of a period changed."""
        if index < self.course.first_index:
            return
        if index < self._valid:
            self._valid = index
        if index > self._dirty:
            self._dirty = index

    def touch_all(self) -> None:
        """The inputs of any period may have changed."""
        self._valid = self._sure = self.course.first_index
        self._dirty = -1

    def statement(self, index: int) -> Statement:
        """The statement of a period, reckoned if need be, with all before it."""
        if index >= self._valid:
            self._reckon(index)
        return self._chain[index - self.course.first_index]

    def places_reckoned_anew(self, before: "Books", through: int) -> list[int]:
        """Which statements up to a period are not those of the books before, counted from the first period of both."""
        if through < self.course.first_index:
            return []
        self.statement(through)
        before.statement(through)
        count = through - self.course.first_index + 1
        pairs = zip(self._chain[:count], before._chain[:count], strict=True)
        return [place for place, (new, old) in enumerate(pairs) if new is not old]

    def _reckon(self, through: int) -> None:
        course, chain, first = self.course, self._chain, self.course.first_index
        index, sure = self._valid, self._sure
        while index <= through:
            period = course.period(index)
            assert period is not None, "there is no such period"
            place = index - first
            brought = chain[place - 1].passes if place else _brought(course)
            inputs = (
                basis_of(course, period),
                self.usages.get(index, NO_USAGE),
                brought,
                self._bought(period, index == first),
                self.decisions.get(period.start, ()),
            )
            before = chain[place] if place < len(chain) else None
            if before is None:
                chain.append(statement_of(*inputs))
            elif not before.follows_from(*inputs):
                chain[place] = statement_of(*inputs, before=before)
            index += 1
            if before is not None and chain[place].passes != before.passes:
                self._sure = index  # what was reckoned of later periods began with something else
            elif before is not None and index > self._dirty:
                index = max(index, sure)  # nothing after it can have changed
        self._valid = index
        if index > self._sure:
            self._sure = index
        if index > self._dirty:
            self._dirty = -1

    def _bought(self, period: Period, first: bool) -> tuple[BlockLeft, ...]:
        if not self.dated or basis_of(self.course, period).kind is not TermsKind.BANK:
            return ()
        blocks = [block for block in self.dated.values() if isinstance(block, BlockNoted)]
        return tuple(
            BlockLeft(block.block_id, block.minutes, block.bought_on, block.expires_on)
            for block in sorted(blocks, key=lambda block: (block.bought_on, block.block_id))
            if (first or block.bought_on >= period.start) and block.bought_on < period.end
        )


def _brought(course: Course) -> Carry:
    """What the first period finds: nothing, or what was taken over (R38)."""
    taken = course.taken_over
    if taken is None:
        return Carry()
    first = course.first_index
    buckets = tuple(
        Bucket(bucket.period, bucket.left, None if bucket.periods_left is None else first + bucket.periods_left - 1)
        for bucket in taken.buckets
        if bucket.left and bucket.periods_left != 0
    )
    terms = course.on_paper(taken.on)
    pieces = ((taken.borrowed, terms.rate or 0),)
    loans = (Loan(taken.on, taken.borrowed, terms, pieces),) if taken.borrowed else ()
    blocks = tuple(BlockLeft(b.block_id, b.left, b.bought_on, b.expires_on) for b in taken.blocks)
    return Carry(buckets, loans, blocks)


def within(books: Books, horizon: date) -> Books:
    """The books without what takes effect on or after a date (R27)."""
    course = books.course.before(horizon)
    if course is books.course:
        return books
    if books._within is None or books._within[0] != horizon:
        seen = books.copy()
        seen.course = course
        seen.touch_all()
        books._within = (horizon, seen)
    return books._within[1]


def key_of(fact: Dated) -> str:
    """Where a dated fact is kept."""
    match fact:
        case BlockNoted(block_id=name):
            return f"block/{name}"
        case CreditNoted(credit_id=name):
            return f"credit/{name}"
        case ExtraNoted(extra_id=name):
            return f"extra/{name}"
        case LateFeeNoted(number=number, step=step):
            return f"late/{number}/{step}"
        case WriteOffNoted(number=number):
            return f"write-off/{number}"

"""What is available in a period and what becomes of the rest: buckets, loans and blocks (R15, R16, R18, R20)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from services.billing.domain.consumption import NOTHING_USED, Beyond, Consumption, Counted
from vocabulary.kind import measures_the_same
from vocabulary.terms import Rollover, Terms

FOR_EVER = 10**9


class Bucket(msgspec.Struct, frozen=True):
    """What an earlier period left unused; usable up to the period with index `last` (None: to the contract's end)."""

    period: date
    left: int
    last: int | None = None

    @property
    def soonness(self) -> tuple[int, date]:
        return (FOR_EVER if self.last is None else self.last, self.period)


class Loan(msgspec.Struct, frozen=True):
    """What a period took ahead from later ones (R18). `pieces` are its minutes with the entries' rates, oldest first,
    where they are charged at those if nobody gives them back."""

    period: date
    quantity: int
    terms: Terms
    pieces: tuple[tuple[int, int], ...] = ()


class BlockLeft(msgspec.Struct, frozen=True):
    """A block of hours and what is left of it (R20)."""

    block_id: str
    left: int
    bought_on: date
    expires_on: date | None

    @property
    def soonness(self) -> tuple[date, date]:
        """The one that expires soonest first, then the oldest."""
        return (self.expires_on or date.max, self.bought_on)

    def usable_on(self, day: date) -> bool:
        return self.bought_on <= day and (self.expires_on is None or day < self.expires_on)


class Carry(msgspec.Struct, frozen=True):
    """What passes from one period into the next."""

    buckets: tuple[Bucket, ...] = ()
    loans: tuple[Loan, ...] = ()
    blocks: tuple[BlockLeft, ...] = ()


NOTHING_CARRIED = Carry()

Lapsed = tuple[date, int]
"""When something lapsed, and how much (R17)."""


def drawn(buckets: Sequence[Bucket], quantity: int) -> tuple[list[Bucket], int]:
    """The buckets after a use of that quantity, soonest to expire first, and what they could not give (R16)."""
    left = []
    for bucket in sorted(buckets, key=lambda bucket: bucket.soonness):
        taken = min(bucket.left, quantity)
        quantity -= taken
        if bucket.left > taken:
            left.append(Bucket(bucket.period, bucket.left - taken, bucket.last))
    return left, quantity


def passed_on(
    buckets: Sequence[Bucket], own_left: int, rollover: Rollover, index: int, period: date
) -> tuple[tuple[Bucket, ...], int]:
    """The buckets that pass into the next period, never more than the cap together, and what lapses (R15)."""
    last = None if rollover.expires_after is None else index + rollover.expires_after
    all_left = [*buckets, Bucket(period, own_left, last)] if own_left else list(buckets)
    total = sum(bucket.left for bucket in all_left)
    usable = [bucket for bucket in all_left if bucket.last is None or bucket.last > index]
    too_much = 0 if rollover.cap is None else sum(bucket.left for bucket in usable) - rollover.cap
    if too_much > 0:
        usable, _ = drawn(usable, too_much)
    usable.sort(key=lambda bucket: bucket.soonness)
    return tuple(usable), total - sum(bucket.left for bucket in usable)


def given_back(loans: Sequence[Loan], quantity: int, terms: Terms) -> tuple[Loan, ...]:
    """The loans of this measure after that much was given back, oldest first (R18); others stay as they are."""
    after = []
    for loan in loans:
        if not measures_the_same(loan.terms, terms):
            after.append(loan)
            continue
        back = min(loan.quantity, quantity)
        quantity -= back
        if loan.quantity > back:
            after.append(Loan(loan.period, loan.quantity - back, loan.terms, _pieces_after(loan.pieces, back)))
    return tuple(after)


def _pieces_after(pieces: tuple[tuple[int, int], ...], back: int) -> tuple[tuple[int, int], ...]:
    after = []
    for minutes, rate in pieces:
        taken = min(minutes, back)
        back -= taken
        if minutes > taken:
            after.append((minutes - taken, rate))
    return tuple(after)


def by_soonness(blocks: Iterable[BlockLeft]) -> list[BlockLeft]:
    return sorted(blocks, key=lambda block: block.soonness)


class Draws(msgspec.Struct, frozen=True):
    """A bank after a period's entries (R20): the blocks, and of each entry the minutes that no block covered."""

    blocks: tuple[BlockLeft, ...]
    uncovered: Consumption
    entries: Consumption


def draws(blocks: Sequence[BlockLeft], entries: Consumption, before: Draws | None) -> Draws:
    """Each entry draws on the blocks that are there on its date. Where `entries` is that of `before` with one more at
    its end, only that one is drawn: `before` must have begun with the same blocks."""
    if before is not None and entries.follows is not None and entries.follows is before.entries.token:
        newest = entries.last
        assert newest is not None
        left, uncovered, new = list(before.blocks), before.uncovered, [newest]
    else:
        left, uncovered, new = by_soonness(blocks), NOTHING_USED, list(entries)
    for entry, _, need in each_draw(left, new):
        if need:
            part = Beyond(entry, need)
            uncovered = uncovered.with_(msgspec.structs.replace(entry, minutes=need, value=part.value))
    return Draws(tuple(left), uncovered, entries)


def each_draw(
    left: list[BlockLeft], entries: Iterable[Counted]
) -> Iterator[tuple[Counted, list[tuple[str, int]], int]]:
    """Each entry with what it takes of which blocks, and what none covers; `left` is drawn down in place. The blocks
    stand in the order of their soonness (R20)."""
    for entry in entries:
        need, taken_of = entry.minutes, []
        for place, block in enumerate(left):
            if need == 0:
                break
            if block.left and block.usable_on(entry.day):
                taken = min(block.left, need)
                need -= taken
                taken_of.append((block.block_id, taken))
                left[place] = BlockLeft(block.block_id, block.left - taken, block.bought_on, block.expires_on)
        yield entry, taken_of, need

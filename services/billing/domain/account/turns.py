"""Walking along the periods of a contract."""

from collections.abc import Iterator
from datetime import date

from services.billing.domain import books as fold
from services.billing.domain.books import Books


def starts_period(books: Books, day: date) -> bool:
    """Whether a period of these books begins on a day; those before a take-over are another system's (R38)."""
    period = fold.period_of(books, day)
    return period is not None and period.start == day >= fold.first_day(books)


def begun(books: Books, since: date | None, through: date) -> Iterator[date]:
    """Starts of the periods that begin in `[since, through]`; the contract's first one always."""
    first = fold.first_day(books)
    day = first if since is None or since < first else since
    if since is None and first > through:
        yield first
    while day <= through:
        period = fold.period_of(books, day)
        if period is None:
            return
        yield period.start
        day = period.end


def next_start(books: Books, day: date) -> date | None:
    """When the next period after a day begins, or None where none does."""
    first = fold.first_day(books)
    if day < first:
        return first
    period = fold.period_of(books, day)
    return period.end if period is not None and fold.period_of(books, period.end) is not None else None


def end_ahead(books: Books, day: date) -> date | None:
    """The contract's end, where it lies after a day and is agreed."""
    ends_on = fold.ends_on(books)
    return ends_on if ends_on is not None and ends_on > day else None

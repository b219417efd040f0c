"""What follows from a change of the books: figures of other periods, thresholds, pace, the calendar."""

from collections.abc import Sequence
from datetime import date, datetime

from services.billing.domain import books as fold
from services.billing.domain import invoice
from services.billing.domain.account import turns
from services.billing.domain.account.state import Account
from services.billing.domain.books import Books
from services.billing.domain.pace import crossed, pace
from services.billing.events import BoundaryAwaited, Figures, FiguresRestated, PaceWarned, ThresholdReached
from vocabulary.calendar import first_instant, zone

Consequence = FiguresRestated | ThresholdReached | PaceWarned | BoundaryAwaited


def alerts(account: Account, told: Sequence[Figures], on: date) -> list[Consequence]:
    """Thresholds that use has reached, the highest of those crossed at once; then the pace of the present period."""
    found: list[Consequence] = []
    for figures in told:
        before = account.told.get(figures.start, ())
        percent = crossed(figures, before, account.thresholds)
        if percent is not None:
            found.append(
                ThresholdReached(
                    contract_id=account.contract_id,
                    client_id=account.client_id,
                    percent=percent,
                    figures=figures,
                    on=on,
                    runs_out_on=_runs_out_on(account, figures, on),
                )
            )
        found += pace_alert(account, figures, on)
    return found


def pace_alert(account: Account, figures: Figures, on: date) -> list[Consequence]:
    """When the pace first says that the budget runs out before the period ends (R36)."""
    if figures.start in account.warned:
        return []
    runs_out_on = _runs_out_on(account, figures, on)
    if runs_out_on is None:
        return []
    return [
        PaceWarned(
            contract_id=account.contract_id,
            client_id=account.client_id,
            runs_out_on=runs_out_on,
            figures=figures,
            on=on,
        )
    ]


def _runs_out_on(account: Account, figures: Figures, on: date) -> date | None:
    if not figures.start <= on < figures.end or not figures.used:
        return None
    return pace(figures, on, account.terms_of_contract.region).runs_out_on


def restated(account: Account, after: Books, on: date, besides: date | None = None) -> list[FiguresRestated]:
    """The periods that a change moved, apart from one that is told already; one fact for all of them."""
    before = account.opened_books
    starts = fold.moved(before, after, through=_through(account, on), besides=besides)
    figures = tuple(fold.figures(after, start, on) for start in starts if turns.starts_period(after, start))
    stays = after.course is before.course
    gone = () if stays else tuple(sorted(one for one in account.stated if not turns.starts_period(after, one)))
    fresh = tuple(one for one in figures if account.stated.get(one.start) != one)
    if not fresh and not gone:
        return []
    return [FiguresRestated(contract_id=account.contract_id, figures=fresh, gone=gone)]


def stated_by(account: Account, after: Books, on: date) -> list[FiguresRestated]:
    """The figures of periods that have begun, where the passing of days has moved them: a period that began or ended, a
    block that lapsed."""
    last_two = sorted(start for start in account.stated if start <= on)[-2:]  # later ones are told ahead of time
    since = last_two[0] if last_two else None
    figures = tuple(fold.figures(after, start, on) for start in turns.begun(after, since, on))
    fresh = tuple(one for one in figures if account.stated.get(one.start) != one)
    return [FiguresRestated(contract_id=account.contract_id, figures=fresh)] if fresh else []


def _through(account: Account, on: date) -> date:
    """The last day whose period has been told: what was moved up to there is told again."""
    return max(on, max(account.stated, default=on))


def awaited(account: Account, on: date) -> list[BoundaryAwaited]:
    """What the calendar holds next, where that has changed; `account` is as it is after the change."""
    books = account.opened_books
    boundary = fold.boundary_after(books, account.settled)
    ends_on = fold.ends_on(books)
    is_over = ends_on is not None and account.settled is not None and account.settled >= ends_on
    settles_at: datetime | None = fold.cut_off(books, boundary)
    if account.awaits_take_over or (is_over and invoice.draft(books, account.asked, boundary) is None):
        settles_at = None
    moves_on = _moves_on(account, books, on)
    here = zone(account.terms_of_contract.time_zone)
    next_one = BoundaryAwaited(
        contract_id=account.contract_id,
        begins_on=moves_on,
        begins_at=first_instant(moves_on, here) if moves_on else None,
        settles_on=boundary,
        settles_at=settles_at,
    )
    return [] if next_one == account.awaited else [next_one]


def _moves_on(account: Account, books: Books, on: date) -> date | None:
    """The next day on which figures move by themselves: a period begins, or a block lapses."""
    days = [day for day in account.lapses.values() if day > on]
    following = turns.next_start(books, on)
    if following is not None:
        days.append(following)
    ends_on = fold.ends_on(books)
    if ends_on is not None and ends_on > on:
        days.append(ends_on)
    return min(days, default=None)

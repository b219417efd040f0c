"""A period's figures as a PeriodFigures message."""

from messages.amounts import money_of
from messages.dates import date_message, minutes_message
from services.billing.api.shapes import measured
from services.billing.events import Figures
from wire.retainer.billing.v1 import figures_pb2 as wire


def available_in(figures: Figures) -> int:
    return figures.allowance + figures.carried - figures.borrowed


def figures_message(figures: Figures, currency: str) -> wire.PeriodFigures:
    """Without what an account has told of the period: thresholds, and whether it is settled."""
    measure = figures.measure
    return wire.PeriodFigures(
        start=date_message(figures.start),
        end=date_message(figures.end),
        allowance=measured(figures.allowance, measure, currency),
        carried=measured(figures.carried, measure, currency),
        borrowed=measured(figures.borrowed, measure, currency),
        available=measured(available_in(figures), measure, currency),
        used=measured(figures.used, measure, currency),
        remaining=measured(figures.remaining, measure, currency),
        overage=measured(figures.overage, measure, currency),
        expired=measured(figures.expired, measure, currency),
        expiring_next=measured(figures.expiring_next, measure, currency),
        undecided=measured(figures.undecided, measure, currency),
        waiting=minutes_message(figures.waiting),
        fee=money_of(figures.fee, currency),
        time_value=money_of(figures.time_value, currency),
        charged=money_of(figures.charged, currency),
        entries=figures.entries,
    )

"""Kept rows to Budget messages; what depends on the day is reckoned here, from the row alone."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec

from chassis.projector import Row
from messages.amounts import money_of
from messages.dates import date_message, minutes_message
from messages.etags import etag_of
from services.billing.api.figure_shapes import available_in, figures_message
from services.billing.api.shapes import measured
from services.billing.domain.pace import Pace, pace
from services.billing.events import Figures
from services.billing.views.budget import PeriodRow
from wire.retainer.billing.v1 import budget_pb2 as wire
from wire.retainer.billing.v1 import figures_pb2 as figures_wire

PERIODS_KEPT = 4096
State = wire.Budget.State
MEASURES = {
    "minutes": figures_wire.MEASURE_TIME,
    "money": figures_wire.MEASURE_AMOUNT,
    "units": figures_wire.MEASURE_UNITS,
}
STATES = {
    State.STATE_AHEAD: "ahead",
    State.STATE_ACTIVE: "active",
    State.STATE_PAUSED: "paused",
    State.STATE_ENDED: "ended",
}


class Seen(msgspec.Struct, frozen=True):
    """A budget as of a day: its account's row, the period in which the day lies, and the pace."""

    row: Row
    on: date
    current: PeriodRow | None
    pace: Pace | None

    @property
    def used_percent(self) -> int | None:
        """Rounded down, so that 100 is reached when it is; None where nothing is available."""
        if self.current is None:
            return None
        available = available_in(self.current.figures)
        return self.current.figures.used * 100 // available if available > 0 else None

    @property
    def state(self) -> State:
        today = self.on.isoformat()
        if today < self.row["starts_on"]:
            return State.STATE_AHEAD
        if self.row["ends_on"] and today >= self.row["ends_on"]:
            return State.STATE_ENDED
        pauses = msgspec.json.decode(self.row["pauses"], type=list[tuple[str, str]])
        is_paused = any(from_on <= today < to_on for from_on, to_on in pauses)
        return State.STATE_PAUSED if is_paused else State.STATE_ACTIVE


def seen(row: Row, periods: Sequence[PeriodRow], on: date) -> Seen:
    """`periods` in order, all begun by `on` or the first one of a contract that lies ahead."""
    begun = [one for one in periods if one.figures.start <= on]
    current = begun[-1] if begun else (periods[0] if periods else None)
    inside = current is not None and current.figures.start <= on < current.figures.end
    return Seen(row, on, current, pace(current.figures, on, row["region"]) if current and inside else None)


def budget_message(
    one: Seen, periods: Sequence[PeriodRow] = (), *, gross: int | None = None, open_amount: int = 0
) -> wire.Budget:
    row, currency = one.row, one.row["currency"]
    message = wire.Budget(
        name=f"contracts/{row['contract_id']}/budget",
        contract=f"contracts/{row['contract_id']}",
        client=f"clients/{row['client_id']}",
        title=row["title"],
        currency=currency,
        time_zone=row["time_zone"],
        state=one.state,
        periods=[period_message(period, currency) for period in periods],
        etag=etag_of(row["version"]),
        used_percent=one.used_percent,
    )
    if row["updated_at"]:
        message.update_time.FromDatetime(datetime.fromisoformat(row["updated_at"]))
    if row["settles_on"]:
        message.next_boundary.CopyFrom(date_message(date.fromisoformat(row["settles_on"])))
    if row["settles_at"]:
        message.next_close_time.FromDatetime(datetime.fromisoformat(row["settles_at"]))
    if one.current is not None:
        message.measure = MEASURES[one.current.figures.measure]
        message.current.CopyFrom(period_message(one.current, currency))
        if one.pace is not None:
            message.pace.CopyFrom(_pace_message(one.pace, one.current.figures, currency))
    shown = periods or ([one.current] if one.current else [])
    message.waiting.CopyFrom(minutes_message(sum(period.figures.waiting for period in shown)))
    if gross is not None:
        message.invoiced.CopyFrom(money_of(gross, currency))
        message.paid.CopyFrom(money_of(gross - open_amount, currency))
    return message


@lru_cache(PERIODS_KEPT)
def period_message(period: PeriodRow, currency: str) -> figures_wire.PeriodFigures:
    """To be copied and never changed: periods that are over look the same in every answer."""
    message = figures_message(period.figures, currency)
    message.thresholds_reached.extend(period.thresholds)
    message.settled = period.settled
    message.planned.CopyFrom(minutes_message(sum(minutes for _, minutes in period.plans)))
    for task, minutes in period.plans:
        message.plans.add(task=task, planned=minutes_message(minutes))
    return message


def _pace_message(one: Pace, figures: Figures, currency: str) -> figures_wire.Pace:
    message = figures_wire.Pace(
        burn_per_working_day=measured(one.burn, figures.measure, currency),
        working_days_elapsed=one.elapsed,
        working_days_total=one.total,
    )
    if one.runs_out_on is not None:
        message.runs_out_on.CopyFrom(date_message(one.runs_out_on))
    return message

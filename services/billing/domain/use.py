"""What a period's use consists of, as its client asks for it: by task, by day, by delivery. Read out, not reckoned."""

from collections.abc import Sequence
from datetime import date

import msgspec

from services.billing.domain.kept import Books
from services.billing.domain.statement import Statement
from vocabulary.kind import measure_of


class TaskUse(msgspec.Struct, frozen=True):
    """Rounded minutes of counted entries, and their value at their rates (R9, R10). `task` is empty where none is
    named."""

    task: str
    minutes: int
    value: int
    entries: int


class DayUse(msgspec.Struct, frozen=True):
    """All that was used up to a day's end, in the measure of the period."""

    day: date
    used: int


class DeliveryUse(msgspec.Struct, frozen=True):
    delivery_id: str
    on: date
    units: int


def by_task(books: Books, statement: Statement) -> Sequence[TaskUse]:
    """The tasks with the most time first."""
    sums: dict[str, list[int]] = {}
    for counted in statement.usage.entries:
        noted = books.entries[counted.entry_id]
        of_task = sums.setdefault(noted.work.task, [0, 0, 0])
        of_task[0] += counted.minutes
        of_task[1] += counted.value
        of_task[2] += 1
    found = [TaskUse(task, *numbers) for task, numbers in sums.items()]
    return sorted(found, key=lambda use: (-use.minutes, use.task))


def by_day(books: Books, statement: Statement) -> Sequence[DayUse]:
    """The days on which something was used, in order; the last one's `used` is the period's."""
    measure = measure_of(statement.basis.terms)
    days: dict[date, int] = {}
    if measure == "units":
        for use in deliveries(books, statement):
            days[use.on] = days.get(use.on, 0) + use.units
    else:
        for counted in statement.usage.entries:
            days[counted.day] = days.get(counted.day, 0) + (counted.minutes if measure == "minutes" else counted.value)
    found, total = [], 0
    for day in sorted(days):
        total += days[day]
        found.append(DayUse(day, total))
    return found


def deliveries(books: Books, statement: Statement) -> Sequence[DeliveryUse]:
    """In order of their dates."""
    found = [
        DeliveryUse(delivery_id, books.deliveries[delivery_id].on, units)
        for delivery_id, units in statement.usage.deliveries.items()
    ]
    return sorted(found, key=lambda use: (use.on, use.delivery_id))

"""What an entry counts for: its rounded minutes (R10) and their value at its rate (R9). Pure arithmetic."""

from collections.abc import Sequence

from services.billing.domain.course import Course
from services.billing.events import CountedWork
from vocabulary.money import divide
from vocabulary.rate import rate_of
from vocabulary.terms import Rounding, RoundingMode, Terms


def rounded(seconds: int, rounding: Rounding) -> int:
    """Seconds as whole minutes in steps of the rounding; a tie at `nearest` goes up, zero stays zero (R10)."""
    step = rounding.minutes * 60
    match rounding.mode:
        case RoundingMode.UP:
            steps = -(-seconds // step)
        case RoundingMode.NEAREST:
            steps = (2 * seconds + step) // (2 * step)
        case RoundingMode.DOWN:
            steps = seconds // step
    return steps * rounding.minutes


def shared_out(seconds: Sequence[int], rounding: Rounding) -> list[int]:
    """The rounded sum of one person's day, shared out over his entries in their order (R10, per day).

    The last gets the total less the whole minutes of the others; what it cannot give is taken off the one before it.
    """
    total = rounded(sum(seconds), rounding)
    minutes = [worked // 60 for worked in seconds]
    minutes[-1] = total - sum(minutes[:-1])
    for place in range(len(minutes) - 1, 0, -1):
        if minutes[place] >= 0:
            break
        minutes[place - 1] += minutes[place]
        minutes[place] = 0
    return minutes


def rate(work: CountedWork, terms: Terms) -> int | None:
    """The first that is set of entry, task, person, role and contract default (R9)."""
    rated = rate_of(terms, entry_rate=work.rate, task=work.task, person=work.person_id, role=work.role)
    return None if rated is None else rated.rate


def value(minutes: int, hourly: int | None) -> int:
    """`minutes · rate / 60`, rounded (R2, R9); nothing where there is no rate."""
    return 0 if hourly is None else divide(minutes * hourly, 60)


def waits(work: CountedWork, course: Course, index: int) -> bool:
    """Whether the entry waits for its approval (R13)."""
    if work.approved or not course.approves:
        return False
    return course.on_paper(course.calendar.start(index)).approval == "required"

"""Charts as SVG: a period day by day, the periods in a row, variants side by side. Pure; no script, no font of its own.

What is left of a period is drawn beside an even pace. The corner of the field is the first day with all available; a
step down is a day on which something was used. What goes below the line is beyond the available.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from services.billing.domain.use import DayUse
from services.billing.events import Figures

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 60, 12, 14, 30
LINE, LETTER = 16, 7
"""The height of a line of text, and about the width of a letter."""
INK, FAINT, SLATE = "#333333", "#d6d6d6", "#4a6078"
FONT = "font-family='Libertinus Serif, Georgia, serif' font-size='12'"


class Field:
    """The field of a chart: days to the right, quantity upwards, in whole pixels."""

    def __init__(self, figures: Figures, lowest: int, highest: int) -> None:
        self._first = figures.start
        self._days = max(1, (figures.end - figures.start).days)
        self._lowest = lowest
        self._span = max(1, highest - lowest)

    def x(self, day: date) -> int:
        """Where a day begins."""
        passed = min(max((day - self._first).days, 0), self._days)
        return LEFT + passed * (WIDTH - LEFT - RIGHT) // self._days

    def y(self, quantity: int) -> int:
        return HEIGHT - BOTTOM - (quantity - self._lowest) * (HEIGHT - TOP - BOTTOM) // self._span


def burn_down(figures: Figures, days: Sequence[DayUse], today: date, texts: "Texts", colour: str) -> str:
    """What is left of the period's available, day by day up to today."""
    available = figures.allowance + figures.carried - figures.borrowed
    used = days[-1].used if days else 0
    field = Field(figures, min(0, available - used), max(available, 0))
    left = [(field.x(figures.start), field.y(available))]
    for use in days:
        x = field.x(date.fromordinal(use.day.toordinal() + 1))
        left += [(x, left[-1][1]), (x, field.y(available - use.used))]
    until = min(today, figures.end)
    if field.x(until) > left[-1][0]:
        left.append((field.x(until), left[-1][1]))
    zero = field.y(0)
    ends = (field.x(figures.start), field.x(figures.end))
    return "".join(
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'>",
            f"<title>{escape(texts.title)}</title>",
            _line((ends[0], zero), (ends[1], zero), INK, 1),
            _line((ends[0], field.y(available)), (ends[1], zero), FAINT, 2),
            f"<polyline fill='none' stroke='{escape(colour)}' stroke-width='2.5' points='",
            " ".join(f"{x},{y}" for x, y in left),
            "'/>",
            _text(LEFT - 6, field.y(available) + 4, texts.available, "end"),
            _text(LEFT - 6, zero + 4, texts.nothing, "end") if zero - field.y(available) > 14 else "",
            _text(ends[0], HEIGHT - 8, texts.first, "start"),
            *(_tick(field.x(day), text) for day, text in texts.between),
            _text(ends[1], HEIGHT - 8, texts.last, "end"),
            "</svg>",
        )
    )


def days_between(figures: Figures) -> list[date]:
    """The days that the axis names between its first and its last: about a quarter apart, whole weeks in a month."""
    days = (figures.end - figures.start).days
    step = max(1, (days + 3) // 7 * 7 // 4)
    near = -(-days // 6)  # there the first and the last one stand
    passed = [days_after for days_after in range(step, days - near + 1, step) if days_after >= near]
    return [date.fromordinal(figures.start.toordinal() + days_after) for days_after in passed]


def _tick(x: int, text: str) -> str:
    foot = HEIGHT - BOTTOM
    return _line((x, foot), (x, foot + 4), INK, 1) + _text(x, HEIGHT - 8, text, "middle")


def in_a_row(periods: Sequence[Figures], labels: Sequence[str], title: str, colour: str) -> str:
    """Each period's used as a bar, before the frame of what was available in it."""
    highest = max(max(one.used, one.allowance + one.carried - one.borrowed) for one in periods)
    step = (WIDTH - LEFT - RIGHT) // len(periods)
    width = min(step * 2 // 3, 48)
    bars = []
    for place, (one, label) in enumerate(zip(periods, labels, strict=True)):
        x = LEFT + place * step + (step - width) // 2
        bars += [
            _bar(x - 3, width + 6, one.allowance + one.carried - one.borrowed, highest, FAINT),
            _bar(x, width, one.used, highest, colour),
            _text(x + width // 2, HEIGHT - 8, label, "middle"),
        ]
    base = HEIGHT - BOTTOM
    return "".join(
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'>",
            f"<title>{escape(title)}</title>",
            *bars,
            _line((LEFT, base), (WIDTH - RIGHT, base), INK, 1),
            "</svg>",
        )
    )


class Variant(NamedTuple):
    """A bar: what it is called, how high it is, and what stands above it and below its name."""

    name: str
    amount: int
    above: str
    below: str = ""


def side_by_side(variants: Sequence[Variant], title: str, colour: str) -> str:
    """Amounts as bars from one line; the first, which the others are compared to, is pale. What is below nothing has no
    bar, only its amount."""
    highest = max(one.amount for one in variants)
    step = (WIDTH - 2 * RIGHT) // len(variants)
    width = min(step * 2 // 3, 96)
    head, foot = TOP + 2 * LINE, HEIGHT - BOTTOM - LINE
    bars = []
    for place, one in enumerate(variants):
        middle = RIGHT + place * step + step // 2
        height = max(0, one.amount) * (foot - head) // max(1, highest)
        fill = FAINT if place == 0 else escape(colour)
        bars += [
            f"<rect x='{middle - width // 2}' y='{foot - height}' width='{width}' height='{height}' fill='{fill}'/>",
            _text(middle, foot - height - 5, one.above, "middle"),
            _text(middle, foot + LINE, _clipped(one.name, step), "middle"),
            _text(middle, foot + 2 * LINE, one.below, "middle") if one.below else "",
        ]
    return "".join(
        (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'>",
            f"<title>{escape(title)}</title>",
            _text(RIGHT, 12, title, "start"),
            *bars,
            _line((RIGHT, foot), (WIDTH - RIGHT, foot), INK, 1),
            "</svg>",
        )
    )


def _clipped(name: str, width: int) -> str:
    most = max(2, width // LETTER)
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _bar(x: int, width: int, quantity: int, highest: int, colour: str) -> str:
    height = max(0, quantity) * (HEIGHT - TOP - BOTTOM) // max(1, highest)
    y = HEIGHT - BOTTOM - height
    return f"<rect x='{x}' y='{y}' width='{width}' height='{height}' fill='{escape(colour)}'/>"


class Texts:
    """What stands beside the lines, in the reader's language."""

    def __init__(
        self, title: str, available: str, nothing: str, first: str, last: str, between: Sequence[tuple[date, str]] = ()
    ) -> None:
        self.title = title
        self.available = available
        self.nothing = nothing
        self.first = first
        self.last = last
        self.between = between


def _line(start: tuple[int, int], end: tuple[int, int], colour: str, width: int) -> str:
    return (
        f"<line x1='{start[0]}' y1='{start[1]}' x2='{end[0]}' y2='{end[1]}' stroke='{colour}' stroke-width='{width}'/>"
    )


def _text(x: int, y: int, text: str, anchor: str) -> str:
    return f"<text x='{x}' y='{y}' fill='{INK}' text-anchor='{anchor}' {FONT}>{escape(text)}</text>"

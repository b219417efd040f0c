"""A figure and the floor that it is compared to, measured in the same run: `python -m bench.store [--json]`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`per_second` of something; `floor_per_second` of the barest thing that does as much on this machine."""

    name: str
    per_second: float
    floor: str = ""
    floor_per_second: float = 0.0
    goal: str = ""

    @property
    def ratio(self) -> float:
        return self.per_second / self.floor_per_second if self.floor_per_second else 0.0


def show(figures: Sequence[Figure]) -> None:
    """As a table, or as JSON lines where `--json` is asked for."""
    if "--json" in sys.argv:
        for figure in figures:
            sys.stdout.write(json.dumps({**asdict(figure), "ratio": round(figure.ratio, 3)}) + "\n")
        return
    for figure in figures:
        line = f"{figure.name:<58} {figure.per_second:>11,.0f} /s"
        if figure.floor:
            line += f"   {figure.ratio:6.1%} of {figure.floor} ({figure.floor_per_second:,.0f} /s)"
        sys.stdout.write(f"{line}   {figure.goal}\n".replace("   \n", "\n"))

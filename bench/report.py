"""Every figure that the project claims, in one run: `python -m bench.report` writes bench/README.md.

The page is written by the run alone, with the commit and the counts; a figure that is a time stands beside what it was
compared to in the same run.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).with_name("README.md")
MEASURES = (
    "log_time",
    "cost",
    "visible",
    "projector",
    "get_budget",
    "proof",
    "memory",
    "store",
    "settlement",
    "long_contract",
    "restore",
)


class Line(NamedTuple):
    """One figure: what, how much, beside what, and what was aimed at."""

    what: str
    figure: str
    beside: str = ""
    goal: str = ""


def tell(lines: Sequence[Line]) -> None:
    """As a table, or as JSON lines where `--json` is asked for."""
    for line in lines:
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"line": line}) + "\n")
        else:
            sys.stdout.write("   ".join(part for part in line if part) + "\n")


def lines_of(measure: str) -> list[Line]:
    """Run one measure in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", f"bench.{measure}", "--json"], check=True, capture_output=True, text=True
    ).stdout
    return [_line(json.loads(row)) for row in told.splitlines() if row.startswith("{")]


def _line(told: dict[str, object]) -> Line:
    if "line" in told:
        parts = told["line"]
        assert isinstance(parts, list)
        return Line(*parts)
    beside = ""
    if told["floor"]:
        beside = f"{float(str(told['ratio'])):.1%} of {told['floor']} ({float(str(told['floor_per_second'])):,.0f}/s)"
    goal = str(told["goal"]).removeprefix("goal: ")
    return Line(str(told["name"]), f"{float(str(told['per_second'])):,.0f}/s", beside, goal)


def page(rows: Sequence[tuple[str, Line]]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short=10", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    head = (
        "# Figures\n\n"
        "Written by `python -m bench.report`, never by hand. Every feature is on: tokens, validation, request ids,"
        " sealing, the bus, both appends.\n\n"
        f"Commit {commit}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores."
        "\n\n| figure | measured | beside it, in the same run | goal | command |\n| --- | --- | --- | --- | --- |\n"
    )
    body = "".join(
        f"| {line.what} | {line.figure} | {line.beside} | {line.goal} | `python -m bench.{measure}` |\n"
        for measure, line in rows
    )
    return head + body


def main() -> None:
    rows: list[tuple[str, Line]] = []
    for measure in MEASURES:
        sys.stderr.write(f"bench.{measure} …\n")
        try:
            rows += [(measure, line) for line in lines_of(measure)]
        except subprocess.CalledProcessError as error:
            sys.stderr.write(error.stderr)
            rows.append((measure, Line(f"bench.{measure}", "ended with an error: no figure")))
        PAGE.write_text(page(rows))  # what is measured stays, whatever befalls the rest
    sys.stdout.write(PAGE.read_text())


if __name__ == "__main__":
    main()

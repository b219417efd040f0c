"""docs/reliability.md: what we promise, how it is broken, how often, and what came of it; never written by hand.

    python -m tools.reliability            every promise in short form, within ten minutes alone on two cores
    python -m tools.reliability --full     and in full form, which takes an hour

What else is given goes to pytest: so a form can be run in pieces (`--full -k kill`), and what each test came to when it
was run last is kept in build/reliability.json. Each form has a part of the page; a run writes its own and leaves the
other. A test that holds a promise says so by `@pytest.mark.promise(what, broken_by)`, and says how often by
`record_property`.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "build" / "reliability.json"
INTRODUCTION = """# What we promise, and how it is held

Each promise is held by a test that breaks something real: real processes, a client's ledger that is written before a
command is sent and after it was answered, and a check of everything at the end (stores, bus, figures, views built
anew). This page is written by those runs, `make test-faults` and `make test-long`; nobody edits it. A test that is run
again with `--seed N` breaks the same things in the same order.
"""
FORMS = {"short": "Short form", "full": "Full form"}


@dataclass
class Held:
    """One test that holds a promise, and what came of it."""

    promise: str
    broken_by: str
    test: str
    run: str = ""
    """Commit and time."""
    outcome: str = "not run"
    seconds: float = 0.0
    counts: dict[str, str] = field(default_factory=dict)

    def note(self, counts: Iterable[tuple[str, object]]) -> None:
        for name, value in counts:
            before = self.counts.get(name, "")
            both = before.isdigit() and isinstance(value, int)
            self.counts[name] = str(int(before) + int(str(value))) if both else str(value)


class Gathering:
    """A plugin of pytest: keeps what tests of promises came to."""

    def __init__(self, run: str, keep: Callable[[Mapping[str, Held]], object]) -> None:
        self.held: dict[str, Held] = {}
        self._run = run
        self._keep = keep

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            mark = item.get_closest_marker("promise")
            if mark is not None:
                promise, broken_by = mark.args
                self.held[item.nodeid] = Held(promise, broken_by, item.name, self._run)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """At once, so that a run that is broken off has not been for nothing."""
        if nodeid in self.held:
            self._keep({nodeid: self.held[nodeid]})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        held = self.held.get(report.nodeid)
        if held is None:
            return
        held.seconds += report.duration
        if report.when == "call":
            held.note(report.user_properties)
        if report.failed:
            held.outcome = "FAILED"
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            held.outcome = f"skipped: {reason.removeprefix('Skipped: ')}"
        elif report.when == "call":
            held.outcome = "holds"


def main(arguments: Sequence[str], page: Path = PAGE, kept: Path = KEPT) -> int:
    full = "--full" in arguments
    form = "full" if full else "short"
    keep = partial(_kept_with, kept, form)
    gathering = Gathering(f"{_commit()}, {datetime.now(UTC):%Y-%m-%d %H:%M}", keep)
    chosen = ["-m", "promise" if full else "promise and not long", "-q"]
    status = pytest.main([*chosen, *(one for one in arguments if one != "--full")], plugins=[gathering])
    held = keep({})
    known = _parts(page.read_text()) if page.exists() else {}
    parts = {**known, FORMS[form]: _part(form, list(held.values()))}
    page.write_text("\n".join([INTRODUCTION, *(parts[title] for title in FORMS.values() if title in parts)]))
    print(f"{page.name}: {FORMS[form].lower()}, {len(gathering.held)} tests of {len(held)}")
    return int(status)


def _kept_with(kept: Path, form: str, held: Mapping[str, Held]) -> Mapping[str, Held]:
    """What each test of the form came to when it was run last."""
    kinds = dict[str, dict[str, Held]]
    before = msgspec.json.decode(kept.read_bytes(), type=kinds) if kept.exists() else {}
    before[form] = {**before.get(form, {}), **held}
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(msgspec.json.encode(before))
    return before[form]


def _part(form: str, held: Sequence[Held]) -> str:
    failed = sum(one.outcome == "FAILED" for one in held)
    lines = [
        f"## {FORMS[form]}",
        "",
        f"{len(held)} tests, {failed} failed, {sum(one.seconds for one in held):.0f} s on {os.cpu_count()} cores with"
        f" Python {platform.python_version()}.",
        "",
        "| promise | how it is broken | how often | result | run |",
        "| --- | --- | --- | --- | --- |",
    ]
    before = ""
    for one in sorted(held, key=lambda each: (each.promise, each.broken_by, each.test)):
        counts = ", ".join(f"{name} {value}" for name, value in one.counts.items())
        variant = f" [{one.test.partition('[')[2]}" if "[" in one.test else ""
        promise = "" if one.promise == before else one.promise
        result = f"{one.outcome}, {one.seconds:.0f} s"
        lines.append(f"| {promise} | {one.broken_by}{variant} | {counts} | {result} | {one.run} |")
        before = one.promise
    return "\n".join(lines) + "\n"


def _parts(page: str) -> Mapping[str, str]:
    """The page's parts by their titles."""
    found = {}
    for part in page.split("\n## ")[1:]:
        found[part.partition("\n")[0]] = f"## {part.rstrip()}\n"
    return found


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    touched = git("status", "--porcelain", "--untracked-files=no").splitlines()
    changed = [line for line in touched if not line.endswith("docs/reliability.md")]
    return f"`{git('rev-parse', '--short', 'HEAD')}`" + (" with changes" if changed else "")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

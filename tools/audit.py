"""Known flaws of what we depend on, and of our own code: `python -m tools.audit`, in `make check-long`.

Advisories come from the network. What nobody there knows of was not audited; this names it and fails: silence is no
good news.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pip_audit._dependency_source import DependencySourceError
from pip_audit._service import ServiceError
from requests import RequestException

from tools.advisories import Findings, audited
from tools.wire import ROOT

OURS = ("chassis", "messages", "retainer", "services", "tools", "vocabulary")
LOCKED = ROOT / "requirements" / "dev.txt"
"""Holds what a running system needs too, in the same versions."""
SKIPPED = "B608"
"""SQL made of text: tables and columns are our own names, what comes from outside is bound."""
FLAWED, NOT_AUDITED = 1, 2


def main(_: Sequence[str] = ()) -> int:
    """0 where both have looked at everything and found nothing, 1 where there are flaws, 2 where not all was looked
    at."""
    results = [_bandit(), dependencies(LOCKED)]
    return FLAWED if FLAWED in results else max(results)


def _bandit() -> int:
    """Our code, findings of medium severity and up."""
    command = [str(Path(sys.executable).with_name("bandit")), "-q", "-ll", "-s", SKIPPED, "-r", *OURS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, sep="")
    print(f"bandit: our own code: {'nothing found' if done.returncode == 0 else 'see above'}")
    return FLAWED if done.returncode else 0


def dependencies(locked: Path, ask: Callable[[Path], Findings] = audited) -> int:
    """What the advisories say of a locked file, in words and as a status."""
    try:
        found = ask(locked)
    except (ServiceError, RequestException) as error:
        print(f"{locked.name}: NOT AUDITED: nobody answers: {error}. Run `make check-long` where PyPI can be reached.")
        return NOT_AUDITED
    except DependencySourceError as error:
        print(f"{locked.name}: NOT AUDITED: {error}. Lock it anew by `make lock`.")
        return NOT_AUDITED
    for name, flaws in found.flawed.items():
        print(f"{locked.name}: {name}: {', '.join(flaws)}")
    print(f"{locked.name}: {len(found.clean)} dependencies have no known flaw, {len(found.flawed)} have")
    if found.unknown:
        print(
            f"{locked.name}: NOT AUDITED: {', '.join(found.unknown)}: the index that is reached from here tells nothing"
            " of these versions"
        )
    return FLAWED if found.flawed else NOT_AUDITED if found.unknown else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

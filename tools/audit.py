"""Known flaws of what we depend on, and of our own code: `python -m tools.audit`, in `make check-long`.

pip-audit asks an advisory service on the network. Where that cannot be reached, or does not know what it is asked
about, nothing was audited, and this says so and fails: silence is no good news.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.wire import ROOT

OURS = ("chassis", "messages", "retainer", "services", "tools", "vocabulary")
LOCKED = ("runtime", "dev")
SKIPPED = "B608"
"""SQL made of text: tables and columns are our own names, what comes from outside is bound."""
UNREACHABLE = ("ConnectionError", "Connection refused", "Max retries exceeded", "ServiceError", "Timeout")
NOT_KNOWN = "could not be audited"
"""pip-audit says this of a dependency, and ends with 0 all the same."""


def main(_: Sequence[str] = ()) -> int:
    """0 where both have looked and found nothing."""
    results = [_bandit(), *(_pip_audit(name) for name in LOCKED)]
    return max(results)


def _bandit() -> int:
    """Our code, findings of medium severity and up."""
    done = _run("bandit", "-q", "-ll", "-s", SKIPPED, "-r", *OURS)
    print(done.stdout, done.stderr, sep="")
    return _said("bandit: our own code", done.returncode)


def _pip_audit(name: str) -> int:
    locked = ROOT / "requirements" / f"{name}.txt"
    done = _run("pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "-r", str(locked))
    skipped = done.stdout.count(NOT_KNOWN) + done.stderr.count(NOT_KNOWN)
    if skipped or (done.returncode and any(word in done.stderr for word in UNREACHABLE)):
        what = f"{skipped} dependencies are unknown to" if skipped else "nobody answers at"
        print(
            f"pip-audit: NOT AUDITED: {locked.name}: {what} the advisory service that is reached from here. Run"
            " `make check-long` where it can be.",
            file=sys.stderr,
        )
        return 2
    print(done.stdout, done.stderr, sep="")
    return _said(f"pip-audit: {locked.name}", done.returncode)


def _run(command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name(command)
    return subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def _said(what: str, status: int) -> int:
    print(f"{what}: {'nothing found' if status == 0 else 'see above'}")
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

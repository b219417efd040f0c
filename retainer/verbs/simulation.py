"""`retainer simulate`: what terms would have billed."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from retainer.case_file import Case, CaseBroken, read
from retainer.failures import ExitStatus, Failure
from retainer.output import console, json_out, say, show
from retainer.verbs.asking import DEFAULT, Options


def simulate(
    file: Path,
    /,
    *,
    check: bool = False,
    through: str = "",
    options: Options = DEFAULT,
) -> ExitStatus:
    """Reckon a case file: a statement month by month, and the invoices that follow. No server is needed.

    Example: retainer simulate tests/cases/two-months.yaml
    Example: retainer simulate tests/cases/two-months.yaml --check
    Example: retainer simulate tests/cases/two-months.yaml --through localhost --json

    Parameters
    ----------
    file
        The case file (docs/case-format.md).
    check
        Compare with what the file expects; exit status 1 with the difference where they disagree.
    through
        Send each fact by its own public call to a running system that rehearses, and show what it answers: localhost,
        a data folder, or a host.
    """
    try:
        case = read(file)
        outcome = _through(case, through, options) if through else _reckoned(case)
    except CaseBroken as broken:
        if check and (expected := _expected_refusal(file)) is not None:
            return _checked_refusal(file, expected, broken)
        raise Failure(str(broken), ExitStatus.WRONG_INPUT) from None
    if check:
        return _checked(file, case, outcome)
    if options.json:
        json_out(outcome)
    else:
        from retainer.statement import statement

        show(*statement(case, outcome))
    return ExitStatus.OK


def _reckoned(case: Case) -> Mapping[str, Any]:
    from retainer.simulate import simulate as reckon

    return reckon(case)


def _through(case: Case, host: str, options: Options) -> Mapping[str, Any]:
    from retainer.through import through

    with console(stderr=True).status("Sending every fact by its own call …"):
        return through(case, host, options.place())


def _checked(file: Path, case: Case, outcome: Mapping[str, Any]) -> ExitStatus:
    from retainer.statement import differences

    expected = case.expect or {}
    if "refused" in expected:
        found = [f"expected a refusal at {expected['refused']}, and nothing was refused"]
    else:
        found = list(differences(expected, outcome))
    for line in found:
        print(line, file=sys.stderr)
    if found:
        return ExitStatus.DIFFERS
    say(f"{file}: as expected.")
    return ExitStatus.OK


def _expected_refusal(file: Path) -> str | None:
    """Where the file says that it must be refused; it may be too broken to say so."""
    from retainer.case_yaml import load

    try:
        raw = load(file.read_bytes())
    except (OSError, CaseBroken):
        return None
    expected = raw.get("expect") if isinstance(raw, dict) else None
    place = expected.get("refused") if isinstance(expected, dict) else None
    return place if isinstance(place, str) else None


def _checked_refusal(file: Path, expected: str, broken: CaseBroken) -> ExitStatus:
    """A place inside the expected one is right too."""
    place = broken.place
    if place == expected or place.startswith((f"{expected}.", f"{expected}[")):
        say(f"{file}: refused at {place}, as expected.")
        return ExitStatus.OK
    print(f"expected a refusal at {expected}, and it is refused at {broken}", file=sys.stderr)
    return ExitStatus.DIFFERS

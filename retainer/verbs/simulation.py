"""`retainer simulate`: what terms would have billed."""

from pathlib import Path

from retainer.failures import ExitStatus, Failure
from retainer.output import console, json_out, say, show
from retainer.verbs.asking import DEFAULT, Options


def simulate(
    file: Path,
    /,
    *,
    check: bool = False,
    through: str = "",
    explain: bool = False,
    options: Options = DEFAULT,
) -> ExitStatus:
    """Reckon a case file: a statement month by month, and the invoices that follow. No server is needed.

    Example: retainer simulate tests/cases/two-months.yaml
    Example: retainer simulate tests/cases/two-months.yaml --check
    Example: retainer simulate tests/cases/two-months.yaml --explain
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
    explain
        Say of every document why it asks what it asks, down to each entry.
    """
    if through:
        return _through(file, through, check, options)
    from retainer.simulate import run

    return run(file, check=check, as_json=options.json, explained=explain)


def _through(file: Path, host: str, check: bool, options: Options) -> ExitStatus:
    """The same answers, as the services give them."""
    from retainer.case_check import differences, lies_within, refused_place
    from retainer.case_file import case_of
    from retainer.case_statement import statement
    from retainer.through import through
    from retainer.yaml_exact import Flaw, load

    expected = None
    try:
        told = load(file)
        expect = told.get("expect")
        expected = refused_place(expect) if check and expect is not None else None
        case = case_of(told)
        with console(stderr=True).status("Sending every fact by its own call …"):
            came = through(case, host, options.place())
    except Flaw as flaw:
        if expected is not None and lies_within(flaw.place, expected):
            say(f"{file}: refused as expected: {flaw}")
            return ExitStatus.OK
        raise Failure(f"{file}: {flaw}", ExitStatus.WRONG_INPUT) from None
    if check:
        found = differences(case.expect, came) if case.expect is not None and expected is None else []
        if expected is not None:
            found.append(f"expected to be refused at {expected}, but was accepted")
        for line in found:
            say(f"{file}: {line}")
        return ExitStatus.DIFFERS if found else ExitStatus.OK
    json_out(came) if options.json else show(*statement(case, came))
    return ExitStatus.OK

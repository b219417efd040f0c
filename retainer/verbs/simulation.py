"""`retainer simulate`: what terms would have billed."""

from pathlib import Path

from retainer.failures import ExitStatus
from retainer.output import json_out, say, show
from retainer.verbs.asking import DEFAULT, Options


def simulate(
    file: Path,
    /,
    *,
    check: bool = False,
    through: str = "",
    options: Options = DEFAULT,
) -> ExitStatus:
    """Reckon a case file: a statement month by month, and the invoices that follow.

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
    raise NotImplementedError(file, check, through, options, json_out, say, show)
